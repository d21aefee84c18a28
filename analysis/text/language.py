"""Which language a text is in, and whether that is certain.

Script decides what script can decide. Within the Latin, Arabic, Cyrillic and Devanagari scripts
py3langid [1]_ chooses among the languages that residents of British cities write. It was
trained on long text: of single words it knows little ("پارکنگ" is Pashto to it, Roman Urdu is
Tagalog), so that the language of the form that the text came in wins on short text, unless the
text holds letters which that language does not write.

Measured on SIB-200, all 800 sentences in each of 14 languages, py3langid 0.4.0, in right
answers per hundred; "own" is a form in the writer's language, "English" an English form that
the others answered in theirs:

===========  =======  ======  =====  =====  =====  =====  =====  =====  =====  =====  =====
text         form     all 14  ar     bn     en     fa     pa     pl     ro     so     ur
===========  =======  ======  =====  =====  =====  =====  =====  =====  =====  =====  =====
sentence     none     100.0   100.0  100.0  100.0  100.0  100.0  100.0  100.0  100.0  100.0
sentence     English  100.0   100.0  100.0  100.0  100.0  100.0  100.0  100.0  100.0  100.0
five words   none      98.8    99.9  100.0   98.1   98.0  100.0   99.1   98.9   99.6   99.4
five words   own       99.8   100.0  100.0   99.9   99.9  100.0   99.8  100.0  100.0   99.8
five words   English   98.3    99.9  100.0   99.9   98.0  100.0   99.1   97.4   99.5   99.4
one word     none      64.5    92.9   95.5   98.2   58.5   95.5   48.5   44.6   60.0   81.1
one word     own       99.5   100.0   99.4  100.0   98.4   98.6   99.9   99.9   99.6   99.0
one word     English   59.4    92.9   95.5  100.0   58.5   95.5   38.8   23.4   37.9   81.1
===========  =======  ======  =====  =====  =====  =====  =====  =====  =====  =====  =====

Of the answers called certain (99, 89 to 96 and 31 to 37 in a hundred of the three lengths) at
least 99.8 in a hundred are right, whatever the form. No sentence, and at most one of the 11,200
beginnings of five words, is taken for Urdu, Punjabi or Bengali in other letters. Tigrinya,
Sorani, Pashto and the Roman spellings were tried on single sentences only: how well they are
told is not known.

References
----------
.. [1] Lui and Baldwin (2012). langid.py: An off-the-shelf language identification tool.
       Proceedings of the ACL 2012 System Demonstrations, 25-30.
"""

import functools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.text.function_words import FUNCTION_WORDS, tokens
from analysis.text.normalise import listed, normalise

UNKNOWN = "und"
"""BCP 47 code of a text whose language nothing tells."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The language of a text.

    Attributes
    ----------
    language : str
        BCP 47 code, such as ``pl`` or ``ur-Latn``; ``und`` if nothing tells it.
    certain : bool
        False where a person should not rely on it: short text, close relatives, Urdu,
        Punjabi or Bengali in Latin letters, mixed scripts.
    script : str
        ISO 15924 code of the script of most letters; ``Zyyy`` without letters.
    note : str or None
        Why it is not certain, or what decided, in a few English words.
    """

    language: str
    certain: bool
    script: str
    note: str | None = None


