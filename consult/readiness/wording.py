"""Words that readers may stumble over: letters for names, long sentences, slanted questions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.text.readability import reading_grade
from consult.document.model import TEXT_KINDS
from consult.document.model import Consultation as Document
from consult.readiness.findings import Code, Finding, asks, blocks, warns

FEWEST_WORDS = 100
"""Below, a reading age says more about chance than about the text."""

LONGEST_SENTENCE = 25
LONGEST_EASY_READ = 15
LONGEST_QUESTION = 25
"""Words."""

MARGIN = 1.0
"""School years by which a reading grade may be wrong: syllables are counted by rule."""

AGE_OF_FIRST_GRADE = 5
"""A grade and this make an age."""

_MARKS = re.compile(r"[*_`#>]+|^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"[.!?:؟۔।]+(?=\s|$)|\n+")
_PLACEHOLDER = re.compile(
    r"\b(?:TBC|TBD|TODO|XXX+)\b|\[(?:…|\.\.\.|[Ii]nsert\b[^\]]*)\]|\b[Ll]orem ipsum\b"
)
_LEADING = re.compile(
    r"\bdo(?:n['’]t| not)? you (?:not )?agree (?:that|with)\b"
    r"|^(?:don['’]t|wouldn['’]t|isn['’]t|aren['’]t|shouldn['’]t|surely)\b"
    r"|\bhow (?:much|strongly) do you (?:like|agree|support)\b"
    r"|\b(?:do|would|will) you (?:support|welcome)\b",
    re.IGNORECASE,
)
_BALANCED = re.compile(
    r"\bagree or disagree\b|\bsupport or (?:oppose|not)\b|\bor not\b|\bor oppose\b", re.IGNORECASE
)
_TWO = re.compile(r"\band/or\b|\?.*\?", re.IGNORECASE | re.DOTALL)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_ASKS_WHETHER = re.compile(
    r"^(?:how far |to what extent )?(?:do|does|did|should|would|will|is|are|can)\b", re.IGNORECASE
)


class Group(StrEnum):
    """Texts that are read together, and whose reading age is measured together."""

    WORDS = "words"
    SUMMARIES = "summaries"
    EASY_READ = "easy_read"
    QUESTIONS = "questions"
    FULL = "full"
    PRIVACY = "privacy"


TARGET_GRADES: Mapping[Group, float] = {
    Group.WORDS: 6,
    Group.SUMMARIES: 6,
    Group.EASY_READ: 4,
    Group.QUESTIONS: 6,
    Group.FULL: 8,
    Group.PRIVACY: 8,
}
"""The highest grade wished for: 6 is read at the age of 11."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How hard texts are to read."""

    group: Group
    path: str
    """The text, where it is measured by itself; else empty."""
    word_count: int
    is_english: bool
    age: int | None
    """In years, to about one year; ``None`` where the text is too short or not English."""
    target_age: int
    sentence_count: int
    long_count: int
    """Sentences of more than :data:`LONGEST_SENTENCE` words."""

    @property
    def is_hard(self) -> bool:
        """Whether it is harder than wished for by more than the figure may be wrong."""
        return self.age is not None and self.age > self.target_age + MARGIN


def is_english(document: Document) -> bool:
    """Whether it is written in English, whatever country's."""
    return document.source_language.split("-", 1)[0] == "en"


def readings(document: Document, texts: Mapping[str, str]) -> tuple[Reading, ...]:
    """How hard the texts are to read, by group; full texts each by itself."""
    together: dict[tuple[Group, str], list[str]] = {}
    for path, text in texts.items():
        group = _group_of(path)
        if group is not None:
            by_itself = path if group is Group.FULL else ""
            together.setdefault((group, by_itself), []).append(plain(text))
    return tuple(
        _reading(group, path, "\n".join(parts), is_english(document))
        for (group, path), parts in together.items()
    )


