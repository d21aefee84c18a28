"""Versions of the report on their pages: made, looked at, taken along, published, taken down."""

from uuid import uuid4

import pytest

from consult.db import unit_of_work
from consult.jobs import reporting
from consult.models import AuditEvent, Job, ReportFile, Response
from consult.reports.data import Audience
from consult.services import audit, consultations
from consult.services.reporting import versions
from tests.support.editing import written
from tests.support.reports import sample_data
from tests.support.versions import gathered
from tests.support.visitors import NOON, SLUG, in_session

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer", email="anna@council.example.org")


def put(app, digest="a", audience=PUBLIC, note="", actor="anna@council.example.org", **changes):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        found = gathered(digest, audience, **changes)
        return versions.make(session, stored, found, actor=actor, now=NOON, note=note).number


def shown(app, number):
    with in_session(app) as session:
        version = versions.numbered(session, consultations.get(session, SLUG), number)
        return versions.is_published(version)


def take(colleague, rest):
    return colleague.client.get(colleague.address(f"consultations/{SLUG}/report/versions/{rest}"))


def acts(app, action):
    with in_session(app) as session:
        found = session.query(AuditEvent).filter(AuditEvent.action == action)
        return [(act.actor, act.details) for act in found]


def jobs(app):
    with in_session(app) as session:
        return [
            job.parameters for job in session.query(Job).filter(Job.kind == reporting.KIND).all()
        ]


def test_a_version_is_asked_for_with_a_note(app, officer):
    page = officer.consultation("report/versions")
    assert "No version is made yet." in page.text
    page = officer.send("/report/versions", {"audience": "public", "note": " All \x07 answers. "})
    assert "/jobs/" in page.path
    assert "Making a version of the report" in page.text
    assert jobs(app) == [{"audience": "public", "note": "All answers."}]
    assert "A version is being made" in officer.consultation("report/versions").text


@pytest.mark.parametrize("audience", ["", "friends"])
def test_without_readers_nothing_is_asked_for_and_the_note_stays(app, officer, audience):
    officer.consultation("report/versions")
    page = officer.send("/report/versions", {"audience": audience, "note": "All answers."})
    assert page.status == 422
    assert '<a href="#audience">Choose for whom the version is' in page.html
    assert written(page, "/report/versions", "note") == "All answers."
    assert jobs(app) == []


def test_a_long_note_is_refused_and_stays(app, officer):
    officer.consultation("report/versions")
    page = officer.send("/report/versions", {"audience": "internal", "note": "x" * 501})
    assert page.status == 422
    assert "The note has 501 characters" in page.text
    assert written(page, "/report/versions", "note") == "x" * 501
    assert jobs(app) == []


def test_before_a_version_is_made_the_page_says_what_is_missing(app, officer):
    page = officer.consultation("report/versions")
    assert "The consultation is still open" in page.text
    assert "nobody has looked for themes yet" in page.text
    assert "None of this stands in your way." in page.text


def test_the_versions_are_listed_with_who_may_read_them(app, officer):
    put(app, "a", note="The first")
    put(app, "b", INTERNAL)
    page = officer.consultation("report/versions")
    assert page.text.index("Version 2") < page.text.index("Version 1")
    assert "The first" in page.text
    assert "Internal" in page.text


def test_a_viewer_meets_public_versions_only(app, desk, hire):
    put(app, "a")
    put(app, "b", INTERNAL)
    viewer = hire(on={SLUG: "viewer"})
    page = viewer.consultation("report/versions")
    assert "Version 1" in page.text
    assert "Version 2" not in page.text
    assert "Make a version" not in page.text
    assert viewer.consultation("report/versions/1").status == 200
    assert viewer.consultation("report/versions/2").status == 404
    assert viewer.consultation("report/versions/2/file?format=csv").status == 404
    assert viewer.consultation("report/versions/1/publish").status == 403


def test_after_the_data_went_nothing_is_made(app, officer):
    with in_session(app) as session, unit_of_work(session):
        consultations.get(session, SLUG).data_removed_at = NOON
    page = officer.consultation("report/versions")
    assert "no new version can be made" in page.text
    assert not [form for form in page.forms if form.action.endswith("/report/versions")]


@pytest.mark.parametrize("rest", ["7", "7/publish", "7/take-down", "7/file?format=csv"])
@pytest.mark.parametrize("more", ["", "0" * 30])
def test_a_version_that_is_not_there(app, officer, rest, more):
    rest = rest.replace("7", f"7{more}")
    assert officer.consultation(f"report/versions/{rest}").status == 404


