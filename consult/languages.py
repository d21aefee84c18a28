"""The interface languages: their codes, native names and writing directions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language that residents can read the product in."""

    code: str
    """BCP 47 code, as in addresses and in ``lang``."""
    native_name: str
    english_name: str
    direction: str
    """``ltr`` or ``rtl``."""


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", "English", "ltr"),
        Language("ur", "اردو", "Urdu", "rtl"),
        Language("pa", "ਪੰਜਾਬੀ", "Punjabi (Gurmukhi)", "ltr"),
        Language("bn", "বাংলা", "Bengali", "ltr"),
        Language("pl", "Polski", "Polish", "ltr"),
        Language("ar", "العربية", "Arabic", "rtl"),
        Language("so", "Soomaali", "Somali", "ltr"),
        Language("ro", "Română", "Romanian", "ltr"),
    )
}
"""The languages that come with the product, in the order of the language choice."""

_RIGHT_TO_LEFT_CODES = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def direction(code: str) -> str:
    """Writing direction of a language, ``ltr`` or ``rtl``, also of one without an interface."""
    return "rtl" if code.split("-", 1)[0] in _RIGHT_TO_LEFT_CODES else "ltr"


def native_name(code: str) -> str:
    """A language's name in itself, or its code where the product does not know it."""
    return LANGUAGES[code].native_name if code in LANGUAGES else code
