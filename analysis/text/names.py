"""Names of people in free text, as far as patterns can tell.

After a title, after "my son" or "my name is" and their like in eight languages, and at the end
of a letter. In scripts without capital letters only an introduction, a title that stands
before names alone, or an honorific after the name can tell a name from another word.
"""

import functools
import re
from collections.abc import Iterator

from analysis.text.function_words import FUNCTION_WORDS
from analysis.text.normalise import listed, marks

Spans = Iterator[tuple[int, int]]

_TITLE = re.compile(
    r"(?<![\w'])(?P<title>mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sir|dame|lady|cllr|councillor"
    r"|rev|reverend|imam|sheikh|father|sister|nurse|matron|midwife|pan|pani|panu|panem|panią|pana|doktor|lek|mgr"
    r"|domnul|doamna|domnului|doamnei|domnișoara|dl|dna|d-na|dhakhtar|mudane|marwo|janab|begum|uncle|auntie|aunty)"
    r"(?:(?<=mr|ms|dr|mx|dl)\.|(?<=mrs|rev|lek|mgr|dna)\.|(?<=prof|cllr|d-na)\.)? +(?=\w)",
    re.IGNORECASE,
)
_ACRONYMS = frozenset({"DNA", "DL", "PAN", "LEK"})
_SMALL_TITLES = frozenset({"mr", "mrs"})
_RELATIVES = (
    "son|daughter|husband|wife|mum|mom|dad|mother|father|brother|sister|nan|gran|grandma|grandad|granddad"
    "|grandson|granddaughter|partner|friend|neighbour|carer|uncle|aunt|auntie|aunty|gp|doctor|dentist|teacher"
    "|social worker|support worker|midwife|health visitor|consultant|nurse"
    "|child|baby|boy|girl|manager"
    "|landlord|landlady|boss|caseworker|key worker|cousin|nephew|niece"
)
_RELATION = re.compile(
    rf"(?<!\w)(?:(?:my|our|his|her|their) (?:[a-z]+ )?(?:{_RELATIVES})"
    r"|(?:mój|moja|mojego|mojej|moim|moją) (?:syn\w*|córk\w*|mąż|męż\w*|żon\w*|mam\w*"
    r"|tat\w*|brat\w*|siostr\w*"
    r"|lekar\w*|sąsiad\w*|babci\w*|dziad\w*)"
    r"|(?:fiul|fiica|soțul|sotul|soția|sotia|mama|tatăl|tata|fratele|sora|medicul|doctorul|doctorița|vecinul"
    r"|vecina|bunica|bunicul) (?:meu|mea)"
    r"|wiilkayga|wiilkeyga|gabadhayda|gabadheyda|ninkayga|ninkeyga|xaaskayga|xaaskeyga|walaalkay|walaashay"
    r"|hooyaday|aabbahay|dhakhtarkayga|dhakhtarkeyga|ask for|speak to|contact)"
    r"(?:,| called| named| is called| dr\.?)? +(?=\w)",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"(?<!\w)(?:my (?:full )?name(?:'s| is|s|:)|(?:full |first |last )?name ?:"
    r"|i am called|i'm called|signed(?: by)?:?"
    r"|nazywam się|nazywam sie|mam na imię|mam na imie|na imię mi|moje imię to|imię i nazwisko:?"
    r"|mă numesc|ma numesc|numele meu (?:este|e)|mă cheamă|ma cheama|numele:"
    r"|magacaygu (?:waa|waxaa?)|magaceygu (?:waa|waxaa?)|magacaygu|waxaa la i yiraahdaa|magaca:"
    r"|mera naam|mera nam|mera naa|mera naan|amar naa?m"
    r"|میرا (?:پورا )?نام|نام:|ਮੇਰਾ ਨਾਮ|ਮੇਰਾ ਨਾਂ|ਮੇਰਾ ਨਾਂਅ|ਨਾਮ:"
    r"|আমার নাম|আমার নামটি|নাম:|[اإ]سمي(?: هو)?|الاسم:)"
    r"[ :,-]+(?=\w)",
    re.IGNORECASE,
)
_TITLE_OTHER_SCRIPTS = re.compile(
    r"(?<!\w)(?:مسٹر|مسز|السيدة?|الآنسة|الأستاذة?|الدكتورة?|الشيخ|د\.|ਮਿਸਟਰ|ਮਿਸਿਜ਼|ਸ਼?੍ਰੀਮਤੀ|ਡਾ[.:]|মিস্টার|মিসেস|জনাবা?|ডা\.|ডাঃ)"
    r" *(?=\w)"
)
_TITLE_WITH_HONOUR = re.compile(
    r"(?<!\w)(?:ڈاکٹر|جناب|محترمہ|بیگم|کونسلر|مولانا|امام|ਡਾਕਟਰ|ਕੌਂਸਲਰ|ডাক্তার|কাউন্সিলর) +(?=\w)"
)
_HONOUR = re.compile(r" (?:صاحبہ?|نے(?!\w)|ਸਾਹਿਬ|ਸਾਹਬ|ਨੇ(?!\w)|ਜੀ(?!\w)|সাহেব|আপা|ভাই)")
_FAREWELL = re.compile(
    r"(?:\b(?:regards|sincerely|faithfully|truly|pozdrawiam|poważaniem|stimă|stima|respect)[,.!]?\s+"
    r"|\b(?:wishes|thanks|thank you|cheers|dziękuję|mulțumesc|mahadsanid)[,.!]?[ \t]*\n\s*)(?=\w)",
    re.IGNORECASE,
)
_NOT_NAMES = listed(
    """practitioner practice surgery appointment appointments receptionist reception manager clinic
    led madam sir day group team staff service services hospital health centre center council
    school nhs gp gps uk and or who available support needs care street road park house friends
    family member director chair leader important anonymous private confidential monday tuesday
    wednesday thursday friday saturday sunday january february march april june july august
    september october november december christmas easter covid english british asian african
    muslim christian sikh hindu polish somali bengali urdu pain home work life birth visit
    visits visitor associate specialist assistant call calls doctor doctors ਅਕਾਲ ਗੁਰੂ صاحب صاحبہ
    সাহেব الوزير الرئيس المدير العام doktor lekarz prezydent burmistrz primar قال قالت كان كانت
    لا يقول تقول أعطاني لم ما"""
)
_ALL_FUNCTION_WORDS = frozenset[str]().union(*FUNCTION_WORDS.values()) - {
    "ali",
    "al",
    "el",
    "de",
    "da",
    "la",
}
_NAME_PARTS = listed("""al el de da di van von bin bint ibn abu umm ur ul o ud""")
_MOST_NAME_WORDS = 3


