"""Invitations in the database, and sign-ins at the council's provider."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.models import (
    Account,
    ExternalIdentity,
    Invitation,
    Passkey,
)
from consult.services import access, account_changes, accounts, identities, invitations
from consult.services.invitations import ProvenIdentity, Standing
from consult.sign_in.passkeys import KIND
from tests.support.consultations import NOW, SLUG
from tests.support.people import (
    ADMIN,
    ISSUER,
    LATER,
    OFFICER,
    OTHER_ADMIN,
    accept,
    account,
    desk,
    invite,
    make,
    sets_roles,
    told,
)

# Invitations


def test_an_invitation_makes_an_account_with_what_it_offers(world):
    workspace = desk(world)
    make(world, ADMIN, "admin")
    token = invite(
        world, "New@Council.example.org", roles=["viewer"], memberships=[(workspace.id, "officer")]
    )
    assert accept(world, token) == "new@council.example.org"
    made = account(world, "new@council.example.org")
    assert access.roles_everywhere(made) == {"viewer"}
    assert access.roles_in(made, workspace.id) == {"viewer", "officer"}
    assert (made.name, made.language, made.password) == ("New Person", "ur", "a hash")
    [(actor, _, details)] = told(world, "invitation made")
    assert (actor, details) == (ADMIN, {"roles": ["viewer"], "consultations": {SLUG: ["officer"]}})
    [(actor, _, details)] = told(world, "invitation accepted")
    assert (actor, details["invited_by"]) == ("new@council.example.org", ADMIN)


def test_the_database_holds_no_link(world):
    make(world, ADMIN, "admin")
    token = invite(world)
    assert len(token) >= 43
    assert token not in world.everything()


def test_a_link_works_once_even_for_two_at_once(world):
    make(world, ADMIN, "admin")
    token = invite(world)

    def act(session):
        try:
            invitations.accept_anew(
                session, token, name="N", language="en", password_hash="h", now=LATER
            )
        except invitations.InvitationOver as over:
            return over.standing
        return "made"

    assert sorted(world.at_once(act, people=3)) == [Standing.ACCEPTED, Standing.ACCEPTED, "made"]
    assert world.count("account") == 2


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)]
)
def test_a_link_works_for_seven_days(world, after, works):
    make(world, ADMIN, "admin")
    token = invite(world)
    if works:
        accept(world, token, now=NOW + after)
        return
    with pytest.raises(invitations.InvitationOver) as over:
        accept(world, token, now=NOW + after)
    assert over.value.standing is Standing.EXPIRED
    assert world.count("account") == 1


def test_a_withdrawn_link_works_no_more(world):
    make(world, ADMIN, "admin")
    token = invite(world)
    found = invitations.find(world.session, token).id
    for _twice in range(2):
        with unit_of_work(world.session):
            invitations.revoke(world.session, found, actor=ADMIN, now=LATER)
    with pytest.raises(invitations.InvitationOver) as over:
        accept(world, token)
    assert over.value.standing is Standing.REVOKED
    assert len(told(world, "invitation withdrawn")) == 1
    with pytest.raises(invitations.NoSuchInvitation), unit_of_work(world.session):
        invitations.revoke(world.session, uuid4(), actor=ADMIN, now=LATER)


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "x" * 5000])
def test_a_link_that_was_never_made_leads_nowhere(world, token):
    with pytest.raises(invitations.NoSuchInvitation):
        invitations.find(world.session, token)
    with pytest.raises(invitations.NoSuchInvitation):
        accept(world, token)


@pytest.mark.parametrize("what", ["closed", "no admin any more", "gone"])
def test_a_link_of_somebody_who_may_not_invite_any_more_is_void(world, what):
    make(world, OTHER_ADMIN, "admin")
    one = make(world, ADMIN, "admin")
    token = invite(world)
    with unit_of_work(world.session):
        if what == "closed":
            account_changes.deactivate(world.session, one, actor="test", now=NOW)
        elif what == "gone":
            world.session.delete(accounts.get(world.session, one))
        else:
            sets_roles(one, ["officer"], ["admin"])(world.session)
    with pytest.raises(invitations.InvitationOver) as over:
        accept(world, token)
    assert over.value.standing is Standing.VOID


def test_only_admins_invite_and_only_where_they_are_admins(world):
    workspace = desk(world)
    make(world, OFFICER, "officer", "viewer", memberships=[(workspace.id, "admin")])
    for refused in (
        {"roles": ["viewer"]},
        {"roles": ["officer"], "memberships": [(workspace.id, "viewer")]},
        {"memberships": [(uuid4(), "viewer")]},
    ):
        with pytest.raises(account_changes.NotYoursToGive):
            invite(world, by=OFFICER, **refused)
    accept(world, invite(world, by=OFFICER, memberships=[(workspace.id, "analyst")]))
    made = account(world, "new@council.example.org")
    assert access.roles_in(made, workspace.id) == {"analyst"}


def test_an_invitation_offers_something_to_an_address(world):
    make(world, ADMIN, "admin")
    with pytest.raises(invitations.NothingOffered):
        invite(world, roles=[], memberships=[])
    with pytest.raises(accounts.NotAnEmail):
        invite(world, "nobody")
    assert world.count("invitation") == 0


def test_the_command_line_may_invite_the_first_admin(world):
    accept(world, invite(world, by=None, roles=["admin"]))
    assert access.roles_everywhere(account(world, "new@council.example.org")) == {"admin"}


def test_a_consultation_that_is_gone_is_left_out(world):
    make(world, ADMIN, "admin")
    workspace = desk(world)
    token = invite(world, roles=["viewer"], memberships=[(workspace.id, "officer")])
    with unit_of_work(world.session):
        world.session.delete(workspace)
    accept(world, token)
    assert account(world, "new@council.example.org").memberships == []


def test_who_has_an_account_accepts_as_themselves_and_keeps_what_they_have(world):
    workspace = desk(world)
    make(world, ADMIN, "admin")
    make(world, OFFICER, "viewer", memberships=[(workspace.id, "partner")])
    token = invite(world, OFFICER, roles=["officer"], memberships=[(workspace.id, "analyst")])
    with pytest.raises(accounts.EmailTaken):
        accept(world, token)
    with pytest.raises(invitations.OfSomebodyElse), unit_of_work(world.session):
        invitations.accept(world.session, token, account(world, ADMIN), now=LATER)
    with unit_of_work(world.session):
        invitations.accept(world.session, token, account(world, OFFICER), now=LATER)
    kept = account(world, OFFICER)
    assert access.roles_everywhere(kept) == {"viewer", "officer"}
    assert {held.role for held in kept.memberships} == {"partner", "analyst"}
    assert kept.password == "a hash"


def test_an_account_begins_with_one_way_in(world):
    make(world, ADMIN, "admin")
    token = invite(world)
    identity = ProvenIdentity(ISSUER, "s-1")
    for wrong in ({"password_hash": None}, {"identity": identity}):
        with pytest.raises(ValueError, match="one way in"):
            accept(world, token, **wrong)
    accept(world, token, password_hash=None, identity=identity)
    made = account(world, "new@council.example.org")
    assert (made.password, made.password_set_at) == (None, None)
    assert identities.find(world.session, ISSUER, "s-1") is made


def test_waiting_invitations_are_listed_and_old_ones_removed(world):
    workspace = desk(world)
    make(world, ADMIN, "admin")
    invite(world, "one@x.org", memberships=[(workspace.id, "viewer")])
    invite(world, "two@x.org", roles=["viewer"], memberships=[(workspace.id, "viewer")], now=LATER)
    accept(world, invite(world, "three@x.org"))
    assert [each.email for each in invitations.pending(world.session)] == ["two@x.org", "one@x.org"]
    here = invitations.pending(world.session, workspace_id=workspace.id)
    assert [each.email for each in here] == ["one@x.org"]
    with unit_of_work(world.session):
        assert invitations.remove_old(world.session, now=NOW + timedelta(days=90)) == 2
    assert list(world.session.scalars(sa.select(Invitation.email))) == ["two@x.org"]


# Sign-ins at the council's provider


def bind(world, email, subject, issuer=ISSUER):
    with unit_of_work(world.session):
        identities.bind(world.session, account(world, email), issuer, subject, now=LATER)


def test_a_sign_in_belongs_to_one_account_by_issuer_and_subject(world):
    make(world, ADMIN)
    make(world, OFFICER)
    bind(world, ADMIN, "s-1")
    bind(world, ADMIN, "s-1")
    bind(world, OFFICER, "s-1", issuer="https://elsewhere.example.org")
    for email, subject in ((OFFICER, "s-1"), (ADMIN, "s-2")):
        with pytest.raises(identities.IdentityTaken):
            bind(world, email, subject)
    assert identities.find(world.session, ISSUER, "s-1") == account(world, ADMIN)
    assert identities.find(world.session, ISSUER, "S-1") is None
    assert world.count("external_identity") == 2
    assert len(told(world, "council sign-in linked")) == 2


def test_of_two_who_take_one_sign_in_at_once_one_gets_it(world):
    ids = [make(world, ADMIN), make(world, OFFICER)]

    def take(session):
        try:
            identities.bind(session, accounts.get(session, ids.pop()), ISSUER, "s-1", now=LATER)
        except identities.IdentityTaken:
            return "taken"
        return "bound"

    assert sorted(world.at_once(take, people=2)) == ["bound", "taken"]


def unbind(world, email):
    with unit_of_work(world.session):
        identities.unbind(world.session, account(world, email), ISSUER, now=LATER)


def test_the_only_way_in_is_not_let_go(world):
    only = make(world, ADMIN, password=None)
    bind(world, ADMIN, "s-1")
    with pytest.raises(identities.OnlyWayIn):
        unbind(world, ADMIN)
    with unit_of_work(world.session):
        world.session.add(passkey(only))
    unbind(world, ADMIN)
    unbind(world, ADMIN)
    assert world.session.scalar(sa.select(sa.func.count()).select_from(ExternalIdentity)) == 0
    assert len(told(world, "council sign-in unlinked")) == 1


def test_of_two_ways_in_that_go_at_once_one_stays(world):
    only = make(world, ADMIN, password=None)
    bind(world, ADMIN, "s-1")
    with unit_of_work(world.session):
        world.session.add(passkey(only))

    def remove_passkey(session):
        held = accounts.lock(session, only)
        assert identities.has_way_in(session, held, issuer=ISSUER, without_passkeys=1)
        held.webauthn.clear()
        session.flush()

    def let_sign_in_go(session):
        identities.unbind(session, accounts.get(session, only), ISSUER, now=LATER)

    with pytest.raises(identities.OnlyWayIn):
        world.meanwhile(remove_passkey, let_sign_in_go)


def test_what_is_a_way_in(world):
    only = make(world, ADMIN, password=None)
    bind(world, ADMIN, "s-1")

    def ways(**which):
        return identities.has_way_in(world.session, account(world, ADMIN), **which)

    assert ways(issuer=ISSUER)
    assert not ways(issuer=None)
    assert not ways(issuer="https://id.elsewhere.example.org")
    with unit_of_work(world.session):
        world.session.add(passkey(only))
    world.session.expire_all()
    assert ways(issuer=None)
    assert not ways(issuer=None, without_passkeys=1)
    assert ways(issuer=ISSUER, without_passkeys=1)


def test_who_has_a_password_can_let_the_sign_in_go(world):
    make(world, ADMIN)
    bind(world, ADMIN, "s-1")
    unbind(world, ADMIN)
    assert identities.find(world.session, ISSUER, "s-1") is None


def passkey(account_id):
    return Passkey(
        account_id=account_id,
        credential_id=b"phone",
        public_key=b"k",
        backup_state=False,
        device_type="single_device",
        name="Phone",
        usage=KIND,
        create_datetime=NOW,
        lastuse_datetime=NOW,
    )


def test_an_account_that_goes_takes_its_sign_in_with_it(world):
    gone = make(world, ADMIN)
    bind(world, ADMIN, "s-1")
    with world.engine.begin() as connection:
        connection.execute(sa.delete(Account).where(Account.id == gone))
    assert world.count("external_identity") == 0
