import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import WITHHELD, publish
from analysis.suppression.quotes import QuoteReason, publish_quote, publish_terms
from analysis.text.personal import find_personal_data

TEXT = "The number 42 bus to Ward 7 at 10 30 is late"


def test_an_approved_quote_without_personal_data_is_published_as_it_is():
    quote = publish_quote(TEXT, approved=True)
    assert (quote.text, quote.attribute, quote.reasons, quote.kinds) == (TEXT, None, (), ())


def test_a_quote_nobody_approved_is_not_published():
    quote = publish_quote(TEXT, approved=False, replace=True)
    assert quote.text is None
    assert quote.reasons == (QuoteReason.NOT_APPROVED,)


# Published examples with valid check digits.
@pytest.mark.parametrize(
    ("text", "kind", "replaced"),
    [
        ("My NHS number is 943 476 5919", "nhs_number", "My NHS number is [nhs_number]"),
        ("Card 4111 1111 1111 1111 was refused", "card", "Card [card] was refused"),
        ("Write to a.b@example.org", "email", "Write to [email]"),
    ],
)
def test_personal_data_blocks_a_quote_or_is_replaced(text, kind, replaced):
    blocked = publish_quote(text, approved=True)
    assert blocked.text is None
    assert (blocked.reasons, blocked.kinds) == ((QuoteReason.PERSONAL_DATA,), (kind,))
    shown = publish_quote(text, approved=True, replace=True)
    assert shown.text == replaced
    assert (shown.reasons, shown.kinds) == ((QuoteReason.REDACTED,), (kind,))


def test_what_a_person_cleared_stays():
    text = "Councillor Mrs Khan helped, ring 07700 900123"
    (name, _) = find_personal_data(text)
    quote = publish_quote(text, approved=True, replace=True, cleared=[name])
    assert quote.text == "Councillor Mrs Khan helped, ring [phone]"
    assert quote.kinds == ("phone",)


def test_one_attribute_may_stand_beside_a_quote_where_ten_of_the_group_raised_the_theme():
    beside = {"ward": "Aston"}
    quote = publish_quote(TEXT, approved=True, attributes=beside, people_like_them=publish(10))
    assert quote.attribute == ("ward", "Aston")
    for hidden in (publish(9), WITHHELD, None):
        quote = publish_quote(TEXT, approved=True, attributes=beside, people_like_them=hidden)
        assert quote.text == TEXT
        assert quote.attribute is None
        assert quote.reasons == (QuoteReason.SMALL_GROUP,)


def test_two_attributes_never_do():
    quote = publish_quote(
        TEXT,
        approved=True,
        attributes={"ward": "Aston", "age": "16 to 24"},
        people_like_them=publish(500),
    )
    assert (quote.text, quote.attribute) == (TEXT, None)
    assert quote.reasons == (QuoteReason.TWO_ATTRIBUTES,)


@given(st.text(max_size=80))
def test_nothing_is_found_in_what_was_replaced(text):
    shown = publish_quote(f"{text} 07700 900123", approved=True, replace=True).text
    assert shown is not None
    assert not find_personal_data(shown)


def test_rare_and_personal_terms_are_left_out():
    respondents = {"buses": 10, "trees": 9, "ring 07700 900123": 40, "parks": 200}
    assert publish_terms(respondents) == ("buses", "parks")
