"""Personal data in free text: found by pattern, with its place and kind, for a person to redact.

What has a form is found well: addresses of e-mail, numbers with check digits, postcodes. Names
are found only after a title or a phrase such as "my name is", and hardly at all in scripts
without capital letters; a health condition of a neighbour is not found. So these patterns help
a person who approves a quote, and never replace one.

On 8,737 answers of NHS patients, redacted before publication, 67 (0.8 in a hundred) are flagged.
All 73 findings, read one by one, are names of people that the redaction left, some cut to an
initial: so false alarms are rare. How much is missed is not known.
"""

import bisect
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from analysis.text.names import name_spans
from analysis.text.normalise import listed, marks


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data: ``text[start:end]``, of one of the :data:`KINDS`."""

    kind: str
    start: int
    end: int


KINDS = (
    "email",
    "url",
    "card",
    "national_insurance",
    "nhs_number",
    "phone",
    "postcode",
    "vehicle",
    "birth_date",
    "address",
    "name",
    "handle",
)
"""All kinds, those first that win where two overlap."""

_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Find personal data of British residents in a text of any language.

    Parameters
    ----------
    text : str
        As written. Digits of every script are read; direction marks are ignored.

    Returns
    -------
    tuple of Found
        In order of place, not overlapping. Placeholders such as ``[phone]`` are left alone.

    Notes
    -----
    Numbers are checked before they are believed: cards by the Luhn sum, NHS numbers by their
    remainder modulo 11, phone numbers by the plans of their countries (``phonenumbers``), so
    that "bus 42 to Ward 7 at 10 30" is none of them. After words that announce one ("NHS
    number", "call me on") a number with a slip of the pen is believed too.

    Examples
    --------
    >>> find_personal_data("Ring Mrs Khan on ۰۱۲۱ ۴۹۶ ۰۱۲۳")
    (Found(kind='name', start=5, end=13), Found(kind='phone', start=17, end=30))
    """
    plain = _plain(text)
    taken = _Taken([found.span() for found in _PLACEHOLDER.finditer(plain)])
    accepted: list[Found] = []
    for kind, finder in _FINDERS:
        reached = 0
        added: list[tuple[int, int]] = []
        for start, end in sorted(finder(plain), key=lambda span: (span[0], -span[1])):
            if start >= reached and taken.leaves(start, end):
                added.append((start, end))
                reached = end
        accepted += [Found(kind, start, end) for start, end in added]
        taken = taken.with_more(added)
    return tuple(sorted(accepted, key=lambda found: found.start))


