"""A small report made by hand: its figures, and the same on paper in three languages."""

from datetime import UTC, date, datetime

from consult.reports.charts.kinds import Mark, Shares, Step, Times
from consult.reports.data import (
    SECTIONS,
    Act,
    Arrived,
    Asked,
    Audience,
    Checked,
    Closed,
    Consulted,
    Count,
    Difference,
    Dimension,
    DraftSection,
    Form,
    GroupLine,
    Layout,
    Line,
    Option,
    OwnParagraph,
    QuoteRef,
    ReportData,
    Representation,
    Share,
    Signatures,
    Stance,
    Talk,
    Theme,
    Weights,
)
from consult.reports.paper import (
    Bullets,
    Cell,
    Column,
    Figure,
    Heading,
    Kind,
    Notice,
    Paper,
    Paragraph,
    Part,
    Quotation,
    Span,
    Table,
    Text,
)

MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def count(shown: int) -> Count:
    """A public number, rounded to five."""
    return Count(text=f"{shown:,}", value=shown, low=shown - 2, high=shown + 2)


HIDDEN = Count(text="fewer than 10", value=None, low=0, high=9, reason="small")
NO_SHARE = Share(value=None, low=None, high=None)


def share(value: float, low: float, high: float) -> Share:
    """A share with its interval."""
    return Share(value=value, low=low, high=high)


