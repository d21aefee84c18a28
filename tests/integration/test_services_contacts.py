"""Addresses for news: taken by the day, filed in no order, tied to no answer."""

from datetime import UTC, date, datetime, timedelta
from random import SystemRandom

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Contact, ContactIntake
from consult.services import consultations, contacts
from tests.support.consultations import (
    NOW,
    SLUG,
    changed,
    example,
    world_in,
)

TOMORROW = NOW + timedelta(days=1)


def add(world, email, now=NOW, language="en", slug=SLUG):
    with unit_of_work(world.session):
        stored = consultations.get(world.session, slug)
        contacts.add(world.session, stored, email, language=language, now=now)


def file(world, now):
    with unit_of_work(world.session):
        return contacts.file_earlier_days(world.session, now=now)


def emails(world, table):
    return sorted(world.session.scalars(sa.select(table.email)))


def test_an_address_is_taken_with_its_day_and_nothing_else(world):
    add(world, "  a@example.org\n", language="ur")
    [row] = world.session.scalars(sa.select(ContactIntake))
    assert (row.email, row.language, row.given_on) == ("a@example.org", "ur", date(2026, 3, 10))
    assert type(row.given_on) is date
    assert row.consultation_id == world.stored.id
    assert row.id.version == 4  # random, not by the clock


def test_the_day_is_the_local_one(world):
    # In summer time 23:30 UTC is half past midnight of the next day.
    add(world, "a@example.org", now=datetime(2026, 3, 30, 23, 30, tzinfo=UTC))
    [row] = world.session.scalars(sa.select(ContactIntake))
    assert row.given_on == date(2026, 3, 31)
    assert file(world, datetime(2026, 3, 31, 22, 59, tzinfo=UTC)) == 0
    assert file(world, datetime(2026, 3, 31, 23, 0, tzinfo=UTC)) == 1


def test_addresses_are_filed_on_a_later_day_only(world):
    for name in "abc":
        add(world, f"{name}@example.org")
    add(world, "d@example.org", now=TOMORROW)
    assert file(world, NOW + timedelta(hours=2)) == 0
    assert emails(world, Contact) == []
    assert file(world, TOMORROW) == 3
    assert emails(world, Contact) == ["a@example.org", "b@example.org", "c@example.org"]
    assert emails(world, ContactIntake) == ["d@example.org"]
    assert file(world, TOMORROW) == 0
    given = set(world.session.scalars(sa.select(Contact.given_on)))
    assert given == {date(2026, 3, 1)}  # filed with the month only


def test_filing_makes_new_ids(world):
    add(world, "a@example.org")
    before = world.session.scalars(sa.select(ContactIntake.id)).one()
    file(world, TOMORROW)
    assert world.session.scalars(sa.select(Contact.id)).one() != before


class Reversed:
    """Shuffles by turning round, so that the order of writing can be told."""

    def shuffle(self, rows):
        rows.sort(key=lambda row: row.email, reverse=True)


def test_the_order_of_writing_is_the_shuffled_one(world, monkeypatch):
    monkeypatch.setattr(contacts, "SystemRandom", Reversed)
    given = ["b@example.org", "d@example.org", "a@example.org", "c@example.org"]
    for email in given:
        add(world, email)
    written: list[str] = []

    @sa.event.listens_for(world.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("INSERT INTO contact "):
            values = parameters.values() if isinstance(parameters, dict) else parameters
            written.extend(value for value in values if "@" in str(value))

    file(world, TOMORROW)
    assert written == ["d@example.org", "c@example.org", "b@example.org", "a@example.org"]


def test_the_shuffle_is_one_that_nobody_can_foretell():
    assert vars(contacts)["SystemRandom"] is SystemRandom


def test_given_twice_it_is_kept_once(world):
    add(world, "a@example.org")
    add(world, " a@example.org ")
    assert emails(world, ContactIntake) == ["a@example.org"]
    file(world, TOMORROW)
    add(world, "a@example.org", now=TOMORROW)
    assert (emails(world, ContactIntake), emails(world, Contact)) == ([], ["a@example.org"])


def test_each_consultation_has_its_own_addresses(world):
    world.store(changed(example(), slug="another"))
    add(world, "a@example.org")
    add(world, "a@example.org", slug="another")
    assert file(world, TOMORROW) == 2
    pairs = world.session.execute(sa.select(Contact.email, Contact.consultation_id)).all()
    assert {consultation for _, consultation in pairs} == {
        consultations.get(world.session, slug).id for slug in (SLUG, "another")
    }


def test_two_rounds_at_once_file_each_address_once(world):
    add(world, "a@example.org")

    def round_(session):
        return contacts.file_earlier_days(session, now=TOMORROW)

    assert world.meanwhile(round_, round_) == 0
    with Session(world.engine) as session:
        assert session.scalars(sa.select(Contact.email)).all() == ["a@example.org"]


GOOD = [
    "a@example.org",
    "first.last+parks@sub.example.co.uk",
    "o'brien@example.org",
    "under_score-dash!#$%&*/=?^`{|}~@example.org",
    "UPPER@EXAMPLE.ORG",
    "1@2.example",
    "δοκιμή@παράδειγμα.ελ",
    "اردو@مثال.پاکستان",
    "name@xn--e1afmkfd.xn--p1ai",
    "x" * 242 + "@example.org",
]

BAD = [
    "",
    "   ",
    "plain",
    "@example.org",
    "name@",
    "name@localhost",
    "name@example.",
    "name@.org",
    "name@example..org",
    "two@at@example.org",
    "a name@example.org",
    "name@exam ple.org",
    "name@example.org, other@example.org",
    "name@example.org;other@example.org",
    "Name <name@example.org>",
    "name@example.org\nBcc: other@example.org",
    "name@example.org\r\nBcc:x",
    '"quoted"@example.org',
    "name@[127.0.0.1]",
    "mailto:name@example.org",
    "na\x00me@example.org",
    "na\x1bme@example.org",
    "na\u202eme@example.org",
    "name@exa\u200bmple.org",
    "x" * 243 + "@example.org",
]


def test_addresses_that_can_be_are_taken(world, subtests):
    for email in GOOD:
        with subtests.test(email[:40]):
            add(world, email)
    assert emails(world, ContactIntake) == sorted(GOOD)


@pytest.fixture(scope="module")
def sqlite_world(tmp_path_factory, migrated_sqlite):
    path = tmp_path_factory.mktemp("contacts") / "consult.sqlite3"
    path.write_bytes(migrated_sqlite)
    with world_in(f"sqlite:///{path}") as world:
        yield world


@pytest.mark.parametrize("email", BAD, ids=ascii)
def test_what_is_no_address_is_refused(sqlite_world, email):
    with pytest.raises(contacts.NotAnEmail):
        add(sqlite_world, email)
    assert sqlite_world.count("contact_intake") == 0
