"""The report's texts in other languages: own words, names of themes, quotes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.db import db, unit_of_work
from consult.jobs import report_drafts
from consult.models import Job, Quote, QuoteTranslation, ReportText
from consult.services import consultations
from consult.services.reading import quotes
from consult.services.reporting import checking, languages, layouts, quote_texts, texts
from consult.services.reporting.checking import Kind
from consult.services.reporting.texts import Typed, mark
from consult.services.themes import editing, studies
from consult.views.staff.reports import languages as page_of
from tests.support.editing import written
from tests.support.reading import BUSES, PARKS, SAY, respond, study, unit_ids
from tests.support.themes import run_jobs
from tests.support.translation_service import FakeService
from tests.support.visitors import NOON, SLUG, in_session

BUS = "The number 8 bus never comes on time."
LATER = NOON + timedelta(hours=1)
ANNA = "anna@council.example.org"


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer", email=ANNA)


@pytest.fixture
def given(app, desk):
    """A response in two themes, of which one statement is an approved quote."""
    response = respond(app, f"{BUS} We want a park.")
    study(app, {response: [BUSES, PARKS]})
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        found = studies.find(session, stored, SAY)
        assert found is not None
        unit = unit_ids(app, response)[0]
        wanted = quotes.candidate(session, found, unit, BUSES)
        quotes.approve(
            session, found, unit, BUSES, state=wanted.state, cleared=(), actor=ANNA, now=NOON
        )
    return response


@pytest.fixture
def paragraph(app, desk):
    """An own paragraph, and what must be considered for one characteristic."""
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        texts.write(
            session, stored, "considered:sex", "en", "Night buses.",
            author=texts.Author(ANNA), now=NOON,
        )  # fmt: skip
        return layouts.add_own(
            session, stored, title="Our view", text="We thank you.", after="asked",
            language="en", actor=ANNA, now=NOON,
        )  # fmt: skip


def groups(app, language):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        return {each.name: each for each in languages.groups(session, stored, document, language)}


def lines(app, language, group):
    return [(line.about, line.source, line.text) for line in groups(app, language)[group].lines]


def told(app, key, language="ur"):
    with in_session(app) as session:
        return session.scalar(
            select(ReportText.text).where(ReportText.key == key, ReportText.language == language)
        )


def quote_in(app, language="ur"):
    with in_session(app) as session:
        row = session.scalar(select(QuoteTranslation).where(QuoteTranslation.language == language))
        return None if row is None else (row.text, row.origin, row.written_by)


def rename(app, label, now=LATER):
    with in_session(app) as session, unit_of_work(session):
        found = studies.find(session, consultations.get(session, SLUG), SAY)
        assert found is not None
        editing.rename(session, found.id, BUSES, label, actor=ANNA, now=now)


def test_everything_that_people_wrote_is_there_to_translate(app, given, paragraph):
    assert lines(app, "ur", "words") == [
        ("title", "Our view", ""),
        ("text", "We thank you.", ""),
        ("sex", "Night buses.", ""),
    ]
    assert lines(app, "ur", f"themes.{SAY}") == [("Buses", "Buses", ""), ("Parks", "Parks", "")]
    assert lines(app, "ur", f"quotes.{SAY}") == [("Buses", BUS, "")]


def test_in_its_own_language_only_quotes_of_others_are_missing(app, given, paragraph):
    assert groups(app, "en") == {}
    urdu = respond(app, "بس وقت پر نہیں آتی۔", language="ur")
    with in_session(app) as session, unit_of_work(session):
        quote = session.scalars(select(Quote)).one()
        quote.language, quote.response_id = "ur", urdu
    assert list(groups(app, "en")) == [f"quotes.{SAY}"]
    assert f"quotes.{SAY}" not in groups(app, "ur")


def test_the_pages_count_what_is_missing(app, officer, given, paragraph):
    page = officer.consultation("report/languages")
    row = page.text[page.text.index("Urdu") :]
    assert row.split()[1:5] == ["6", "6", "0", "0"]
    page = officer.consultation("report/texts/ur")
    assert "Texts 1 to 3 of 3" in page.text
    assert "Night buses." in page.text


def test_texts_are_written_beside_their_sources(app, officer, given, paragraph):
    officer.consultation("report/texts/ur")
    page = officer.send("/texts/ur", {"text-1": "ہماری رائے", "text-3": "رات کی بسیں"})
    assert "Your words are saved." in page.text
    assert told(app, f"{paragraph}:title") == "ہماری رائے"
    assert told(app, "considered:sex") == "رات کی بسیں"
    assert told(app, f"{paragraph}:text") is None
    officer.consultation(f"report/texts/ur?part=themes.{SAY}")
    officer.send("/texts/ur", {"text-1": "بسیں"})
    assert told(app, texts.theme_label(SAY, BUSES)) == "بسیں"
    officer.consultation(f"report/texts/ur?part=quotes.{SAY}")
    page = officer.send("/texts/ur", {"text-1": "بس نہیں آتی"})
    assert quote_in(app) == ("بس نہیں آتی", "person", ANNA)
    officer.send("/texts/ur", {"text-1": ""})
    assert quote_in(app) is None


@pytest.mark.parametrize("part", ["words", f"themes.{SAY}", f"quotes.{SAY}"])
def test_two_who_translate_the_same_both_see_both(app, officer, hire, given, paragraph, part):
    other = hire("officer", email="bilal@council.example.org")
    for colleague in (other, officer):
        colleague.consultation(f"report/texts/ur?part={part}")
    officer.send("/texts/ur", {"text-1": "ان کی"})
    page = other.send("/texts/ur", {"text-1": "میری"})
    assert page.status == 409
    assert "ان کی" in page.text
    assert written(page, "/texts/ur", "text-1") == "میری"
    page = other.send("/texts/ur")
    assert page.status == 200
    assert next(line.text for line in groups(app, "ur")[part].lines) == "میری"


def test_a_translation_of_a_source_that_changed_meanwhile_is_held_back(app, officer, given):
    officer.consultation(f"report/texts/ur?part=themes.{SAY}")
    rename(app, "Buses and trams")
    page = officer.send("/texts/ur", {"text-1": "بسیں"})
    assert page.status == 409
    assert "Buses and trams" in page.text
    assert written(page, "/texts/ur", "text-1") == "بسیں"
    assert told(app, texts.theme_label(SAY, BUSES)) is None
    officer.send("/texts/ur")
    assert told(app, texts.theme_label(SAY, BUSES)) == "بسیں"


def test_words_for_a_text_that_is_gone_stay_on_the_page(app, officer, given, paragraph):
    officer.consultation("report/texts/ur")
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        layouts.remove_own(session, stored, paragraph, actor="bilal", now=NOON)
    page = officer.send("/texts/ur", {"text-1": "ہماری رائے"})
    assert page.status == 409
    assert "Your words for a text that is not there any more" in page.text
    assert "ہماری رائے" in page.text


def test_a_quote_that_is_not_approved_any_more_takes_no_translation(app, given):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        typed = Typed("quote:" + "0" * 32, "بس", mark(""))
        saved = quote_texts.save(session, stored, "ur", [typed], actor=ANNA, now=NOON)
    assert (saved.count, [held.text for held in saved.held]) == (0, ["بس"])


def test_a_text_that_cannot_be_kept_is_told_at_its_field(app, officer, given, paragraph):
    officer.consultation("report/texts/ur")
    page = officer.send("/texts/ur", {"text-1": "fine", "text-2": "x" * 20_001})
    assert page.status == 422
    assert '<a href="#text-2">' in page.html
    assert written(page, "/texts/ur", "text-1") == "fine"
    assert told(app, f"{paragraph}:title") is None


def test_a_translation_older_than_its_source_is_marked(app, officer, given, paragraph):
    officer.consultation(f"report/texts/ur?part=themes.{SAY}")
    officer.send("/texts/ur", {"text-1": "بسیں"})
    assert groups(app, "ur")[f"themes.{SAY}"].stale == 0
    rename(app, "Trams")
    assert groups(app, "ur")[f"themes.{SAY}"].stale == 1
    assert "Source changed" in officer.consultation(f"report/texts/ur?part=themes.{SAY}").text


def test_many_texts_come_page_by_page(app, officer, given, paragraph, monkeypatch):
    monkeypatch.setattr(page_of, "PAGE_LENGTH", 2)
    officer.consultation("report/texts/ur")
    assert "Texts 1 to 2 of 3" in officer.page.text
    page = officer.send("/texts/ur", {"text-1": "ایک", "do": "next"})
    assert "Texts 3 to 3 of 3" in page.text
    assert told(app, f"{paragraph}:title") == "ایک"
    assert "Previous texts" in page.text
    assert "Texts 1 to 2" in officer.consultation("report/texts/ur?start=99").text


@pytest.mark.parametrize("code", ["tlh", "de"])
def test_a_language_that_the_consultation_does_not_have(app, officer, code):
    assert officer.consultation(f"report/texts/{code}").status == 404


def test_with_nothing_written_there_is_nothing_to_translate(app, officer):
    assert "There is nothing to translate" in officer.consultation("report/texts/ur").text


def test_an_analyst_reads_and_changes_nothing(app, desk, hire, given, paragraph):
    page = hire("analyst").consultation("report/texts/ur")
    assert "Night buses." in page.text
    assert "<textarea" not in page.html


def test_a_viewer_meets_no_quote_that_may_be_held_back(app, desk, hire, given):
    viewer = hire(on={SLUG: "viewer"})
    assert viewer.consultation(f"report/texts/ur?part=quotes.{SAY}").status == 403
    assert viewer.consultation("report/languages").status == 403
    assert "Other languages" not in viewer.consultation("report").text
    assert "in other languages" not in viewer.consultation().text


# Drafts by machine


@pytest.fixture
def fake():
    service = FakeService()
    yield service
    service.stop()


@pytest.fixture
def connected(app, desk, fake):
    app.config["CONSULT_SETTINGS"] = replace(app.config["CONSULT_SETTINGS"], translate_url=fake.url)
    return app


def run(app):
    settings = app.config["CONSULT_SETTINGS"]
    with app.app_context():
        engine = db.engine
    run_jobs(engine, settings.data_dir, settings, now=LATER)
    with in_session(app) as session:
        return session.scalars(select(Job)).one()


def test_without_a_service_no_draft_is_offered(app, officer, given):
    assert "/drafts/" not in officer.consultation("report/texts/ur").html
    token = officer.visit().form("/logout").fields["csrf_token"]
    address = officer.address(f"consultations/{SLUG}/report/drafts/ur")
    assert officer.post(address, {"csrf_token": token}).status == 404


def test_what_is_missing_is_drafted_and_marked(connected, officer, given, paragraph):
    officer.consultation("report/texts/ur")
    officer.send("/texts/ur", {"text-1": "ہماری رائے"})
    page = officer.send("/drafts/ur")
    assert "Drafting a report’s texts by machine" in page.text
    job = run(connected)
    assert (job.state, job.result) == (
        "done",
        {"drafted": 5, "passed_over": 0, "unknown_language": 0},
    )
    assert told(connected, f"{paragraph}:title") == "ہماری رائے"
    found = groups(connected, "ur")
    assert [found[name].by_machine for name in ("words", f"themes.{SAY}", f"quotes.{SAY}")] == [
        *(2, 2, 1)
    ]
    assert "Machine draft" in officer.consultation("report/texts/ur").text
    officer.send("/texts/ur", {"text-2": "شکریہ"})
    assert groups(connected, "ur")["words"].by_machine == 1


def test_what_somebody_wrote_meanwhile_is_not_drafted_over(app, given, paragraph):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        found = languages.groups(session, stored, document, "ur")
        waiting = [(line, "draft") for group in found for line in group.lines]
        texts.write(
            session, stored, f"{paragraph}:title", "ur", "ہماری رائے",
            author=texts.Author(ANNA), now=NOON,
        )  # fmt: skip
        layouts.remove_own(session, stored, "own:gone", actor=ANNA, now=NOON)
        kept = languages.store_drafts(session, stored, document, "ur", waiting, now=LATER)
    assert kept == len(waiting) - 1
    assert told(app, f"{paragraph}:title") == "ہماری رائے"


@pytest.mark.parametrize(("slug", "fault"), [("gone", "gone"), (SLUG, "switched_off")])
def test_drafts_that_cannot_be_made(app, desk, fake, slug, fault):
    if fault == "gone":
        app.config["CONSULT_SETTINGS"] = replace(
            app.config["CONSULT_SETTINGS"], translate_url=fake.url
        )
    with in_session(app) as session, unit_of_work(session):
        report_drafts.ask(session, slug, "ur", actor=ANNA, now=NOON)
    job = run(app)
    assert (job.state, job.fault) == ("failed", fault)


# What an officer should know before


def kinds(app, now=NOON):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        return {
            (each.kind, each.question or each.language): each
            for each in checking.findings(session, stored, document, now=now)
        }


def test_what_there_is_to_know_before_a_report_goes_out(app, given, paragraph):
    found = kinds(app)
    assert (Kind.STILL_OPEN, "") in found
    assert found[Kind.UNNAMED, SAY].count == 2
    assert (found[Kind.UNREVIEWED, SAY].count, found[Kind.UNREVIEWED, SAY].share) == (2, 1.0)
    assert (Kind.NO_QUOTES, SAY) not in found
    assert found[Kind.CONSIDERED, ""].count == 8
    assert found[Kind.TEXTS_MISSING, "ur"].count == 5
    assert found[Kind.QUOTES_MISSING, "ur"].count == 1
    assert (Kind.TEXTS_MISSING, "en") not in found
    respond(app, "Another thing.")
    rename(app, "Late buses")
    after = kinds(app, now=NOON + timedelta(days=400))
    assert (Kind.STILL_OPEN, "") not in after
    assert after[Kind.NOT_YET_ANALYSED, SAY].count == 1
    assert after[Kind.UNNAMED, SAY].count == 1


def test_an_appendix_that_is_left_out_needs_no_words(app, desk):
    assert (Kind.CONSIDERED, "") in kinds(app)
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        layouts.switch(session, stored, "equality", on=False, actor=ANNA, now=NOON)
    assert (Kind.CONSIDERED, "") not in kinds(app)


def test_all_of_it_stands_beside_the_form_with_the_way_to_put_it_right(app, officer, given):
    with in_session(app) as session, unit_of_work(session):
        session.delete(session.scalars(select(Quote)).one())
    respond(app, "Another thing.")
    page = officer.consultation("report/versions")
    for words in (
        "2 themes have names that a machine made up",
        "no person has looked at 100% of the statements",
        "1 answer is not analysed yet",
        "no quote is approved",
        "nobody has looked for themes yet",
        "For 9 protected characteristics nothing is written",
        "Urdu: 2 texts of the report are missing",
    ):
        assert words in page.text
    for place in (f"themes/{SAY}/quotes", f"themes/{SAY}", "report/equality", "report/texts/ur"):
        assert f'href="{officer.address(f"consultations/{SLUG}/{place}")}"' in page.html


def test_a_theme_without_quotes_and_a_question_never_analysed_are_told(app, given):
    with in_session(app) as session, unit_of_work(session):
        session.delete(session.scalars(select(Quote)).one())
    found = kinds(app)
    assert (Kind.NO_QUOTES, SAY) in found
    assert [key for kind, key in found if kind is Kind.NEVER_ANALYSED]
