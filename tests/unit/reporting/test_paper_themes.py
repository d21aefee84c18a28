"""What a report says of people's own words, of what is left out, and of how it was made."""

import pytest

from consult.reports.data import (
    Audience,
    Line,
    QuoteRef,
    Stance,
    Weights,
)
from consult.reports.paper import Quotation, plain
from tests.support.changed_reports import (
    WITHHELD,
    with_talk,
    with_theme,
)
from tests.support.papers import app, lines, part, rows, table, written
from tests.support.reports import HIDDEN, NO_SHARE, count, sample_data, share

__all__ = ["app"]

pytestmark = pytest.mark.usefixtures("app")
# --- Themes -----------------------------------------------------------------------------------


def test_a_theme_says_how_many_who_and_where_they_stand():
    said = lines(part(written(sample_data()), "themes"))
    at = said.index("Safe streets to walk and cycle")
    assert said[at:] == [
        "Safe streets to walk and cycle",
        "Pavements, crossings, lighting.",
        "45 of 110 people raise this, 41% (32% to 50%). Each letter counted once: 20 of 85, 24% "
        "(16% to 34%). Corrected by what people found who read without the machine: 36% (25% to "
        "49%).",
        "Asked “Do you agree with the vision?”, 60% (45% to 73%) are for it and 20% (10% to 34%) "
        "against it, of 40 people who raise this theme and answered.",
        "Muslim (Religion): they raise this more often than everybody else, 60% (36% to 80%) "
        "against 30% (22% to 40%).",
        "Written in: English 35 and Urdu 10.",
        "There is no light in the street at night.",
        "رات کو سڑک پر روشنی نہیں ہوتی۔",
        "Written in Urdu. Translated by a person.",
        "A person gave this theme its name. People have checked 30% of what is sorted under it. It "
        "is a firm theme: sorted anew, most of it comes back together.",
    ]


def test_the_overview_of_a_question_tells_machine_and_people_apart():
    said = lines(part(written(sample_data()), "themes"))
    for sentence in (
        "110 of the 140 people who answered wrote something with content. All shares below are of "
        "them.",
        "A theme that goes by a number has no name yet that may be shown to everybody. Where "
        "nothing more can be said of it, it stands in the table alone.",
        "Wrote something that fits no theme: 20 of 110 people.",
        "One letter was sent by many people, 25 in all. All of them count. With the letter counted "
        "once, 85 instead of 110 wrote something.",
        "A machine sorted the answers into themes; people can correct it. Of the 2 themes listed "
        "here, people have named 1.",
        "To check the machine, people read 40 answers without seeing its themes.",
        "Where two people read the same answers apart, they agreed at 0.72 on a scale on which 1 "
        "is agreement in everything.",
    ):
        assert sentence in said


def test_small_themes_are_counted_below_the_table_or_where_there_is_none():
    sentence = "3 more themes have too few people behind them to be listed one by one."
    assert sentence in table(written(sample_data()), "themes-vision_why").notes
    empty = written(with_talk(sample_data(), themes=()))
    assert sentence in lines(part(empty, "themes"))


def test_ends_of_intervals_are_not_printed_beside_them():
    found = table(written(sample_data()), "closed-vision_agree").on_paper()
    assert [column.key for column in found.columns] == [
        "answer",
        "responses",
        "share",
        "weighted",
        "change",
    ]
    assert found.rows[0][2].text == "54% (45% to 62%)"


def test_themes_that_nobody_named_go_by_their_number():
    found = table(written(sample_data()), "themes-vision_why")
    assert [(row[0].text, row[-1].text) for row in found.rows] == [
        ("Safe streets to walk and cycle", "A person"),
        ("Theme 2", "Nobody yet"),
    ]
    named = written(with_theme(label={"en": "street light"}, label_by="machine"))
    assert rows(table(named, "themes-vision_why"))[0][-1] == "The machine"
    assert any(
        line.startswith("The machine gave this theme its name; nobody has confirmed it.")
        for line in lines(part(named, "themes"))
    )


def test_a_machines_name_for_a_theme_is_not_taken_for_a_persons():
    paper = written(with_theme(label={"en": "street light"}, label_by="machine"))
    assert any(
        "most often about “street light” (the machine’s name for it): 45 of 110" in line
        for line in lines(part(paper, "summary"))
    )


