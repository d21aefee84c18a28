"""What a tablet holds is stored exactly once, whatever breaks, and nobody else can read it."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Arrival, Device, Organisation
from consult.services.assisting import sealing
from consult.services.assisting.keys import Keys
from tests.browser.tablet.disk import contents, files_with, unsnap
from tests.browser.tablet.line import Break
from tests.browser.tablet.place import Place, set_up, time_runs
from tests.browser.tablet.rig import Faults, Rig
from tests.support.server import LiveServer
from tests.support.tablet import pack_of
from tests.support.visitors import NOON, in_session

pytestmark = pytest.mark.browser

HOUR = 3_600_000
SEED = 20261122


class Servers:
    """An application whose server can be stopped and started."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._keys = Keys(app.config["CONSULT_SETTINGS"].key_path)
        self._running = LiveServer(app)
        self._running.start()
        self.url = self._running.url
        self.place: Place = set_up(app, self.url)
        self.session_id: UUID = self.place.session_id
        self.organisation_id: UUID = self.place.organisation_id
        with in_session(app) as session, unit_of_work(session):
            organisation = session.get_one(Organisation, self.organisation_id)
            self.pack_digest = pack_of(session, organisation, now=NOON).digest

    def now(self) -> datetime:
        moment: datetime = self.app.config["CONSULT_CLOCK"]()
        return moment

    def restart(self) -> str:
        old, self._running = self._running, LiveServer(self.app)
        old.stop()
        self._running.start()
        return self._running.url

    def signer(self) -> tuple[ECKey, str]:
        """The key that the server signs receipts with, and its name."""
        with in_session(self.app) as session, unit_of_work(session):
            return self._keys.signer(session, now=self.now())

    def rotate(self) -> None:
        """Make new keys."""
        with in_session(self.app) as session, unit_of_work(session):
            self._keys.rotate(session, actor="test", now=self.now())

    def database(self) -> contextlib.AbstractContextManager[Session]:
        return in_session(self.app)

    def stop(self) -> None:
        self._running.stop()


@pytest.fixture
def council(app: Flask, desk: Any) -> Iterator[Servers]:
    """The model case with a partner's session, on a server."""
    time_runs(app)
    servers = Servers(app)
    yield servers
    servers.stop()


@pytest.fixture
def rig(council: Servers, browser: Browser, tmp_path: Path) -> Iterator[Rig]:
    """A tablet that is enrolled and has a passphrase."""
    ready = Rig.ready(council, browser.browser_type, tmp_path / "profile")
    yield ready
    ready.close()


def test_a_hundred_responses_over_twenty_faults(rig: Rig) -> None:
    faults = Faults(rig, SEED)
    faults.run(people=100, faults=20)
    assert sum(rig.met.values()) == 20
    assert len(rig.met) == len(faults.kinds), "each kind of fault was met"
    assert len(rig.said) == 100
    assert sorted(rig.received()) == sorted(rig.said.items())
    assert rig.page.evaluate("harness.refused()") == []
    assert rig.page.evaluate("harness.owed()") == {
        "count": 0,
        "oldest": None,
        "unfinished": 0,
        "refused": 0,
    }


@pytest.mark.parametrize(
    ("where", "arrived"),
    [(Break.CUT, 0), (Break.LOST, 1), (Break.HALF, 1), (Break.BUSY, 0), (Break.DOWN, 0)],
)
def test_a_break_loses_nothing_and_doubles_nothing(rig: Rig, where: Break, arrived: int) -> None:
    """The browser itself may try once more, so that the item arrives after all."""
    rig.finished(1)
    rig.line.break_at(where)
    owed = rig.send()
    if where in {Break.BUSY, Break.DOWN}:
        assert owed["problem"] == ("unavailable" if where is Break.BUSY else "offline")
        assert (owed["count"], rig.received()) == (1, [])
    else:
        assert rig.line.broken == 1
        assert len(rig.received()) >= arrived
    rig.send_all()
    assert rig.received() == list(rig.said.items())