def test_a_version_is_read_in_each_language_and_form(app, officer):
    put(app)
    for language in sample_data().consultation.languages:
        for form in ("full", "one_page", "easy_read"):
            page = officer.consultation(f"report/versions/1?in={language}&form={form}")
            assert page.status == 200
            assert f'lang="{language}"' in page.html
    page = officer.consultation("report/versions/1?in=tlh&form=poem")
    assert page.status == 200
    assert written(page, "/report/versions/1", "form") == "full"


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("docx", b"PK"),
        ("xlsx", b"PK"),
        ("html", b"<!DOCTYPE html>"),
        ("csv", b"\xef\xbb\xbf"),
        ("json", b"{"),
    ],
)
def test_a_version_is_taken_along(app, officer, name, begins):
    put(app)
    for _ in range(2):  # made, and kept
        answer = take(officer, f"1/file?format={name}&in=ur&form=one_page")
        assert answer.status_code == 200
        assert answer.data.startswith(begins)
        assert answer.headers["Cache-Control"] == "no-store"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith(f"attachment; filename={SLUG}-report-v1-")
        assert disposition.endswith(f".{name}")
    with in_session(app) as session:
        assert session.query(ReportFile).count() == 1
    assert acts(app, "internal report downloaded") == []


def test_a_format_that_there_is_not(app, officer):
    put(app)
    assert officer.consultation("report/versions/1/file?format=exe").status == 404


def test_taking_an_internal_version_along_is_written_down(app, officer):
    put(app, "a", INTERNAL)
    assert officer.consultation("report/versions/1/file?format=csv").status == 200
    ((actor, details),) = acts(app, "internal report downloaded")
    assert actor == "anna@council.example.org"
    assert details["version"] == 1
    assert details["file"].endswith("-en.csv")


def test_what_changed_since_the_version_before(app, officer):
    data = sample_data()
    (talk,) = data.talk
    fewer = talk.model_copy(update={"themes": talk.themes[1:]})
    put(app, "a", talk=(fewer,))
    put(app, "b")
    page = officer.consultation("report/versions/2")
    assert "What changed since version 1" in page.text
    assert "New theme in" in page.text
    page = officer.consultation("report/versions/1")
    assert "What changed" not in page.text
    put(app, "c", talk=(fewer,))
    assert "No longer in" in officer.consultation("report/versions/3").text
    put(app, "d", talk=(fewer,))
    page = officer.consultation("report/versions/4")
    assert "No theme came or went." in page.text
    assert "as before" in page.text


def test_a_version_is_published_after_asking_and_taken_down_again(app, officer):
    put(app, note="The first")
    page = officer.consultation("report/versions/1/publish")
    assert "What becomes public" in page.text
    assert "What cannot be undone" in page.text
    assert "The consultation is still open" in page.text
    assert not shown(app, 1)
    page = officer.send("/publish")
    assert "Everybody can read this version now." in page.text
    assert shown(app, 1)
    officer.consultation("report/versions/1/take-down")
    page = officer.send("/take-down")
    assert "This version is taken down." in page.text
    assert not shown(app, 1)
    assert "Taken down" in officer.consultation("report/versions").text


def test_an_internal_version_cannot_be_published(app, officer):
    put(app, "a", INTERNAL)
    page = officer.consultation("report/versions/1")
    assert "Publish this version" not in page.text
    assert officer.consultation("report/versions/1/publish").status == 404
    token = officer.visit().form("/logout").fields["csrf_token"]
    address = officer.address(f"consultations/{SLUG}/report/versions/1/publish")
    assert officer.post(address, {"csrf_token": token}).status == 404
    assert not shown(app, 1)


def test_an_analyst_reads_internal_versions_and_publishes_nothing(app, desk, hire):
    put(app, "a", INTERNAL)
    put(app, "b")
    analyst = hire("analyst")
    assert analyst.consultation("report/versions/1").status == 200
    assert "Publish this version" not in analyst.consultation("report/versions/2").text
    assert analyst.consultation("report/versions/2/publish").status == 403


def test_a_consultation_asked_elsewhere_is_reported_and_published_elsewhere(app, officer):
    number = put(app)
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        stored.is_preview = True
        assert not versions.is_reportable(session, stored)
        session.add(
            Response(
                consultation_id=stored.id,
                client_id=uuid4(),
                content_digest="d" * 64,
                code_hash="c" * 64,
                channel="paper",
                language="en",
                started_at=NOON,
                received_at=NOON,
                timing="on_time",
            )
        )
        session.flush()
        assert versions.is_reportable(session, stored)
    page = officer.consultation(f"report/versions/{number}")
    assert "publish them where people were asked" in page.text
    officer.consultation(f"report/versions/{number}/publish")
    page = officer.send(f"/versions/{number}/publish")
    assert "publish them where people were asked" in page.text
    assert not shown(app, number)


@pytest.mark.parametrize(
    ("actor", "words"), [(audit.MACHINE, "The machine"), (audit.COMMAND_LINE, "command line")]
)
def test_versions_that_no_colleague_made_are_listed_and_shown(app, officer, actor, words):
    number = put(app, actor=actor)
    assert words in officer.consultation("report/versions").text
    assert words in officer.consultation(f"report/versions/{number}").text
