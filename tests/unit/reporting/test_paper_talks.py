"""Answers with help beside all others, and what tables said, in reports."""

import pytest

from consult.reports.data import (
    SECTIONS,
    Audience,
    ByWay,
    Count,
    Form,
    GroupTalks,
    Line,
    OptionByWay,
    OwnParagraph,
    ReportData,
    Share,
    TalkNote,
)
from consult.reports.formats import FORMATS
from consult.services.reporting.printing import printed
from consult.telling.report import files
from tests.support.papers import app, lines, part, rows, table, written
from tests.support.reports import HIDDEN, NO_SHARE, count, sample_data, share

__all__ = ["app"]

SIX = Count(text="6", value=6, low=6, high=6)


def option(key: str, state: str, helped: Share, others: Share) -> OptionByWay:
    return OptionByWay.model_validate(
        {"key": key, "label": {}, "helped": helped, "others": others, "state": state}
    )


def by_way(*states: str) -> ByWay:
    keys = ("agree", "disagree", "neither")
    return ByWay(
        question="vision_agree",
        helped=count(25),
        others=count(115),
        several=False,
        options=tuple(
            option(key, state, NO_SHARE, NO_SHARE)
            if state == "too_few"
            else option(key, state, share(0.6, 0.41, 0.77), share(0.26, 0.19, 0.35))
            for key, state in zip(keys, states, strict=False)
        ),
    )


def talks(*said: TalkNote) -> GroupTalks:
    return GroupTalks(
        notes=3,
        tables=2,
        people=count(20),
        by_language=(Line(key="en", count=count(20)), Line(key="ur", count=HIDDEN)),
        said=said,
    )


def note(text: str, question: str | None = None, language: str = "en") -> TalkNote:
    return TalkNote(id="t", question=question, people=SIX, language=language, text=text)


def data(audience: Audience = Audience.PUBLIC, **changes: object) -> ReportData:
    return sample_data().model_copy(update={"audience": audience, **changes})


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (("more", "less", "too_few"), "differ clearly from all others in some answers"),
        (("no_clear_difference", "too_few"), "In no answer do people who answered with help"),
        (("too_few",), "Too few people answered with help to tell"),
    ],
)
def test_differences_by_way_are_told_and_never_as_a_suspicion(app, states, sentence):
    paper = written(data(ways=(by_way(*states),)))
    said = "\n".join(lines(part(paper, "closed")))
    assert sentence in said
    assert "It says nothing against anybody’s answers" in said
    for word in ("fraud", "suspicio", "repeat"):
        assert word not in said.casefold()


def test_shares_by_way_stand_in_a_table_with_intervals(app):
    paper = written(data(ways=(by_way("more", "less", "too_few"),)))
    found = rows(table(paper, "answers-by-way"))
    shares = ["60% (41% to 77%)", "41%", "77%", "26% (19% to 35%)", "19%", "35%"]
    question = "Do you agree with the vision?"
    assert found == [
        [question, "Agree", *shares, "More often with help"],
        [question, "Disagree", *shares, "Less often with help"],
    ]
    few = written(data(ways=(by_way("too_few"),)))
    assert "answers-by-way" not in [each.key for each in few.tables()]


def test_where_nobody_had_help_nothing_is_said_of_it(app):
    said = "\n".join(lines(part(written(data()), "closed")))
    assert "with help" not in said


def test_few_with_help_are_said_to_be_too_few(app):
    arrived = sample_data().arrived
    line = Line(key="assisted", count=count(15))
    changed = arrived.model_copy(update={"by_channel": (*arrived.by_channel, line)})
    said = "\n".join(lines(part(written(data(arrived=changed)), "closed")))
    assert "Too few people answered with help to tell" in said


def test_the_public_reads_how_many_talked_and_not_what(app):
    paper = written(data(group_talks=talks()))
    said = "\n".join(lines(part(paper, "talks")))
    assert "Tables that talked together: 2. People at them: 20. Notes of what they said: 3." in said
    assert "kept apart from responses" in said
    assert "as it may tell who sat at a table" in said
    assert rows(table(paper, "group-talks-by-language")) == [
        ["English", "20"],
        ["Urdu", "fewer than 10"],
    ]


def test_inside_the_council_the_words_of_tables_are_read(app):
    found = talks(note("More benches"), note("روشنی", "vision_agree", "ur"), note(" "))
    paper = written(data(Audience.INTERNAL, group_talks=found))
    said = "\n".join(lines(part(paper, "talks")))
    assert "More benches" in said
    assert "6 people, about the draft as a whole. Written in English." in said
    assert "6 people, about “Do you agree with the vision?”. Written in Urdu." in said


def test_a_report_without_talks_has_no_section_on_them(app):
    assert "talks" not in [each.key for each in written(data()).parts]
    own = OwnParagraph(id="o", after="talks", title={"en": "Ours"}, text={"en": "We met."})
    layout = sample_data().layout.model_copy(update={"own": (own,), "sections": SECTIONS})
    said = lines(part(written(data(layout=layout)), "talks"))
    assert said[0] == "No group talks are on record."


def test_what_is_left_out_takes_its_figures_along():
    whole = data(ways=(by_way("more"),), group_talks=talks())
    for section, field, empty in (("closed", "ways", ()), ("talks", "group_talks", None)):
        kept = tuple(each for each in SECTIONS if each != section)
        layout = whole.layout.model_copy(update={"sections": kept})
        assert getattr(printed(whole.model_copy(update={"layout": layout})), field) == empty
    all_of_it = whole.layout.model_copy(update={"sections": SECTIONS})
    whole = whole.model_copy(update={"layout": all_of_it})
    assert printed(whole) == whole


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_format_writes_both(app, name, language):
    layout = sample_data().layout.model_copy(update={"sections": SECTIONS})
    whole = data(
        Audience.INTERNAL,
        layout=layout,
        ways=(by_way("more", "less", "too_few"),),
        group_talks=talks(note("روشنی", None, "ur")),
    )
    assert files.render(whole, Form.FULL, language, name)
