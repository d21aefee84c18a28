"""Files of a report's versions: made once, kept, and made anew when a quote has to go."""

import json
import sqlite3
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.models import Quote, ReportFile, ReportVersion, Response
from consult.reports.data import Audience, Form
from consult.reports.formats import FORMATS
from consult.services import consultations, deciding
from consult.services.reading import quotes
from consult.services.reporting import quote_texts, texts, versions
from consult.services.reporting.gathering import gather
from consult.services.themes import studies
from consult.telling.report import files
from tests.support.reading import BUSES, respond, study, unit_ids
from tests.support.reports import sample_data
from tests.support.visitors import NOON, SLUG, in_session

QUOTED = "The number 8 bus never comes on time."
LATER = NOON + timedelta(hours=1)
STARTS = {
    "docx": b"PK",
    "xlsx": b"PK",
    "html": b"<!DOCTYPE html>",
    "csv": b"\xef\xbb\xbftable,",
    "json": b"{",
}


@pytest.fixture
def quoted(app, desk):
    """Twelve people on buses, the first of whom is quoted: the response that is."""
    found = {respond(app, QUOTED): [BUSES]}
    found |= {respond(app, f"Buses at stop {number}."): [BUSES] for number in range(11)}
    study(app, found)
    response = next(iter(found))
    (unit,) = unit_ids(app, response)
    with in_session(app) as session, unit_of_work(session):
        (made,) = studies.all_of(session, consultations.get(session, SLUG))
        wanted = quotes.candidate(session, made, unit, BUSES)
        quotes.approve(
            session,
            made,
            unit,
            BUSES,
            state=wanted.state,
            cleared=(),
            actor="olga@council.example.org",
            now=NOON,
        )
    return response


@pytest.fixture
def version(app, quoted):
    """The number of a public version."""
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        found = gather(session, stored, audience=Audience.PUBLIC, now=NOON)
        with unit_of_work(session):
            return versions.make(
                session, consultations.get(session, SLUG), found, actor="anna", now=NOON
            ).number


def file_of(app, number, file_format, *, form=Form.FULL, language="en", now=NOON):
    with app.app_context(), in_session(app) as session:
        version = versions.numbered(session, consultations.get(session, SLUG), number)
        return files.file_of(session, version, form, language, file_format, now=now)


def kept(app):
    with in_session(app) as session:
        return {row.name: row.made_at for row in session.query(ReportFile).all()}


def words(content):
    """All text of a file, packed or not."""
    if not content.startswith(b"PK"):
        return content.decode()
    package = zipfile.ZipFile(BytesIO(content))
    return "".join(package.read(name).decode() for name in package.namelist() if "xml" in name)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_form_of_every_format_in_every_language(app, file_format, language):
    with app.app_context():
        found = {form: files.render(sample_data(), form, language, file_format) for form in Form}
        again = files.render(sample_data(), Form.FULL, language, file_format)
    assert all(content.startswith(STARTS[file_format]) for content in found.values())
    assert again == found[Form.FULL], "the same bytes"
    different = 3 if file_format in {"docx", "html"} else 1
    assert len(set(found.values())) == different


def test_what_is_no_format_is_refused(app):
    with app.app_context(), pytest.raises(KeyError):
        files.render(sample_data(), Form.FULL, "en", "pdf")


def test_a_file_is_made_once(app, version):
    first = file_of(app, version, "csv")
    assert file_of(app, version, "csv", now=LATER) == first
    assert kept(app) == {"tables-en.csv": NOON}
    file_of(app, version, "html", form=Form.ONE_PAGE, language="ur")
    file_of(app, version, "json", language="ur")
    assert set(kept(app)) == {"tables-en.csv", "one-page-ur.html", "data.json"}