def sample_data() -> ReportData:
    """A public report of 140 responses with one closed and one open question."""
    return ReportData(
        audience=Audience.PUBLIC,
        number=2,
        made_at=MADE_AT,
        consultation=Consulted(
            slug="bolder-healthier-city",
            title={"en": "Creating a Bolder, Healthier City", "ur": "ایک صحت مند شہر"},
            asked_by={"en": "The council"},
            introduction={"en": "What should we do first?"},
            illustration=True,
            opened_at=datetime(2026, 9, 1, 8, tzinfo=UTC),
            closes_at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC),
            timezone="Europe/London",
            source_language="en",
            languages=("en", "ur", "bn"),
            sections=(DraftSection(key="vision", title={"en": "Our vision", "ur": "ہمارا وژن"}),),
            questions=(
                Asked(
                    key="vision_agree",
                    label={"en": "Do you agree with the vision?", "ur": "کیا آپ متفق ہیں؟"},
                    kind="agree_scale",
                    part="draft",
                    section="vision",
                ),
                Asked(
                    key="vision_why",
                    label={"en": "Why?", "ur": "کیوں؟"},
                    kind="long_text",
                    part="draft",
                    section="vision",
                ),
                Asked(
                    key="religion",
                    label={"en": "What is your religion?"},
                    kind="single_choice",
                    part="monitoring",
                    section=None,
                ),
            ),
        ),
        arrived=Arrived(
            responses=count(140),
            residents=count(130),
            first_on=date(2026, 9, 1),
            last_on=date(2026, 10, 31),
            by_channel=(
                Line(key="online", count=count(115)),
                Line(key="paper", count=count(25)),
                Line(key="phone", count=HIDDEN),
            ),
            by_language=(Line(key="en", count=count(120)), Line(key="ur", count=count(15))),
            by_area=(Line(key="E05011118", label={"en": "Acocks Green"}, count=count(15)),),
            by_week=(
                Line(key="2026-09-01", count=count(60)),
                Line(key="2026-09-08", count=HIDDEN),
                Line(key="2026-09-15", count=count(40)),
            ),
            by_standing=(Line(key="excluded", count=HIDDEN), Line(key="withdrawn", count=HIDDEN)),
            petitions=(Signatures(title="Save the baths", signatures=412),),
        ),
        representation=Representation(
            dimensions=(
                Dimension(
                    key="religion",
                    question="religion",
                    known=count(120),
                    unknown=count(10),
                    groups=(
                        GroupLine(
                            key="Muslim",
                            label={"en": "Muslim", "ur": "مسلمان"},
                            respondents=count(15),
                            share=share(0.125, 0.08, 0.2),
                            population_share=0.299,
                            state="under",
                            tier="confirmed",
                            missing=30,
                        ),
                        GroupLine(
                            key="Christian",
                            label={"en": "Christian"},
                            respondents=count(60),
                            share=share(0.5, 0.4, 0.6),
                            population_share=0.34,
                            state="over",
                            tier="early",
                            missing=None,
                        ),
                        GroupLine(
                            key="Sikh",
                            label={"en": "Sikh"},
                            respondents=HIDDEN,
                            share=NO_SHARE,
                            population_share=0.029,
                            state="too_few",
                            tier="none",
                            missing=None,
                        ),
                    ),
                    several=False,
                    similarity=0.81,
                    base="Usual residents",
                    source="Census 2021",
                    as_of="2021-03-21",
                ),
            ),
            not_compared=None,
            acts=(Act(on=date(2026, 9, 12), what="A morning at the mosque in Lozells"),),
        ),
        weights=Weights(
            applied=True,
            by=("religion",),
            effective=92.0,
            largest=2.4,
            headline=False,
            reasons=("effective_size",),
        ),
        closed=(
            Closed(
                question="vision_agree",
                answered=count(130),
                not_answered=count(10),
                several=False,
                options=(
                    Option(
                        key="strongly_agree",
                        label={},
                        count=count(70),
                        share=share(0.54, 0.45, 0.62),
                        weighted=share(0.48, 0.38, 0.58),
                        change_notable=True,
                        majority_flips=True,
                    ),
                    Option(
                        key="disagree",
                        label={},
                        count=HIDDEN,
                        share=NO_SHARE,
                        weighted=None,
                        change_notable=False,
                        majority_flips=False,
                    ),
                ),
            ),
        ),
        talk=(
            Talk(
                question="vision_why",
                asked=count(140),
                answering=count(110),
                no_content=count(10),
                unclear=HIDDEN,
                without_theme=count(20),
                not_yet_analysed=HIDDEN,
                not_translated=(Line(key="ur", count=count(10)),),
                campaigns=1,
                in_campaigns=count(25),
                voices=count(85),
                themes=(
                    Theme(
                        id="t-1",
                        label={"en": "Safe streets to walk and cycle", "ur": "محفوظ سڑکیں"},
                        label_by="person",
                        description={"en": "Pavements, crossings, lighting."},
                        responses=count(45),
                        share=share(0.41, 0.32, 0.5),
                        responses_without_campaigns=count(20),
                        share_without_campaigns=share(0.24, 0.16, 0.34),
                        languages=(
                            Line(key="en", count=count(35)),
                            Line(key="ur", count=count(10)),
                        ),
                        stance=Stance(
                            question="vision_agree",
                            support=share(0.6, 0.45, 0.73),
                            oppose=share(0.2, 0.1, 0.34),
                            known=count(40),
                            differs=False,
                        ),
                        differences=(
                            Difference(
                                dimension="religion",
                                group="Muslim",
                                label={"en": "Muslim"},
                                share=share(0.6, 0.36, 0.8),
                                rest=share(0.3, 0.22, 0.4),
                                state="more",
                            ),
                        ),
                        quotes=(
                            QuoteRef(
                                id="5d3c1b1e-0000-4000-8000-000000000001",
                                language="ur",
                                text={
                                    "ur": "رات کو سڑک پر روشنی نہیں ہوتی۔",
                                    "en": "There is no light in the street at night.",
                                },
                                translated_by="person",
                            ),
                        ),
                        stability=0.8,
                        reviewed_share=0.3,
                    ),
                    Theme(
                        id="t-2",
                        label={},
                        label_by="machine",
                        description={},
                        responses=count(20),
                        share=share(0.18, 0.12, 0.27),
                        responses_without_campaigns=count(20),
                        share_without_campaigns=share(0.24, 0.16, 0.34),
                        languages=(Line(key="en", count=count(20)),),
                        stance=None,
                        differences=(),
                        quotes=(),
                        stability=0.4,
                        reviewed_share=0.0,
                    ),
                ),
                small_themes=3,
                is_provisional=False,
                engine="e5",
                model="multilingual-e5-small",
                analysed_at=MADE_AT,
                checked=Checked(
                    read=40, corrected={"t-1": share(0.36, 0.25, 0.49)}, agreement=0.72
                ),
            ),
        ),
        layout=Layout(
            sections=SECTIONS,
            own=(
                OwnParagraph(
                    id="a1",
                    after="summary",
                    title={"en": "From the chair"},
                    text={"en": "Thank you.\n\nWe read every answer."},
                ),
            ),
            considered={"religion_or_belief": {"en": "Sessions at three mosques follow."}},
        ),
        threshold=10,
        rounded_to=5,
    )


