"""From what stands in a file to answers: guesses, values, times, and what is left out."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consult.document.model import Consultation as Document
from consult.response_files.reading import open_table
from consult.response_files.survey import Survey, look, responses
from consult.services.intake.elsewhere import NewKind, likely_kind
from consult.services.intake.guessing import guess
from consult.services.intake.mapping import OWN_WORDS, ColumnUse, Mapping, MappingProblem, Use
from consult.services.intake.mapping import problem_of as mapping_problem
from consult.services.intake.matching import ENGLISH, channel_of, language_of
from consult.services.intake.source_keys import SourceKeys
from consult.services.intake.times import parse_time
from consult.services.intake.turning import Reason, Turned, Turner

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")

CONTENT: dict[str, Any] = {
    "slug": "parks",
    "languages": ["en", "ur"],
    "title": "Parks",
    "asked_by": "Council",
    "introduction": "Hello",
    "what_happens_next": "We read",
    "consent": "Yes",
    "monitoring_introduction": "Why",
    "opens_at": "2026-11-02T09:00",
    "closes_at": "2027-01-17T23:59",
    "late_until": "2027-01-24T23:59",
    "contact": {"phone": "1"},
    "privacy": {
        "controller": "Council",
        "contact": "x",
        "lawful_basis_article_6": "x",
        "lawful_basis_article_9": "x",
        "impact_assessment": "x",
        "who_sees": "x",
        "delete_on": "2028-01-01",
    },
    "areas": [{"code": "E1", "name": "Aston"}, {"code": "E2", "name": "Oscott"}],
    "residents": {"question": "who", "any_of": ["resident"]},
    "questions": [
        {
            "key": "who",
            "part": "who",
            "kind": "single_choice",
            "label": "Who are you?",
            "required": True,
            "options": [
                {"key": "resident", "label": "A resident"},
                {"key": "visitor", "label": "A visitor"},
            ],
        },
        {"key": "agree", "part": "draft", "kind": "agree_scale", "label": "Do you agree?"},
        {
            "key": "most",
            "part": "draft",
            "kind": "several_choices",
            "label": "What matters most?",
            "choose_at_most": 2,
            "options": [
                {"key": "parks", "label": "Parks"},
                {"key": "buses", "label": "Buses"},
                {"key": "paths", "label": "Paths"},
                {"key": "else", "label": "Something else", "other": True},
                {"key": "nothing", "label": "Nothing at all", "exclusive": True},
            ],
        },
        {
            "key": "why",
            "part": "draft",
            "kind": "long_text",
            "label": "Why do you say so?",
            "max_length": 10,
            "show_if": [{"question": "who", "any_of": ["resident"]}],
        },
        {"key": "age", "part": "monitoring", "kind": "number", "label": "Age", "minimum": 0},
        {"key": "ward", "part": "monitoring", "kind": "ward", "label": "Where do you live?"},
    ],
    "translations": {
        "ur": {
            "questions.who.label": "آپ کون ہیں؟",
            "questions.who.options.resident.label": "رہائشی",
        }
    },
}


BOTH = {"a resident": "resident", "a visitor": "visitor"}


@pytest.fixture(scope="module")
def parks() -> Document:
    return Document.model_validate(CONTENT)


def surveyed(text: str) -> Survey:
    return look(open_table("a.csv", text.encode()))


def guessed(document: Document, text: str) -> Mapping:
    return guess(document, surveyed(text), fixed=ENGLISH, now=NOW)


def turned(
    document: Document, text: str, mapping: Mapping | None = None, now: datetime = NOW
) -> list[Turned]:
    table = open_table("a.csv", text.encode())
    survey = look(table)
    used = mapping or guess(document, survey, fixed=ENGLISH, now=now)
    turner = Turner(document, survey, used, now=now)
    return [turner.turn(row) for row in responses(table, survey.last_heading_row)]


def reasons(one: Turned) -> list[Reason]:
    return [problem.reason for problem in one.problems]


# Guessing


def test_headings_of_platforms_are_known(parks):
    mapping = guessed(
        parks,
        "ID,Start time,Completion time,Email,Name,Language,Who are you?\n"
        "1,2026-11-03 10:00,2026-11-03 10:05,a@example.org,Ann,en,A resident\n"
        "2,2026-11-03 11:00,2026-11-03 11:05,b@example.org,Bob,ur,رہائشی\n",
    )
    assert [each.use for each in mapping.columns] == [
        Use.RESPONSE_ID,
        Use.STARTED,
        Use.SUBMITTED,
        Use.CONTACT,
        Use.CONTACT,
        Use.LANGUAGE,
        Use.QUESTION,
    ]
    assert mapping.columns[-1].values == {"a resident": "resident", "رہائشی": "resident"}


def test_questions_are_known_by_their_words_in_any_language_and_nearly(parks):
    mapping = guessed(parks, "آپ کون ہیں؟,Q2. Do you agree??,why\nx,y,z\n")
    assert [each.question for each in mapping.columns] == ["who", "agree", "why"]


def test_a_column_is_known_by_its_values_alone(parks):
    mapping = guessed(parks, "Q17\nStrongly agree\nDisagree\nDon’t know\n")
    assert mapping.columns[0].question == "agree"
    assert mapping.columns[0].values["don’t know"] == "dont_know"


def test_columns_of_one_question_stand_for_its_options(parks):
    mapping = guessed(
        parks,
        "What matters most? [Parks],What matters most? [buses],What matters most? [Other]\n"
        "Y,N,Ponds\n",
    )
    assert [each.option for each in mapping.columns] == ["parks", "buses", "else"]


def test_e_mail_addresses_are_known_whatever_stands_over_them(parks):
    assert guessed(parks, "Q9\na@example.org\nb@example.org\n").columns[0].use is Use.CONTACT


def test_the_day_of_receipt_is_today_or_the_last_day(parks):
    assert guessed(parks, "why\nx\n").received_on == date(2026, 12, 1)
    late = datetime(2027, 3, 1, tzinfo=UTC)
    mapping = guess(parks, surveyed("why\nx\n"), fixed=ENGLISH, now=late)
    assert mapping.received_on == date(2027, 1, 17)


def test_american_dates_are_told_by_the_dates(parks):
    assert guessed(parks, "Submitted,why\n11/23/2026,x\n").day_first is False
    assert guessed(parks, "Submitted,why\n23/11/2026,x\n").day_first is True
    assert guessed(parks, "Submitted,why\n3/11/2026,x\n").day_first is True


def test_what_was_said_last_time_holds(parks):
    survey = surveyed("Q,R\nYes please,x\n")
    before = Mapping((ColumnUse(0, Use.QUESTION, "who", "", {"yes please": "resident"}),))
    again = guess(parks, survey, fixed=ENGLISH, now=NOW, remembered=before)
    assert again.columns[0].values == {"yes please": "resident"}


@pytest.mark.parametrize(
    ("value", "code"),
    [("en", "en"), ("Urdu", "ur"), ("اردو", "ur"), ("ur-PK", "ur"), ("Klingon", None), ("", None)],
)
def test_languages_are_named_in_several_ways(value, code):
    assert language_of(value, ["en", "ur"]) == code


def test_channels_are_named_in_several_ways():
    assert (channel_of("Web Link"), channel_of("Postal"), channel_of("?")) == (
        "online",
        "paper",
        None,
    )


def test_columns_that_may_become_questions(parks):
    survey = surveyed(
        "n,long,choice,most: a,most: b\n"
        + "".join(f"{n},{'words ' * 12}{n},{n % 2},x,\n" for n in range(100))
    )
    kinds = [likely_kind(column, survey) for column in survey.columns]
    assert kinds == [None, NewKind.TEXT, NewKind.CHOICE, NewKind.SEVERAL, NewKind.SEVERAL]


# A mapping that cannot be used


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ((ColumnUse(0), ColumnUse(1, Use.CONTACT)), MappingProblem.NO_QUESTION),
        (
            (
                ColumnUse(0, Use.RESPONSE_ID),
                ColumnUse(1, Use.RESPONSE_ID),
                ColumnUse(2, Use.QUESTION, "why"),
            ),
            MappingProblem.TWICE,
        ),
        (
            (ColumnUse(0, Use.QUESTION, "who"), ColumnUse(1, Use.QUESTION, "who")),
            MappingProblem.SAME_QUESTION,
        ),
        ((ColumnUse(0, Use.QUESTION, "gone"),), MappingProblem.GONE),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told(parks, columns, problem):
    found = mapping_problem(Mapping(columns), parks)
    assert found is not None
    assert found[0] is problem


def test_two_columns_of_words_make_one_answer(parks):
    columns = (
        ColumnUse(0, Use.QUESTION, "who", "", {"r": "resident"}),
        ColumnUse(1, Use.QUESTION, "why"),
        ColumnUse(2, Use.QUESTION, "why"),
    )
    assert mapping_problem(Mapping(columns), parks) is None
    (one,) = turned(parks, "a,b,c\nr,First,Second\n", Mapping(columns))
    assert one.answers["why"] == {"text": "First\n\nSecond"}


# Rows


def test_a_row_becomes_a_response(parks):
    (one,) = turned(
        parks,
        "ID,Submitted,Who are you?,Do you agree?,What matters most?,Why do you say so?,Age,"
        "Where do you live?\n"
        "x1,03/11/2026 10:15,A resident,Tend to agree,Parks;Buses;,Because of the many old trees,"
        "41,Aston\n",
    )
    assert one.answers == {
        "who": {"choice": "resident"},
        "agree": {"choice": "agree"},
        "most": {"choices": ["parks", "buses"]},
        "why": {"text": "Because of the many old trees"},
        "age": {"number": 41},
        "ward": {"choice": "E1"},
    }
    assert one.problems == []
    assert one.platform_id == "x1"
    assert one.received_at == datetime(2026, 11, 3, 10, 15, tzinfo=LONDON)


def test_columns_of_options_say_yes_in_many_ways(parks):
    rows = turned(
        parks,
        "What matters most? [Parks],What matters most? [Buses],What matters most? [Other]\n"
        "Y,N,\n1,0,\nParks,,\n,x,Ponds\nNo,false,N/A\n",
    )
    assert [each.answers.get("most") for each in rows] == [
        {"choices": ["parks"]},
        {"choices": ["parks"]},
        {"choices": ["parks"]},
        {"choices": ["buses", "else"], "other": "Ponds"},
        None,
    ]


def test_a_value_in_own_words_is_kept_with_its_option(parks):
    mapping = Mapping(
        (ColumnUse(0, Use.QUESTION, "most", "", {"parks": "parks", "ponds": OWN_WORDS}),),
        received_on=date(2026, 11, 3),
    )
    (one,) = turned(parks, "a\nParks; Ponds\n", mapping)
    assert one.answers["most"] == {"choices": ["parks", "else"], "other": "Ponds"}


@pytest.mark.parametrize(
    ("row", "reason", "left"),
    [
        ("A resident,Perhaps,,,", Reason.UNKNOWN_VALUE, {"who"}),
        ("A resident,,Parks;Nothing at all,,", Reason.CONTRADICTION, {"who"}),
        ("A resident,,Parks;Buses;Paths,,", Reason.CONTRADICTION, {"who"}),
        ("A visitor,,,They may not say,", Reason.NOT_ASKED, {"who"}),
        ("A resident,,,,forty", Reason.NOT_A_NUMBER, {"who"}),
        ("A resident,,,,-4", Reason.OUT_OF_RANGE, {"who"}),
        (f"A resident,,,{'x' * 20_001},", Reason.TOO_LONG, {"who"}),
    ],
)
def test_a_cell_that_is_no_answer_is_left_out_and_told(parks, row, reason, left):
    header = "Who are you?,Do you agree?,What matters most?,Why do you say so?,Age\n"
    mapping = guessed(parks, header + "A resident,Agree,Parks,x,4\nA visitor,Disagree,Buses,y,5\n")
    values = {**mapping.columns[2].values, "nothing at all": "nothing", "paths": "paths"}
    columns = list(mapping.columns)
    columns[2] = ColumnUse(2, Use.QUESTION, "most", "", values)
    (one,) = turned(parks, header + row + "\n", Mapping(tuple(columns)))
    assert reasons(one) == [reason]
    assert set(one.answers) == left
    assert one.comes_in


def test_words_that_are_too_long_do_not_go_into_the_report(parks):
    (one,) = turned(
        parks,
        f"Who are you?,Why do you say so?\nA resident,{'x' * 20_001}\n",
        Mapping(
            (
                ColumnUse(0, Use.QUESTION, "who", "", {"a resident": "resident"}),
                ColumnUse(1, Use.QUESTION, "why"),
            )
        ),
    )
    assert one.problems[0].value == ""


def test_ragged_rows_are_told_and_long_ones_left_out(parks):
    header = "Who are you?,Do you agree?,Why do you say so?\n"
    good = "A resident,Agree,x\n"
    long, short = turned(
        parks,
        header + "A resident,Agree,one, two\nA resident\n",
        guessed(parks, header + good),
    )
    assert reasons(long) == [Reason.TOO_MANY_CELLS]
    assert not long.comes_in
    assert reasons(short) == [Reason.TOO_FEW_CELLS]
    assert short.answers == {"who": {"choice": "resident"}}


def test_unfinished_rows_of_limesurvey_are_left_out(parks):
    text = (
        "id,submitdate,lastpage,startlanguage,who\n"
        "1,2026-11-03 10:00:00,2,en,resident\n2,,1,en,resident\n"
    )
    one, two = turned(parks, text)
    assert (one.comes_in, two.comes_in) == (True, False)
    assert reasons(two) == [Reason.UNFINISHED]
    mapping = guessed(parks, text)
    taken = Mapping(mapping.columns, received_on=date(2026, 11, 4), needs_end=False)
    assert [each.comes_in for each in turned(parks, text, taken)] == [True, True]


def test_a_row_without_answers_is_left_out(parks):
    one, two = turned(parks, "ID,Who are you?\n1,A resident\n2,\n")
    assert one.comes_in
    assert reasons(two) == [Reason.NO_ANSWER]


def test_times_that_cannot_be_are_told_and_the_day_given_holds(parks):
    text = "Submitted,Who are you?\nsome day,A resident\n2027-01-05 10:00,A resident\n"
    one, two = turned(parks, text)
    assert (reasons(one), reasons(two)) == ([Reason.BAD_TIME], [Reason.FUTURE_TIME])
    assert one.received_at == two.received_at == datetime(2026, 12, 1, 12, tzinfo=LONDON)


def test_a_language_that_is_not_offered_is_told(parks):
    one, two = turned(
        parks, "Language,Who are you?\nTamil,A resident\nUrdu,A visitor\n",
        Mapping(
            (
                ColumnUse(0, Use.LANGUAGE),
                ColumnUse(1, Use.QUESTION, "who", "", BOTH),
            )
        ),
    )  # fmt: skip
    assert (one.language, reasons(one)) == ("en", [Reason.UNKNOWN_LANGUAGE])
    assert (two.language, reasons(two)) == ("ur", [])


def test_a_channel_that_is_not_known_is_told(parks):
    (one,) = turned(
        parks,
        "Channel,Who are you?\nPigeon,A resident\n",
        Mapping(
            (
                ColumnUse(0, Use.CHANNEL),
                ColumnUse(1, Use.QUESTION, "who", "", {"a resident": "resident"}),
            )
        ),
    )
    assert (one.channel, reasons(one)) == ("online", [Reason.UNKNOWN_CHANNEL])


# Times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-03T10:15:00Z", "2026-05-03 10:15:00+00:00"),
        ("2026-05-03 10:15", "2026-05-03 10:15:00+01:00"),
        ("2026-05-03", "2026-05-03 12:00:00+01:00"),
        ("3/5/26 9:05:30 PM", "2026-05-03 21:05:30+01:00"),
        ("3.5.2026", "2026-05-03 12:00:00+01:00"),
        ("03-May-2026 00:30", "2026-05-03 00:30:00+01:00"),
        ("3rd May 2026, 12:15 am", "2026-05-03 00:15:00+01:00"),
        ("31/02/2026", "None"),
        ("5 o'clock", "None"),
        ("2026-05-03 soon", "None"),
    ],
)
def test_times_are_read_as_platforms_write_them(text, expected):
    assert str(parse_time(text, LONDON, day_first=True)) == expected


def test_month_first_is_another_day():
    assert str(parse_time("3/5/2026", LONDON, day_first=False)) == "2026-03-05 12:00:00+00:00"


# Keys


def key(keys: SourceKeys, row: int, *cells: str, platform_id: str = "") -> str:
    return keys.key(Turned(row, cells, platform_id=platform_id))


def test_two_honest_rows_of_the_same_words_are_two_and_the_same_in_every_file():
    first, second = SourceKeys("secret", ""), SourceKeys("secret", "")
    one, two = key(first, 2, "a", "b"), key(first, 3, "a", "b")
    assert one != two
    assert [key(second, 9, "a ", "b"), key(second, 10, "a", "b")] == [one, two]
    assert key(SourceKeys("other", ""), 2, "a", "b") != one


def test_an_id_is_known_whatever_else_the_row_says():
    keys = SourceKeys("secret", "")
    one = key(keys, 2, "a", platform_id="7")
    assert key(SourceKeys("secret", ""), 5, "changed", platform_id="7") == one
    assert key(SourceKeys("secret", "Second survey"), 2, "a", platform_id="7") != one
