"""People's words without what is hidden in them: in answers, in statements, in translations."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from analysis.text.normalise import normalise
from analysis.text.segments import units
from consult.db import unit_of_work
from consult.models import Answer, Quote
from consult.services.reading import redacting, translating_answers
from consult.services.reading.letters import occurrences
from consult.services.reading.redacted import (
    MARKER,
    pieces,
    redacted_text,
    redacted_unit,
    redactions_of,
    touches_unit,
    translations_of,
    words_of,
)
from consult.services.reading.redacting import Hiding
from tests.support.reading import BUSES, PARKS, acts, answer_id, respond, study, unit_ids
from tests.support.visitors import NOON, in_session

LATER = NOON + timedelta(hours=1)


@dataclass
class Stretch:
    start: int
    end: int
    reason: str = "name"


def stretch(text, words, reason="name"):
    start = text.index(words)
    return Stretch(start, start + len(words), reason)


# Texts


def test_a_marker_stands_where_words_were():
    text = "Ring Asha on 07700 900123."
    hidden = [stretch(text, "07700 900123", "contact"), stretch(text, "Asha")]
    assert redacted_text(text, hidden) == "Ring […] on […]."
    said = {"name": "[name removed]"}
    assert redacted_text(text, hidden, said) == "Ring [name removed] on […]."


def test_stretches_that_overlap_or_touch_make_one():
    assert redacted_text("abcdefgh", [Stretch(1, 4), Stretch(3, 5), Stretch(5, 6)]) == "a[…]gh"


def test_what_reaches_outside_the_text_is_cut_off():
    assert redacted_text("abc", [Stretch(2, 9), Stretch(7, 9)]) == "ab[…]"
    assert redacted_text("abc", [Stretch(7, 9)]) == "abc"


def test_pieces_joined_are_the_text():
    text = "Ring Asha. Asha!"
    cut = pieces(text, [stretch(text, "Asha")])
    assert "".join(piece.text for piece in cut) == text
    assert [(piece.text, piece.reason, piece.start) for piece in cut] == [
        ("Ring ", None, 0),
        ("Asha", "name", 5),
        (". Asha!", None, 9),
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"text": "More buses"}, "More buses"),
        ({"choice": "other", "other": "By boat"}, "By boat"),
        ({"choice": "agree"}, ""),
        ({"number": 3}, ""),
    ],
)
def test_words_of_an_answer(value, words):
    assert words_of(value) == words


# Statements are parts of the normalised answer

LETTER = (
    "The  bus ﬁnally came.\n\nMrs Ａｓｈａ Khān said: «too late». ڈاکٹر خان نے کہا کہ بس نہیں آتی۔ "
    "আমার নাম হালিমা এবং আমি হাঁটি।"
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ﬁnally came", "The bus […]."),
        ("Ａｓｈａ Khān", "Mrs […] said: «too late»."),
        ("خان", "ڈاکٹر […] نے کہا کہ بس نہیں آتی۔"),
        ("হালিমা", "আমার নাম […] এবং আমি হাঁটি।"),
    ],
)
def test_a_statement_hides_what_its_answer_hides(words, expected):
    hidden = [stretch(LETTER, words)]
    statements = [unit.text for unit in units(normalise(LETTER))]
    shown = [redacted_unit(text, LETTER, hidden) for text in statements]
    assert expected in shown
    assert sum(text != before for text, before in zip(shown, statements, strict=True)) == 1


def test_a_stretch_over_two_statements_hides_a_part_of_each():
    text = "I met Asha. Patel was there with me."
    hidden = [stretch(text, "Asha. Patel")]
    assert redacted_unit("I met Asha.", text, hidden) == "I met […]"
    assert redacted_unit("Patel was there with me.", text, hidden) == "[…] was there with me."


def test_a_statement_made_twice_is_hidden_twice():
    text = "Asha is late. We wait. Asha is late."
    assert redacted_unit("Asha is late.", text, [Stretch(0, 4)]) == "[…] is late."


def test_a_statement_that_is_not_found_is_hidden_whole():
    assert redacted_unit("Something else", "Ring Asha", [Stretch(5, 9)]) == MARKER
    assert redacted_unit("Something else", "Ring Asha", []) == "Something else"


def test_a_statement_beside_hidden_words_is_left_alone():
    text = "Ring Asha now. The park is good."
    assert touches_unit("Ring Asha now.", text, [stretch(text, "Asha")])
    assert not touches_unit("The park is good.", text, [stretch(text, "Asha")])


# Finding words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ali khan", ["Ali Khan", "ALI\n KHAN"]),
        ("Ali", ["Ali", "ALI", "Ali"]),
        ("রহিম", ["রহিমে"]),
        ("lity", []),
        ("  ", []),
    ],
)
def test_words_are_found_however_they_are_written(words, found):
    text = "Ali Khan and ALI\n KHAN; quality. Ali’s. রহিমের বাড়ি"
    assert [text[start:end] for start, end in occurrences(text, words)] == found


def test_the_place_that_somebody_selected_is_hidden_and_whole_words_beside_it():
    text = "Alison and Al, then AL again"
    found = redacting.stretches_of(text, "Al", "name", (0, 2))
    assert [(each.start, each.end) for each in found] == [(0, 2), (11, 13), (20, 22)]


def test_a_selected_place_that_holds_other_words_is_passed_over():
    found = redacting.stretches_of("Asha and Ali", "Ali", "name", (0, 4))
    assert [(each.start, each.end) for each in found] == [(9, 12)]


def test_words_that_stand_nowhere_are_refused():
    with pytest.raises(redacting.NotInAnswer):
        redacting.stretches_of("Asha and Ali", "Omar", "name")


def test_the_machine_suggests_what_is_not_hidden_yet():
    text = "My name is Asha Patel, ring 07700 900123"
    found = redacting.suggestions(text, [stretch(text, "Asha Patel")])
    assert [(each.text, each.kind, each.reason) for each in found] == [
        ("07700 900123", "phone", "contact")
    ]


# Hiding in the database

WORDS = "Mrs Khan drives the bus too fast. The park near my home is lovely."


@pytest.fixture
def answered(app, desk):
    response_id = respond(app, WORDS)
    return response_id, answer_id(app, response_id)


def hide(app, answer, *stretches, actor="olga", now=NOON):
    with in_session(app) as session, unit_of_work(session):
        return redacting.hide(
            session, session.get_one(Answer, answer), stretches, actor=actor, now=now
        )


def test_hidden_words_are_kept_with_who_and_why(app, answered):
    response_id, answer = answered
    assert hide(app, answer, Hiding(4, 8, "name")).places == 1
    with in_session(app) as session:
        (row,) = redactions_of(session, [answer])[answer]
        assert (row.start, row.end, row.reason, row.made_by) == (4, 8, "name", "olga")
    assert acts(app, response_id) == [("olga", "words hidden")]


def test_what_two_people_hide_at_once_is_hidden_once(app, answered):
    _, answer = answered
    hide(app, answer, Hiding(0, 8, "name"))
    assert hide(app, answer, Hiding(4, 8, "other"), actor="omar").places == 0
    with in_session(app) as session:
        assert len(redactions_of(session, [answer])[answer]) == 1


@pytest.mark.parametrize(
    "wrong",
    [Hiding(0, 900, "name"), Hiding(4, 4, "name"), Hiding(-1, 4, "name"), Hiding(0, 4, "dull")],
)
def test_a_stretch_outside_or_without_a_reason_is_refused(app, answered, wrong):
    with pytest.raises(ValueError, match="cannot hide"):
        hide(app, answered[1], wrong)


def test_words_are_shown_again_once(app, answered):
    response_id, answer = answered
    hide(app, answer, Hiding(4, 8, "name"))
    with in_session(app) as session:
        (row,) = redactions_of(session, [answer])[answer]
    for expected in (True, False):
        with in_session(app) as session, unit_of_work(session):
            found = session.get_one(Answer, answer)
            done = redacting.show_again(session, found, row.id, actor="omar", now=LATER)
            assert done is expected
    assert acts(app, response_id) == [("olga", "words hidden"), ("omar", "words shown again")]


def test_a_redaction_of_another_answer_is_not_taken_back_here(app, answered):
    other = answer_id(app, respond(app, "Ring Asha on Sunday morning, please."))
    hide(app, answered[1], Hiding(4, 8, "name"))
    with in_session(app) as session, unit_of_work(session):
        (row,) = redactions_of(session, [answered[1]])[answered[1]]
        found = session.get_one(Answer, other)
        assert not redacting.show_again(session, found, row.id, actor="omar", now=LATER)


def approve_by_hand(app, study_id, response_id, number, theme):
    unit = unit_ids(app, response_id)[number]
    with in_session(app) as session, unit_of_work(session):
        session.add(
            Quote(
                study_id=study_id, theme=theme, unit_id=unit, response_id=response_id,
                text="as it was", language="en", approved_by="omar", approved_at=NOON,
            )
        )  # fmt: skip


def test_a_quote_that_holds_the_words_is_approved_no_more(app, answered):
    response_id, answer = answered
    made = study(app, {response_id: [BUSES, PARKS]})
    approve_by_hand(app, made, response_id, 0, BUSES)
    approve_by_hand(app, made, response_id, 1, PARKS)
    assert hide(app, answer, Hiding(4, 8, "name")).quotes == 1
    with in_session(app) as session:
        (left,) = redacting.quotes_of(session, session.get_one(Answer, answer))
        assert left.theme == PARKS
    assert ("olga", "quote withdrawn") in acts(app, response_id)


def translated(app, answer, text="Translated", *, now=NOON, origin="person"):
    with in_session(app) as session, unit_of_work(session):
        translating_answers.write(
            session, answer, "en", text, origin=origin, translator="Noor", actor="olga", now=now
        )


def test_a_person_s_translation_comes_before_a_machine_s(app, answered):
    _, answer = answered
    translated(app, answer, "By machine", origin="machine")
    translated(app, answer, "By Noor")
    with in_session(app) as session:
        found = translations_of(session, [answer], "en")[answer]
        assert [row.text for row in found] == ["By Noor", "By machine"]
        assert translations_of(session, [answer], "ur") == {}


def test_a_translation_made_before_words_were_hidden_is_not_shown(app, answered):
    _, answer = answered
    translated(app, answer, "Mrs Khan …")
    hide(app, answer, Hiding(4, 8, "name"), now=LATER)
    with in_session(app) as session:
        assert translations_of(session, [answer], "en") == {}
    translated(app, answer, "Mrs […] …", now=LATER + timedelta(minutes=1))
    with in_session(app) as session:
        assert translations_of(session, [answer], "en")[answer][0].text == "Mrs […] …"