def test_a_withdrawn_quote_is_gone_from_files_that_were_kept(app, quoted, version):
    formats = ("docx", "html", "json")
    before = {each: file_of(app, version, each) for each in formats}
    assert all(QUOTED in words(content) for content in before.values())
    with in_session(app) as session, unit_of_work(session):
        session.get_one(Response, quoted).withdrawn_at = LATER
    after = {each: file_of(app, version, each, now=LATER) for each in formats}
    assert not any(QUOTED in words(content) for content in after.values())
    assert set(kept(app).values()) == {LATER}
    figures = json.loads(before["json"])["arrived"], json.loads(after["json"])["arrived"]
    assert figures[0] == figures[1], "the figures of a version never change"


def while_it_is_made(monkeypatch, settings, act):
    """Let something happen to the database between reading a version and keeping its file."""
    made = files.render

    def render(*args):
        content = made(*args)
        engine = make_engine(settings.database_url)
        with Session(engine) as session, unit_of_work(session):
            act(session)
        engine.dispose()
        return content

    monkeypatch.setattr(files, "render", render)


def withdraw_quote(session):
    (made,) = studies.all_of(session, consultations.get(session, SLUG))
    (quote,) = session.query(Quote).all()
    assert quotes.withdraw(session, made, quote.id, actor="olga", now=NOON)


def test_words_that_go_while_a_file_is_made_are_not_kept(app, version, monkeypatch, settings):
    while_it_is_made(monkeypatch, settings, withdraw_quote)
    assert QUOTED in words(file_of(app, version, "html"))
    monkeypatch.undo()
    assert kept(app) == {}
    assert QUOTED not in words(file_of(app, version, "html", now=LATER))
    assert kept(app) == {"full-en.html": LATER}


def test_a_version_that_goes_while_a_file_is_made_keeps_none(app, version, monkeypatch, settings):
    while_it_is_made(monkeypatch, settings, lambda session: session.query(ReportVersion).delete())
    assert file_of(app, version, "csv").startswith(STARTS["csv"])
    assert kept(app) == {}


def test_a_file_that_is_kept_is_there_while_somebody_writes(app, version, settings):
    first = file_of(app, version, "csv")
    writer = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    writer.execute("BEGIN IMMEDIATE")
    assert file_of(app, version, "csv") == first
    writer.close()


def leave_out(session, response):
    deciding.exclude(session, response, actor="olga", reason="spam", now=LATER)


def take_in(session, response):
    deciding.include_again(session, response, actor="olga", now=LATER)


def refuse(session, response):
    response.timing = "doubtful"
    deciding.decide_timing(session, response, accepted=False, actor="olga", now=LATER)


@pytest.mark.parametrize("decide", [leave_out, take_in, refuse])
def test_files_go_when_a_quoted_response_comes_to_count_or_not(app, quoted, version, decide):
    file_of(app, version, "json")
    others = respond(app, "Nobody quotes this.")
    for response, left in ((others, {"data.json"}), (quoted, set())):
        with in_session(app) as session, unit_of_work(session):
            decide(session, session.get_one(Response, response))
        assert set(kept(app)) == left


def test_files_go_when_a_quote_is_told_in_other_words(app, version):
    def tell(text, seen):
        with in_session(app) as session, unit_of_work(session):
            (quote,) = session.query(Quote).all()
            typed = texts.Typed(quote_texts.key_of(quote), text, texts.mark(seen))
            stored = consultations.get(session, SLUG)
            quote_texts.save(session, stored, "ur", [typed], actor="olga", now=LATER)

    tell("One", "")
    for text, seen in (("Two", "One"), ("", "Two")):
        file_of(app, version, "json", language="ur")
        tell(text, seen)
        assert kept(app) == {}


def test_names_of_files_say_what_is_in_them(app, version):
    with in_session(app) as session:
        made = versions.numbered(session, consultations.get(session, SLUG), version)
        names = [
            files.name_of("parks", made, Form.EASY_READ, "ur", file_format)
            for file_format in FORMATS
        ]
    assert names == [
        "parks-report-v1-easy-read-ur.docx",
        "parks-report-v1-tables-ur.xlsx",
        "parks-report-v1-easy-read-ur.html",
        "parks-report-v1-tables-ur.csv",
        "parks-report-v1-data.json",
    ]