def wording(document: Document, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Readability, placeholders, and questions that are long or lean to one side."""
    for reading in readings(document, texts):
        if reading.is_hard and reading.age is not None:
            path = reading.path or _first_path(reading.group, texts)
            yield warns(
                Code.READING_AGE,
                path,
                group=reading.group.value,
                age=reading.age,
                target=reading.target_age,
            )
    for path, text in texts.items():
        yield from _long_sentences(path, text)
        if found := _PLACEHOLDER.search(text):
            yield _placeholder(path, found.group())
    for path, text in untranslated_texts(document).items():
        if found := _PLACEHOLDER.search(text):
            yield _placeholder(path, found.group())
    yield from _questions(document, texts)


def untranslated_texts(document: Document) -> dict[str, str]:
    """What residents read in one language only."""
    found = {
        "contact.phone": document.contact.phone or "",
        "contact.email": document.contact.email or "",
        "privacy.controller": document.privacy.controller,
        "privacy.contact": document.privacy.contact,
        "privacy.impact_assessment": document.privacy.impact_assessment,
    }
    return {path: text for path, text in found.items() if text}


def plain(text: str) -> str:
    """A text without the marks of Markdown and the addresses of links."""
    return _MARKS.sub("", _LINK.sub(r"\1", text))


def sentences(text: str) -> list[int]:
    """Words of each sentence; a line's end ends one too.

    Examples
    --------
    >>> sentences("We ask you. Will you answer?")
    [3, 3]
    """
    counts = (len(part.split()) for part in _SENTENCE_END.split(plain(text)))
    return [count for count in counts if count]


def _reading(group: Group, path: str, text: str, english: bool) -> Reading:
    lengths = sentences(text)
    word_count = sum(lengths)
    grade = None
    if english and word_count >= FEWEST_WORDS and re.search(r"[A-Za-z]", text):
        grade = reading_grade(text)
    return Reading(
        group,
        path,
        word_count,
        english,
        None if grade is None else max(AGE_OF_FIRST_GRADE, round(grade) + AGE_OF_FIRST_GRADE),
        int(TARGET_GRADES[group]) + AGE_OF_FIRST_GRADE,
        len(lengths),
        sum(length > LONGEST_SENTENCE for length in lengths),
    )


def _group_of(path: str) -> Group | None:
    steps = path.split(".")
    if steps[0] == "sections":
        return {
            "summary": Group.SUMMARIES,
            "easy_read": Group.EASY_READ,
            "full": Group.FULL,
        }.get(steps[-1])
    if steps[0] == "questions":
        return Group.QUESTIONS if len(steps) == 3 and steps[2] in {"label", "help"} else None
    if steps[0] == "privacy":
        return Group.PRIVACY
    return Group.WORDS if len(steps) == 1 and steps[0] not in {"title", "asked_by"} else None


def _first_path(group: Group, texts: Mapping[str, str]) -> str:
    return next(path for path in texts if _group_of(path) is group)


def _long_sentences(path: str, text: str) -> Iterator[Finding]:
    limit = LONGEST_EASY_READ if path.endswith(".easy_read") else LONGEST_SENTENCE
    long = [length for length in sentences(text) if length > limit]
    is_question = path.startswith("questions.") and path.endswith(".label")
    if long and not is_question:
        gentle = path.endswith(".full") or path.startswith("privacy.")
        found = asks if gentle else warns
        yield found(Code.LONG_SENTENCES, path, count=len(long), longest=max(long), limit=limit)


def _placeholder(path: str, found: str) -> Finding:
    legal = path.startswith(("privacy.", "contact."))
    return (blocks if legal else warns)(Code.PLACEHOLDER, path, text=found)


def _questions(document: Document, texts: Mapping[str, str]) -> Iterator[Finding]:
    english = is_english(document)
    for question in document.questions:
        path = f"questions.{question.key}.label"
        label = texts.get(path)
        if label is None:
            continue
        word_count = len(label.split())
        if word_count > LONGEST_QUESTION:
            yield warns(Code.LONG_QUESTION, path, count=word_count, limit=LONGEST_QUESTION)
        if english and _LEADING.search(label) and not _BALANCED.search(label):
            yield asks(Code.LEADING_QUESTION, path)
        closed = question.kind not in TEXT_KINDS
        if english and closed and _asks_two(label, question.part.value):
            yield asks(Code.TWO_QUESTIONS, path)


def _asks_two(label: str, part: str) -> bool:
    if _TWO.search(label):
        return True
    return part == "draft" and bool(_ASKS_WHETHER.search(label) and _AND.search(label))
