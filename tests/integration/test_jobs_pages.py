"""The pages of long work: who sees which job, how far it is, cancelling it, trying it again."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.demo.setting_up import model_case
from consult.jobs.registry import Registry
from consult.models import Job
from consult.services import consultations, job_claims, jobs, workspaces
from consult.services.job_claims import Claim, Progress
from tests.support.consultations import changed
from tests.support.staff import Colleague, Hire
from tests.support.visitors import NOON, SLUG, Page, in_session

OTHER = "another-consultation"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of work with words to show."""
    kinds = Registry()
    kinds.kind(
        "themes",
        label="Finding themes",
        stages={"reading": "Reading the answers"},
        faults={"no_answers": "There are no answers yet. Wait until some have come."},
        figures={"themes": "Themes found", "responses": "Responses read"},
    )(lambda context: None)
    monkeypatch.setattr("consult.views.staff.job_words.KINDS", kinds)


def act(app: Flask, do: Callable[[Session], object]) -> None:
    with in_session(app) as session, unit_of_work(session):
        do(session)


def ask(app: Flask, **changes: object) -> UUID:
    """A job about the model case, asked for by somebody else."""
    given = {"requested_by": "another@example.org", "subject": SLUG, "now": NOON, **changes}
    with in_session(app) as session, unit_of_work(session):
        return jobs.enqueue(session, "themes", **given).id  # type: ignore[arg-type]


def claim(app: Flask) -> Claim:
    with in_session(app) as session, unit_of_work(session):
        held = job_claims.claim(session, "worker", kinds=["themes"], now=NOON)
        assert held is not None
        return held


def running(app: Flask, progress: Progress, **changes: object) -> UUID:
    """A job that is so far."""
    job_id = ask(app, **changes)
    held = claim(app)
    act(app, lambda session: job_claims.beat(session, held, progress, now=NOON))
    return job_id


def failed(app: Flask, fault: str, detail: str = "", **changes: object) -> UUID:
    job_id = ask(app, **changes)
    held = claim(app)
    reached = Progress(2, 4, "reading")
    act(
        app,
        lambda session: job_claims.fail(session, held, fault, detail, progress=reached, now=NOON),
    )
    return job_id


def stored(app: Flask, job_id: UUID) -> Job:
    with in_session(app) as session:
        return jobs.get(session, job_id)


def put_another_consultation(app: Flask) -> None:
    def put(session: Session) -> None:
        document = changed(model_case(), slug=OTHER)
        kept = consultations.store(session, document, actor="test", now=NOON)
        workspaces.adopt(session, kept, translations_by="machine", actor="test", now=NOON)

    act(app, put)


def press(colleague: Colleague, job_id: UUID, what: str) -> Page:
    """Send a form of a job's page without having seen it, as a forger or a second tab does."""
    token = colleague.visit("").form("logout").fields["csrf_token"]
    return colleague.post(colleague.address(f"jobs/{job_id}/{what}"), {"csrf_token": token})


# The list


def test_there_is_no_job_yet(app, desk, hire: Hire):
    assert "There is no job yet that you may see." in hire("officer").visit("jobs").text


def test_the_list_says_what_each_job_is_about_and_where_it_stands(app, desk, hire: Hire):
    running(app, Progress(1, 4, "reading"))
    page = hire("officer").visit("jobs")
    for words in (
        "Finding themes",
        "Creating a Bolder, Healthier City",
        "Running",
        "25% done",
        "12:00 on 1 December 2026, by another@example.org",
    ):
        assert words in page.text


