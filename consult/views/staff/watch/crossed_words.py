"""Groups that two dimensions define together, in sentences."""

from collections.abc import Iterator

from flask_babel import format_decimal, gettext, ngettext

from consult.document.model import Consultation as Document
from consult.services.watching.disclosed import Disclosed
from consult.telling.gap_words import (
    category_name,
    category_names,
    dimension_name,
    listed,
)

MOST_CROSSED = 12
"""Groups that are told of by themselves."""


def crossed(shown: Disclosed, document: Document) -> Iterator[str]:
    """Groups of two dimensions; only for who may see exact numbers."""
    if not shown.is_exact:
        return
    found = shown.figures.crossings.found
    for each in found[:MOST_CROSSED]:
        names = [
            category_name(category_names(document, dimension), category)
            for dimension, category in zip(each.dimensions, each.categories, strict=True)
        ]
        values = {
            "group": listed(names),
            "observed": format_decimal(each.observed),
            "expected": format_decimal(round(each.expected)),
        }
        if each.state == "watch":
            yield gettext(
                "%(group)s: %(observed)s responses, where about %(expected)s would be expected. "
                "Worth watching; not sure yet.",
                **values,
            )
        elif each.cause == "worse_than_parts":
            yield gettext(
                "%(group)s: %(observed)s responses, where about %(expected)s would be expected. "
                "Likely under, and more so than the two groups by themselves explain.",
                **values,
            )
        elif each.cause == "adds_up":
            yield gettext(
                "%(group)s: %(observed)s responses, where about %(expected)s would be expected. "
                "Likely under, as the two groups by themselves explain.",
                **values,
            )
        else:
            yield gettext(
                "%(group)s: %(observed)s responses, where about %(expected)s would be expected. "
                "Likely under.",
                **values,
            )
    if (more := len(found) - MOST_CROSSED) > 0:
        yield ngettext(
            "%(count)s more such group looks under.",
            "%(count)s more such groups look under.",
            more,
            count=format_decimal(more),
        )


def crossed_pairs(shown: Disclosed) -> str:
    """Which dimensions were looked at together; nothing for who may not see exact numbers."""
    if not shown.is_exact:
        return ""
    pairs = (
        # Translators: two things that people are compared by together, such as: Age and Sex
        gettext("%(one)s and %(other)s", one=dimension_name(one), other=dimension_name(other))
        for one, other in shown.figures.crossings.pairs
    )
    return listed(pairs)
