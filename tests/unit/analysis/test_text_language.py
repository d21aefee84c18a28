import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.language import LANGUAGES, UNKNOWN, identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The parks in our area are dirty and the buses are always late.", "en"),
        ("Parki w naszej okolicy są brudne, a autobusy zawsze się spóźniają.", "pl"),
        ("Parcurile din zona noastră sunt murdare și autobuzele întârzie mereu.", "ro"),
        ("Beerta xaafaddayada waa wasakh, basaskuna mar walba way soo daahaan.", "so"),
        ("ہمارے علاقے کے پارک گندے ہیں اور بسیں ہمیشہ دیر سے آتی ہیں۔", "ur"),
        ("الحدائق في منطقتنا متسخة والحافلات تتأخر دائما.", "ar"),
        ("پارک‌های محله ما کثیف هستند و اتوبوس‌ها همیشه دیر می‌کنند.", "fa"),
        ("زموږ د سیمې پارکونه ناپاک دي او بسونه تل ناوخته راځي", "ps"),
        ("پارکەکانی ناوچەکەمان پیسن و پاسەکان هەمیشە دوا دەکەون", "ckb"),
        ("ਸਾਡੇ ਇਲਾਕੇ ਦੇ ਪਾਰਕ ਗੰਦੇ ਹਨ।", "pa"),
        ("আমাদের এলাকার পার্কগুলো নোংরা।", "bn"),
        ("ኣብ ከባቢና ዘለዉ መናፈሻታት ርሱሓት እዮም፡ ኣውቶቡሳት ድማ ይድንጉዩ።", "ti"),
        ("በአካባቢያችን ያሉት ፓርኮች ቆሻሻ ናቸው እና አውቶቡሶች ሁልጊዜ ይዘገያሉ", "am"),
        ("અમારા વિસ્તારના બગીચા ગંદા છે", "gu"),
        ("எங்கள் பகுதியில் பூங்காக்கள் அழுக்காக உள்ளன", "ta"),
        ("我们附近的公园很脏，公交车总是晚点。", "zh"),
        ("私たちの公園はとても汚いです", "ja"),
        ("Парки в нашем районе грязные, и автобусы всегда опаздывают.", "ru"),
        ("Парки в нашому районі брудні, і автобуси завжди запізнюються.", "uk"),
        ("Τα πάρκα στη γειτονιά μας είναι βρώμικα", "el"),
        ("हमारे इलाके के पार्क गंदे हैं और बसें हमेशा देर से आती हैं।", "hi"),
        ("Parkên li taxa me qirêj in û otobus her tim dereng tên.", "ku"),
        ("Các công viên trong khu vực của chúng tôi rất bẩn.", "vi"),
        ("ساڈے علاقے دے پارک گندے نیں تے بساں وچ بہت رش ہوندا اے", "pa-Arab"),
    ],
)
def test_a_sentence_tells_its_language_even_against_the_form(text, language):
    assert identify(text).language == language
    assert identify(text, "en").language == language


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("پارکنگ", "ur", "ur"),
        ("پارکنگ", "ckb", "ckb"),
        ("پارکنگ", "pa", "ur"),
        ("مدد", "ar", "ar"),
        ("nic", "pl", "pl"),
        ("nimic", "ro", "ro"),
        ("Parking", "so", "so"),
        ("parkering", "sv", "sv"),
        ("parking", "pl-PL", "pl"),
        # The letters speak against the form.
        ("więcej parków", "en", "pl"),
        ("ٹریفک", "ar", "ur"),
        ("صحة", "ur", "ar"),
        ("ਪਾਰਕ", "en", "pa"),
        # The form's language has other letters: English is likeliest.
        ("Parking", "ur", "en"),
        ("no parks", None, "en"),
        # Nothing to go by but the form.
        ("🙂", "pl", "pl"),
        ("...", None, UNKNOWN),
        # Codes that nobody knows are not used.
        ("no parks", "xx", "en"),
        ("no parks", "", "en"),
        ("停车", "yue", "yue"),
        ("ፓርክ", "ti", "ti"),
        ("ፓርክ", None, "am"),
        ("ᚠᚢᚦ", None, UNKNOWN),
        ("پارک", "ku", "ckb"),
    ],
)
def test_on_short_text_the_form_wins_unless_the_letters_forbid(text, hint, language):
    assert identify(text, hint).language == language


def test_one_word_is_not_certain_and_says_why():
    found = identify("Parking", "en")
    assert (found.language, found.certain) == ("en", False)
    assert found.note == "too short to tell: the form's language"
    assert identify("🙂").note == "no letters"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hamein parking chahiye", "ur-Latn"),
        ("Vision acha hai lekin jab tak kaam nahi hoga tab tak sirf kaghaz hai.", "ur-Latn"),
        ("Punjabi vich helpline honi chahidi aa, sade lok gal nahi karde", "pa-Latn"),
        ("amader elakay onek moyla, kichu korte hobe", "bn-Latn"),
    ],
)
def test_roman_spellings_are_recognised_and_never_certain(text, language):
    for hint in (None, "en", "ur"):
        found = identify(text, hint)
        assert (found.language, found.certain, found.script) == (language, False, "Latn")
        assert "Latin letters" in (found.note or "")


def test_one_roman_word_counts_in_a_form_of_that_language_only():
    assert identify("park bohat dirty", "ur").language == "ur-Latn"
    assert identify("park bohat dirty", "en").language != "ur-Latn"


def test_english_words_among_others_do_not_hide_the_language_but_make_it_uncertain():
    found = identify("GP کی appointment نہیں ملتی", None)
    assert (found.language, found.script) == ("ur", "Arab")
    assert not found.certain
    assert "mixed" in (found.note or "")
    assert identify("We need more trees near the الحديقة please").language == "en"


def test_ethiopic_without_a_sign_is_not_certain():
    assert not identify("ፓርክ ፓርክ ፓርክ ፓርክ").certain


def test_a_close_call_on_longer_text_goes_to_the_form():
    # Told apart by nothing but the hint: names and loan words.
    found = identify("Restaurant Hotel Taxi Bar", "ro")
    assert found.language == "ro"


@given(st.text(max_size=60), st.sampled_from([None, "en", "ur", "ckb", "xx", "pl", "am"]))
def test_every_text_has_a_language(text, hint):
    found = identify(text, hint)
    assert found.language in LANGUAGES | {UNKNOWN, hint}
    assert len(found.script) == 4
