"""Sentences of the analysis on the pages: none is missing from the catalogues, none is changed."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from analysis.disclosure import Published, Reason, publish
from analysis.representation.telling import picture_parts, sentences, summary
from analysis.representation.telling.picture_parts import Dot, GapMark, Role
from analysis.representation.telling.sentences import Count, Percent, message
from consult.telling.gap_words import (
    MARKED,
    dimension_name,
    number_words,
    percent_words,
    sentence,
)
from consult.views.staff.watch.charts import bars, gap_marks

NEVER_SHOWN = {"caveat.clusters", "monitoring.closing"}


@pytest.fixture
def in_english():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context(), force_locale("en_GB"):
        yield


def test_every_sentence_of_the_analysis_is_marked_word_for_word():
    missing = [
        key
        for key, text in sentences.TEXTS.items()
        if text not in MARKED and key not in NEVER_SHOWN
    ]
    assert missing == []


def test_sentences_of_pictures_and_summaries_that_pages_show_are_marked():
    shown = [text for key, text in picture_parts.TEXTS.items() if key.startswith("picture.gaps")]
    shown += [
        summary.TEXTS[f"summary.{key}"]
        for key in ("in_line", "too_few", "needed", "closing", "small_areas")
    ]
    assert [text for text in shown if text not in MARKED] == []


def test_nothing_is_marked_that_the_analysis_does_not_say():
    said = {*sentences.TEXTS.values(), *picture_parts.TEXTS.values(), *summary.TEXTS.values()}
    assert [text for text in MARKED if text not in said] == []


def test_a_sentence_has_the_values_of_the_analysis(in_english):
    said = message(
        "gap.under.confirmed",
        group="Muslim",
        respondents=Count(1600),
        known=Count(14200),
        share=Percent(0.1127),
        population=Percent(0.2985),
    )
    assert sentence(said) == (
        "\u2068Muslim\u2069: 1,600 of 14,200 responses (11%), but 30% of residents. "
        "That is clearly under."
    )


def test_a_percent_sign_in_a_sentence_stays_one(in_english):
    said = message("monitoring.band", group="Sikh", low=Percent(0.01, 1), high=Percent(0.2, 1))
    assert "(with 95 % confidence)" in sentence(said)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Percent(0.125), "13%"),
        (Percent(0.0224, 1), "2.2%"),
        (Percent(0.0001, 1), "under 0.1%"),
        (Percent(0.9999, 1), "over 99.9%"),
        (Percent(0.0), "0%"),
        (Percent(1.0, 1), "100%"),
    ],
)
def test_shares_round_as_the_analysis_does(in_english, share, words):
    assert percent_words(share) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (publish(3), "fewer than 10"),
        (publish(0), "fewer than 10"),
        (publish(3, crossed=False), "fewer than 5"),
        (publish(1203), "1,205"),
        (Published("not shown", None, 0, None, Reason.WITHHELD), "not shown"),
    ],
)
def test_numbers_that_may_not_be_said_are_words(in_english, figure, words):
    assert number_words(figure) == words


@pytest.mark.parametrize(
    ("dimension", "name"),
    [
        ("age", "Age"),
        ("age_18", "Age"),
        ("ethnic_group_5", "Ethnic group"),
        ("car_owner", "Car owner"),
    ],
)
def test_dimensions_have_names(in_english, dimension, name):
    assert dimension_name(dimension) == name


# Charts


def test_bars_are_as_high_as_their_numbers_are_large():
    drawn = bars([60, 30, 0, None], "en")
    assert [bar.height for bar in drawn] == [120, 60, 0, 0]
    assert [bar.y for bar in drawn] == [0, 60, 120, 120]
    assert [bar.is_unknown for bar in drawn] == [False, False, False, True]
    assert [bar.x for bar in drawn] == ["0.00%", "25.00%", "50.00%", "75.00%"]


def test_bars_run_from_the_right_where_people_read_so():
    assert [bar.x for bar in bars([1, 2], "ur")] == ["60.00%", "10.00%"]


def test_a_small_number_is_not_drawn_as_nothing():
    assert bars([10_000, 1], "en")[1].height == 2


MUSLIM = GapMark("Muslim", Dot(0.1, 0.05, 0.2), 0.3, Role.UNDER)


def test_marks_stand_at_their_shares():
    (mark,), ticks = gap_marks([MUSLIM], "en")
    assert [tick.words for tick in ticks] == ["0%", "10%", "20%", "30%"]
    assert (mark.x, mark.low, mark.width, mark.residents) == (
        "33.33%",
        "16.67%",
        "50.00%",
        "100.00%",
    )


def test_marks_are_mirrored_where_people_read_from_the_right():
    (mark,), ticks = gap_marks([MUSLIM], "ar")
    assert ticks[0].x == "100.00%"
    assert (mark.x, mark.low, mark.residents) == ("66.67%", "33.33%", "0.00%")


def test_a_group_without_a_share_has_its_line_alone():
    (mark,), _ = gap_marks([GapMark("Sikh", None, 0.1, Role.TOO_FEW)], "en")
    assert (mark.x, mark.residents) == (None, "100.00%")
