"""Quotes in a report: looked up whenever it is made, and gone when they must go."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consult.db import unit_of_work
from consult.models import Answer, Quote, QuoteTranslation, Response, StudyUnit
from consult.reports.data import Audience, QuoteRef
from consult.services import consultations
from consult.services.reading import quotes, redacting, translating_answers
from consult.services.reading.redacting import Hiding
from consult.services.reporting.quoting import fill
from consult.services.themes import editing, studies
from tests.support.reading import BUSES, PARKS, SAY, answer_id, respond, study, unit_ids
from tests.support.reports import sample_data
from tests.support.talk import told
from tests.support.visitors import NOON, SLUG, in_session

QUOTED = "The number 8 bus never comes on time."
POLISH = "Autobus numer 8 zawsze się spóźnia."
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def given(app, desk):
    """Twelve people on buses in English, the first of whom is quoted, and three in Polish."""
    found = {respond(app, QUOTED): [BUSES]}
    found |= {respond(app, f"Buses at stop {number}."): [BUSES] for number in range(11)}
    found |= {
        respond(app, POLISH if number == 0 else f"Autobus {number}.", language="pl"): [BUSES]
        for number in range(3)
    }
    study(app, found)
    return list(found)


@pytest.fixture
def quote(app, given):
    return approve(app, given[0])


def approve(app, response, theme=BUSES, now=NOON):
    unit = unit_ids(app, response)[0]
    with in_session(app) as session, unit_of_work(session):
        made = made_by_hand(session)
        wanted = quotes.candidate(session, made, unit, theme)
        return quotes.approve(
            session,
            made,
            unit,
            theme,
            state=wanted.state,
            cleared=(),
            actor="olga",
            now=now,
        ).id


def made_by_hand(session):
    (made,) = studies.all_of(session, consultations.get(session, SLUG))
    return made


def version(app, audience=Audience.PUBLIC):
    """A stored version: the words of quotes are not in it."""
    with in_session(app) as session:
        talks, _ = told(session, audience)
    base = sample_data()
    consultation = base.consultation.model_copy(
        update={"slug": SLUG, "languages": ("en", "ur", "pl")}
    )
    return base.model_copy(
        update={
            "audience": audience,
            "talk": (talks[SAY],),
            "consultation": consultation,
        }
    )


def shown(app, data):
    with in_session(app) as session:
        (talk,) = fill(session, data).talk
    return {theme.id: theme.quotes for theme in talk.themes}.get(BUSES, ())


def test_a_stored_version_names_quotes_and_does_not_hold_their_words(app, quote):
    data = version(app)
    assert data.talk[0].themes[0].quotes == (QuoteRef(id=str(quote), language="en"),)
    assert QUOTED not in data.model_dump_json()
    assert shown(app, data) == (QuoteRef(id=str(quote), language="en", text={"en": QUOTED}),)


def withdraw_response(session, response, quote):
    session.get_one(Response, response).withdrawn_at = LATER


def exclude(session, response, quote):
    one = session.get_one(Response, response)
    one.excluded_at, one.excluded_by, one.exclusion_reason = LATER, "olga", "spam"


def delete(session, response, quote):
    session.delete(session.get_one(Response, response))


def take_back(session, response, quote):
    session.delete(session.get_one(Quote, quote))


def hide_words(session, response, quote):
    answer = session.query(Answer).filter_by(response_id=response, question_key=SAY).one()
    redacting.hide(session, answer, [Hiding(4, 10, "other")], actor="olga", now=LATER)


@pytest.mark.parametrize("act", [withdraw_response, exclude, delete, take_back, hide_words])
@pytest.mark.parametrize("audience", list(Audience))
def test_a_quote_that_must_go_goes_from_a_stored_version_at_once(app, given, quote, act, audience):
    data = version(app, audience)
    assert len(shown(app, data)) == 1
    with in_session(app) as session, unit_of_work(session):
        act(session, given[0], quote)
    assert shown(app, data) == ()
    assert version(app, audience).talk[0].themes[0].quotes == ()


def test_words_that_were_hidden_are_not_told_even_if_the_quote_stayed(app, given, quote):
    data = version(app)
    with in_session(app) as session, unit_of_work(session):
        hide_words(session, given[0], quote)
        unit = unit_ids(app, given[0])[0]
        session.add(
            Quote(
                id=quote,
                study_id=made_by_hand(session).id,
                theme=BUSES,
                unit_id=unit,
                response_id=given[0],
                text=QUOTED,
                cleared=[],
                language="en",
                approved_by="olga",
                approved_at=NOON,
            )
        )
    assert shown(app, data) == ()


def test_few_people_of_a_language_are_not_quoted_in_public(app, given, quote):
    approve(app, given[12], now=LATER)
    assert [each.text for each in shown(app, version(app, Audience.INTERNAL))] == [
        {"en": QUOTED},
        {"pl": POLISH},
    ]
    assert [each.text for each in shown(app, version(app))] == [{"en": QUOTED}]


def test_a_quote_goes_when_too_few_are_left_who_said_the_like(app, given, quote):
    data = version(app)
    assert len(shown(app, data)) == 1
    with in_session(app) as session, unit_of_work(session):
        for one in given[1:4]:
            session.get_one(Response, one).withdrawn_at = LATER
    assert shown(app, data) == ()
    assert shown(app, data.model_copy(update={"audience": Audience.INTERNAL}))


def test_personal_data_that_nobody_cleared_is_not_quoted(app, given):
    with in_session(app) as session, unit_of_work(session):
        made = made_by_hand(session)
        session.add(
            Quote(
                study_id=made.id,
                theme=BUSES,
                unit_id=unit_ids(app, given[0])[0],
                response_id=given[0],
                text=QUOTED,
                cleared=[],
                language="en",
                approved_by="olga",
                approved_at=NOON,
            )
        )
    data = version(app)
    assert len(shown(app, data)) == 1
    with in_session(app) as session, unit_of_work(session):
        phone = "Ring 07700 900123."
        quote = session.query(Quote).one()
        quote.text = phone
        answer = session.get_one(Answer, answer_id(app, given[0]))
        answer.value = {"text": phone}
        unit_of(session, given[0]).text = phone
    assert shown(app, data) == ()
    assert version(app).talk[0].themes[0].quotes == ()
    with in_session(app) as session, unit_of_work(session):
        session.query(Quote).one().cleared = ["07700 900123"]
    assert [each.text for each in shown(app, data)] == [{"en": "Ring 07700 900123."}]


def unit_of(session, response):
    return session.query(StudyUnit).filter_by(response_id=response).one()


def test_a_quote_of_a_theme_that_was_merged_stands_for_what_it_is_in(app, given, quote):
    data = version(app)
    with in_session(app) as session, unit_of_work(session):
        editing.merge(session, made_by_hand(session).id, PARKS, BUSES, actor="olga", now=LATER)
    (theme,) = version(app).talk[0].themes
    assert (theme.id, [each.id for each in theme.quotes]) == (PARKS, [str(quote)])
    assert len(shown(app, data)) == 1


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("elsewhere", [PARKS, None])
def test_a_quote_stands_in_a_theme_only_while_its_statement_does(
    app, given, quote, audience, elsewhere
):
    before = version(app, audience)
    move(app, given[0], elsewhere)
    assert shown(app, before) == ()
    after = version(app, audience)
    assert [each for theme in after.talk[0].themes for each in theme.quotes] == []
    move(app, given[0], BUSES)
    assert [each.id for each in shown(app, before)] == [str(quote)]
    assert [each.id for each in version(app, audience).talk[0].themes[0].quotes] == [str(quote)]


def test_a_quote_stands_again_where_its_theme_is_merged_into_that_of_its_statement(
    app, given, quote
):
    data = version(app)
    move(app, given[0], PARKS)
    with in_session(app) as session, unit_of_work(session):
        editing.merge(session, made_by_hand(session).id, PARKS, BUSES, actor="olga", now=LATER)
    assert [each.id for each in shown(app, data)] == [str(quote)]
    (theme,) = version(app).talk[0].themes
    assert (theme.id, [each.id for each in theme.quotes]) == (PARKS, [str(quote)])


def move(app, response, theme):
    with in_session(app) as session, unit_of_work(session):
        key = unit_of(session, response).key
        editing.move(session, made_by_hand(session).id, [key], theme, actor="olga", now=LATER)


def test_a_quote_of_another_consultation_is_not_told(app, quote):
    data = version(app)
    other = data.consultation.model_copy(update={"slug": "another"})
    assert shown(app, data.model_copy(update={"consultation": other})) == ()
    unknown = QuoteRef(id=str(uuid4()), language="en")
    theme = data.talk[0].themes[0].model_copy(update={"quotes": (unknown,)})
    talk = data.talk[0].model_copy(update={"themes": (theme,)})
    assert shown(app, data.model_copy(update={"talk": (talk,)})) == ()


# --- Translations ----------------------------------------------------------------------------


def translate_quote(app, quote, language, text, origin="person", now=NOON):
    with in_session(app) as session, unit_of_work(session):
        session.merge(
            QuoteTranslation(
                quote_id=quote,
                language=language,
                text=text,
                origin=origin,
                written_by="olga",
                written_at=now,
            )
        )


def translate_answer(app, response, language, text, origin="person", now=NOON):
    with in_session(app) as session, unit_of_work(session):
        translating_answers.write(
            session,
            answer_id(app, response),
            language,
            text,
            origin=origin,
            translator="Ola",
            actor="olga",
            now=now,
        )


def test_translations_of_people_and_machines_are_told_apart(app, quote):
    data = version(app)
    translate_quote(app, quote, "ur", "بس نمبر 8")
    (found,) = shown(app, data)
    assert (found.text, found.translated_by) == ({"en": QUOTED, "ur": "بس نمبر 8"}, "person")
    assert list(found.text) == ["en", "ur"]
    translate_quote(app, quote, "pl", "Autobus 8", origin="machine")
    (found,) = shown(app, data)
    # One mark for all: where a machine had a hand in one, the reader is warned.
    assert (set(found.text), found.translated_by) == ({"en", "ur", "pl"}, "machine")


def test_a_translation_of_the_whole_answer_serves_where_the_quote_is_all_of_it(app, given, quote):
    data = version(app)
    translate_answer(app, given[0], "ur", "بس", origin="machine")
    (found,) = shown(app, data)
    assert (found.text["ur"], found.translated_by) == ("بس", "machine")
    translate_answer(app, given[0], "ur", "بس نمبر 8")
    (found,) = shown(app, data)
    assert (found.text["ur"], found.translated_by) == ("بس نمبر 8", "person")
    translate_quote(app, quote, "ur", "آٹھ نمبر بس")
    assert shown(app, data)[0].text["ur"] == "آٹھ نمبر بس"


def test_a_translation_of_more_than_the_quote_does_not_serve(app, desk):
    first = respond(app, f"{QUOTED} I live at number 5.")
    given = {first: [BUSES, None]}
    given |= {respond(app, f"Buses at stop {number}."): [BUSES] for number in range(10)}
    study(app, given)
    approve(app, first)
    translate_answer(app, first, "ur", "بس اور میرا گھر")
    (found,) = shown(app, version(app))
    assert (found.text, found.translated_by) == ({"en": QUOTED}, None)


def test_a_translation_from_before_words_were_hidden_is_not_told(app, given, quote):
    translate_quote(app, quote, "ur", "بس نمبر 8")
    translate_answer(app, given[0], "pl", "Autobus 8")
    with in_session(app) as session, unit_of_work(session):
        hide_words(session, given[0], quote)
    quote = approve(app, given[0])
    translate_quote(app, quote, "ur", "بس نمبر 8", now=NOON)
    data = version(app)
    (found,) = shown(app, data)
    assert found.text == {"en": "The […] 8 bus never comes on time."}
    translate_quote(app, quote, "ur", "بس […] 8", now=LATER + timedelta(minutes=1))
    translate_answer(app, given[0], "pl", "Autobus […]", now=LATER + timedelta(minutes=1))
    assert set(shown(app, data)[0].text) == {"en", "ur", "pl"}


def test_personal_data_in_a_translation_keeps_it_from_the_public(app, quote):
    translate_quote(app, quote, "pl", "Autobus 8, tel. 07700 900123")
    assert set(shown(app, version(app))[0].text) == {"en"}
    assert set(shown(app, version(app, Audience.INTERNAL))[0].text) == {"en", "pl"}


def test_a_report_without_quotes_is_as_it_is(app, given):
    data = version(app)
    with in_session(app) as session:
        assert fill(session, data) is data
