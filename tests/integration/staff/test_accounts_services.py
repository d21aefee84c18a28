"""Accounts and roles in the database, alone and with others at the same moment."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.models import (
    ROLES,
    StaffSession,
)
from consult.services import access, account_changes, account_lists, accounts
from tests.support.consultations import NOW, SLUG
from tests.support.people import (
    ADMIN,
    LATER,
    OFFICER,
    OTHER_ADMIN,
    account,
    desk,
    make,
    sets_roles,
    told,
)

# Accounts


def test_an_account_keeps_what_it_was_made_with(world):
    workspace = desk(world)
    make(
        world,
        " Ada@Council.Example.ORG ",
        "viewer",
        "admin",
        memberships=[(workspace.id, "partner")],
    )
    made = account(world, "ADA@council.example.org")
    assert made.email == ADMIN
    assert access.roles_everywhere(made) == {"admin", "viewer"}
    assert access.roles_in(made, workspace.id) == {"admin", "viewer", "partner"}
    assert (made.active, made.created_at, made.password_set_at) == (True, NOW, NOW)
    assert told(world, "account made") == [
        (
            ADMIN,
            f"account {ADMIN}",
            {"roles": ["admin", "viewer"], "consultations": {SLUG: ["partner"]}},
        )
    ]


@pytest.mark.parametrize(
    "typed",
    ["", "nobody", "a@", "a@b", "a b@example.org", "a@example.org\nx", "a" * 190 + "@example.org"],
)
def test_what_cannot_be_an_address_makes_no_account(world, typed):
    with pytest.raises(accounts.NotAnEmail):
        make(world, typed)
    assert world.count("account") == 0


def test_one_address_has_one_account(world):
    make(world)
    with pytest.raises(accounts.EmailTaken):
        make(world, ADMIN.upper())
    assert world.count("account") == 1


def test_two_who_make_one_account_at_once_make_one(world):
    def act(session):
        try:
            accounts.create(
                session,
                email=ADMIN,
                name="",
                language="en",
                password_hash=None,
                roles=["viewer"],
                now=NOW,
            )
        except accounts.EmailTaken:
            return "taken"
        return "made"

    assert sorted(world.at_once(act, people=3)) == ["made", "taken", "taken"]
    assert world.count("account") == 1
    assert world.count("role") == 1


def test_accounts_are_found_by_name_and_address_page_by_page(world):
    for email in ("a@x.org", "b@x.org", "c_d@x.org", "cd@y.org"):
        make(world, email)
    found, more = account_lists.search(world.session, limit=3)
    assert ([each.account.email for each in found], more) == (
        ["a@x.org", "b@x.org", "c_d@x.org"],
        True,
    )
    rest, more = account_lists.search(world.session, after="c_d@x.org", limit=3)
    assert ([each.account.email for each in rest], more) == (["cd@y.org"], False)
    assert [e.account.email for e in account_lists.search(world.session, "c_")[0]] == ["c_d@x.org"]
    assert len(account_lists.search(world.session, "SOMEBODY")[0]) == 4


def test_the_list_says_when_an_account_was_last_used(world):
    used = make(world)
    make(world, OFFICER)
    with unit_of_work(world.session):
        for seen_at in (NOW, LATER):
            world.session.add(
                StaffSession(account_id=used, device="Firefox", created_at=NOW, seen_at=seen_at)
            )
    found = {each.account.email: each.seen_at for each in account_lists.search(world.session)[0]}
    assert found == {ADMIN: LATER, OFFICER: None}
    assert account_lists.last_seen(world.session, used) == LATER


# Roles


@pytest.mark.parametrize(
    ("held", "may_give"),
    [
        (["admin"], set(ROLES)),
        (["officer"], {"officer", "viewer"}),
        (["officer", "analyst"], {"officer", "viewer", "analyst"}),
        (["analyst", "partner", "viewer"], set()),
        ([], set()),
    ],
)
def test_nobody_gives_what_they_do_not_hold(held, may_give):
    assert account_changes.grantable(held) == may_give


def test_roles_are_changed_and_told(world):
    changed = make(world, OFFICER, "officer")
    with unit_of_work(world.session):
        sets_roles(changed, ["analyst", "viewer"], ["officer"])(world.session)
    assert access.roles_everywhere(account(world, OFFICER)) == {"analyst", "viewer"}
    assert told(world, "roles changed") == [
        ("test", f"account {OFFICER}", {"before": ["officer"], "after": ["analyst", "viewer"]})
    ]


def test_setting_the_roles_that_are_there_is_no_act(world):
    same = make(world, OFFICER, "officer")
    with unit_of_work(world.session):
        sets_roles(same, ["officer"], ["admin"])(world.session)
    assert told(world, "roles changed") == []


@pytest.mark.parametrize(
    ("before", "after", "role"),
    [
        (["viewer"], ["viewer", "admin"], "admin"),
        (["analyst"], [], "analyst"),
        ([], ["king"], "king"),
    ],
)
def test_a_role_that_one_does_not_hold_is_neither_given_nor_taken(world, before, after, role):
    target = make(world, OFFICER, *before)
    with pytest.raises(account_changes.NotYoursToGive) as refused, unit_of_work(world.session):
        sets_roles(target, after, before, held=["officer"])(world.session)
    assert refused.value.role == role
    assert access.roles_everywhere(account(world, OFFICER)) == set(before)


def test_roles_that_somebody_else_has_changed_meanwhile_are_not_overwritten(world):
    target = make(world, OFFICER, "officer")
    with pytest.raises(account_changes.RolesChanged):
        world.meanwhile(
            sets_roles(target, ["officer", "analyst"], ["officer"]),
            sets_roles(target, ["viewer"], ["officer"]),
        )
    assert access.roles_everywhere(account(world, OFFICER)) == {"officer", "analyst"}


def test_an_account_that_is_not_there_is_not_changed(world):
    for act in (
        sets_roles(uuid4(), [], []),
        lambda session: account_changes.deactivate(session, uuid4(), actor="test", now=NOW),
        lambda session: accounts.get(session, uuid4()),
    ):
        with pytest.raises(accounts.NoSuchAccount), unit_of_work(world.session):
            act(world.session)


def test_the_last_admin_stays_an_admin(world):
    only = make(world, ADMIN, "admin")
    make(world, OFFICER, "officer")
    with pytest.raises(account_changes.LastAdmin), unit_of_work(world.session):
        sets_roles(only, ["officer"], ["admin"])(world.session)
    with pytest.raises(account_changes.LastAdmin), unit_of_work(world.session):
        account_changes.deactivate(world.session, only, actor="test", now=LATER)
    assert access.roles_everywhere(account(world, ADMIN)) == {"admin"}
    assert account(world, ADMIN).active


def test_a_closed_admin_is_no_other_admin(world):
    one, other = make(world, ADMIN, "admin"), make(world, OTHER_ADMIN, "admin")
    with unit_of_work(world.session):
        account_changes.deactivate(world.session, other, actor="test", now=LATER)
    with pytest.raises(account_changes.LastAdmin), unit_of_work(world.session):
        account_changes.deactivate(world.session, one, actor="test", now=LATER)
    with unit_of_work(world.session):
        account_changes.reactivate(world.session, other, actor="test", now=LATER)
        account_changes.deactivate(world.session, one, actor="test", now=LATER)
    assert [account(world, email).active for email in (ADMIN, OTHER_ADMIN)] == [False, True]


def test_of_two_admins_who_take_each_other_away_one_stays(world):
    one, other = make(world, ADMIN, "admin"), make(world, OTHER_ADMIN, "admin")
    with pytest.raises(account_changes.LastAdmin):
        world.meanwhile(
            sets_roles(one, [], ["admin"]),
            lambda session: account_changes.deactivate(session, other, actor="test", now=LATER),
        )
    assert access.roles_everywhere(account(world, ADMIN)) == set()
    assert account(world, OTHER_ADMIN).active


def test_of_many_admins_who_leave_at_once_one_stays(world):
    waiting = [make(world, f"{name}@council.example.org", "admin") for name in "abcd"]

    def leave(session):
        try:
            account_changes.deactivate(session, waiting.pop(), actor="test", now=LATER)
        except account_changes.LastAdmin:
            return "stays"
        return "gone"

    assert sorted(world.at_once(leave, people=4)) == ["gone", "gone", "gone", "stays"]
    assert world.scalar("SELECT count(*) FROM account WHERE active") == 1


def test_closing_ends_every_session_and_changes_who_the_cookies_mean(world):
    target = make(world, OFFICER, "officer")
    with unit_of_work(world.session):
        for ended_at in (None, NOW):
            world.session.add(
                StaffSession(
                    account_id=target, device="x", created_at=NOW, seen_at=NOW, ended_at=ended_at
                )
            )
    before = account(world, OFFICER).fs_uniquifier
    with unit_of_work(world.session):
        account_changes.deactivate(world.session, target, actor=ADMIN, now=LATER)
    world.session.expire_all()
    ended = sorted(world.session.scalars(sa.select(StaffSession.ended_at)))
    assert ended == [NOW, LATER]
    assert account(world, OFFICER).fs_uniquifier != before
    assert told(world, "account closed") == [(ADMIN, f"account {OFFICER}", {})]


def test_a_closed_account_gets_no_password_link(world):
    make(world, ADMIN, "admin")
    target = make(world, OFFICER)
    with unit_of_work(world.session):
        account_changes.note_reset_link(world.session, target, actor=ADMIN, now=LATER)
        account_changes.deactivate(world.session, target, actor=ADMIN, now=LATER)
    with pytest.raises(accounts.NoSuchAccount), unit_of_work(world.session):
        account_changes.note_reset_link(world.session, target, actor=ADMIN, now=LATER)
    assert told(world, "password link made") == [(ADMIN, f"account {OFFICER}", {})]


def test_roles_in_one_consultation_are_given_and_taken(world):
    workspace, target = desk(world), make(world, OFFICER)

    def change(act, role, held):
        with unit_of_work(world.session):
            act(world.session, target, workspace, role, held=held, actor=ADMIN, now=LATER)

    for _twice in range(2):
        change(account_changes.add_member, "analyst", ["admin"])
    change(account_changes.add_member, "viewer", ["officer"])
    [(member, roles)] = accounts.members(world.session, workspace.id)
    assert (member.email, roles) == (OFFICER, ["analyst", "viewer"])
    with pytest.raises(account_changes.NotYoursToGive):
        change(account_changes.remove_member, "analyst", ["officer"])
    for _twice in range(2):
        change(account_changes.remove_member, "analyst", ["admin"])
    assert access.roles_in(account(world, OFFICER), workspace.id) == {"viewer"}
    assert [details for *_, details in told(world, "role given")] == [
        {"role": "analyst", "consultation": SLUG},
        {"role": "viewer", "consultation": SLUG},
    ]
    assert [details["role"] for *_, details in told(world, "role taken away")] == ["analyst"]


def test_who_works_everywhere_is_listed_while_in_use(world):
    make(world, ADMIN, "admin")
    make(world, OTHER_ADMIN)
    closed = make(world, OFFICER, "officer")
    with unit_of_work(world.session):
        account_changes.deactivate(world.session, closed, actor=ADMIN, now=LATER)
    assert [each.email for each in accounts.working_everywhere(world.session)] == [ADMIN]
