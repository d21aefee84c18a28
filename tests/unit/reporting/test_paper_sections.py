"""What each section of a report says, in sentences worked out by hand."""

import pytest

from analysis.representation.weights.weighting import ReasonKind
from consult.reports.charts.kinds import Shares, Times
from consult.reports.data import (
    Line,
    Share,
)
from consult.telling.report.closed import weighting_sentences
from consult.telling.report.drawing import heights
from tests.support.changed_reports import (
    WITHHELD,
    closed,
    group,
    option,
    with_closed,
    with_dimension,
)
from tests.support.papers import app, lines, part, rows, table, written
from tests.support.reports import HIDDEN, NO_SHARE, count, sample_data, share

__all__ = ["app"]

pytestmark = pytest.mark.usefixtures("app")
# --- What was asked ---------------------------------------------------------------------------


def test_questions_are_listed_with_numbers_and_their_part_of_the_draft():
    assert lines(part(written(sample_data()), "asked")) == [
        "What should we do first?",
        "People could answer from 1 September 2026 to 31 October 2026, in these languages: "
        "English, Urdu and Bangla.",
        "The parts of the draft",
        "Our vision",
        "Questions about the draft",
        "Question 1: Do you agree with the vision? (about “Our vision”)",
        "Question 2: Why? (about “Our vision”)",
        "Questions about the people who answered",
        "Question 3: What is your religion?",
        "Nobody had to answer the questions about themselves. They are asked so that we can see "
        "who is missing.",
    ]


# --- Who answered -----------------------------------------------------------------------------


def test_ways_languages_and_areas_are_tables_with_their_base():
    paper = written(sample_data())
    channels = table(paper, "responses-by-channel")
    assert rows(channels) == [
        ["On the website", "115"],
        ["On paper", "25"],
        ["By phone", "fewer than 10"],
    ]
    assert [row[1].value for row in channels.rows] == [115, 25, None]
    assert channels.notes == ("Of 140 responses.",)
    assert rows(table(paper, "responses-by-language")) == [["English", "120"], ["Urdu", "15"]]
    assert rows(table(paper, "responses-by-area")) == [["Acocks Green", "15"]]


def test_weeks_are_a_chart_whose_hidden_columns_have_no_height():
    paper = written(sample_data())
    (figure,) = (each for each in paper.figures() if each.key == "responses-by-week")
    assert isinstance(figure.chart, Times)
    assert [(step.value, step.text) for step in figure.chart.steps] == [
        (60, "60"),
        (None, "fewer than 10"),
        (40, "40"),
    ]
    assert figure.chart.ticks == ((0, "0"), (20, "20"), (40, "40"), (60, "60"))
    assert figure.alternative == (
        "Responses from 1 September 2026 on, 7 days a column. Most came in the days from "
        "1 September 2026: 60."
    )
    assert table(paper, "responses-by-week").columns[0].label == "Seven days from"


def test_longer_steps_of_time_say_how_long_they_are():
    weeks = (
        Line(key="2026-09-01", count=HIDDEN),
        Line(key="2026-09-15", count=HIDDEN),
    )
    data = sample_data()
    data = data.model_copy(update={"arrived": data.arrived.model_copy(update={"by_week": weeks})})
    paper = written(data)
    assert table(paper, "responses-by-week").columns[0].label == "14 days from"
    (figure,) = (each for each in paper.figures() if each.key == "responses-by-week")
    assert figure.alternative == (
        "Responses from 1 September 2026 on, 14 days a column. No column has enough to be shown."
    )


@pytest.mark.parametrize(
    ("most", "scale"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (12, [0, 5, 10, 15]),
        (60, [0, 20, 40, 60]),
        (1240, [0, 500, 1000, 1500]),
    ],
)
def test_scales_of_numbers_end_in_round_numbers(most, scale):
    assert heights(most) == scale


def test_a_long_list_of_areas_stands_among_the_tables():
    areas = tuple(
        Line(key=f"E{at}", label={"en": f"Ward {at}"}, count=count(10)) for at in range(13)
    )
    data = sample_data()
    data = data.model_copy(update={"arrived": data.arrived.model_copy(update={"by_area": areas})})
    paper = written(data)
    assert "responses-by-area" not in {
        getattr(block, "key", "") for block in part(paper, "answered").blocks
    }
    assert (
        "The table “Where people live” has 13 rows and stands among the tables at the end."
        in lines(part(paper, "answered"))
    )
    assert len(table(paper, "responses-by-area").rows) == 13