class _Taken:
    """Spans that do not overlap, searched by halving: a text may hold a hundred thousand."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def leaves(self, start: int, end: int) -> bool:
        """Tell whether a span overlaps none of these."""
        before = bisect.bisect_left(self._starts, end) - 1
        return before < 0 or self._ends[before] <= start

    def with_more(self, spans: list[tuple[int, int]]) -> "_Taken":
        return _Taken(sorted([*zip(self._starts, self._ends, strict=True), *spans]))


def redact(text: str, found: Iterable[Found] | None = None) -> str:
    """Put ``[phone]``, ``[name]`` and the like in the place of personal data.

    Parameters
    ----------
    text : str
    found : iterable of Found, optional
        What a person decided to redact; by default all that :func:`find_personal_data` finds,
        and what it then still finds.

    Returns
    -------
    str
        ``redact(redact(text)) == redact(text)``.

    Raises
    ------
    ValueError
        If spans overlap or reach outside the text.

    Examples
    --------
    >>> redact("My name is Asha Patel, B12 9QH")
    'My name is [name], [postcode]'
    """
    if found is not None:
        return _replaced(text, found)
    # Redacting can bring a second finding to light; each takes away at least one character
    # that is not in a placeholder, so this ends.
    while everything := find_personal_data(text):
        text = _replaced(text, everything)
    return text


def _replaced(text: str, found: Iterable[Found]) -> str:
    parts: list[str] = []
    reached = 0
    for piece in sorted(found, key=lambda piece: piece.start):
        if not reached <= piece.start < piece.end <= len(text):
            raise ValueError(f"{piece} overlaps another or is outside a text of {len(text)}")
        parts += [text[reached : piece.start], f"[{piece.kind}]"]
        reached = piece.end
    return "".join([*parts, text[reached:]])


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNUSUAL = re.compile(rf"[^\x00-\x7f\W]|[{_DASHES}{_DIRECTIONS}]|[^\S\n ]|[’‘ʼ＠＋（）．［］]")


def _plain(text: str) -> str:
    """Give the text character by character with ASCII digits, hyphens and spaces."""
    return text if text.isascii() else _UNUSUAL.sub(_one_plain, text)


def _one_plain(found: re.Match[str]) -> str:
    return _plain_character(found.group())


@functools.lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character in _DIRECTIONS or character.isspace():
        return " "
    if character in "’‘ʼ":
        return "'"
    if (digit := unicodedata.digit(character, None)) is not None and character.isdecimal():
        return str(digit)
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return character


Spans = Iterator[tuple[int, int]]


# --- e-mail, links, handles ---------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?<![.-])"
    r"|(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at ) ?"
    r"(?:gmail|hotmail|outlook|yahoo|icloud|live|btinternet|sky|msn|aol)"
    r" ?(?:\.|\(dot\)|\[dot\]| dot ) ?(?:com|co\.uk|co dot uk|net|org)\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?<![\w@])(?:https?://|www\.)[^\s<>\"\[\]]{2,2000}(?<![.,;:!?)'۔।])"
    r"|(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|uk|info|pl|ro|pk|in|bd|so)/"
    r"[^\s<>\"\[\]]{1,2000}(?<![.,;:!?)'۔।])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@(?=\w*[A-Za-z])(?!\d)[A-Za-z0-9_]{2,30}(?![\w@])")
_NOT_HANDLES = listed("""home work the school night least all my our this that once times""")


def _emails(text: str) -> Spans:
    if "@" in text or " at " in text or "at)" in text or "at]" in text:
        for found in _EMAIL.finditer(text):
            yield found.span()


def _urls(text: str) -> Spans:
    for found in _URL.finditer(text):
        yield found.span()


def _handles(text: str) -> Spans:
    for found in _HANDLE.finditer(text):
        if found.group()[1:].lower() not in _NOT_HANDLES:
            yield found.span()


# --- numbers ------------------------------------------------------------------------------

_HAS_DIGITS = re.compile(r"\d")
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)")
# Without spaces only with a first digit that is given out, so that sums of money are spared.
_NHS = re.compile(r"(?<![\w.,+£$€])(?:\d{3}([ -])\d{3}\1\d{4}|[34679]\d{9})(?!\w)")
_SAID_NHS = re.compile(
    r"\bNHS\s*(?:number|no\.?|num|nr|#|id)?\s*(?:is|:|=|-)?\s*(\d(?:[ -]?\d){9})(?!\w)",
    re.IGNORECASE,
)
_NATIONAL_INSURANCE = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?!\w)",
    re.IGNORECASE,
)
_SAID_INSURANCE = re.compile(
    r"\b(?:NINO|NI number|NI no\.?|national insurance(?: number| no\.?)?)\s*(?:is|:|=|-)?\s*"
    r"([A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}(?:[ -]?[A-Z])?)(?!\w)",
    re.IGNORECASE,
)
# Between two digits of one number stand at most three of these.
_PHONE = re.compile(r"(?<![\w.,£$€])(?:\+|\(\+|\()?\d(?:[ ().\-/]{0,3}\d){6,16}(?!\w|[.,]\d|%)")
_SAID_PHONE = re.compile(
    r"(?:\b(?:phone|telephone|tel|mobile|mob|cell|whatsapp|call|ring|text|number|contact)\b"
    r"|\b(?:numer|telefon|tel|dzwoni\w*|num[aă]r\w*|suna\w*|lambar\w*|wac)\b"
    r"|نمبر|فون|موبائل|رقم\w*|هاتف\w*|للتواصل|جوال\w*|ਨੰਬਰ|ਫ਼?ੋਨ|ਮੋਬਾਈਲ|নম্বর|নাম্বার|ফোন|মোবাইল)"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(
    r"(?:19|20)\d\d[ ./-]+(?:19|20)\d\d"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
)


def _cards(text: str) -> Spans:
    for found in _CARD.finditer(text):
        digits = _digits(found.group())
        if digits[0] in "23456" and luhn_valid(digits):
            yield found.span()


def _nhs_numbers(text: str) -> Spans:
    for found in _SAID_NHS.finditer(text):
        yield found.span(1)
    for found in _NHS.finditer(text):
        if nhs_number_valid(found.group()) and not found.group().startswith("0"):
            yield found.span()


def _insurance_numbers(text: str) -> Spans:
    for found in _SAID_INSURANCE.finditer(text):
        yield found.span(1)
    for found in _NATIONAL_INSURANCE.finditer(text):
        yield found.span()


def _phones(text: str) -> Spans:
    for found in _PHONE.finditer(text):
        if _is_phone(found.group(), text[max(0, found.start() - 45) : found.start()]):
            yield found.span()


def _is_phone(written: str, before: str) -> bool:
    digits = _digits(written)
    if _DATE_LIKE.fullmatch(written):
        return False
    if "+" in written or digits.startswith("00"):
        return 8 <= len(digits.removeprefix("00")) <= 15
    if digits.startswith("0"):
        # Also the ranges kept for drama and numbers not yet given out.
        return 10 <= len(digits) <= 11 and digits[1] in "1235789"
    if _SAID_PHONE.search(before):
        return len(digits) <= 15
    if len(digits) == 12 and digits.startswith("44"):
        return True
    return len(digits) in {9, 10} and _valid_in_britain(digits)


def _valid_in_britain(digits: str) -> bool:
    import phonenumbers

    if len(digits) == 10 and digits.startswith("7"):
        return True
    number = phonenumbers.parse(digits, "GB")
    return phonenumbers.is_valid_number_for_region(number, "GB")


def luhn_valid(number: str) -> bool:
    """Tell whether the digits of a card number sum up as they must (Luhn, ISO/IEC 7812-1).

    Examples
    --------
    >>> luhn_valid("4111 1111 1111 1111"), luhn_valid("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(_digits(number))]
    doubled = (2 * digit for digit in digits[1::2])
    return len(digits) > 1 and (sum(digits[::2]) + sum(d - 9 * (d > 9) for d in doubled)) % 10 == 0


def nhs_number_valid(number: str) -> bool:
    """Tell whether the tenth digit of an NHS number checks the nine before it (modulus 11).

    Examples
    --------
    >>> nhs_number_valid("943 476 5919"), nhs_number_valid("943 476 5918")
    (True, False)
    """
    digits = [int(digit) for digit in _digits(number)]
    if len(digits) != 10:
        return False
    weighted = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - weighted % 11) % 11 == digits[9]


