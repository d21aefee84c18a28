import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.function_words import FUNCTION_WORDS, tokens

WHAT_RESIDENTS_WRITE_ABOUT = {
    "en": (
        "help home old young open work need health school park bus car safe clean money "
        "people street house family children women men good bad better free cost council care "
        "doctor job walk food time "
    ),
    "ur": (
        "مدد گھر بوڑھے جوان کام صحت سکول پارک بس پاس محفوظ صاف پیسے لوگ بچے عورتیں ڈاکٹر اچھا "
        "نوکری کھانا وقت "
    ),
    "pa": ("ਮਦਦ ਘਰ ਬਜ਼ੁਰਗ ਜਵਾਨ ਕੰਮ ਸਿਹਤ ਸਕੂਲ ਪਾਰਕ ਬੱਸ ਸਾਫ਼ ਪੈਸੇ ਲੋਕ ਬੱਚੇ ਔਰਤਾਂ ਡਾਕਟਰ ਨੌਕਰੀ ਖਾਣਾ "),
    "bn": ("সাহায্য ঘর বাড়ি বৃদ্ধ তরুণ কাজ স্বাস্থ্য স্কুল পার্ক বাস কার পরিষ্কার টাকা মানুষ শিশু মহিলা ডাক্তার দিন খাবার "),
    "pl": (
        "pomoc dom stary młody praca zdrowie szkoła park autobus bezpieczny czysty pieniądze "
        "ludzie dzieci lekarz "
    ),
    "ar": (
        "مساعدة بيت كبير شاب عمل صحة مدرسة حديقة باص آمن نظيف مال ناس أطفال نساء طبيب طعام وقت "
    ),
    "so": (
        "caawimo guri weyn dhallinyaro shaqo caafimaad dugsi beer bas nabad nadiif lacag dad "
        "carruur dumar dhakhtar "
    ),
    "ro": (
        "ajutor casă acasă bătrân tânăr muncă sănătate școală parc autobuz sigur curat bani "
        "oameni copii medic "
    ),
    "ur-Latn": ("madad ghar kaam sehat school park paise log bache doctor bus "),
}


@pytest.mark.parametrize("language", WHAT_RESIDENTS_WRITE_ABOUT)
def test_what_residents_write_about_is_no_function_word(language):
    for word in tokens(WHAT_RESIDENTS_WRITE_ABOUT[language], language):
        assert word not in FUNCTION_WORDS[language]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The and of is don’t THEY"),
        ("ur", "کا کی ہے اور میں نہیں كے"),
        ("pa", "ਦਾ ਹੈ ਅਤੇ ਵਿੱਚ ਨਹੀਂ ਤੁਹਾਡਾ"),
        ("bn", "এবং আমার জন্য হয় না"),
        ("pl", "i w że się nie jest"),
        ("ar", "في من إلى أنّ هذا"),
        ("so", "iyo waa oo ku ayaa"),
        ("ro", "și în că este şi"),
    ],
)
def test_function_words_are_spelt_as_words_are_found(language, text):
    assert set(tokens(text, language)) <= FUNCTION_WORDS[language]


@pytest.mark.parametrize("language", FUNCTION_WORDS)
def test_lists_are_long_enough_to_be_of_use(language):
    assert len(FUNCTION_WORDS[language]) >= 140


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The 20mph zone, 20 of them", "en", ["the", "20mph", "zone", "of", "them"]),
        ("şi ţară", "ro", ["și", "țară"]),
        ("مُحَمَّد ـ كتاب", "ar", ["محمد", "كتاب"]),
        ("মন্তব্য নেই", "bn", ["মন্তব্য", "নেই"]),
        ("su'aal la'aan", "so", ["su'aal", "la'aan"]),
        ("停车太贵 NHS医院3", "zh", ["停车", "车太", "太贵", "nhs", "医院"]),
        ("贵", "zh", ["贵"]),
        ("", None, []),
    ],
)
def test_words_of_a_text(text, language, expected):
    assert tokens(text, language) == expected


@given(st.text(max_size=60), st.sampled_from([None, "en", "ur", "ar", "ro", "xx"]))
def test_each_word_has_a_letter(text, language):
    assert all(any(map(str.isalpha, word)) for word in tokens(text, language))
