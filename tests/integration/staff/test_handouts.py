"""Posters and leaflets: each in its own language, with the way in."""

import pytest

from tests.support.visitors import SLUG


@pytest.mark.parametrize("kind", ["poster", "leaflet"])
@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ur", "rtl"), ("bn", "ltr"), ("ar", "rtl")]
)
def test_a_sheet_is_all_in_its_language(app, desk, hire, model_document, kind, language, direction):
    page = hire("viewer").consultation(f"handouts/{kind}/{language}")
    title = (model_document.translations.get(language) or {"title": model_document.title})["title"]
    assert f'lang="{language}" dir="{direction}"' in page.html
    assert title in page.text
    assert f"localhost/c/{SLUG}" in page.text
    assert "consult-qr" in page.html
    assert ("Tell us what you think" in page.text) == (language == "en")


def test_every_language_has_its_sheets(app, desk, hire, model_document):
    page = hire("officer").consultation("handouts")
    for language in model_document.languages:
        assert f"handouts/poster/{language}" in page.html
        assert f"handouts/leaflet/{language}" in page.html


@pytest.mark.parametrize("rest", ["handouts/banner/en", "handouts/poster/fr"])
def test_other_sheets_do_not_exist(app, desk, hire, rest):
    assert hire("officer").consultation(rest).status == 404


def test_what_is_not_translated_is_said(app, hire):
    officer = hire("officer")
    officer.visit("new")
    officer.send("/new", {"kind": "model", "title": "Our own plan"})
    officer.slug = "our-own-plan"
    assert "The title is not translated yet." in officer.consultation("handouts").text
