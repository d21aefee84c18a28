"""The made-up people of a demonstration: they can sign in, and nobody can guess how."""

from consult.demo import sign_ins
from tests.support.visitors import NOON, Visitor, in_session


def prepare(app, folder):
    with app.test_request_context(), in_session(app) as session:
        return sign_ins.prepare(session, folder, now=NOON)


def test_each_can_sign_in(app, desk, tmp_path):
    people = prepare(app, tmp_path)
    assert len(people.emails) == 6
    officer = Visitor(app.test_client())
    officer.get("/en/staff/account/login")
    page = officer.send("login", {"email": "officer@example.org", "password": people.password})
    assert page.status == 200
    assert officer.get("/en/staff/").path == "/en/staff/"


def test_the_password_is_kept_and_is_another_elsewhere(app, tmp_path):
    first = prepare(app, tmp_path)
    assert prepare(app, tmp_path) == first
    kept = tmp_path / sign_ins.FILE
    assert kept.stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    other.mkdir()
    assert prepare(app, other).password != first.password
