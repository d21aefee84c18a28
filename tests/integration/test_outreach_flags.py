"""Confirmed flags: noted once, looked for hourly, told once a day by e-mail to who asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consult.config import Settings
from consult.db import db, unit_of_work
from consult.jobs import digests as digest_jobs
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Account, Consultation, DigestWish, FlagNotice, Job, Response
from consult.services import consultations, housekeeping, workspaces
from consult.services.watching import digests, flags, gaps
from consult.sign_in import mail
from tests.support.jobs import FAST
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.outreach import fill
from tests.support.staff import make_account
from tests.support.visitors import NOON, SLUG, Clock, in_session

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADA, BO = "ada@council.example.org", "bo@council.example.org"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, mail_server: MailServer) -> Settings:
    return replace(
        settings,
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        public_url="https://consult.example.gov.uk",
    )


class Desk:
    """The model case with people who asked to be told, and a worker."""

    def __init__(self, app: Flask, clock: Clock, folder: Path) -> None:
        self.app = app
        self.clock = clock
        self._folder = folder

    @contextmanager
    def at_work(self) -> Iterator[Session]:
        with in_session(self.app) as session, unit_of_work(session):
            yield session

    def let_wish(self, email: str, *roles: str, on: dict[str, str] | None = None) -> None:
        make_account(self.app, email, *roles, memberships=on)
        with self.at_work() as session:
            digests.wish(session, *self.pair(session, email), now=self.clock.now)

    def pair(self, session: Session, email: str) -> Any:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        return account, workspaces.find(session, SLUG)

    def round(self) -> None:
        """One round of housekeeping's two, and everything that they ask for."""
        for ask in (flags.ask_due, digests.ask_due):
            with self.at_work() as session:
                ask(session, now=self.clock.now)
            self.work()

    def work(self) -> None:
        with in_session(self.app):
            sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
        settings: Settings = self.app.config["CONSULT_SETTINGS"]
        with Presence(self._folder / "workers") as presence:
            runner = Runner(
                sessions,
                KINDS,
                settings,
                presence,
                stop=threading.Event(),
                pace=FAST,
                clock=lambda: self.clock.now,
                around=self.app.app_context,
            )
            while runner.run_next():
                pass

    def notices(self) -> list[tuple[str, str, str]]:
        with in_session(self.app) as session:
            stored = consultations.get(session, SLUG)
            return [(n.dimension, n.category, n.state) for n in flags.notices(session, stored)]

    def results(self, kind: str) -> list[Any]:
        with in_session(self.app) as session:
            wanted = select(Job).where(Job.kind == kind).order_by(Job.requested_at)
            return [job.result for job in session.scalars(wanted)]

    def told(self, email: str) -> datetime | None:
        with in_session(self.app) as session:
            account, workspace = self.pair(session, email)
            return session.get_one(DigestWish, (account.id, workspace.id)).told_at


@pytest.fixture
def watched(app: Flask, desk: object, clock: Clock, tmp_path: Path) -> Desk:
    return Desk(app, clock, tmp_path)


def look(session: Session, now: datetime) -> list[FlagNotice]:
    stored = consultations.get(session, SLUG)
    document = consultations.document_of(session, stored)
    found = gaps.representation(session, stored, document, now=now)
    assert not isinstance(found, gaps.NothingToCompare)
    return flags.note_confirmed(session, stored, found, now=now)


# Noting


def test_a_confirmed_flag_is_noted_once_and_stays(watched):
    fill(watched.app)
    with watched.at_work() as session:
        (new,) = look(session, NOON)
        assert (new.dimension, new.category, new.area) == ("religion", "muslim", "")
        assert (new.state, new.confirmed_at) == ("under", NOON)
    with watched.at_work() as session:
        assert look(session, NOON + HOUR) == []
    with watched.at_work() as session:
        for response in session.scalars(select(Response)):
            session.delete(response)
    with watched.at_work() as session:
        assert look(session, NOON + DAY) == []
    assert watched.notices() == [("religion", "muslim", "under")]


def test_an_early_sign_is_no_notice(watched):
    # 16 of 107 in eight groups: an early sign (docs/representation.md works it out).
    fill(watched.app, {"muslim": 16, "christian": 39, "no_religion": 52})
    with watched.at_work() as session:
        assert ("religion", "muslim") not in [
            (new.dimension, new.category) for new in look(session, NOON)
        ]


