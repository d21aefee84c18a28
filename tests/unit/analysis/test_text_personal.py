import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.personal import (
    KINDS,
    Found,
    find_personal_data,
    luhn_valid,
    nhs_number_valid,
    redact,
)


def found_in(text):
    return [(found.kind, text[found.start : found.end]) for found in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Numbers of the ranges kept for drama, check digits of published examples.
        ("Call 07700 900123.", [("phone", "07700 900123")]),
        (
            "+44 (0)121 496 0123 or 0121-496-0123",
            [("phone", "+44 (0)121 496 0123"), ("phone", "0121-496-0123")],
        ),
        ("0044 7700 900123", [("phone", "0044 7700 900123")]),
        ("447700900123", [("phone", "447700900123")]),
        ("7700 900123", [("phone", "7700 900123")]),
        ("121 496 0123", [("phone", "121 496 0123")]),
        ("+92 300 1234567", [("phone", "+92 300 1234567")]),
        ("text me on 303 1111", [("phone", "303 1111")]),
        ("میرا نمبر ۰۷۷۰۰۹۰۰۱۲۳ ہے", [("phone", "۰۷۷۰۰۹۰۰۱۲۳")]),
        ("ফোন ০৭৭০০ ৯০০১২৩", [("phone", "০৭৭০০ ৯০০১২৩")]),
        ("ਫ਼ੋਨ ੦੭੭੦੦ ੯੦੦੧੨੩", [("phone", "੦੭੭੦੦ ੯੦੦੧੨੩")]),
        ("رقمي \u200e٠٧٧٠٠٩٠٠١٢٣", [("phone", "٠٧٧٠٠٩٠٠١٢٣")]),
        ("０７７００ ９００１２３", [("phone", "０７７００ ９００１２３")]),
        ("0121\u2013496\u20130123", [("phone", "0121\u2013496\u20130123")]),
        ("943 476 5919", [("nhs_number", "943 476 5919")]),
        ("9434765919", [("nhs_number", "9434765919")]),
        ("my NHS no. is 943 476 5918", [("nhs_number", "943 476 5918")]),
        ("4111 1111 1111 1111", [("card", "4111 1111 1111 1111")]),
        ("NI AB 12 34 56 C", [("national_insurance", "AB 12 34 56 C")]),
        ("ab123456c", [("national_insurance", "ab123456c")]),
        ("national insurance number is QQ123456", [("national_insurance", "QQ123456")]),
        ("I live in B12 9QH", [("postcode", "B12 9QH")]),
        ("b129qh and SW1A 1AA", [("postcode", "b129qh"), ("postcode", "SW1A 1AA")]),
        ("M6 5TH", [("postcode", "M6 5TH")]),
        ("his van AB12 CDE", [("vehicle", "AB12 CDE")]),
        ("a.b+c@example.co.uk", [("email", "a.b+c@example.co.uk")]),
        ("joe at gmail dot com", [("email", "joe at gmail dot com")]),
        ("see www.example.com/x, ok", [("url", "www.example.com/x")]),
        ("facebook.com/some.body", [("url", "facebook.com/some.body")]),
        ("ask @some_body please", [("handle", "@some_body")]),
        ("born on 12/03/1961", [("birth_date", "12/03/1961")]),
        ("DOB: 3rd March 1958", [("birth_date", "3rd March 1958")]),
        ("urodzony 3 marca 1958", [("birth_date", "3 marca 1958")]),
        ("تاريخ الميلاد ١٢/٠٣/١٩٦١", [("birth_date", "١٢/٠٣/١٩٦١")]),
        ("Flat 3, 14 High Street is damp", [("address", "Flat 3, 14 High Street")]),
        ("i live at 12 elm road", [("address", "12 elm road")]),
        ("ul. Kwiatowa 12/4", [("address", "ul. Kwiatowa 12/4")]),
        ("str. Florilor nr. 5", [("address", "str. Florilor nr. 5")]),
        ("میں 12 ایلم روڈ پر رہتا ہوں", [("address", "12 ایلم روڈ")]),
        ("শুধু ১২ এলম রোড", [("address", "১২ এলম রোড")]),
        ("شارع النصر رقم 5", [("address", "شارع النصر رقم 5")]),
        # Names.
        ("Ring Mrs Khan", [("name", "Mrs Khan")]),
        ("mr khan shouted at us", [("name", "mr khan")]),
        ("MR KHAN IS GOOD", [("name", "MR KHAN")]),
        ("My GP Dr. Ahmed Ali left", [("name", "Dr. Ahmed Ali")]),
        ("Cllr J. Smith", [("name", "Cllr J. Smith")]),
        ("my name is Asha Patel and I care", [("name", "Asha Patel")]),
        ("my name is john smith and i care", [("name", "john smith")]),
        ("my son Adam has asthma", [("name", "Adam")]),
        ("Kind regards\nJohn O'Neil.", [("name", "John O'Neil")]),
        ("Nazywam się Jan Kowalski", [("name", "Jan Kowalski")]),
        ("pan Kowalski krzyczy", [("name", "pan Kowalski")]),
        ("Mă numesc Ion Popescu", [("name", "Ion Popescu")]),
        ("fiul meu Andrei", [("name", "Andrei")]),
        ("Magacaygu waa Cabdi Xasan", [("name", "Cabdi Xasan")]),
        ("میرا نام احمد علی ہے", [("name", "احمد علی")]),
        ("ڈاکٹر خان صاحب اچھے ہیں", [("name", "ڈاکٹر خان")]),
        ("ਮੇਰਾ ਨਾਮ ਗੁਰਪ੍ਰੀਤ ਕੌਰ ਹੈ", [("name", "ਗੁਰਪ੍ਰੀਤ ਕੌਰ")]),
        ("আমার নাম রহিমা বেগম।", [("name", "রহিমা বেগম")]),
        ("اسمي فاطمة حسن.", [("name", "فاطمة حسن")]),
        ("mera naam Bilal hai", [("name", "Bilal")]),
    ],
)
def test_personal_data_are_found_with_their_place(text, expected):
    assert found_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "bus 42 to Ward 7 at 10 30",
        "943 476 5918",
        "4111 1111 1111 1112 is no card",
        "In 2019 2020 2021 2022",
        "2019-2020, 12/03/2021 and 2021-03-12",
        "we paid £1,234,567,890 or 1500000000 pounds",
        "from 9 to 5, 999, 111, 24/7, 3.14159265358979",
        "20 mph on the road, 2 main roads, at 20 mph road signs",
        "the M6 5th junction",
        "the pool closed on 12/03/2021",
        "Dear Sir or Madam, I MISS THE BUS",
        "My Son Has It. my GP is good. my GP NHS",
        "Nurse Practitioner, Doctor Surgery, classed as DNA. Poor service, lovely nurse. Kind too",
        "my name is not important",
        "Yours faithfully\nA concerned resident",
        "ڈاکٹر نہیں ملتا",
        "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ ਜੀ",
        "الدكتور لا يسمع",
        "working @home @ 5pm",
        "[phone] [name] my name is [name]",
        "GB123456A",
        "",
    ],
)
def test_nothing_is_flagged_where_nothing_is(text):
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("number", "valid"),
    [("943 476 5919", True), ("943 476 5918", False), ("401 023 2137", True), ("123", False)],
)
def test_nhs_numbers_by_their_check_digit(number, valid):
    # 401 023 2137 is the data dictionary's example; by hand 4*10+0*9+1*8+0*7+2*6+3*5+2*4+1*3+3*2
    # = 92, 92 mod 11 = 4, 11 - 4 = 7.
    assert nhs_number_valid(number) is valid


