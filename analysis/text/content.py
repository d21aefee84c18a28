"""Does an answer say anything? "N/A", "no comment", "-" and the like are counted, not themed.

Only whole answers are looked at: "nothing" says nothing, "nothing could be better" does.
"Parking" and "no parks" are answers, and so is everything that the lists do not name.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from analysis.text.normalise import comparison_key, normalise


class ContentStatus(StrEnum):
    """What the content gate says of an answer."""

    CONTENT = "content"
    NO_CONTENT = "no_content"
    """Blank, only marks, numbers or emoji, or one of the ways to say nothing."""
    UNCLEAR = "unclear"
    """Agrees or disagrees without a topic: "yes", "ok", "agree". It has a stance but can
    be of no theme."""


# A line each, as people write them; punctuation, case and apostrophes are taken out of both.
_NOTHING: dict[str, str] = {
    "en": """
        n/a|na|n.a|nil|null|no|none|nope|nothing|not applicable|non applicable|does not apply
        no comment|no comments|no answer|no opinion|no view|no views|no idea|no ideas|no reply
        no response|no suggestions|no suggestion|no preference|no issues to raise|no feedback
        don't know|dont know|do not know|i don't know|i do not know|dunno|dk|idk|not sure|unsure
        i'm not sure|not really|no not really|not at the moment|not at this time|not at present
        not now|not yet|not today|nothing new to add|nothing really|prefer not to say
        rather not say|pass|skip|blank|left blank|as above|see above|same as above
        the same as above|as before|as previous|as previously stated|same|same again|same answer
        same as before|same as previous|same as last|same as previous answer|ditto|see previous
        see previous answer|see previous answers|see previous comment|see previous comments
        see my previous answer|see my previous comments|see my other answer|see my other answers
        see other answer|see my answer above|see answer above|see comments above|see earlier
        see below|as stated above|as stated|as already stated|as i said above|as said above
        already said|already answered|answered above|refer to above|see earlier answer
        see earlier comments|that's all|thats it|that is all|that's everything
        can't think of anything|cannot think of anything|can't think of any|can't think
        nothing comes to mind|nothing springs to mind|nothing i can think of
        nothing that i can think of|none that i can think of|none i can think of
        not that i can think of|i have nothing to add|i have no comment|i have no comments
        i have no further comments|i have nothing else to add|i have nothing to say
        i don't have any|test|testing|test test|asdf|asdfgh|qwerty|xxx|xx|abc|blah|blah blah
        hello|hi""",
    "ur": """
        کچھ نہیں|کچھ بھی نہیں|کوئی نہیں|نہیں|جی نہیں|کوئی رائے نہیں|کوئی بات نہیں
        کوئی تبصرہ نہیں|تبصرہ نہیں|معلوم نہیں|پتہ نہیں|پتا نہیں|مجھے نہیں معلوم|مجھے نہیں پتہ
        نہیں معلوم|نہیں پتہ|لاگو نہیں|لاگو نہیں ہوتا|قابل اطلاق نہیں|اوپر والا|اوپر جیسا
        اوپر دیکھیں|جیسا اوپر لکھا|وہی جو اوپر|ایضاً|ایضا|وہی|پہلے والا|مزید کچھ نہیں
        اور کچھ نہیں|کوئی جواب نہیں|کچھ نہیں کہنا|کہنے کو کچھ نہیں|اور کوئی بات نہیں
        کوئی تجویز نہیں|یقین نہیں|کچھ خاص نہیں""",
    "ur-Latn": """
        kuch nahi|kuch nahin|kuch bhi nahi|koi nahi|koi nahin|nahi|nahin|ji nahi|koi rai nahi
        koi baat nahi|pata nahi|pata nahin|maloom nahi|malum nahi|mujhe nahi pata|aur kuch nahi
        kuch khas nahi|wohi jo upar|upar wala""",
    "pa": """
        ਕੁਝ ਨਹੀਂ|ਕੁੱਝ ਨਹੀਂ|ਕੁਝ ਵੀ ਨਹੀਂ|ਕੋਈ ਨਹੀਂ|ਨਹੀਂ|ਨਹੀਂ ਜੀ|ਜੀ ਨਹੀਂ|ਨਾ|ਕੋਈ ਟਿੱਪਣੀ ਨਹੀਂ
        ਟਿੱਪਣੀ ਨਹੀਂ|ਕੋਈ ਰਾਏ ਨਹੀਂ|ਕੋਈ ਗੱਲ ਨਹੀਂ|ਪਤਾ ਨਹੀਂ|ਮੈਨੂੰ ਨਹੀਂ ਪਤਾ|ਮੈਨੂੰ ਪਤਾ ਨਹੀਂ|ਲਾਗੂ ਨਹੀਂ
        ਲਾਗੂ ਨਹੀਂ ਹੁੰਦਾ|ਉੱਪਰ ਵਾਂਗ|ਉਪਰ ਵਾਂਗ|ਉੱਪਰ ਦੇਖੋ|ਉਪਰ ਦੇਖੋ|ਉਹੀ|ਉਹੀ ਜੋ ਉੱਪਰ|ਹੋਰ ਕੁਝ ਨਹੀਂ
        ਕੁਝ ਖਾਸ ਨਹੀਂ|ਕੋਈ ਜਵਾਬ ਨਹੀਂ|ਕੋਈ ਸੁਝਾਅ ਨਹੀਂ""",
    "pa-Latn": """
        kujh nahi|kuj nahi|kujh nai|kuj nai|koi nahi|koi nai|nahi|nai|nahi ji|pata nahi|pata nai
        mainu nahi pata|hor kujh nahi|hor kuj nahi|koi gal nahi""",
    "bn": """
        কিছু না|কিছুই না|কিছু নেই|কিছু নাই|কিছুই নেই|কিছুই নাই|না|নাই|নেই|মন্তব্য নেই
        কোনো মন্তব্য নেই|কোন মন্তব্য নেই|মন্তব্য নাই|কোনো মন্তব্য নাই|কোন মন্তব্য নাই|জানি না
        আমি জানি না|জানা নেই|প্রযোজ্য নয়|প্রযোজ্য না|উপরের মতো|উপরের মত|উপরে দেখুন|একই|ঐ
        আগের মতো|আর কিছু না|আর কিছু নেই|আর কিছু নাই|কোনো মতামত নেই|কোন মতামত নেই|মতামত নেই
        বলার কিছু নেই|কিছু বলার নেই|নিশ্চিত না|নিশ্চিত নই|কোনো উত্তর নেই|কোনোটিই না|একটাও না""",
    "bn-Latn": """
        kichu na|kichui na|kichu nai|kichu nei|nai|jani na|ami jani na|montobbo nai|montobbo nei
        ar kichu na|ar kichu nai""",
    "pl": """
        brak|brak uwag|brak komentarza|brak komentarzy|bez uwag|bez komentarza|brak zdania
        brak opinii|brak odpowiedzi|brak sugestii|nie|nic|niczego|żadne|żadnych|żaden
        nie dotyczy|nd|nie mam|nie mam zdania|nie mam uwag|nie mam opinii|nie mam komentarza
        nie mam pomysłu|nie mam nic do dodania|nic do dodania|nic więcej|nic nie mam|nie wiem
        nie jestem pewien|nie jestem pewna|trudno powiedzieć|jak wyżej|j.w|jw|tak jak wyżej
        to samo|to samo co wyżej|patrz wyżej|jak powyżej|jak poprzednio|nic takiego
        nic szczególnego|nic nie przychodzi mi do głowy""",
    "ar": """
        لا يوجد|لا شيء|لا شي|لاشيء|لا شئ|لا|كلا|لا تعليق|لا تعليقات|ليس لدي تعليق
        ليس لدي تعليقات|لا يوجد تعليق|لا توجد تعليقات|ليس لدي|ما عندي|ما عندي شي|ما في|مافي
        ما في شي|لا أعرف|لا اعرف|ما أعرف|ما اعرف|لا أعلم|لا اعلم|لا أدري|لا ادري|مدري|غير متأكد
        لست متأكدا|لا ينطبق|غير منطبق|كما سبق|كما ذكرت سابقا|كما ذكر أعلاه|كما أعلاه
        كما في الأعلى|نفس الشيء|نفس الإجابة|نفس الجواب|انظر أعلاه|راجع أعلاه|كما هو مذكور أعلاه
        لا رأي|لا رأي لي|ليس لدي رأي|لا يوجد شيء|لا شيء آخر|لا إضافة|لا يوجد إضافات|لا اقتراحات""",
    "so": """
        ma jiro|ma jirto|majiro|majirto|waxba|waxba ma jiro|waxba ma jiraan|waxba ma hayo
        wax ma jiro|maya|may|faallo ma jirto|faallo ma hayo|wax faallo ah ma hayo|faallo la'aan
        ma garanayo|ma aqaan|ma aqaano|ma ogi|ma hubo|ma khuseeyo|kama khuseeyo|ima khuseyso
        ima khuseeyo|sida kor ku xusan|sida sare|kor eeg|la mid|isku mid|sidii hore
        ra'yi ma hayo|fikrad ma hayo|wax kale ma jiro|wax kale ma jiraan|wax kale ma hayo
        wax ma hayo""",
    "ro": """
        nu|nimic|nimic de adăugat|nimic altceva|nu am|nu am comentarii|nu am nimic de adăugat
        nu am nimic de spus|fără comentarii|fara comentarii|niciun comentariu|nici un comentariu
        nu știu|nu stiu|nu sunt sigur|nu sunt sigură|nu sunt sigura|nu se aplică|nu se aplica
        nu este cazul|nu e cazul|nu am o părere|nu am o parere|nu am nicio părere|nicio părere
        fără părere|nu am sugestii|ca mai sus|la fel ca mai sus|la fel|vezi mai sus
        același lucru|acelasi lucru|idem|nu mă pronunț|niciunul|niciuna|nimic special
        nimic deosebit""",
}

_AGREES: dict[str, str] = {
    "en": """
        yes|yep|yeah|yea|ok|okay|k|fine|all fine|good|all good|agree|i agree|agreed|disagree
        i disagree|strongly agree|strongly disagree|yes please|yes i do|yes i agree|no i don't
        no i disagree|maybe|perhaps|possibly|thanks|thank you|thank you very much|many thanks
        sure|great|both|all|all of the above|all of it|all of them|everything|either|neither
        neutral|it depends|depends""",
    "ur": """
        ہاں|جی ہاں|جی|ٹھیک|ٹھیک ہے|متفق|اتفاق|شکریہ|بہت شکریہ|شاید|سب|سب کچھ|اچھا|بہت اچھا""",
    "ur-Latn": """
        haan|han|ji|ji haan|theek|theek hai|thik hai|shukriya|shayad|acha|bohat acha|sab""",
    "pa": """
        ਹਾਂ|ਹਾਂ ਜੀ|ਜੀ ਹਾਂ|ਜੀ|ਠੀਕ|ਠੀਕ ਹੈ|ਸਹਿਮਤ|ਧੰਨਵਾਦ|ਧੰਨਵਾਦ ਜੀ|ਸ਼ਾਇਦ|ਸਭ|ਸਭ ਕੁਝ|ਵਧੀਆ|ਬਹੁਤ ਵਧੀਆ""",
    "pa-Latn": """
        haan|han ji|haanji|ji|theek|theek aa|thik aa|dhanvaad|vadhia|vadiya""",
    "bn": """
        হ্যাঁ|হা|জি|জ্বি|ঠিক|ঠিক আছে|একমত|ধন্যবাদ|হয়তো|সব|সবকিছু|ভালো|ভাল|খুব ভালো""",
    "bn-Latn": """
        hae|ji|thik ache|dhonnobad|bhalo|valo|sob""",
    "pl": """
        tak|ok|okej|dobrze|dobre|zgadzam się|zgoda|nie zgadzam się|dziękuję|dzięki|może|być może
        wszystko|oba""",
    "ar": """
        نعم|أجل|ايوه|أيوه|اي|تمام|حسنا|جيد|ممتاز|موافق|أوافق|اوافق|لا أوافق|لا اوافق|غير موافق
        شكرا|شكراً|ربما|كل شيء|ممكن""",
    "so": """
        haa|haye|ok|waan ku raacsanahay|waan ogolahay|kuma raacsani|mahadsanid
        waad mahadsan tahay|malaha|dhammaan|fiican|waa fiican""",
    "ro": """
        da|ok|bine|de acord|sunt de acord|nu sunt de acord|mulțumesc|multumesc|mersi|poate|tot
        toate""",
}

# "None really, thanks", "No further comments at this time": endless mixtures of few words.
_FILLERS = (
    "really|actually|sorry|thanks|thank you|thankyou|further|other|more|additional|else|particular"
    "|specific|comment|comments|suggestions|suggestion|ideas|thoughts|opinion|views|feedback"
    "|issues to raise"
    "|at all|at this time|at the moment|atm|at present|at this stage|at this point|currently"
    "|for now|right now|now|just now|yet|today|to add|to say|to report|to mention|to comment"
    "|to declare|to note|on this"
    "|in particular|that i can think of|i can think of|comes to mind|springs to mind|from me|for me"
    "|of note|i think|i dont think so|that comes to mind|please|needed to add"
)
_MIXTURE = re.compile(
    rf"(?:(?:honestly|absolutely|overall|for me|no|there is|there are) )?"
    r"(?:no|none|nothing|nil|nope|n a|na|i have no|i have nothing|ive nothing|ive no)"
    rf"(?: (?:{_FILLERS}|no|none|nothing|any|anything))*"
)


# One letter, even repeated, is a word in Chinese and none in these scripts.
_ALPHABETIC = re.compile("[a-z\u0370-\u052f\u0600-\u06ff]")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0655\u0670\u0640]")
_ONE_SPELLING = str.maketrans(
    {
        "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
        "\u0629": "\u0647", "\u06c1": "\u0647", "\u06c3": "\u0647", "\u06be": "\u0647", "ł": "l",
    }
)  # fmt: skip


def _folded(text: str) -> str:
    """Fold a short answer further than its comparison key: accents and spellings of one letter.

    People leave them out on the keyboards of their phones.
    """
    parts = unicodedata.normalize("NFD", comparison_key(text))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", parts).translate(_ONE_SPELLING))


def _looked_up(
    lists: Mapping[str, frozenset[str]], key: str, language: str | None
) -> Iterable[str]:
    if language is None or " " in key or not key.isascii() or len(key) > _LONGEST_AMBIGUOUS:
        return lists
    base = language.split("-")[0]
    return [code for code in lists if code == "en" or code.split("-")[0] == base]


def _keys(listing: str) -> frozenset[str]:
    return frozenset(key for line in re.split(r"[|\n]", listing) if (key := _folded(line)))


NO_CONTENT = MappingProxyType({code: _keys(listing) for code, listing in _NOTHING.items()})
AGREES = MappingProxyType({code: _keys(listing) for code, listing in _AGREES.items()})

_LONGEST_LOOKED_AT = 120
_LONGEST_AMBIGUOUS = 4


def content_status(text: str, language: str | None) -> ContentStatus:
    """Tell whether an answer says anything that a theme could be made of.

    Parameters
    ----------
    text : str
    language : str or None
        Language of the answer or of the form. A word of up to four Latin letters is looked up
        in this language and in English only, because it may mean something in another one
        ("Maya" is "no" in Somali and a name in English). None looks in all.

    Returns
    -------
    ContentStatus

    Examples
    --------
    >>> content_status("N/A.", "en").value, content_status("brak uwag!", "pl").value
    ('no_content', 'no_content')
    >>> content_status("Parking", "en").value, content_status("no parks", "en").value
    ('content', 'content')
    """
    if len(text) > _LONGEST_LOOKED_AT:
        text = normalise(text)
        if len(text) > _LONGEST_LOOKED_AT:
            has_letter = any(map(str.isalpha, text))
            return ContentStatus.CONTENT if has_letter else ContentStatus.NO_CONTENT
    key = _folded(text)
    letters = set(filter(str.isalpha, key))
    if not letters or (len(letters) == 1 and _ALPHABETIC.match(letters.pop())):
        return ContentStatus.NO_CONTENT
    if any(key in NO_CONTENT[code] for code in _looked_up(NO_CONTENT, key, language)):
        return ContentStatus.NO_CONTENT
    if _MIXTURE.fullmatch(key):
        return ContentStatus.NO_CONTENT
    if any(key in AGREES[code] for code in _looked_up(AGREES, key, language)):
        return ContentStatus.UNCLEAR
    return ContentStatus.CONTENT