@functools.cache
def _name_word() -> re.Pattern[str]:
    return re.compile(
        rf"[^\W\d_][\w{marks()}\u200c\u200d]{{0,39}}(?:['-][^\W\d_][\w{marks()}]{{0,39}})*"
    )


def name_spans(text: str) -> Spans:
    """Find names after a title, a relation or an introduction, and who signs.

    Spans may overlap: "my GP Dr Khan" is found by both.
    """
    for title in _TITLE.finditer(text):
        if title["title"] in _ACRONYMS:
            continue
        small = title["title"] in _SMALL_TITLES
        end = _name_end(
            text,
            title.end(),
            capital=not small,
            shouting=title["title"].isupper(),
            at_most_small=1,
        )
        if end is not None:
            yield title.start(), end
    for relation in _RELATION.finditer(text):
        end = _name_end(text, relation.end(), capital=True, shouting=False)
        if end is not None:
            yield relation.end(), end
    for introduction in _INTRODUCTION.finditer(text):
        end = _name_end(text, introduction.end(), capital=False, shouting=True)
        if end is not None:
            yield introduction.end(), end
    yield from _farewells(text)
    if not text.isascii():
        yield from _names_other_scripts(text)


def _names_other_scripts(text: str) -> Spans:
    for title in _TITLE_OTHER_SCRIPTS.finditer(text):
        end = _name_end(text, title.end(), capital=False, shouting=False, at_most=2)
        verb_or_noun = text[title.end() : title.end() + 2]
        if end is not None and verb_or_noun != "ال":
            yield title.start(), end
    for title in _TITLE_WITH_HONOUR.finditer(text):
        end = _name_end(text, title.end(), capital=False, shouting=False, at_most=2)
        if end is not None and _HONOUR.match(text, end):
            yield title.start(), end


def _farewells(text: str) -> Spans:
    """Find who signs: one to three capitalised words that end the text."""
    for farewell in _FAREWELL.finditer(text, max(0, len(text) - 200)):
        end = _name_end(text, farewell.end(), capital=True, shouting=False)
        if end is not None and not text[end:].strip(" \n\r\t.,!"):
            yield farewell.end(), end


def _name_end(
    text: str,
    start: int,
    *,
    capital: bool,
    shouting: bool,
    at_most: int = _MOST_NAME_WORDS,
    at_most_small: int = _MOST_NAME_WORDS,
) -> int | None:
    """Find where a name ends that may start here; None if no name does."""
    end: int | None = None
    position = start
    for number in range(at_most):
        word = _name_word().match(text, position)
        if word is None:
            break
        written = word.group()
        small = written.casefold()
        initial = (
            len(written) == 1 and written.isupper() and text[word.end() : word.end() + 1] == "."
        )
        if small in _NOT_NAMES or (small in _ALL_FUNCTION_WORDS and not initial):
            particle = number > 0 and small in _NAME_PARTS
            if not particle:
                break
        elif written[0].isupper():
            # "GP", "NHS" and words of a text in capitals are no names, except where a title
            # in capitals comes before.
            if len(written) > 1 and written.isupper() and not shouting:
                break
            capital = True
            end = word.end()
        elif written[0].islower():
            if capital or len(written) < 2 or number >= at_most_small:
                break
            end = word.end()
        else:
            end = word.end()
        position = word.end() + int(initial)
        if text[position : position + 1] != " " or position >= len(text):
            break
        position += 1
    return end