def test_remainder_ten_is_never_valid():
    # 1*10 + 0... = 10 + 2*... by hand: 100 000 001: 10 + 2 = 12, 12 mod 11 = 1, 11 - 1 = 10.
    assert not any(nhs_number_valid(f"100000001{digit}") for digit in range(10))


@pytest.mark.parametrize(
    ("number", "valid"),
    [("4111 1111 1111 1111", True), ("79927398713", True), ("79927398710", False), ("0", False)],
)
def test_cards_by_their_sum(number, valid):
    assert luhn_valid(number) is valid


def test_redacting_says_what_was_there():
    text = "I am Dr Khan, B12 9QH, a@example.org, 07700 900123."
    assert redact(text) == "I am [name], [postcode], [email], [phone]."


def test_a_person_may_redact_something_else():
    assert redact("the man from number 4", [Found("name", 4, 7)]) == "the [name] from number 4"
    assert redact("Dr Khan", []) == "Dr Khan"


@pytest.mark.parametrize(
    "found",
    [[Found("name", 0, 4), Found("name", 3, 5)], [Found("name", 0, 99)], [Found("name", 2, 2)]],
)
def test_spans_that_cannot_be_are_refused(found):
    with pytest.raises(ValueError, match="overlaps another or is outside"):
        redact("Dr Khan", found)


MIXED = st.lists(
    st.sampled_from(
        [
            "Dr ",
            "Khan",
            " 07700 900123",
            "B12 9QH",
            "my name is ",
            "Asha ",
            "@",
            "a@example.org",
            " ",
            "12 ",
            "Elm Road",
            "4111 1111 1111 1111",
            ".",
            "943 476 5919",
            "میرا نام ",
            "احمد ",
            "[name]",
            "[",
            "]",
            "phone",
            "۰۷۷",
            "born ",
            "1/2/1960",
            "Mr ",
            "AB123456C",
            "www.x.uk/",
            "\n",
            "Regards, ",
            "é",
            "-",
        ]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(MIXED, st.text(max_size=60)))
def test_spans_are_in_range_and_apart_and_redacting_again_changes_nothing(text):
    reached = 0
    for found in find_personal_data(text):
        assert found.kind in KINDS
        assert reached <= found.start < found.end <= len(text)
        reached = found.end
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece", ["1 ", "a@", "Mr ", "é 12 Road ", "07700 900123 Dr Khan ", "word ", "my name is "]
)
def test_time_grows_with_length(piece):
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    find_personal_data(text)
    assert time.process_time() - start < 10