def _digits(text: str) -> str:
    return "".join(character for character in text if "0" <= character <= "9")


# --- places -------------------------------------------------------------------------------

_POSTCODE_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN"
    "|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GIR|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW"
    "|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM"
    "|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN"
    "|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(
    rf"(?<!\w)(?:{_POSTCODE_AREAS})\d[A-Z\d]?[ -]{{0,2}}"
    r"(?P<inward>\d[ABD-HJLNP-UW-Z]{2})(?!\w)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)", re.IGNORECASE)
_VEHICLE = re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z]{3}(?!\w)")


def _postcodes(text: str) -> Spans:
    for found in _POSTCODE.finditer(text):
        inward = found["inward"]
        outward = found.group()[: -len(inward)]
        # "the M6 5th junction" is no postcode; "M6 5TH" is one.
        if _ORDINAL.fullmatch(inward) and inward[1:].islower() and not outward.islower():
            continue
        yield found.span()


def _vehicles(text: str) -> Spans:
    for found in _VEHICLE.finditer(text):
        yield found.span()


_STREET = (
    "Street|Road|Avenue|Lane|Drive|Close|Crescent|Court|Place|Way|Terrace|Grove|Gardens|Square|Hill"
    "|Row|Mews|Walk|Rise|View|Parade|Croft|Green|Park|Gate|House|Tower|Towers"
)
_STREET_SHORT = "St|Rd|Ave|Av|Ln|Dr|Cl|Cres|Ct|Pl|Terr|Gdns|Sq"
_NUMBER = (
    r"(?<![\w.,£$€:/-])(?:(?:[Ff]lat|[Aa]pt|[Aa]partment|[Uu]nit|[Rr]oom) ?\d{1,4}[a-zA-Z]?,? )?"
    r"\d{1,4}[a-zA-Z]?(?:[-/]\d{1,4})?,? "
)
_ADDRESS = re.compile(
    rf"{_NUMBER}(?:[A-Z][\w'-]{{0,30}} ){{1,3}}(?:{_STREET}|(?:{_STREET_SHORT})\b\.?)(?!\w)"
)
_ADDRESS_SMALL = re.compile(
    r"(?:\b(?:at|live|lives|living|address|is|flat \d{1,4}[a-z]?,?|no\.?|number)\b:? ?)"
    r"(\d{1,4}[a-z]?(?:[-/]\d{1,4})?,? (?:[a-z'-]{3,20} ){1,2}"
    r"(?:street|road|avenue|lane|drive|close|crescent|terrace|grove|gardens|rd|ave|st))(?!\w)",
    re.IGNORECASE,
)
_ADDRESS_ABROAD = re.compile(
    r"(?<!\w)(?:ul\.|ulic[aąęy]|al\.|os\.|str\.|strada|bd\.|calea) ?"
    r"(?:[A-ZŁŚŻŹĆÎȘȚĂÂ]\w{1,30} ){1,3}"
    r"(?:nr\.? ?)?\d{1,4}[a-zA-Z]?(?:/\d{1,4})?(?!\w)"
)
_FLAT = re.compile(
    r"(?<!\w)(?:[Ff]lat|[Aa]partment) \d{1,4}[a-zA-Z]?,? "
    r"(?:[A-Z][\w'-]{1,30} ?){1,3}(?:House|Court|Tower|Point|Heights)(?!\w)"
)