# --- Who is missing ---------------------------------------------------------------------------


def test_flags_are_sentences_with_counts_bases_and_shares_of_residents():
    said = lines(part(written(sample_data()), "missing"))
    assert said[0] == (
        "These groups are clearly smaller among the people who answered than among residents: "
        "Muslim (Religion)."
    )
    assert "Muslim: 15 of 120 responses (13%), but 30% of residents. That is clearly under." in said
    assert (
        "People who did not say, or whose answer the figures of residents have no group for: 10."
        in said
    )
    assert (
        "The make-up of responses is 81% like that of residents. If both were made up the same, "
        "it would be 100%."
    ) in said
    assert said[-1] == "Compared with: Usual residents, Census 2021, 21 March 2021."


def test_the_table_of_a_characteristic_says_what_its_chart_shows():
    paper = written(sample_data())
    assert rows(table(paper, "gaps-religion")) == [
        ["Muslim", "15", "13% (8% to 20%)", "8%", "20%", "30%", "Under", "Confirmed", "30"],
        ["Christian", "60", "50% (40% to 60%)", "40%", "60%", "34%", "Over", "Early sign", "–"],
        ["Sikh", "fewer than 10", "not shown", "–", "–", "2.9%", "Too few to tell", "–", "–"],
    ]
    (figure,) = (each for each in paper.figures() if each.key == "gaps-religion")
    assert isinstance(figure.chart, Shares)
    assert [(m.label, m.value, m.reference, m.text, m.state) for m in figure.chart.marks] == [
        ("Muslim", 0.125, 0.299, "13% (8% to 20%)", "Under"),
        ("Christian", 0.5, 0.34, "50% (40% to 60%)", "Over"),
        ("Sikh", None, 0.029, "fewer than 10", "Too few to tell"),
    ]
    assert figure.chart.ticks[-1] == (0.6, "60%")


@pytest.mark.parametrize(
    ("tier", "sentence"),
    [
        ("confirmed", "Muslim: clearly under their 30% of residents."),
        (
            "none",
            "Muslim: this looks under their 30% of residents. How sure that is may not be said.",
        ),
    ],
)
def test_a_group_too_small_to_be_counted_is_flagged_without_a_number(tier, sentence):
    data = with_dimension(groups=(group(tier=tier),))
    assert sentence in lines(part(written(data), "missing"))


def test_a_group_that_differs_as_some_do_by_chance_has_no_sentence():
    data = with_dimension(
        groups=(group(respondents=count(15), share=share(0.125, 0.08, 0.2), tier="none"),)
    )
    said = lines(part(written(data), "missing"))
    assert "No group is flagged." in said
    assert not any(line.startswith("Muslim") for line in said)


def test_a_group_that_was_not_compared_has_a_row_and_no_sentence():
    data = with_dimension(
        groups=(group(state="untested", tier="none", population_share=None, label={}),)
    )
    paper = written(data)
    assert rows(table(paper, "gaps-religion")) == [
        ["Muslim", "fewer than 10", "not shown", "–", "–", "–", "Not compared", "–", "–"]
    ]
    assert "No group is flagged." in lines(part(paper, "missing"))


def test_a_characteristic_of_many_groups_draws_those_with_a_flag():
    groups = (
        *(group(key=f"g{at}", label={"en": f"Group {at}"}, state="in_line", tier="none")
          for at in range(24)),
        group(respondents=count(15), share=share(0.125, 0.08, 0.2)),
    )  # fmt: skip
    paper = written(with_dimension(groups=groups))
    (figure,) = (each for each in paper.figures() if each.key == "gaps-religion")
    assert isinstance(figure.chart, Shares)
    assert [mark.label for mark in figure.chart.marks] == ["Muslim"]
    assert (
        "25 groups are compared here. The chart shows those with a flag, 12 at most; the table has "
        "all of them."
    ) in lines(part(paper, "missing"))
    assert len(table(paper, "gaps-religion").rows) == 25


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (
            "no_population",
            "There are no figures of residents to compare with, so nobody can tell who is missing.",
        ),
        (
            "no_question",
            "No question asks for what the figures of residents count, so nobody can tell who is "
            "missing.",
        ),
    ],
)
def test_where_there_is_no_comparison_the_reason_is_given(why, sentence):
    data = sample_data()
    representation = data.representation.model_copy(update={"dimensions": (), "not_compared": why})
    paper = written(data.model_copy(update={"representation": representation}))
    assert lines(part(paper, "missing")) == [sentence]
    assert sentence in lines(part(paper, "summary"))


