"""Codes of languages as people's tables hold them."""

import pytest

from analysis.text.codes import language_code, language_name
from analysis.text.language import LANGUAGES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en", "en"),
        (" UR ", "ur"),
        ("pt_BR", "pt-BR"),
        ("ur-latn", "ur-Latn"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("es-419", "es-419"),
        ("ckb", "ckb"),
        ("pnb", "pnb"),  # Western Punjabi, of ISO 639-3 alone
        ("eng", "en"),  # as in ISO 639-2
        ("urd-PK", "ur-PK"),
        ("und", "und"),
    ],
)
def test_codes(text, code):
    assert language_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "-", "e", "xx", "zz-GB", "English", "Urdu", "en-", "en-GBR", "en GB", "اردو", "en\nur"],
)
def test_what_is_no_code(text):
    assert language_code(text) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ckb", "Central Kurdish"),
        ("bn-Latn", "Bengali in Latin letters"),
        ("pa-Arab", "Punjabi in Arabic letters"),
        ("pt-BR", "Portuguese (BR)"),
        ("und", "not known"),
        ("pnb", "pnb"),
        ("", ""),
    ],
)
def test_names(code, name):
    assert language_name(code) == name


def test_every_language_that_is_told_has_a_code_and_a_name():
    for code in LANGUAGES:
        assert language_code(code) == code
        assert language_name(code) != code