def test_the_summary_names_no_theme_that_has_no_name():
    paper = written(with_theme(label={}, label_by="machine"))
    assert (
        "What people wrote is sorted into themes, but the largest of them have no name yet that "
        "may be shown."
    ) in lines(part(paper, "summary"))


def test_where_letters_are_not_told_nothing_is_said_of_them():
    data = with_talk(sample_data(), campaigns=None, in_campaigns=WITHHELD, voices=WITHHELD)
    paper = written(data)
    assert not any("etter" in line for line in lines(part(paper, "themes")))
    assert len(table(paper, "themes-vision_why").columns) == 8


def test_no_theme_is_called_the_largest_where_another_may_be():
    data = sample_data()
    first = data.talk[0].themes[0]
    second = data.talk[0].themes[1].model_copy(update={"responses": WITHHELD, "share": NO_SHARE})
    paper = written(with_talk(data, themes=(first, second)))
    assert any(
        line.startswith("In answer to “Why?”, one of the themes that people wrote about most often")
        for line in lines(part(paper, "themes"))
    )


def test_the_summary_calls_no_theme_of_another_question_the_most_frequent_where_two_are_level():
    data = sample_data()
    talk = data.talk[0]
    first, second = talk.themes
    named = first.model_copy(update={"label": {"en": "Trams"}})
    level = second.model_copy(update={"responses": first.responses})
    for others, is_named in (((second,), True), ((level,), False)):
        other = talk.model_copy(update={"themes": (named, *others)})
        paper = written(data.model_copy(update={"talk": (talk, other)}))
        said = any(
            line.startswith("In answer to other questions, people wrote most often about: “Trams”")
            for line in lines(part(paper, "summary"))
        )
        assert said is is_named


def test_themes_without_a_number_and_without_any_theme_are_said():
    hidden = written(with_theme(responses=WITHHELD, share=NO_SHARE))
    assert "Themes found: 1. How many people raise the first may not be shown." in lines(
        part(hidden, "themes")
    )
    empty = written(with_talk(sample_data(), themes=(), checked=None, is_provisional=True))
    said = lines(part(empty, "themes"))
    assert "No theme has enough people behind it to be shown by itself." in said
    assert "These themes are provisional: they come from few answers and can still change." in said
    assert "Nobody has yet read answers apart from the machine to check these themes." in said


def test_too_few_to_say_where_they_stand():
    stance = Stance(
        question="vision_agree", support=NO_SHARE, oppose=NO_SHARE, known=HIDDEN, differs=False
    )
    assert (
        "Too few of them answered “Do you agree with the vision?” to say where they stand."
        in lines(part(written(with_theme(stance=stance)), "themes"))
    )
    one_side = Stance(
        question="vision_agree",
        support=share(0.6, 0.45, 0.73),
        oppose=NO_SHARE,
        known=count(40),
        differs=False,
    )
    assert (
        "Asked “Do you agree with the vision?”, 60% (45% to 73%) are for it, of 40 people who "
        "raise this theme and answered. How many are against it may not be shown."
        in lines(part(written(with_theme(stance=one_side)), "themes"))
    )
    differs = Stance(
        question="vision_agree",
        support=share(0.6, 0.45, 0.73),
        oppose=share(0.2, 0.1, 0.34),
        known=count(40),
        differs=True,
    )
    assert "They clearly stand elsewhere than people who do not raise this." in lines(
        part(written(with_theme(stance=differs)), "themes")
    )


QUOTE = QuoteRef(
    id="5d3c1b1e-0000-4000-8000-000000000002",
    language="ur",
    text={"ur": "روشنی نہیں ہے۔", "en": "There is no light."},
    translated_by="machine",
)