def test_everybody_sees_the_jobs_that_concern_them(app, desk, hire: Hire, subtests):
    put_another_consultation(app)
    asked = {
        "about the first": ask(app),
        "about the other": ask(app, subject=OTHER),
        "on the service": ask(app, subject=""),
    }
    seen = {
        "admin": ((), ("admin",), asked),
        "officer": ((), ("officer",), ("about the first", "about the other")),
        "analyst": ((), ("analyst",), ("about the first", "about the other")),
        "viewer": ((), ("viewer",), ()),
        "partner": ((), ("partner",), ()),
        "officer of the first": (((SLUG, "officer"),), (), ("about the first",)),
        "viewer of the first": (((SLUG, "viewer"),), (), ()),
        "nobody in particular": ((), (), ()),
    }
    for who, (on, roles, visible) in seen.items():
        colleague = hire(*roles, on=dict(on))
        listed = colleague.visit("jobs").html
        for name, job_id in asked.items():
            with subtests.test(f"{who}: {name}"):
                assert (str(job_id) in listed) == (name in visible)
                status = 200 if name in visible else 404
                assert colleague.visit(f"jobs/{job_id}").status == status
                progress = colleague.client.get(colleague.address(f"jobs/{job_id}/progress"))
                assert progress.status_code == status


def test_a_job_on_the_service_is_seen_by_who_asked_for_it(app, desk, hire: Hire):
    colleague = hire("officer")
    job_id = ask(app, subject="", requested_by=colleague.email)
    assert colleague.visit(f"jobs/{job_id}").status == 200
    assert str(job_id) in colleague.visit("jobs").html


def test_older_jobs_are_on_further_pages(app, desk, hire: Hire):
    for minute in range(26):
        ask(app, now=NOON + timedelta(minutes=minute))
    colleague = hire("officer")
    page = colleague.visit("jobs")
    assert page.html.count("by another@example.org") == 25
    assert "12:25 on 1 December" in page.text
    assert "Older jobs" in page.text
    page = colleague.visit("jobs?page=2")
    assert page.html.count("by another@example.org") == 1
    assert "12:00 on 1 December" in page.text
    assert "Newer jobs" in page.text
    assert "Older jobs" not in page.text
    assert "There are no older jobs." in colleague.visit("jobs?page=3").text
    assert colleague.visit("jobs?page=-4").html.count("by another@example.org") == 25
    assert colleague.visit("jobs?page=x").status == 200


# One job


def test_a_running_job_shows_how_far_it_is(app, desk, hire: Hire):
    job_id = running(app, Progress(1, 4, "reading"))
    colleague = hire("officer")
    page = colleague.visit(f"jobs/{job_id}")
    assert '<progress class="consult-job-bar" max="100" value="25"' in page.html
    for words in ("Running", "Reading the answers", "25% done", "Cancel this work", "Refresh"):
        assert words in page.text
    assert "Try again" not in page.text
    told = colleague.client.get(colleague.address(f"jobs/{job_id}/progress")).get_json()
    assert told == {
        "state": "running",
        "percent": 25,
        "doing": "Reading the answers",
        "share": "25% done",
    }


def test_how_far_it_is_may_be_unknown(app, desk, hire: Hire):
    job_id = running(app, Progress())
    colleague = hire("officer")
    page = colleague.visit(f"jobs/{job_id}")
    assert '<progress class="consult-job-bar" max="100" aria' in page.html
    assert "The work is being done." in page.text
    told = colleague.client.get(colleague.address(f"jobs/{job_id}/progress")).get_json()
    assert (told["percent"], told["share"]) == (None, "")


def test_a_job_done_shows_what_it_has_found_and_asks_for_nothing(app, desk, hire: Hire):
    job_id = ask(app)
    held = claim(app)
    result = {"responses": 1400, "themes": 12, "something else": 3}
    act(app, lambda session: job_claims.finish(session, held, result, now=NOON))
    page = hire("officer").visit(f"jobs/{job_id}")
    assert "The work is done." in page.text
    assert "Themes found 12 Responses read 1,400" in page.text
    assert "data-progress" not in page.html
    for words in ("Refresh", "Cancel this work", "Try again", "something else"):
        assert words not in page.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("no_answers", "There are no answers yet. Wait until some have come."),
        ("database", "Our records could not be reached"),
        ("stopped_worker", "The machine stopped in the middle of this work three times."),
        ("error", "Something went wrong in our program"),
        ("of another version", "Something went wrong in our program"),
    ],
)
def test_a_failed_job_says_what_is_wrong_and_what_to_do(app, desk, hire: Hire, fault, words):
    job_id = failed(app, fault, "ValueError")
    page = hire("officer").visit(f"jobs/{job_id}")
    assert words in page.text
    assert f"{job_id} ValueError" in page.text
    assert "Try again" in page.text
    assert "<progress" not in page.html
    assert "50%" not in page.text