@functools.cache
def _address_other_scripts() -> re.Pattern[str]:
    word = rf"[^\W\d_][\w{marks()}\u200c\u200d]{{0,30}}"
    roads = (
        "روڈ|سٹریٹ|اسٹریٹ|ایونیو|لین|کلوز|ਰੋਡ|ਸਟ੍ਰੀਟ|ਸਟਰੀਟ|ਐਵੇਨਿਊ|ਲੇਨ|রোড|স্ট্রিট|স্ট্রীট|এভিনিউ|লেন"
        "|رود|ستريت"
    )
    return re.compile(
        rf"(?<![\w.])\d{{1,4}}[a-zA-Z]?,? (?:{word} ){{1,2}}(?:{roads})(?![\w{marks()}])"
    )


_ARABIC_STREET = re.compile(
    r"(?<!\w)\d{1,4} شارع \w{2,30}(?: \w{2,30})?|شارع \w{2,30}(?: \w{2,30})? رقم \d{1,4}"
)


def _addresses(text: str) -> Spans:
    if not _HAS_DIGITS.search(text):
        return
    for pattern in (_ADDRESS, _ADDRESS_ABROAD, _FLAT):
        for found in pattern.finditer(text):
            yield found.span()
    for found in _ADDRESS_SMALL.finditer(text):
        if not _QUANTITY.search(found.group(1)):
            yield found.span(1)
    if not text.isascii():
        for pattern in (_address_other_scripts(), _ARABIC_STREET):
            for found in pattern.finditer(text):
                yield found.span()


_QUANTITY = re.compile(
    r"\b(?:mph|miles?|minutes?|mins?|hours?|years?|months?|weeks?|days?|people|cars|times"
    r"|meters|metres|the|of|main|busy|new|more|bus|buses)\b",
    re.IGNORECASE,
)


# --- dates of birth -----------------------------------------------------------------------

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
    "|ianuarie|februarie|martie|aprilie|mai|iunie|iulie|septembrie|octombrie|noiembrie|decembrie"
)
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH}),? (?:19|20)?\d\d"
    rf"|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)
_BIRTH = (
    r"\bborn(?: on| in)?|\bd\.? ?o\.? ?b\.?\b|\bdate of birth|\bbirth ?date|\bbirthday"
    r"|\burodz\w*|\bur\.|\bdata urodzenia|\bnăscut\w*|\bnascut\w*|\bdata nașterii|\bdata nasterii"
    r"|\bdhashay|\btaariikhda dhalashada|\bku dhashay|\bpaida\w*"
    r"|پیدائش|پیدا ہو\w*|ولدت|مواليد|تاريخ الميلاد|تاريخ ميلادي|ਜਨਮ|জন্ম"
)
_BIRTH_DATE = re.compile(rf"(?:{_BIRTH})[^\d\n]{{0,25}}({_DATE})(?!\w)", re.IGNORECASE)
_BORN_AFTER = re.compile(
    rf"(?<!\w)({_DATE})[^\d\n]{{0,12}}(?:کو پیدا|میں پیدا|ਨੂੰ ਜਨਮ|তারিখে জন্ম|পয়দা)"
)


def _birth_dates(text: str) -> Spans:
    if not _HAS_DIGITS.search(text):
        return
    for pattern in (_BIRTH_DATE, _BORN_AFTER):
        for found in pattern.finditer(text):
            yield found.span(1)


_FINDERS: tuple[tuple[str, Callable[[str], Spans]], ...] = (
    ("email", _emails),
    ("url", _urls),
    ("card", _cards),
    ("national_insurance", _insurance_numbers),
    ("nhs_number", _nhs_numbers),
    ("birth_date", _birth_dates),
    ("phone", _phones),
    ("postcode", _postcodes),
    ("vehicle", _vehicles),
    ("address", _addresses),
    ("name", name_spans),
    ("handle", _handles),
)