def test_a_full_tablet_still_opens_and_sends_which_makes_room(rig: Rig) -> None:
    rig.finished(2)
    waiting = rig.person()
    with rig.no_room():
        assert rig.finish(waiting) == "storage_full"
        rig.send_all()
        assert sorted(rig.received()) == sorted(
            (client_id, said) for client_id, said in rig.said.items() if client_id != waiting
        )
    assert rig.finish(waiting) == "done"


def test_nothing_typed_can_be_read_on_the_disk(rig: Rig) -> None:
    rig.finished(3)
    begun = rig.person()
    rig.page.evaluate("harness.keep()")
    rig.page.evaluate("text => harness.inClear(text)", "zebra-in-clear")
    folder = rig.profile.folder
    for _ in range(2):
        assert files_with(folder, "zebra-in-clear"), "the search finds what is there"
        for said in rig.said.values():
            assert files_with(folder, said.split()[2]) == []
        rig.page.evaluate("harness.fill()")  # so that the log is written into packed tables
        rig.profile.kill()
        rig.profile.switch_on()
        rig.open_again()
        rig.finished(1)
    tables = [path for path in folder.rglob("*.ldb") if "IndexedDB" in str(path)]
    assert any(len(list(contents(path))) == 2 for path in tables)
    everything = rig.page.evaluate("harness.everything()")
    assert "zebra-in-clear" in everything
    assert not any(said.split()[2] in everything for said in rig.said.values())
    assert rig.page.evaluate("id => harness.finish(id)", begun) == "done"


def test_the_search_unpacks_what_is_packed() -> None:
    # By hand: 11 bytes; "abc" as it is, then 8 bytes from 3 back.
    assert unsnap(b"\x0b\x08abc\x11\x03") == b"abcabcabcab"


def test_no_script_can_take_the_private_key(rig: Rig) -> None:
    found = rig.page.evaluate("harness.exporting()")
    assert found == {"extractable": False, "tries": ["InvalidAccessError"] * 4}
    assert '"d"' not in rig.page.evaluate("harness.everything()")


@pytest.mark.parametrize("wrong", ["signature", "digest", "client_id", "outcome", "signer", "none"])
def test_a_wrong_receipt_deletes_nothing(rig: Rig, council: Servers, wrong: str) -> None:
    rig.finished(1)

    def answer(route: Any) -> None:
        if wrong == "none":
            route.fulfill(json={"receipt": "stored"})
            return
        real = route.fetch().json()["receipt"]
        claims = json.loads(sealing.words_of(real))
        changes = {
            "digest": {"digest": "0" * 64},
            "client_id": {"client_id": "00000000-0000-4000-8000-000000000000"},
            "outcome": {"outcome": "thrown_away"},
        }.get(wrong, {})
        signer, kid = council.signer()
        if wrong in {"signature", "signer"}:
            signer = ECKey.generate_key("P-256")
        if wrong == "signer":
            kid = "stranger"
        route.fulfill(json={"receipt": sealing.sign({**claims, **changes}, signer, kid)})

    rig.page.route("**/tablet/api/send", answer)
    owed = rig.send()
    assert owed["count"] == 1
    assert owed["problem"] == ("unknown_signer" if wrong == "signer" else "bad_receipt")
    rig.page.unroute("**/tablet/api/send")
    rig.send_all()
    assert rig.received() == list(rig.said.items())


def test_a_right_receipt_of_the_same_making_deletes(rig: Rig, council: Servers) -> None:
    """So that what the test above signs is refused for what is wrong in it, and nothing else."""
    rig.finished(1)

    def answer(route: Any) -> None:
        claims = json.loads(sealing.words_of(route.fetch().json()["receipt"]))
        route.fulfill(json={"receipt": sealing.sign(claims, *council.signer())})

    rig.page.route("**/tablet/api/send", answer)
    assert rig.send()["count"] == 0