def test_a_job_that_waits_says_why(app, desk, hire: Hire):
    job_id = ask(app)
    colleague = hire("officer")
    assert "It waits for its turn" in colleague.visit(f"jobs/{job_id}").text
    held = claim(app)
    act(app, lambda session: job_claims.take_up(session, *job_claims.running(session), now=NOON))
    assert "the machine stopped in the middle" in colleague.visit(f"jobs/{job_id}").text
    held = claim(app)
    act(app, lambda session: job_claims.put_off(session, held, now=NOON))
    assert "our records could not be reached" in colleague.visit(f"jobs/{job_id}").text


def test_a_job_of_another_version_is_shown_by_its_name(app, desk, hire: Hire):
    with in_session(app) as session, unit_of_work(session):
        job = jobs.enqueue(session, "unheard of", requested_by="a", subject=SLUG, now=NOON)
        job_id = job.id
    page = hire("officer").visit(f"jobs/{job_id}")
    assert "unheard of" in page.text


@pytest.mark.parametrize("language", ["ur", "pl"])
def test_the_pages_are_there_in_other_languages(app, desk, hire: Hire, language):
    job_id = running(app, Progress(1, 4, "reading"))
    colleague = hire("officer", language=language)
    assert colleague.visit("jobs").status == 200
    page = colleague.visit(f"jobs/{job_id}")
    assert page.status == 200
    assert 'value="25"' in page.html


# Cancelling and trying again


def test_a_job_that_waits_is_cancelled_and_tried_again(app, desk, hire: Hire):
    job_id = ask(app)
    colleague = hire("officer")
    colleague.visit(f"jobs/{job_id}")
    page = colleague.send("/cancel")
    assert page.path.endswith(f"/jobs/{job_id}")
    assert "The work was cancelled." in page.text
    assert stored(app, job_id).state == "cancelled"
    page = colleague.send("/retry")
    assert "It waits for its turn" in page.text
    assert stored(app, job_id).state == "waiting"


def test_a_running_job_stops_when_it_can(app, desk, hire: Hire):
    job_id = running(app, Progress(1, 4, "reading"))
    colleague = hire("officer")
    colleague.visit(f"jobs/{job_id}")
    page = colleague.send("/cancel")
    assert "It was cancelled, and stops as soon as it safely can." in page.text
    assert "Cancel this work" not in page.text
    assert stored(app, job_id).cancel_requested_at == NOON


def test_a_failed_job_is_tried_again(app, desk, hire: Hire):
    job_id = failed(app, "error")
    colleague = hire("officer")
    colleague.visit(f"jobs/{job_id}")
    page = colleague.send("/retry")
    assert "It waits for its turn" in page.text
    assert claim(app).attempt == 2


def test_a_job_that_was_done_meanwhile_is_not_tried_again(app, desk, hire: Hire):
    job_id = ask(app)
    held = claim(app)
    act(app, lambda session: job_claims.finish(session, held, None, now=NOON))
    page = press(hire("officer"), job_id, "retry")
    assert page.path.endswith(f"/jobs/{job_id}")
    assert "The work is done." in page.text


def test_the_same_work_is_not_tried_again_beside_itself(app, desk, hire: Hire):
    job_id = failed(app, "error", key="themes:1")
    other = ask(app, key="themes:1")
    colleague = hire("officer")
    colleague.visit(f"jobs/{job_id}")
    page = colleague.send("/retry")
    assert page.status == 409
    assert "The same work was asked for again meanwhile" in page.text
    assert f"jobs/{other}" in page.html
    assert stored(app, job_id).state == "failed"


