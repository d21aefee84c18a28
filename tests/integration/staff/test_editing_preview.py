"""What residents would see, beside the form: their own pages, framed by ours and nobody else's."""

import re

import pytest

from consult.demo.setting_up import model_case
from tests.support.editing import PARKS, on
from tests.support.visitors import SLUG, Visitor


def main_of(page):
    """The page's own matter, without addresses and tokens, which differ."""
    found = re.search(r"<main.*</main>", page.html, re.DOTALL)
    assert found is not None
    return re.sub(r'(href|action|value)="[^"]*"', "", found.group())


def policy(page):
    return page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_frame_shows_the_pages_that_residents_get(app, desk, hire, language):
    colleague = hire("officer")
    resident = Visitor(app.test_client(), language)
    for of_staff, of_resident in (
        ("section/food", "draft/food/short"),
        ("section/food?preview_depth=easy", "draft/food/easy"),
        ("section/food?preview_depth=full", "draft/food/full"),
        ("question/who", "question/who"),
        ("question/vision_agree", "question/vision_agree"),
        ("question/ward", "question/ward"),
        ("about-you/-", "about-you"),
        ("help/-", "help"),
        ("privacy/-", "privacy"),
        ("start/-", ""),
    ):
        join = "&" if "?" in of_staff else "?"
        mine = colleague.consultation(f"as-residents/{of_staff}{join}preview_in={language}")
        theirs = resident.visit(of_resident)
        assert f'<html class="govuk-template" lang="{language}"' in mine.html
        assert main_of(mine) == main_of(theirs), of_staff


def test_every_question_of_the_model_case_has_its_frame(desk, hire):
    colleague = hire("officer")
    for question in model_case().questions:
        page = colleague.consultation(f"as-residents/question/{question.key}")
        assert question.label in page.text


def test_only_the_frame_may_be_framed_and_only_its_page_holds_frames(desk, hire):
    colleague = hire("officer")
    frame = colleague.consultation("as-residents/question/who")
    assert "frame-ancestors 'self'" in policy(frame)
    assert "frame-src" not in policy(frame)
    form = colleague.consultation("question/who")
    assert "frame-src 'self'" in policy(form)
    assert "frame-ancestors 'none'" in policy(form)
    form = colleague.send("/question/who", {"minimum": "x", "add_option": "1"})
    assert "frame-src 'self'" in policy(form)
    for rest in ("questions", "dates", "population"):
        other = policy(colleague.consultation(rest))
        assert "frame-ancestors 'none'" in other
        assert "frame-src" not in other
    assert "frame-ancestors 'none'" in policy(Visitor(colleague.client).visit("question/who"))


def typed(colleague, rest, **changes):
    """Send a form's fields to the frame, as the button beside it does."""
    page = colleague.consultation(rest)
    address = re.search(r'formaction="([^"]+as-residents[^"]+)"', page.html)
    assert address is not None
    form = next(form for form in page.forms if "seen" in form.fields)
    data = {name: entries for name, entries in form.fields.items() if entries}
    return colleague.post(address.group(1).replace("&amp;", "&"), {**data, **changes})


def test_the_frame_shows_what_is_typed_and_keeps_nothing(app, desk, hire):
    colleague = hire("officer")
    page = typed(colleague, "question/life_stages", label="Typed words?", **{"option-2-label": ""})
    assert page.status == 200
    assert "Typed words?" in page.text
    assert "The years of work and study" not in page.text
    assert "frame-ancestors 'self'" in policy(page)
    page = typed(colleague, "section/food", full="## Typed heading", preview_depth="full")
    assert ">Typed heading</h2>" in page.html
    assert "Typed words" not in colleague.consultation("as-residents/start/-").text
    page = typed(colleague, "words", title="Typed title")
    assert '<h1 class="govuk-heading-xl">Typed title</h1>' in page.html
    page = typed(colleague, "contact", phone="0999 1", email="not finished")
    assert "0999 1" in page.text
    page = typed(colleague, "privacy", controller="Typed controller", **{"delete_on-day": "99"})
    assert "Typed controller" in page.text
    for rest in ("question/life_stages", "section/food", "words", "contact", "privacy"):
        page = colleague.consultation(rest)
        assert "Typed" not in page.text, rest


def test_a_text_that_is_typed_anew_is_shown_in_the_source_language(desk, hire):
    colleague = hire("officer")
    page = typed(colleague, "question/age", label="How old, really?", preview_in="ur")
    assert '<span lang="en" dir="ltr">How old, really?</span>' in page.html
    assert "16 سے 24" in page.text or "۱۶" in page.text


def test_what_is_not_saved_yet_has_its_frame_too(parks, hire):
    colleague = on(hire("officer"), PARKS)
    page = colleague.consultation("as-residents/question/-")
    assert page.status == 200
    assert "Nothing to show yet" in page.text
    page = typed(
        colleague,
        "questions/add/fields?kind=single_choice",
        label="Which bench?",
        **{"option-1-label": "The red one"},
    )
    assert "Which bench?" in page.text
    assert "The red one" in page.text
    page = typed(colleague, "sections/add", title="Trees", preview_depth="easy", easy_read="Oaks.")
    assert "Trees" in page.text
    assert "<li>Oaks.</li>" in page.html


def test_what_is_hardly_written_has_stand_ins(parks, hire):
    colleague = on(hire("officer"), PARKS)
    for name in ("start", "about-you", "help", "privacy"):
        page = colleague.consultation(f"as-residents/{name}/-")
        assert page.status == 200
        assert "[…]" in page.text, name


def test_links_in_the_frame_lead_to_frames_in_the_same_language(desk, hire):
    colleague = hire("officer", language="ur")
    page = colleague.consultation("as-residents/section/food?preview_in=pl")
    addresses = set(re.findall(r'href="([^"#][^"]*)"', page.html))
    inside = [each for each in addresses if not each.startswith("/static/")]
    assert inside
    for address in inside:
        assert address.startswith(f"/ur/staff/consultations/{SLUG}/as-residents/"), address
    others = [address for address in inside if "preview_in=pl" not in address]
    assert len(others) == 7
    assert all(colleague.get(each.replace("&amp;", "&")).status == 200 for each in inside)


def test_a_language_that_is_not_there_is_shown_in_the_source(desk, hire):
    page = hire("officer").consultation("as-residents/start/-?preview_in=xx")
    assert 'lang="en"' in page.html


def test_the_chosen_language_and_depth_stay_after_saving(desk, hire):
    colleague = hire("officer")
    colleague.consultation("section/food")
    page = colleague.send("/section/food", {"preview_in": "bn", "preview_depth": "easy"})
    assert '<option value="bn" lang="bn" selected>' in page.html
    assert "preview_in=bn&amp;preview_depth=easy" in page.html
    page = colleague.send("/section/food", {"preview_in": "x\r\nSet-Cookie: y", "title": "New"})
    assert page.status == 200


def test_a_frame_for_a_forged_form_shows_nothing(desk, hire):
    colleague = hire("officer")
    address = colleague.address(f"consultations/{SLUG}/as-residents/words/-")
    page = colleague.post(address, {"csrf_token": "forged", "title": "Planted"})
    assert page.status == 400
    assert "frame-ancestors 'none'" in policy(page)


def test_a_frame_that_is_none_is_not_found(desk, hire):
    colleague = hire("officer")
    token = colleague.visit().form("logout").fields["csrf_token"][0]
    address = colleague.address(f"consultations/{SLUG}/as-residents/nothing/-")
    assert colleague.get(address).status == 404
    assert colleague.post(address, {"csrf_token": token}).status == 404