# --- What was done ----------------------------------------------------------------------------


def test_acts_are_listed_by_day_and_their_absence_is_said():
    data = sample_data()
    assert "12 September 2026: A morning at the mosque in Lozells" in lines(
        part(written(data), "reached")
    )
    none = data.representation.model_copy(update={"acts": ()})
    paper = written(data.model_copy(update={"representation": none}))
    assert lines(part(paper, "reached")) == ["No steps to reach people are on record."]


# --- Closed questions -------------------------------------------------------------------------


def test_weighted_shares_stand_beside_the_others_and_a_lost_majority_is_said():
    paper = written(sample_data())
    said = lines(part(paper, "closed"))
    assert (
        "Weighting changes the majority: “Strongly agree” has 54% as answered, but weighted to "
        "residents only 48% (38% to 58%)."
    ) in said
    assert "Weighted, 140 responses tell as much as about 92." in said
    assert "Weighted, the responses would tell as much as fewer than 100 responses." in said
    assert rows(table(paper, "closed-vision_agree")) == [
        [
            "Strongly agree",
            "70",
            "54% (45% to 62%)",
            "45%",
            "62%",
            "48% (38% to 58%)",
            "38%",
            "58%",
            "The majority changes",
        ],
        ["Disagree", "fewer than 10", "not shown", *["–"] * 6],
    ]


def test_an_answer_that_wins_a_majority_is_said_so():
    answers = closed(
        option("agree", count(60), share(0.46, 0.38, 0.55),
               weighted=share(0.53, 0.44, 0.62), majority_flips=True),
    )  # fmt: skip
    assert (
        "Weighting changes the majority: “Agree” has 46% as answered, but weighted to residents "
        "53% (44% to 62%)."
    ) in lines(part(written(with_closed(answers)), "closed"))


def test_a_change_without_a_majority_and_none_at_all_are_said():
    notable = closed(
        option("agree", count(30), share(0.23, 0.17, 0.31),
               weighted=share(0.29, 0.22, 0.38), change_notable=True),
    )  # fmt: skip
    assert (
        "Weighting changes “Agree” by more than chance: from 23% as answered to 29% (22% to 38%)."
        in lines(part(written(with_closed(notable)), "closed"))
    )
    alike = closed(option("agree", count(30), share(0.23, 0.17, 0.31),
                          weighted=share(0.24, 0.17, 0.32)))  # fmt: skip
    assert lines(part(written(with_closed(alike)), "closed"))[-1] == (
        "Weighting changes no answer to this question by more than chance."
    )


def test_unweighted_answers_have_no_empty_columns():
    answers = closed(option("agree", count(70), share(0.54, 0.45, 0.62)))
    paper = written(with_closed(answers, applied=False, reasons=("no_margin",)))
    assert rows(table(paper, "closed-vision_agree")) == [
        ["Agree", "70", "54% (45% to 62%)", "45%", "62%"]
    ]
    said = lines(part(paper, "closed"))
    assert said[:2] == [
        "These answers could not be weighted to residents.",
        "No characteristic is fit to weight by.",
    ]


@pytest.mark.parametrize("hidden", [WITHHELD, count(70)])
def test_no_answer_is_named_first_where_another_may_be_as_frequent(hidden):
    answers = closed(
        option("agree", count(70), share(0.54, 0.45, 0.62)), option("disagree", hidden, NO_SHARE)
    )
    said = lines(part(written(with_closed(answers)), "closed"))
    assert "130 people answered. No single answer can be named as the most frequent." in said
    assert not any("most often" in line for line in said)


def test_few_people_behind_a_share_are_said_beside_it():
    few = Share(value=0.5, low=0.29, high=0.71, few=True)
    answers = closed(option("agree", count(10), few), answered=count(20))
    assert any(
        line.endswith("10 of 20 people who answered it, 50% (29% to 71%; few people).")
        for line in lines(part(written(with_closed(answers)), "closed"))
    )


def test_shares_of_a_thousand_people_have_a_decimal():
    answers = closed(option("agree", count(1205), share(0.482, 0.463, 0.502)), answered=count(2500))
    assert rows(table(written(with_closed(answers)), "closed-vision_agree")) == [
        ["Agree", "1,205", "48.2% (46.3% to 50.2%)", "46.3%", "50.2%"]
    ]


def test_every_reason_of_the_weighting_has_words():
    assert set(weighting_sentences()) == {kind.value for kind in ReasonKind}