def test_who_may_cancel_and_try_again(app, desk, hire: Hire, subtests):
    put_another_consultation(app)
    cases: dict[str, tuple[tuple[str, ...], dict[str, str], int]] = {
        "admin": (("admin",), {}, 200),
        "officer": (("officer",), {}, 200),
        "officer of it": ((), {SLUG: "officer"}, 200),
        "analyst": (("analyst",), {}, 403),
        "analyst of it": ((), {SLUG: "analyst"}, 403),
        "viewer": (("viewer",), {}, 404),
        "partner": (("partner",), {}, 404),
        "officer of the other": ((), {OTHER: "officer"}, 404),
        "nobody in particular": ((), {}, 404),
    }
    for who, (roles, on, status) in cases.items():
        with subtests.test(who):
            job_id = ask(app)
            colleague = hire(*roles, on=on)
            assert press(colleague, job_id, "cancel").status == status
            assert stored(app, job_id).state == ("cancelled" if status == 200 else "waiting")
            act(app, partial(jobs.cancel, job_id=job_id, actor="a", now=NOON))
            assert press(colleague, job_id, "retry").status == status
            assert stored(app, job_id).state == ("waiting" if status == 200 else "cancelled")
            shown = colleague.visit(f"jobs/{job_id}")
            assert ("Cancel this work" in shown.text) == (status == 200)


def test_an_analyst_may_cancel_what_they_asked_for(app, desk, hire: Hire):
    analyst = hire("analyst")
    job_id = ask(app, requested_by=analyst.email)
    analyst.visit(f"jobs/{job_id}")
    analyst.send("/cancel")
    assert stored(app, job_id).state == "cancelled"


def test_a_job_that_is_not_there(app, desk, hire: Hire):
    colleague = hire("admin")
    assert colleague.visit(f"jobs/{uuid4()}").status == 404
    assert colleague.visit("jobs/not-an-id").status == 404
    assert press(colleague, uuid4(), "cancel").status == 404
    assert press(colleague, uuid4(), "retry").status == 404


def test_who_is_signed_out_is_asked_to_sign_in(app, desk, visitor):
    job_id = ask(app)
    for address in ("jobs", f"jobs/{job_id}", f"jobs/{job_id}/progress"):
        assert visitor.get(f"/en/staff/{address}").path == "/en/staff/account/login"
    for what in ("cancel", "retry"):
        page = visitor.post(f"/en/staff/jobs/{job_id}/{what}", {})
        assert page.status == 401
    assert visitor.post("/en/staff/jobs/housekeeping", {}).status == 401
    assert stored(app, job_id).state == "waiting"


def test_a_forged_form_changes_nothing(app, desk, hire: Hire):
    job_id = ask(app)
    colleague = hire("officer")
    page = colleague.post(colleague.address(f"jobs/{job_id}/cancel"), {"csrf_token": "forged"})
    assert page.status == 400
    assert stored(app, job_id).state == "waiting"


def test_a_link_does_not_cancel(app, desk, hire: Hire):
    job_id = ask(app)
    assert hire("officer").visit(f"jobs/{job_id}/cancel").status == 404
    assert stored(app, job_id).state == "waiting"


# Housekeeping on demand


def test_an_admin_asks_for_housekeeping_once(app, desk, hire: Hire, monkeypatch):
    monkeypatch.undo()  # the product's own kinds
    colleague = hire("admin")
    colleague.visit("jobs")
    page = colleague.send("/housekeeping")
    assert "Housekeeping: removing what has expired" in page.text
    first = page.path
    colleague.visit("jobs")
    assert colleague.send("/housekeeping").path == first


def test_others_do_not(app, desk, hire: Hire):
    colleague = hire("officer")
    assert "/housekeeping" not in colleague.visit("jobs").html
    token = colleague.visit("").form("logout").fields["csrf_token"]
    page = colleague.post(colleague.address("jobs/housekeeping"), {"csrf_token": token})
    assert page.status == 403
    with in_session(app) as session:
        assert session.query(Job).count() == 0