def test_what_came_too_late_stays_where_a_person_sees_it(rig: Rig, council: Servers) -> None:
    rig.finished(1)

    def answer(route: Any) -> None:
        claims = json.loads(sealing.words_of(route.fetch().json()["receipt"]))
        claims["outcome"] = "too_late"
        route.fulfill(json={"receipt": sealing.sign(claims, *council.signer())})

    rig.page.route("**/tablet/api/send", answer)
    owed = rig.send()
    assert (owed["count"], owed["refused"], owed["problem"]) == (0, 1, None)
    assert rig.page.evaluate("harness.refused()") == ["too_late"]
    assert len(json.loads(rig.page.evaluate("harness.copy()"))["items"]) == 1


def test_what_the_server_cannot_read_stays_and_holds_nothing_up(rig: Rig) -> None:
    rig.finished(2)
    _first, second = rig.said
    answers = iter([{"status": 400, "json": {"error": "unreadable"}}])

    def answer(route: Any) -> None:
        if (found := next(answers, None)) is None:
            route.continue_()
        else:
            route.fulfill(**found)

    rig.page.route("**/tablet/api/send", answer)
    owed = rig.send()
    assert (owed["count"], owed["refused"]) == (0, 1)
    assert rig.page.evaluate("harness.refused()") == ["unreadable"]
    assert rig.received() == [(second, rig.said[second])]


def test_a_revoked_tablet_sends_into_quarantine(rig: Rig, council: Servers) -> None:
    rig.finished(1)
    with council.database() as session:
        device = session.scalars(select(Device)).one()
        device.revoked_at, device.revoked_by = council.now(), "officer@council.example.org"
        session.commit()
    assert rig.send()["count"] == 0
    assert rig.received() == []
    with council.database() as session:
        arrival = session.scalars(select(Arrival)).one()
        assert (arrival.outcome, arrival.reason) == ("quarantined", "revoked")
        assert str(arrival.client_id) in rig.said


def test_receipts_of_a_new_key_of_the_server_are_believed(rig: Rig, council: Servers) -> None:
    rig.finished(1)
    council.rotate()
    assert rig.send()["count"] == 0
    rig.finished(1)
    assert rig.send()["count"] == 0
    assert sorted(rig.received()) == sorted(rig.said.items())


@pytest.mark.parametrize("locks", [True, False])
def test_of_several_tabs_one_sends(rig: Rig, *, locks: bool) -> None:
    rig.finished(6)
    tabs = [rig.page, *(rig.profile.tab() for _ in range(3))]
    for tab in tabs:
        if not locks:
            tab.evaluate("harness.forgetLocks()")
    for tab in tabs:
        tab.evaluate("harness.sendLater()")
    rig.send_all()
    assert rig.line.most_at_once == 1
    assert sorted(rig.received()) == sorted(rig.said.items())


@pytest.mark.parametrize(
    ("left", "sends"),
    [(30_000, False), (-1_000, True), (72 * HOUR, True)],
    ids=["it sends", "it was killed", "the clock was set back"],
)
def test_without_locks_a_tab_waits_for_another_but_not_for_ever(
    rig: Rig, left: int, *, sends: bool
) -> None:
    rig.finished(1)
    rig.page.evaluate("harness.forgetLocks()")
    rig.page.evaluate("ms => harness.leased(ms)", left)
    assert rig.send()["count"] == (0 if sends else 1)
    assert rig.received() == (list(rig.said.items()) if sends else [])


def test_without_locks_a_full_tablet_sends_too(rig: Rig) -> None:
    rig.finished(1)
    with rig.no_room():
        rig.page.evaluate("harness.forgetLocks()")
        rig.send_all()
    assert rig.received() == list(rig.said.items())