@pytest.mark.parametrize(
    ("language", "quote", "expected"),
    [
        (
            "en",
            QUOTE,
            (
                "There is no light.",
                "روشنی نہیں ہے۔",
                "Written in Urdu. Translated by a machine; it may be wrong.",
            ),
        ),
        ("ur", QUOTE, ("روشنی نہیں ہے۔", None, "")),
        ("bn", QUOTE, ("روشنی نہیں ہے۔", None, "Written in উর্দু. Not translated yet.")),
    ],
)
def test_a_quote_stands_with_its_original_and_who_translated_it(language, quote, expected):
    paper = written(with_theme(quotes=(quote,)), language)
    (found,) = (each for each in part(paper, "themes").blocks if isinstance(each, Quotation))
    original = None if found.original is None else plain(found.original)
    assert plain(found.text) == expected[0]
    assert original == expected[1]
    if language == "en":  # notes of others are in their catalogues sooner or later
        assert plain(found.note) == expected[2]
    assert found.text[0].language == (None if language in {"en", "ur"} else "ur")


def test_a_quote_whose_words_are_gone_is_not_there():
    empty = QUOTE.model_copy(update={"text": {}})
    paper = written(with_theme(quotes=(empty,)))
    assert not any(isinstance(each, Quotation) for each in part(paper, "themes").blocks)


def test_groups_and_languages_of_themes_are_appendices():
    paper = written(sample_data())
    assert rows(table(paper, "theme-groups-vision_why")) == [
        [
            "Safe streets to walk and cycle",
            "Religion",
            "Muslim",
            "60% (36% to 80%)",
            "36%",
            "80%",
            "30% (22% to 40%)",
            "22%",
            "40%",
            "more often",
        ]
    ]
    assert [row[1:] for row in rows(table(paper, "theme-languages-vision_why"))] == [
        ["English", "35"],
        ["Urdu", "10"],
        ["English", "20"],
    ]


def test_without_text_questions_that_is_said():
    paper = written(sample_data().model_copy(update={"talk": (), "closed": ()}))
    assert lines(part(paper, "themes")) == ["No question was answered in people’s own words."]
    assert lines(part(paper, "closed")) == ["No closed question about the draft was asked."]


# --- What is left out -------------------------------------------------------------------------


def test_all_that_is_left_out_is_counted():
    paper = written(sample_data())
    assert [row[:2] for row in rows(table(paper, "responses-not-counted"))] == [
        ["Excluded", "fewer than 10"],
        ["Withdrawn", "fewer than 10"],
    ]
    assert rows(table(paper, "answers-in-no-theme")) == [
        ["Why?", "110", "10", "fewer than 10", "20", "fewer than 10"]
    ]
    assert rows(table(paper, "petitions")) == [["Save the baths", "412"]]
    assert "Not translated, of the answers to “Why?”: Urdu 10." in lines(part(paper, "left_out"))


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        ((), "Every answer in another language has a translation."),
        (
            (Line(key="ur", count=HIDDEN),),
            "Numbers of answers in other languages are too small to be shown; they can be none.",
        ),
    ],
)
def test_small_numbers_of_untranslated_answers_claim_nothing(waiting, sentence):
    paper = written(with_talk(sample_data(), not_translated=waiting))
    assert sentence in lines(part(paper, "left_out"))
    assert not any("translated yet" in line for line in lines(part(paper, "summary")))


# --- Method -----------------------------------------------------------------------------------


def test_the_method_says_what_the_figures_cannot_tell():
    said = lines(part(written(sample_data()), "method"))
    assert said[0].startswith("People chose for themselves whether to answer.")
    assert any("not a margin of error for what all residents think" in line for line in said)
    assert (
        "Which statements are alike was told by a language model called multilingual-e5-small, "
        "which reads many languages."
    ) in said
    internal = lines(
        part(written(sample_data().model_copy(update={"audience": Audience.INTERNAL})), "method")
    )
    assert not any("rounded" in line for line in internal)


def test_themes_found_by_words_alone_are_not_said_to_know_languages():
    said = lines(part(written(with_talk(sample_data(), model="lsa/1/ab12")), "method"))
    assert not any("language model called" in line for line in said)
    assert any("compared by the words that they share" in line for line in said)


def test_answers_that_were_not_weighted_are_not_explained_as_if_they_were():
    data = sample_data().model_copy(
        update={
            "weights": Weights(
                applied=False, by=(), effective=None, largest=None, headline=False, reasons=()
            )
        }
    )
    said = lines(part(written(data), "method"))
    assert "Answers were not weighted. They are shown as they were given." in said
    assert not any("five times" in line for line in said)
