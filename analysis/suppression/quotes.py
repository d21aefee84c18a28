"""People's own words in public: quotes, and the keywords and labels made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.disclosure import RULE, Published, Rule
from analysis.text.personal import Found, find_personal_data, redact


class QuoteReason(StrEnum):
    """Why a quote, or something of it or beside it, is not there."""

    NOT_APPROVED = "not_approved"
    PERSONAL_DATA = "personal_data"
    """Personal data was found; the quote is blocked until a person has decided."""
    REDACTED = "redacted"
    """Personal data was replaced."""
    TWO_ATTRIBUTES = "two_attributes"
    SMALL_GROUP = "small_group"
    """Too few people of that group raised the theme."""


@dataclass(frozen=True, slots=True)
class PublishedQuote:
    """A quote as the public sees it.

    Attributes
    ----------
    text : str or None
    attribute : tuple of str or None
        What is said of the writer, such as ``("ward", "Aston")``.
    reasons : tuple of QuoteReason
        Why something is missing or changed.
    kinds : tuple of str
        Kinds of personal data that were found, each once.
    """

    text: str | None
    attribute: tuple[str, str] | None = None
    reasons: tuple[QuoteReason, ...] = ()
    kinds: tuple[str, ...] = ()


def publish_quote(
    text: str,
    *,
    approved: bool,
    attributes: Mapping[str, str] | None = None,
    people_like_them: Published | None = None,
    replace: bool = False,
    cleared: Iterable[Found] = (),
) -> PublishedQuote:
    """Publish a quote, with one attribute of its writer at most.

    Parameters
    ----------
    text : str
    approved : bool
        By a named person.
    attributes : mapping of str to str, optional
        What would stand beside it. A quote in its own language carries one: the language.
    people_like_them : Published, optional
        How many people with that attribute raised the theme, as published beside it.
    replace : bool
        Put ``[phone]`` and the like in the place of personal data instead of blocking.
    cleared : iterable of Found
        Findings in ``text`` that a person found to be none, e.g. a councillor's name.

    Examples
    --------
    >>> publish_quote("Ring me on 07700 900123", approved=True, replace=True).text
    'Ring me on [phone]'
    """
    if not approved:
        return PublishedQuote(None, reasons=(QuoteReason.NOT_APPROVED,))
    harmless = {text[piece.start : piece.end] for piece in cleared}
    shown, kinds = text, list[str]()
    # Redacting can bring a second finding to light.
    while found := _personal(shown, harmless):
        kinds += [piece.kind for piece in found]
        if not replace:
            break
        shown = redact(shown, found)
    distinct = tuple(dict.fromkeys(kinds))
    if kinds and not replace:
        return PublishedQuote(None, None, (QuoteReason.PERSONAL_DATA,), distinct)
    reasons = [QuoteReason.REDACTED] if kinds else []
    attribute = None
    if attributes:
        if len(attributes) > 1:
            reasons.append(QuoteReason.TWO_ATTRIBUTES)
        elif people_like_them is None or people_like_them.value is None:
            reasons.append(QuoteReason.SMALL_GROUP)
        else:
            attribute = next(iter(attributes.items()))
    return PublishedQuote(shown, attribute, tuple(reasons), distinct)


def _personal(text: str, harmless: set[str]) -> list[Found]:
    return [
        piece for piece in find_personal_data(text) if text[piece.start : piece.end] not in harmless
    ]


def publish_terms(respondents: Mapping[str, int], rule: Rule = RULE) -> tuple[str, ...]:
    """Return the keywords, or labels nobody approved, that may be public, in their order.

    Parameters
    ----------
    respondents : mapping of str to int
        Distinct people who used each term: a rare one points at its writer.
    rule : Rule

    Examples
    --------
    >>> publish_terms({"buses": 41, "my son's asthma": 1})
    ('buses',)
    """
    return tuple(
        term
        for term, people in respondents.items()
        if people >= rule.threshold and not find_personal_data(term)
    )