def test_what_the_server_stumbles_over_comes_again_and_holds_nothing_up(rig: Rig) -> None:
    rig.finished(3)
    first, *others = rig.said.items()

    def answer(route: Any) -> None:
        sealed = json.loads(route.request.post_data)["sealed"]
        if str(sealing.look_at(sealed).client_id) == first[0]:
            route.fulfill(status=500, json={"error": "fault"})
        else:
            route.continue_()

    rig.page.route("**/tablet/api/send", answer)
    owed = rig.send()
    assert (owed["count"], owed["refused"], owed["problem"]) == (1, 0, "fault")
    assert sorted(rig.received()) == sorted(others)
    rig.page.unroute("**/tablet/api/send")
    rig.send_all()
    assert sorted(rig.received()) == sorted(rig.said.items())


def test_a_server_that_stumbles_over_everything_is_left_in_peace(rig: Rig) -> None:
    rig.finished(5)
    asked = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=500, json={"error": "fault"})

    rig.page.route("**/tablet/api/send", answer)
    owed = rig.send()
    assert (owed["count"], owed["problem"], len(asked)) == (5, "fault", 3)


def test_what_nobody_goes_on_with_goes_after_twelve_hours(rig: Rig) -> None:
    rig.person()
    page = rig.page
    page.evaluate("ms => harness.moveClock(ms)", 11 * HOUR)
    page.evaluate("harness.open()")
    assert page.evaluate("harness.expire()") == 0
    page.evaluate("ms => harness.moveClock(ms)", 2 * HOUR)
    page.evaluate("harness.open()")
    assert page.evaluate("harness.expire()") == 1
    assert page.evaluate("harness.owed()")["unfinished"] == 0


def test_it_goes_also_when_the_clock_is_turned_back(rig: Rig) -> None:
    rig.person()
    page = rig.page
    for _ in range(3):
        page.evaluate("ms => harness.moveClock(ms)", 5 * HOUR)
        page.evaluate("harness.open()")  # and so are the hours kept
        page.evaluate("ms => harness.moveClock(ms)", -30 * HOUR)
        page.evaluate("harness.open()")
    assert page.evaluate("harness.expire()") == 1


def test_what_is_finished_does_not_go(rig: Rig) -> None:
    rig.finished(1)
    rig.page.evaluate("ms => harness.moveClock(ms)", 2000 * HOUR)
    rig.page.evaluate("harness.open()")
    rig.page.evaluate("harness.expire()")
    assert rig.page.evaluate("harness.owed()")["count"] == 1


def test_a_wrong_passphrase_opens_nothing(rig: Rig) -> None:
    begun = rig.person()
    page = rig.page
    page.evaluate("harness.lock()")
    assert rig.finish(begun) == "locked"
    assert page.evaluate("harness.unlock('apple river lamb')") == "wrong_passphrase"
    assert rig.finish(begun) == "locked"
    assert page.evaluate("harness.create('another one here')") == "unfinished_locked"
    assert page.evaluate("harness.unlock('  apple river lamp ')") == "done"
    assert rig.finish(begun) == "done"
    assert page.evaluate("harness.create('short one')") == "passphrase_short"


def test_a_sealed_copy_holds_the_same_items_and_no_word(rig: Rig) -> None:
    rig.finished(2)
    text = rig.page.evaluate("harness.copy()")
    copy = json.loads(text)
    assert copy["format"] == "consult-sealed/1"
    outside = [sealing.look_at(item) for item in copy["items"]]
    assert {str(each.client_id) for each in outside} == set(rig.said)
    assert not any(said in text for said in rig.said.values())


def test_everything_that_waited_is_sent_in_one_go(rig: Rig) -> None:
    rig.line.break_at(Break.DOWN)
    rig.finished(40)
    rig.line.mend()
    assert rig.page.evaluate("harness.send()")["count"] == 0
    assert sorted(rig.received()) == sorted(rig.said.items())