_WORDS = {
    "en": ("Who answered", "140 people answered.", "Group", "Responses", "Share", "Muslim"),
    "ur": ("کس نے جواب دیا", "140 لوگوں نے جواب دیا۔", "گروہ", "جوابات", "حصہ", "مسلمان"),
    "bn": ("কারা উত্তর দিয়েছেন", "১৪০ জন উত্তর দিয়েছেন।", "গোষ্ঠী", "উত্তর", "অংশ", "মুসলিম"),
}


def sample_paper(language: str = "en") -> Paper:
    """Two parts with every kind of block; ``en``, ``ur`` or ``bn``."""
    title, sentence, group, responses, part, muslim = _WORDS[language]
    direction = "rtl" if language == "ur" else "ltr"

    def text(words: str) -> Text:
        return (Span(words),)

    gaps = Shares(
        marks=(
            Mark(muslim, 0.125, 0.08, 0.2, 0.299, "13% (8 to 20)", "Under"),
            Mark("Christian", 0.5, 0.4, 0.6, 0.34, "50% (40 to 60)", "Over", "en"),
            Mark("Sikh", None, None, None, 0.029, "fewer than 10", "", "en"),
        ),
        value_name=part,
        interval_name="95%",
        reference_name=group,
        ticks=((0.0, "0%"), (0.3, "30%"), (0.6, "60%")),
        as_bars=False,
        language=language,
        direction=direction,
    )
    weeks = Times(
        steps=(Step("1 Sep", 60, "60"), Step("8 Sep", None, "<10"), Step("15 Sep", 40, "40")),
        ticks=((0, "0"), (30, "30"), (60, "60")),
        name=responses,
        hidden_name="fewer than 10",
        language=language,
        direction=direction,
    )
    columns = (
        Column("group", group),
        Column("responses", responses, Kind.COUNT),
        Column("share", part, Kind.SHARE),
    )
    rows = (
        (Cell(muslim), Cell("15", 15), Cell("13%", 0.125)),
        (Cell("Christian", None, "en"), Cell("60", 60), Cell("50%", 0.5)),
        (Cell("=HYPERLINK(1)", None, "en"), Cell("fewer than 10"), Cell("-")),
    )
    return Paper(
        language=language,
        direction=direction,
        audience=Audience.PUBLIC,
        form=Form.FULL,
        number=2,
        made_at=MADE_AT,
        title=(Span("Creating a Bolder, Healthier City", "en"),),
        subtitle=text(title),
        about=(text("2"), text("22.11.2026")),
        contents_title="Contents",
        notes_title="Notes",
        notes=("Numbers are rounded to 5.",),
        parts=(
            Part(
                "answered",
                title,
                (
                    Notice(text("An illustration")),
                    Paragraph(text(sentence), lead=True),
                    Figure("gaps-religion", title, gaps, sentence, "gaps-religion"),
                    Table("gaps-religion", title, columns, rows, ("Rounded to 5.",)),
                    Heading(text(title)),
                    Paragraph((Span(sentence + " "), Span("Lozells", "en", strong=True))),
                    Bullets((text(sentence), text(muslim))),
                ),
            ),
            Part(
                "tables",
                title,
                (
                    Figure("weeks", title, weeks, sentence, "weeks"),
                    Table("weeks", title, columns, rows, shown=False),
                    Quotation(
                        (Span("There is no light in the street at night.", "en"),),
                        (Span("رات کو سڑک پر روشنی نہیں ہوتی۔", "ur"),),
                        text("(ur)"),
                    ),
                ),
                appendix=True,
            ),
        ),
    )