# Looking


def test_open_consultations_are_looked_at_hourly_when_something_changed(watched):
    fill(watched.app)
    due: list[tuple[timedelta, Callable[[], None] | None, int]] = [
        (timedelta(), None, 1),
        (timedelta(minutes=15), None, 0),
        (2 * HOUR, None, 0),
        (2 * HOUR, lambda: fill(watched.app, {"muslim": 1}, at=NOON + HOUR), 1),
        (2 * HOUR + timedelta(minutes=30), lambda: fill(watched.app, {"sikh": 1}), 0),
        (4 * HOUR, None, 1),
        (6 * HOUR, exclude_one(watched), 1),
    ]
    for later, change, expected in due:
        if change is not None:
            change()
        watched.clock.now = NOON + later
        with watched.at_work() as session:
            assert flags.ask_due(session, now=watched.clock.now) == expected, later
        watched.work()
    assert watched.results("flags")[0] == {"confirmed": 1}
    assert set(map(str, watched.results("flags")[1:])) == {"{'confirmed': 0}"}


def exclude_one(watched: Desk) -> Callable[[], None]:
    def exclude() -> None:
        with watched.at_work() as session:
            response = session.scalars(select(Response)).first()
            assert response is not None
            response.excluded_at, response.excluded_by = NOON, "ada"
            response.exclusion_reason = "A test"

    return exclude


@pytest.mark.parametrize(
    "changes",
    [
        {"opens_at": NOON + DAY},
        {"opens_at": NOON - 3 * DAY, "closes_at": NOON - 2 * DAY, "late_until": NOON - DAY},
        {"is_preview": True},
        {"data_removed_at": NOON},
    ],
)
def test_what_is_not_open_is_not_looked_at(watched, changes):
    with watched.at_work() as session:
        stored = consultations.get(session, SLUG)
        for name, value in changes.items():
            setattr(stored, name, value)
    with watched.at_work() as session:
        assert flags.ask_due(session, now=NOON) == 0


def test_a_look_that_is_waiting_is_not_asked_for_twice(watched):
    for _ in range(2):
        with watched.at_work() as session:
            flags.ask_due(session, now=NOON)
    watched.work()
    assert len(watched.results("flags")) == 1


def test_a_consultation_that_is_gone_is_told_of(watched):
    with watched.at_work() as session:
        flags.ask_due(session, now=NOON)
        workspaces.lock(session, SLUG).consultation = None
        session.delete(consultations.get(session, SLUG))
    watched.work()
    with in_session(watched.app) as session:
        job = session.scalars(select(Job).where(Job.kind == "flags")).one()
        assert (job.state, job.fault) == ("failed", "gone")


def test_without_figures_of_residents_there_is_no_flag(watched):
    with watched.at_work() as session:
        stored = consultations.get(session, SLUG)
        stored.definition = {**stored.definition, "reference_population": []}
        flags.ask_due(session, now=NOON)
    watched.work()
    assert watched.results("flags") == [{"confirmed": 0}]


def test_both_stand_in_the_rounds():
    assert housekeeping.JOBS["flags looked for"] is flags.ask_due
    assert housekeeping.JOBS["digests asked for"] is digests.ask_due


# Telling