_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("Latn", "A-Za-zªºÀ-ÖØ-öø-ɏɐ-ʯḀ-ỿꜢ-ꞿＡ-Ｚａ-ｚ"),
    (
        "Arab",
        "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
        "\ufb50-\ufdff\ufe70-\ufefc",
    ),
    ("Guru", "\u0a01-\u0a51\u0a59-\u0a5e\u0a70-\u0a75"),
    ("Beng", "\u0980-\u09e3\u09f0\u09f1"),
    ("Deva", "\u0900-\u0963\u0971-\u097f"),
    ("Gujr", "\u0a81-\u0ae3"),
    ("Taml", "\u0b82-\u0bd7"),
    ("Telu", "\u0c00-\u0c63"),
    ("Knda", "\u0c80-\u0ce3"),
    ("Mlym", "\u0d00-\u0d63"),
    ("Sinh", "\u0d81-\u0df3"),
    ("Thai", "\u0e01-\u0e3a\u0e40-\u0e4e"),
    ("Ethi", "\u1200-\u135a\u1380-\u138f\u2d80-\u2dde\uab01-\uab2e"),
    ("Cyrl", "\u0400-\u052f"),
    ("Grek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("Hebr", "\u05d0-\u05f2"),
    ("Armn", "\u0531-\u0587"),
    ("Geor", "\u10a0-\u10ff\u1c90-\u1cbf"),
    ("Hang", "\u1100-\u11ff\uac00-\ud7a3"),
    ("Kana", "\u3041-\u30fa\u31f0-\u31ff"),
    ("Hani", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"),
)
_RUN_OF_SCRIPT = tuple((code, re.compile(f"[{letters}]+")) for code, letters in _SCRIPTS)

_ONE_LANGUAGE = {
    "Guru": "pa", "Beng": "bn", "Gujr": "gu", "Taml": "ta", "Telu": "te", "Knda": "kn",
    "Mlym": "ml", "Sinh": "si", "Thai": "th", "Grek": "el", "Hebr": "he", "Armn": "hy",
    "Geor": "ka", "Hang": "ko", "Kana": "ja", "Hani": "zh",
}  # fmt: skip
_AMONG = {
    "Latn": (
        "en", "pl", "so", "ro", "ku", "tr", "fr", "es", "pt", "it", "de", "vi", "lt", "lv", "sk",
        "cs", "hu", "sq", "nl", "sw", "yo",
    ),
    "Arab": ("ar", "ur", "fa", "ps"),
    "Cyrl": ("ru", "uk", "bg"),
    "Deva": ("hi", "ne", "mr"),
}  # fmt: skip
LANGUAGES = frozenset(
    {*_ONE_LANGUAGE.values(), *(code for codes in _AMONG.values() for code in codes)}
    | {"am", "ti", "ckb", "pa-Arab", "ur-Latn", "pa-Latn", "bn-Latn"}
)
"""All codes that :func:`identify` can find without a hint."""

# Languages outside those sets that a form may still be in: told by the hint, never guessed.
_OTHER_SCRIPTS_OF = {
    "ckb": "Arab", "sd": "Arab", "ug": "Arab", "am": "Ethi", "ti": "Ethi", "as": "Beng",
    "yue": "Hani", "yi": "Hebr", "sr": "Cyrl", "mk": "Cyrl", "be": "Cyrl",
}  # fmt: skip

_LONGEST_READ = 2000
_LONGEST_IDENTIFIED = 600
_SHORT = 4
# How many times likelier than the form's language another one must be to win.
_HINT_LEAD = 12.0
_HINT_LEAD_SHORT = 100.0
_HINT_LEAD_ARABIC = 3.0
_WEIGHT_WITHOUT_LETTERS = {"ps": 0.2, "ur": 2.0}
_CERTAIN = 0.9
_WITHOUT_OWN_LETTERS = 12
_CERTAIN_WITH_HINT = 0.3
_MIXED_SHARE = 0.35

# Letters that one language of the Arabic script writes and its neighbours do not.
_ARABIC_SCRIPT_LETTERS = (
    ("ug", re.compile("[ۇۈۋڭ]")),
    ("ckb", re.compile("[ەڕڵۆێڤ]")),
    ("sd", re.compile("[ڄڃٻڀٺٽڏڌڊڙڦڪڳڱڻ]")),
    ("ps", re.compile("[ټډړږښګڼېۍځڅ]")),
    ("ur", re.compile("[ٹڈڑےںہھۂۓ]")),
)
_ARABIC_ONLY = re.compile("[\u0629\u0623\u0625\u064a\u0643\u0649\u0624]")
_PERSIAN_ONLY = re.compile("[پچژگ\u06a9\u06cc]")
_SHAHMUKHI = listed(
    """دا دی دے نوں وچ وچوں نال توں تے اے نیں سی ساڈا ساڈی ساڈے سانوں مینوں تہاڈا تہاڈے تسی تسیں
    اسی اسیں ایہ اوہ ایہہ کیہ کتھے کیویں جیویں ہُن ہن لئی ول کول چاہیدا چاہیدی چاہیدے ہوندا
    ہوندی کردا کردی کردے جاندا جاندی"""
)

_TIGRINYA = re.compile("[ቐ-ቝኣ]")
_AMHARIC = re.compile("[አ]")
_TIGRINYA_WORDS = listed(
    """እዩ እያ እዮም ናይ ኣብ ካብ ምስ ድማ ከም እቲ እታ እዚ እዛ ነቲ ነዚ ኣለዎ ኣሎ የለን ኣይኮነን ብዙሕ ግን ንሕና ኣነ"""
)
_AMHARIC_WORDS = listed("""ነው ናቸው ውስጥ ላይ እና ይህ ግን አለ የለም ወደ እኛ እኔ ብዙ አይደለም ነበር ስለ ጋር ደግሞ""")

_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_ALPHABETS: Mapping[str, frozenset[str]] = {
    # With the accents of borrowed words, such as "café" and "naïve".
    "en": _ASCII_LETTERS | frozenset("àâçéèêëïîñôöûü"),
    "so": _ASCII_LETTERS,
    "pl": _ASCII_LETTERS | frozenset("ąćęłńóśźżé"),
    "ro": _ASCII_LETTERS | frozenset("ăâîșțşţéà"),
    "ku": _ASCII_LETTERS | frozenset("çêîşûẍḧ"),
    "tr": _ASCII_LETTERS | frozenset("çğıöşüâîûi̇"),
    "fr": _ASCII_LETTERS | frozenset("àâæçéèêëîïôœùûüÿ"),
    "es": _ASCII_LETTERS | frozenset("áéíóúüñªº"),
    "pt": _ASCII_LETTERS | frozenset("áâãàçéêíóôõúüªº"),
    "it": _ASCII_LETTERS | frozenset("àèéìíîòóùú"),
    "de": _ASCII_LETTERS | frozenset("äöüßéè"),
    "lt": _ASCII_LETTERS | frozenset("ąčęėįšųūž"),
    "lv": _ASCII_LETTERS | frozenset("āčēģīķļņšūž"),
    "sk": _ASCII_LETTERS | frozenset("áäčďéíĺľňóôŕšťúýž"),
    "hu": _ASCII_LETTERS | frozenset("áéíóöőúüű"),
    "sq": _ASCII_LETTERS | frozenset("çë"),
}

# Of the Roman function words, those that the other languages of the Latin script lack. Two
# different ones are asked for, or one that nothing else explains in a form in that language.
_ROMAN_SIGNS: Mapping[str, frozenset[str]] = {
    "ur-Latn": listed(
        """hai hain nahi nahin mein aur kya kyun kyu lekin lekan chahiye chahye chahie chaiye bohat
        bohot bahut boht buhat mujhe hamara hamari hamare hamein humein tumhara aap apka apki
        aapka aapki apna apni yeh woh wo usko isko unka unki unke iska iski iske uska uski kuch
        koi bhi raha rahi rahe hota hoti hote hona hoga hogi karna karne karta karti karte
        karein karen kiya gaya gayi jata jati jate sakta sakti sakte liye saath pehle baad wala
        wali wale zyada ziada kab kahan kaise kitna kitni yahan wahan abhi kabhi agar magar
        taake tha thi hum sirf haan diya hua hui hue jaye dena"""
    ),
    "pa-Latn": listed(
        """nu vich wich sada sadi sade saddi sadde sanu mainu menu tuhada tuhadi tuhade tuhanu tusi
        tusin asi asin chahida chahidi chahide kujh kuj naal kol kolon layi hunda hundi hunde
        karda kardi karde janda jandi jande sakda sakdi sakde ehna ohna ithe itthe othe utthe
        kithe kitthe kidan kidda kiven jiven kado kadon jado jadon hun jehra jehri jehre bahut
        bohat nahi nai hai aa vaste gaya gayi kita kitta dinda dindi dinde bare bina hega hegi"""
    ),
    "bn-Latn": listed(
        """ami amar amake amra amader tomar tumi apni apnar apnara apnader tader keno kothay kemon
        jonno jonne theke shathe niye diye moddhe ekhane ekhon tokhon jokhon kintu othoba ebong
        hoye hobe hole hocche hoyeche ache achi chilo thake thaka korte kore korbe korben korun
        kora korche koren pari paren pare onek khub kichu keu shobai sobai ekta ektu abar dorkar
        chai nai lagbe uchit dhore bhalo valo"""
    ),
}
_ROMAN_BASE = {"ur-Latn": "ur", "pa-Latn": "pa", "bn-Latn": "bn"}
_ROMAN_NOTES = {
    "ur-Latn": "Urdu (or Hindi) in Latin letters, by its function words",
    "pa-Latn": "Punjabi in Latin letters, by its function words",
    "bn-Latn": "Bengali or Sylheti in Latin letters, by its function words",
}
_ROMAN_SHARE = 0.3


def identify(text: str, hint: str | None = None) -> Identified:
    """Tell the language of a text.

    Parameters
    ----------
    text : str
        At most its first 2,000 characters are read.
    hint : str, optional
        Language of the form that the text came in, as a BCP 47 code. It wins on fewer than
        four words unless the letters or the identifier speak strongly against it, and decides
        close calls on longer text. A code that nothing here knows is not used.

    Returns
    -------
    Identified

    Examples
    --------
    >>> identify("پارکنگ", "ur").language
    'ur'
    >>> identify("ਪਾਰਕਿੰਗ")
    Identified(language='pa', certain=True, script='Guru', note=None)
    >>> found = identify("Hamare ilaqe mein parking nahi hai")
    >>> found.language, found.certain
    ('ur-Latn', False)
    """
    read = normalise(text[:_LONGEST_READ])
    hinted = _known(hint)
    script, mixed = _script(read)
    if script == "Zyyy":
        return Identified(hinted or UNKNOWN, False, script, "no letters")
    words = tokens(read, None)
    if script == "Latn":
        found = _latin(read, words, hinted)
    elif script == "Arab":
        found = _arabic_script(read, words, hinted)
    elif script == "Ethi":
        found = _ethiopic(read, words, hinted)
    elif script in _AMONG:
        found = _by_identifier(read, len(words), script, hinted)
    elif script in _ONE_LANGUAGE:
        same_script = hinted is not None and _OTHER_SCRIPTS_OF.get(hinted) == script
        language = hinted if same_script and hinted is not None else _ONE_LANGUAGE[script]
        found = Identified(language, True, script)
    else:
        found = Identified(hinted or UNKNOWN, False, script, "a script that is not known here")
    if mixed and found.certain:
        return Identified(found.language, False, script, "scripts are mixed")
    return found


def _script(text: str) -> tuple[str, bool]:
    """Find the script that tells most, and whether another one holds much of the text."""
    counts: dict[str, int] = {}
    if text.isascii():
        return ("Latn" if any(map(str.isalpha, text)) else "Zyyy"), False
    for code, run in _RUN_OF_SCRIPT:
        letters = sum(len(found) for found in run.findall(text))
        if letters:
            counts[code] = letters
    if not counts:
        return ("Zzzz" if any(map(str.isalpha, text)) else "Zyyy"), False
    total = sum(counts.values())
    if counts.get("Kana", 0) * 10 > counts.get("Kana", 0) + counts.get("Hani", 0):
        counts["Kana"] += counts.pop("Hani", 0)
    # English words stand in the texts of every language, seldom the other way round.
    others = {code: n for code, n in counts.items() if code != "Latn"}
    most = max(others, key=lambda code: others[code], default="Latn")
    script = most if others and others[most] >= _MIXED_SHARE * total else "Latn"
    if script not in counts:
        script = most
    return script, counts[script] < 0.8 * total


def _known(hint: str | None) -> str | None:
    if not hint:
        return None
    base = hint.replace("_", "-").split("-")[0].lower()
    if base in _OTHER_SCRIPTS_OF or base in LANGUAGES:
        return base
    return base if base in _labels() else None


def _latin(text: str, words: list[str], hint: str | None) -> Identified:
    roman = _roman(words, hint)
    if roman is not None:
        return Identified(roman, False, "Latn", _ROMAN_NOTES[roman])
    return _by_identifier(text, len(words), "Latn", hint)


def _roman(words: list[str], hint: str | None) -> str | None:
    """Recognise Urdu, Punjabi or Bengali in Latin letters by their function words."""
    best: tuple[int, int, str] | None = None
    for language, signs in _ROMAN_SIGNS.items():
        seen = Counter(word for word in words if word in signs)
        all_known = sum(word in FUNCTION_WORDS[language] or word in signs for word in words)
        own_form = hint == _ROMAN_BASE[language]
        enough = len(seen) >= 2 or (own_form and len(seen) >= 1)
        if not enough or all_known < _ROMAN_SHARE * len(words):
            continue
        score = (seen.total() + int(own_form), all_known, language)
        if best is None or score > best:
            best = score
    return None if best is None else best[2]


def _by_identifier(text: str, n_words: int, script: str, hint: str | None) -> Identified:
    candidates = set(_AMONG[script])
    if hint is not None and hint in _labels() and _writes(hint, script):
        candidates.add(hint)
    shares = _shares(text, candidates)
    best = max(shares, key=lambda code: (shares[code], code))
    short = n_words < _SHORT
    if hint in shares and not _foreign_letters(text, hint):
        lead = _HINT_LEAD_SHORT if short else _HINT_LEAD
        if shares[hint] * lead >= shares[best]:
            if not short and shares[hint] >= _CERTAIN_WITH_HINT:
                return Identified(hint, True, script)
            note = "too short to tell" if short else "close call"
            return Identified(hint, False, script, f"{note}: the form's language")
    elif script == "Latn" and hint not in shares and short and shares[best] < _CERTAIN:
        # Without a form's language, or in the form of one with other letters: English is
        # what most people in Britain also write.
        known = any(word in FUNCTION_WORDS["en"] for word in tokens(text, "en"))
        likely = known or shares["en"] * _HINT_LEAD >= shares[best]
        if likely and not _foreign_letters(text, "en"):
            best = "en"
    if short and shares[best] < _CERTAIN:
        return Identified(best, False, script, "too short to tell")
    if shares[best] < _CERTAIN:
        return Identified(best, False, script, "close call")
    return Identified(best, True, script)


def _writes(hint: str, script: str) -> bool:
    if hint in _AMONG[script]:
        return True
    elsewhere = hint in _ONE_LANGUAGE.values() or hint in _OTHER_SCRIPTS_OF
    return script == "Latn" and not elsewhere and not any(hint in v for v in _AMONG.values())


def _foreign_letters(text: str, language: str) -> bool:
    alphabet = _ALPHABETS.get(language)
    return alphabet is not None and any(
        character.isalpha() and character not in alphabet for character in text.casefold()
    )


def _arabic_script(text: str, words: list[str], hint: str | None) -> Identified:
    short = len(words) < _SHORT
    counts = {code: len(found.findall(text)) for code, found in _ARABIC_SCRIPT_LETTERS}
    best = max(counts, key=lambda code: counts[code])
    if counts[best]:
        if best == "ur":
            best = _urdu_or_punjabi(words)
        certain = counts[best.replace("pa-Arab", "ur")] >= 2 or not short
        if best == "pa-Arab":
            return Identified(best, False, "Arab", "Punjabi in Arabic letters, by function words")
        return Identified(best, certain, "Arab", None if certain else "by one letter")
    arabic = len(_ARABIC_ONLY.findall(text))
    persian = len(_PERSIAN_ONLY.findall(text))
    candidates = {"ar"} if arabic and not persian else set(_AMONG["Arab"])
    if hint is not None and _OTHER_SCRIPTS_OF.get(hint) == "Arab" and short:
        return Identified(hint, False, "Arab", "too short to tell: the form's language")
    if hint == "ku" and short:
        return Identified("ckb", False, "Arab", "too short to tell: the form's language")
    if persian and not arabic:
        candidates.discard("ar")
    if len(words) >= _WITHOUT_OWN_LETTERS:
        # So many words of Urdu or Pashto without one letter of their own do not happen.
        candidates -= {"ur", "ps"}
    if len(candidates) == 1:
        return Identified(candidates.pop(), not short or arabic > 0, "Arab")
    shares = _shares(text, candidates)
    # Pashto without a letter of its own is rare, and Urdu is what most here write.
    weighed = {
        code: share * _WEIGHT_WITHOUT_LETTERS.get(code, 1.0) for code, share in shares.items()
    }
    best = max(weighed, key=lambda code: (weighed[code], code))
    hinted = "ur" if hint == "pa" else hint
    lead = _HINT_LEAD_SHORT if short else _HINT_LEAD_ARABIC
    if hinted in shares and shares[hinted] * lead >= max(shares.values()):
        best = hinted
        if short:
            return Identified(best, False, "Arab", "too short to tell: the form's language")
    certain = not short and shares[best] >= _CERTAIN
    return Identified(best, certain, "Arab", None if certain else "close call")


def _urdu_or_punjabi(words: list[str]) -> str:
    punjabi = {word for word in words if word in _SHAHMUKHI and word not in FUNCTION_WORDS["ur"]}
    urdu = {word for word in words if word in FUNCTION_WORDS["ur"] and word not in _SHAHMUKHI}
    return "pa-Arab" if len(punjabi) >= 2 and len(punjabi) > len(urdu) else "ur"


def _ethiopic(text: str, words: list[str], hint: str | None) -> Identified:
    tigrinya = len(_TIGRINYA.findall(text)) + 2 * sum(word in _TIGRINYA_WORDS for word in words)
    amharic = len(_AMHARIC.findall(text)) + 2 * sum(word in _AMHARIC_WORDS for word in words)
    if tigrinya != amharic:
        certain = len(words) >= _SHORT and abs(tigrinya - amharic) >= 2
        note = None if certain else "few letters tell Tigrinya from Amharic"
        return Identified("ti" if tigrinya > amharic else "am", certain, "Ethi", note)
    language = hint if hint in {"am", "ti"} else "am"
    return Identified(language, False, "Ethi", "nothing tells Tigrinya from Amharic")


@functools.cache
def _identifier() -> Any:
    # Takes one to three seconds, once: the model is compressed.
    from py3langid.langid import (  # type: ignore[import-untyped]
        MODEL_FILE,
        LanguageIdentifier,
    )

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@functools.cache
def _labels() -> frozenset[str]:
    return frozenset(_identifier().labels)


_NO_SHARE = 1e-9


def _shares(text: str, candidates: set[str]) -> dict[str, float]:
    """Give what the identifier holds likely, of the candidates alone; sums to one."""
    ranked = {
        code: max(share, _NO_SHARE)
        for code, share in _identifier().rank(text[:_LONGEST_IDENTIFIED])
        if code in candidates
    }
    total = sum(ranked.values())
    return {code: share / total for code, share in ranked.items()}
