"""The server's keys: made once, kept under their file, turned over, and removed when unneeded."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from consult.db import unit_of_work
from consult.models import AuditEvent, Consultation, Device, ServerKey
from consult.services.assisting import keys as server_keys
from consult.services.assisting.keys import KeyFileProblem, Keys
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.consultations import LATE_UNTIL, NOW, World

LATER = NOW + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def rotate(visit: Visit, now: datetime = LATER, **changes: bool) -> list[str]:
    with unit_of_work(visit.world.session) as session:
        return visit.keys.rotate(session, actor="command line", now=now, **changes)


def rows(visit: Visit, purpose: str) -> list[ServerKey]:
    visit.world.session.rollback()
    visit.world.session.expire_all()
    wanted = select(ServerKey).where(ServerKey.purpose == purpose).order_by(ServerKey.made_at)
    return list(visit.world.session.scalars(wanted))


def remove(visit: Visit, now: datetime) -> int:
    with unit_of_work(visit.world.session) as session:
        return server_keys.remove_unneeded(session, now=now)


def test_keys_are_made_once_and_only_their_public_halves_are_told(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        first = visit.keys.published(session, now=NOW)
        again = visit.keys.published(session, now=LATER)
    assert first == again
    assert {purpose: len(found) for purpose, found in first.items()} == {
        "encryption": 1,
        "signing": 1,
    }
    for found in first.values():
        assert set(found[0]["jwk"]) == {"kty", "crv", "x", "y"}
        assert found[0]["jwk"]["crv"] == "P-256"


def test_the_key_file_is_for_this_account_only_and_in_no_database(visit: Visit) -> None:
    assert stat.S_IMODE(visit.keys.path.stat().st_mode) == 0o600
    text = visit.keys.path.read_text().strip()
    assert len(text) == 43
    assert text not in visit.world.everything()
    assert [path.name for path in visit.keys.path.parent.iterdir()] == ["assisted.key"]


def test_a_second_maker_of_the_file_takes_the_first_one(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "assisted.key"
    server_keys._write_new(path)
    first = path.read_text()
    server_keys._write_new(path)
    assert path.read_text() == first
    assert [each.name for each in path.parent.iterdir()] == ["assisted.key"]


def test_new_keys_are_used_and_old_ones_still_open(visit: Visit) -> None:
    payload = visit.payload()
    under_old = visit.tablet.seal(payload)
    old = visit.tablet.seal_to
    made = rotate(visit)
    with unit_of_work(visit.world.session) as session:
        published = visit.keys.published(session, now=LATER)
    assert [key["kid"] for key in published["encryption"]] == [made[0]] != [old["kid"]]
    assert [key["kid"] for key in published["signing"]] == [made[1]]
    assert visit.take(under_old) == "stored"
    visit.tablet.seal_to = published["encryption"][0]
    assert visit.take(visit.tablet.seal(visit.payload())) == "stored"
    retired, current = rows(visit, "encryption")
    assert (retired.retired_at, retired.removed_at) == (LATER, None)
    assert (current.retired_at, current.removed_at) == (None, None)
    gone, signing = rows(visit, "signing")
    assert (gone.private_sealed, gone.removed_at) == (None, LATER)
    assert signing.private_sealed is not None
    event = visit.world.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "keys of tablets changed")
    ).one()
    assert (event.actor, event.details) == ("command line", {"old_given_up": False})


def test_a_missing_file_is_not_made_anew_while_keys_lie_under_it(visit: Visit) -> None:
    visit.keys.path.unlink()
    with pytest.raises(KeyFileProblem, match=r"assisted\.key is missing\. Put it back"):
        rotate(visit)
    assert not visit.keys.path.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"A" * 43, "is not the key file that the keys of tablets were made under"),
        (b"c2hvcnQ", "holds no key"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_another_file_opens_nothing(visit: Visit, content: bytes, words: str) -> None:
    visit.keys.path.write_bytes(content)
    with pytest.raises(KeyFileProblem, match=words):
        rotate(visit)
    with pytest.raises(KeyFileProblem, match=words):
        visit.receipt(visit.tablet.seal(visit.payload()))


def test_where_the_file_is_gone_for_good_new_keys_are_made(visit: Visit) -> None:
    under_old = visit.tablet.seal(visit.payload())
    visit.keys.path.unlink()
    made = rotate(visit, give_up_old=True)
    assert visit.keys.path.exists()
    assert visit.take(under_old) == "quarantined"
    assert visit.why(under_old) == ("quarantined", "unknown_key")
    with unit_of_work(visit.world.session) as session:
        visit.tablet.seal_to = visit.keys.published(session, now=LATER)["encryption"][0]
    assert visit.tablet.seal_to["kid"] == made[0]
    assert visit.take(visit.tablet.seal(visit.payload())) == "stored"


def test_a_private_half_under_another_s_name_is_not_taken(visit: Visit) -> None:
    first, second = rows(visit, "encryption")[0], rows(visit, "signing")[0]
    swapped = second.private_sealed
    with unit_of_work(visit.world.session) as session:
        session.execute(
            update(ServerKey).where(ServerKey.id == first.id).values(private_sealed=swapped)
        )
    with pytest.raises(KeyFileProblem, match="is not the one that it is called"):
        visit.receipt(visit.tablet.seal(visit.payload()))


# When old keys go


def tablet_was(visit: Visit, **values: object) -> None:
    with unit_of_work(visit.world.session) as session:
        session.execute(update(Device).values(**values))


SAFE = {"seen_at": LATER + DAY, "owes": 0, "unfinished": 0}


def test_an_old_key_goes_after_sixty_days_when_no_tablet_needs_it(visit: Visit) -> None:
    rotate(visit)
    tablet_was(visit, **SAFE)
    assert remove(visit, LATER + 60 * DAY - timedelta(seconds=1)) == 0
    assert remove(visit, LATER + 60 * DAY) == 1
    retired, current = rows(visit, "encryption")
    assert (retired.private_sealed, retired.removed_at) == (None, LATER + 60 * DAY)
    assert current.private_sealed is not None
    assert remove(visit, LATER + 90 * DAY) == 0


@pytest.mark.parametrize(
    ("tablet", "is_needed"),
    [
        ({**SAFE, "owes": 1}, True),
        ({**SAFE, "unfinished": 1}, True),
        ({**SAFE, "seen_at": NOW}, True),
        ({**SAFE, "seen_at": None}, True),
        ({**SAFE, "owes": 1, "revoked_at": NOW, "revoked_by": "officer"}, False),
        ({**SAFE, "owes": 1, "enrolled_at": LATER + DAY}, False),
    ],
)
def test_a_tablet_that_may_hold_something_keeps_the_key(
    visit: Visit, tablet: dict[str, object], is_needed: bool
) -> None:
    with unit_of_work(visit.world.session) as session:
        session.execute(update(Consultation).values(late_until=LATE_UNTIL + 365 * DAY))
    rotate(visit)
    tablet_was(visit, **tablet)
    assert remove(visit, LATER + 61 * DAY) == (0 if is_needed else 1)


def test_when_nothing_is_taken_any_more_no_key_is_needed(visit: Visit) -> None:
    rotate(visit)
    tablet_was(visit, owes=5)
    assert LATE_UNTIL < LATER + 60 * DAY
    assert remove(visit, LATER + 60 * DAY) == 1


def test_the_keys_in_use_stay(visit: Visit) -> None:
    assert remove(visit, NOW + 1000 * DAY) == 0


def test_all_private_halves_can_be_tried(visit: Visit, tmp_path: Path) -> None:
    sealed = [(row.id, row.private_sealed or "") for row in rows(visit, "encryption")]
    visit.keys.check(sealed)
    other = Keys(tmp_path / "other" / "assisted.key")
    server_keys._write_new(other.path)
    with pytest.raises(KeyFileProblem):
        other.check(sealed)