def test_who_asked_is_told_once_in_plain_sentences(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    fill(watched.app)
    watched.clock.now = NOON + HOUR
    watched.round()
    (letter,) = mail_server.letters
    assert letter["To"] == ADA
    assert letter["Subject"] == "Consult: a group is clearly under or over"
    text = mail_server.text()
    assert (
        "In the consultation “Creating a Bolder, Healthier City” one flag is newly confirmed:"
        in text
    )
    assert (
        "- Muslim (What is your religion?): clearly under. Their share of responses is clearly "
        "below their share of residents, which is 32 %." in text
    )
    base = f"https://consult.example.gov.uk/en/staff/consultations/{SLUG}/watch"
    assert f"\n{base}\n" in text
    assert f"\n{base}/outreach#digest\n" in text
    assert watched.results("digests") == [{"sent": 1, "failed": 0}]
    watched.clock.now = NOON + DAY + HOUR
    watched.round()
    assert len(mail_server.letters) == 1


def test_the_e_mail_holds_no_figure_of_responses(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    fill(watched.app)
    watched.clock.now = NOON + HOUR
    watched.round()
    numbers = {word.strip(".,:()") for word in mail_server.text().split()}
    assert numbers.isdisjoint({"25", "170", "145", "14.7", "15"})
    assert "32" in numbers


def test_it_is_one_e_mail_a_day_at_most_and_by_day(watched, mail_server):
    watched.let_wish(ADA, "analyst")

    def confirm(*keys: str, at: datetime) -> None:
        with watched.at_work() as session:
            stored = consultations.get(session, SLUG)
            session.add_all(notice(stored, key, at) for key in keys)
        watched.clock.now = at
        watched.round()

    def subjects() -> list[int]:
        return [str(each.get_content()).count(": clearly ") for each in mail_server.letters]

    confirm("muslim", at=NOON + HOUR)
    assert subjects() == [1]
    confirm("sikh", "hindu", at=NOON + 3 * HOUR)
    assert subjects() == [1]
    watched.clock.now = datetime.fromisoformat("2026-12-02T06:59+00:00")
    watched.round()
    assert subjects() == [1]
    watched.clock.now = datetime.fromisoformat("2026-12-02T08:00+00:00")
    watched.round()
    assert subjects() == [1, 2]
    assert "2 flags are newly confirmed" in str(mail_server.letters[1].get_content())


def notice(stored: Consultation, category: str, at: datetime, **changes: str) -> FlagNotice:
    values = {"dimension": "religion", "area": "", "state": "under", **changes}
    return FlagNotice(consultation_id=stored.id, category=category, confirmed_at=at, **values)


def test_what_was_confirmed_before_somebody_asked_is_not_told(watched, mail_server):
    fill(watched.app)
    watched.round()
    assert len(watched.notices()) == 1
    watched.clock.now = NOON + HOUR
    watched.let_wish(ADA, "analyst")
    watched.clock.now = NOON + 2 * HOUR
    watched.round()
    assert mail_server.letters == []


def test_only_who_may_read_it_is_told(watched, mail_server):
    watched.let_wish(ADA, on={SLUG: "analyst"})
    watched.let_wish(BO, on={SLUG: "viewer"})
    watched.let_wish("cy@council.example.org", "officer")
    with watched.at_work() as session:
        account, _ = watched.pair(session, "cy@council.example.org")
        account.active = False
    fill(watched.app)
    watched.clock.now = NOON + HOUR
    watched.round()
    assert [letter["To"] for letter in mail_server.letters] == [ADA]


def test_who_wants_no_more_is_told_no_more(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    with watched.at_work() as session:
        pair = watched.pair(session, ADA)
        digests.wish(session, *pair, now=NOON)
        digests.end_wish(session, *pair, now=NOON)
        digests.end_wish(session, *pair, now=NOON)
        assert not digests.is_wished(session, *pair)
    fill(watched.app)
    watched.clock.now = NOON + HOUR
    watched.round()
    assert mail_server.letters == []


def test_each_is_told_in_the_language_of_the_account(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    watched.let_wish(BO, "analyst")
    with watched.at_work() as session:
        watched.pair(session, BO)[0].language = "ur"
        stored = consultations.get(session, SLUG)
        session.add(notice(stored, "muslim", NOON + HOUR))
    watched.clock.now = NOON + HOUR
    watched.round()
    by_person = {each["To"]: str(each.get_content()) for each in mail_server.letters}
    assert "Muslim" in by_person[ADA]
    assert "مسلمان" in by_person[BO]
    assert f"/ur/staff/consultations/{SLUG}/watch" in by_person[BO]


def test_every_kind_of_flag_has_its_sentence(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    with watched.at_work() as session:
        stored = consultations.get(session, SLUG)
        at = NOON + HOUR
        session.add_all(
            [
                notice(stored, "muslim", at, state="over"),
                notice(stored, "E05011120", at, dimension="ward"),
                notice(stored, "young", at, dimension="gone"),
                notice(stored, "old", at, dimension="gone", state="over"),
                notice(stored, "muslim", at, area="E05011120"),
            ]
        )
    watched.clock.now = NOON + HOUR
    watched.round()
    text = mail_server.text()
    # 26,679 of 1,144,922 people live in Alum Rock.
    for line in (
        "- Muslim (What is your religion?): clearly over. Their share of responses is clearly "
        "above their share of residents, which is 32 %.",
        "- Alum Rock: clearly under. Their share of responses is clearly below their share of "
        "residents, which is 2.3 %.",
        "- young: clearly under.",
        "- old: clearly over.",
        "- Muslim (What is your religion?), in Alum Rock: clearly under.",
    ):
        assert line in text


# When the mail server or the worker fails


def test_an_e_mail_that_is_not_taken_is_tried_again_after_an_hour(watched, mail_server):
    watched.let_wish(ADA, "analyst")
    watched.let_wish(BO, "analyst")
    fill(watched.app)
    mail_server.on_recipient = "550 nobody of that name"
    watched.clock.now = NOON + HOUR
    watched.round()
    assert watched.results("digests") == [{"sent": 0, "failed": 2}]
    assert watched.told(ADA) is None
    mail_server.on_recipient = "250 OK"
    watched.clock.now = NOON + HOUR + timedelta(minutes=30)
    watched.round()
    assert mail_server.letters == []
    watched.clock.now = NOON + 2 * HOUR
    watched.round()
    assert {letter["To"] for letter in mail_server.letters} == {ADA, BO}
    assert len(mail_server.letters) == 2


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it happens."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_at_an_e_mail_leaves_it_told_once_at_most(
    watched, mail_server, monkeypatch, moment
):
    """Killed before handing over, one e-mail is lost; killed after, none comes twice."""
    watched.let_wish(ADA, "analyst")
    fill(watched.app)

    def killed(settings: Settings, letter: mail.Letter) -> None:
        if moment == "after":
            mail.hand_over(settings, letter)
        raise Killed

    watched.clock.now = NOON + HOUR
    with monkeypatch.context() as patch:
        patch.setattr(digest_jobs, "hand_over", killed)
        with pytest.raises(Killed):
            watched.round()
    assert watched.told(ADA) == NOON + HOUR
    watched.work()
    watched.clock.now = NOON + 2 * DAY
    watched.round()
    assert len(mail_server.letters) == (1 if moment == "after" else 0)


def test_what_was_told_otherwise_meanwhile_is_not_taken_back(watched):
    watched.let_wish(ADA, "analyst")
    with watched.at_work() as session:
        session.add(notice(consultations.get(session, SLUG), "muslim", NOON + HOUR))
    with watched.at_work() as session:
        (recipient,) = digests.due(session, now=NOON + HOUR)
        digest = digests.take(session, recipient, now=NOON + HOUR)
        assert digest is not None
        assert digests.take(session, recipient, now=NOON + HOUR) is None
        digests.take_back(session, digest, now=NOON)
    assert watched.told(ADA) == NOON + HOUR
    with watched.at_work() as session:
        digests.end_wish(session, *watched.pair(session, ADA), now=NOON)
        digests.take_back(session, digest, now=NOON + HOUR)
        assert digests.take(session, recipient, now=NOON + HOUR) is None


def test_without_a_mail_server_nothing_is_marked_as_told(watched, app):
    app.config["CONSULT_SETTINGS"] = replace(app.config["CONSULT_SETTINGS"], smtp_url=None)
    watched.let_wish(ADA, "analyst")
    fill(watched.app)
    watched.clock.now = NOON + HOUR
    watched.round()
    assert watched.results("digests") == [{"sent": 0, "failed": 0}]
    assert watched.told(ADA) is None


def test_who_stops_it_meanwhile_gets_nothing(watched, mail_server, monkeypatch):
    watched.let_wish(ADA, "analyst")
    fill(watched.app)
    found = digests.due

    def then_stopped(session: Session, *, now: datetime) -> list[digests.Recipient]:
        waiting = found(session, now=now)
        with watched.at_work() as other:
            digests.end_wish(other, *watched.pair(other, ADA), now=now)
        return waiting

    watched.clock.now = NOON + HOUR
    with watched.at_work() as session:
        flags.ask_due(session, now=watched.clock.now)
    watched.work()
    with watched.at_work() as session:
        digests.ask_due(session, now=watched.clock.now)
    monkeypatch.setattr(digests, "due", then_stopped)
    watched.work()
    assert mail_server.letters == []
    assert watched.results("digests") == [{"sent": 0, "failed": 0}]
