"""Which part of a consultation a path belongs to, as officers edit it."""

WORDS = frozenset(
    {
        "title",
        "asked_by",
        "introduction",
        "what_happens_next",
        "consent",
        "monitoring_introduction",
    }
)
DATES = frozenset(
    {
        "opens_at",
        "closes_at",
        "late_until",
        "grace_minutes",
        "timezone",
        "minimum_age",
        "draft_days",
    }
)
LANGUAGES = frozenset({"languages", "source_language"})
ITEMS = ("sections", "questions")
NAMED = (*ITEMS, "translations", "order")
"""What comes before a name in a path: a key, the code of a language, the name of a list."""


def part_of(path: str) -> str:
    """The part that an officer edits by itself: ``words``, ``dates``, ``sections.KEY`` ...

    Examples
    --------
    >>> part_of("title"), part_of("sections.food.full"), part_of("privacy.delete_on")
    ('words', 'sections.food', 'privacy')
    """
    steps = path.split(".")
    if steps[0] in NAMED:
        return ".".join(steps[:2])
    if steps[0] in WORDS:
        return "words"
    if steps[0] in DATES:
        return "dates"
    return "languages" if steps[0] in LANGUAGES else steps[0]


def field_of(path: str) -> str:
    """The field within its part; empty where the whole part is meant.

    Examples
    --------
    >>> field_of("title"), field_of("sections.food.full"), field_of("privacy")
    ('title', 'full', '')
    """
    steps = path.split(".")
    if steps[0] in NAMED:
        return ".".join(steps[2:])
    if steps[0] in WORDS | DATES | LANGUAGES:
        return steps[0]
    return ".".join(steps[1:])
