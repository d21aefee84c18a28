"""Codes of languages, and what the languages are called."""

import re

from analysis.text.normalise import listed

# ISO 639-1, as of 2026: facts of the standard.
_TWO_LETTERS = listed(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy
    hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li
    ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa
    pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"""
)
_SHAPE = re.compile(r"([a-z]{2,3})(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)

# Those that residents of British cities most often write, with the three letters that hospitals
# and schools use for them (ISO 639-2).
_NAMES = """am amh Amharic|ar ara Arabic|bg bul Bulgarian|bn ben Bengali|ckb ckb Central Kurdish
    cs ces Czech|de deu German|el ell Greek|en eng English|es spa Spanish|fa fas Persian
    fr fra French|gu guj Gujarati|he heb Hebrew|hi hin Hindi|hu hun Hungarian|hy hye Armenian
    it ita Italian|ja jpn Japanese|ka kat Georgian|kn kan Kannada|ko kor Korean|ku kur Kurdish
    lt lit Lithuanian|lv lav Latvian|ml mal Malayalam|mr mar Marathi|ne nep Nepali|nl nld Dutch
    pa pan Punjabi|pl pol Polish|ps pus Pashto|pt por Portuguese|ro ron Romanian|ru rus Russian
    si sin Sinhala|sk slk Slovak|so som Somali|sq sqi Albanian|sw swa Swahili|ta tam Tamil
    te tel Telugu|th tha Thai|ti tir Tigrinya|tr tur Turkish|uk ukr Ukrainian|ur urd Urdu
    vi vie Vietnamese|yo yor Yoruba|zh zho Chinese|und und not known"""
_NAMED = {
    short: (long, name)
    for short, long, name in (entry.split(maxsplit=2) for entry in re.split(r"[|\n]", _NAMES))
}
_SHORT = {long: short for short, (long, _) in _NAMED.items()}
_SCRIPTS = {"Latn": "Latin", "Arab": "Arabic"}


def language_code(text: str) -> str | None:
    """Return a code as standards write it, or None if it names no language.

    A script and a region may follow. Of three letters (``ckb``, ``pnb``) the shape alone is
    checked: there are thousands.

    Examples
    --------
    >>> [language_code(text) for text in ("ur", "UR-latn", "pt_br", "pnb", "eng")]
    ['ur', 'ur-Latn', 'pt-BR', 'pnb', 'en']
    >>> [language_code(text) for text in ("xx", "English", "")]
    [None, None, None]
    """
    shape = _SHAPE.fullmatch(text.strip().replace("_", "-"))
    if shape is None:
        return None
    language = shape[1].lower()
    if len(language) == 2 and language not in _TWO_LETTERS:
        return None
    script, region = (shape[2] or "").title(), (shape[3] or "").upper()
    return f"{_SHORT.get(language, language)}{script}{region}"


def language_name(code: str) -> str:
    """Return what a language is called in English, or its code.

    Examples
    --------
    >>> language_name("so"), language_name("ur-Latn"), language_name("pt-BR"), language_name("fo")
    ('Somali', 'Urdu in Latin letters', 'Portuguese (BR)', 'fo')
    """
    language, _, rest = code.partition("-")
    if language not in _NAMED:
        return code
    name = _NAMED[language][1]
    if rest in _SCRIPTS:
        return f"{name} in {_SCRIPTS[rest]} letters"
    return f"{name} ({rest})" if rest else name
