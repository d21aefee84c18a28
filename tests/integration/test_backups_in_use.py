"""The product in use: saved while people answer, and their codes work after a restore."""

import re
import threading
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from consult.backups import back_up, restore
from consult.config import Settings
from consult.demo.setting_up import set_up
from tests.support.backups import (  # noqa: F401
    LATER,
    each_dialect,
    engine_of,
    installing,
    rows_in,
)
from tests.support.consultations import world_in
from tests.support.visitors import SLUG, Visitor

CODE = re.compile(r"data-code>([\d ]{19})<")


def test_the_model_case_comes_back_and_a_resident_s_code_works(make_app, tmp_path, install):
    clock_now = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", "a-secret-of-the-model-case-0123456789abc\n")
    settings = Settings.for_demo(here.folder, {"CONSULT_DATABASE_URL": here.url})
    with engine_of(here.url) as engine, Session(engine) as session:
        prepared = set_up(session, settings, responses=36, now=clock_now)
    assert prepared.responses == 36
    resident = Visitor(make_app(settings).test_client())
    found = CODE.search(resident.send_all("My own words about parks").html)
    assert found is not None
    back_up(here.place, tmp_path / "saved", now=clock_now)  # while the application runs

    there = install("sqlite", "there", secret=None)
    restore(tmp_path / "saved", there.place, now=clock_now)
    assert there.rows() == here.rows()
    assert len(there.rows()["response"]) == 37
    assert there.files() == here.files()

    restored = make_app(Settings.for_demo(there.folder, {"CONSULT_DATABASE_URL": there.url}))
    other = Visitor(restored.test_client())
    other.visit("code")
    page = other.send("/code", {"code": found[1]})
    assert page.status == 200
    assert "My own words about parks" in page.text
    assert SLUG in page.path


def test_what_is_saved_while_somebody_writes_is_of_one_moment(install, tmp_path, dialect):
    here = install(dialect, "here", migrated=True)
    stop, sent, failures = threading.Event(), threading.Semaphore(0), []

    def answer() -> None:
        try:
            with world_in(here.url) as other:
                while not stop.is_set():
                    other.submit()  # one response with two answers
                    sent.release()
        except BaseException as error:
            failures.append(error)

    with world_in(here.url):
        pass  # the consultation is stored
    writer = threading.Thread(target=answer)
    writer.start()
    counts = []
    try:
        for number in range(3):
            for _ in range(3):
                assert sent.acquire(timeout=30)
            written = here.back_up(tmp_path / f"saved {number}")
            counts.append(
                tuple(written.manifest.tables[name].rows for name in ("response", "answer"))
            )
    finally:
        stop.set()
        writer.join(30)
    assert failures == []
    assert [answers for _, answers in counts] == [2 * responses for responses, _ in counts]
    assert counts[0][0] < counts[1][0] < counts[2][0]  # somebody was writing all the time
    for number, (responses, _) in enumerate(counts):
        there = install("sqlite", f"there {number}")
        restore(tmp_path / f"saved {number}", there.place, now=LATER)
        rows = rows_in(there.url)
        assert len(rows["response"]) == responses
        of_response = [answer["response_id"] for answer in rows["answer"]]
        assert {of_response.count(each) for each in of_response} == {2}
