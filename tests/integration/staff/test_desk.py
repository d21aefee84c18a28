"""The desk's doors: signed in or not, which roles, which consultation."""

from tests.support.visitors import SLUG


def test_who_is_not_signed_in_is_asked_to(app, visitor):
    page = visitor.get("/en/staff/")
    assert page.path == "/en/staff/account/login"


def test_an_officer_sees_the_consultations(app, desk, hire):
    page = hire("officer").visit()
    assert "Creating a Bolder, Healthier City" in page.text
    assert "Open" in page.text


def test_a_consultation_of_others_is_not_there(app, desk, hire):
    colleague = hire(on={})
    assert "Bolder" not in colleague.visit().text
    assert colleague.visit(f"consultations/{SLUG}/").status == 404


def test_a_membership_opens_one_consultation(app, desk, hire):
    colleague = hire(on={SLUG: "viewer"})
    assert "Bolder" in colleague.visit().text
    assert colleague.visit(f"consultations/{SLUG}/").status == 200


def test_a_change_of_language_keeps_where_somebody_was_going(app, visitor):
    page = visitor.get("/en/staff/new")
    assert page.path == "/en/staff/account/login"
    assert 'href="/ur/staff/account/login?next=/en/staff/new"' in page.html


def test_a_consultation_s_page_is_there_in_every_language(app, desk, hire):
    page = hire("officer").consultation("words")
    assert f'href="/bn/staff/consultations/{SLUG}/words"' in page.html
