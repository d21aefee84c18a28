"""From answers to distinct units: what is clustered, and whose it is.

Every row has a place here, whatever is in it: what holds no content is counted and never
clustered, and nothing is left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.progress import Report
from analysis.text.campaigns import find_campaigns
from analysis.text.content import ContentStatus, content_status
from analysis.text.language import identify
from analysis.text.normalise import comparison_key, normalise
from analysis.text.segments import units

Indexes = NDArray[np.intp]

# Copies by so many people make a letter a campaign.
_CAMPAIGN_MEMBERS = 5
# Scripts that put no spaces between words: two letters are more than one word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")


class RowStatus(StrEnum):
    """What an answer holds."""

    CONTENT = "content"
    NO_CONTENT = "no_content"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answers:
    """A table of answers to one question, by columns of equal length.

    Attributes
    ----------
    ids : tuple of str
        Whose answer it is. Rows of one id are one respondent's.
    texts : tuple of str
        As written.
    languages : tuple of str or None
        Language of the form, as far as it is known.
    groups : mapping of str to tuple of str
        Columns that say which group a respondent belongs to; blank where not known.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    languages: tuple[str | None, ...]
    groups: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for column in (self.texts, self.languages, *self.groups.values()):
            if len(column) != len(self.ids):
                raise ValueError(f"a column of {len(column)} rows beside {len(self.ids)} ids")


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Answers made ready.

    Attributes
    ----------
    respondents : tuple of str
        The distinct ids, in order of their first row.
    respondent : ndarray of shape (n_rows,), int
        Place of each row's id in ``respondents``.
    status : tuple of RowStatus, length n_rows
    languages : tuple of str, length n_rows
    uncertain : tuple of bool, length n_rows
        The language could not be told for certain.
    groups : mapping of str to tuple of str
        Per respondent: the value in most of their rows that is not blank, ties by name.
    campaign : ndarray of shape (n_respondents,), int
        Which letter a respondent sent; -1 for none. The one with most copies is 0.
    unit_row, unit_number, unit_key : ndarray of shape (n_units,), int
        Row of each unit, its number within the row from 1, and its place in ``keys``.
    unit_text : tuple of str, length n_units
    keys : tuple of str
        Distinct units by comparison key, sorted.
    key_text : tuple of str
        One wording of each, the first by code points.
    seeds : ndarray of shape (n_keys,), bool
        May found a theme: has two words or more, or is all that anybody said.
    """

    respondents: tuple[str, ...]
    respondent: Indexes
    status: tuple[RowStatus, ...]
    languages: tuple[str, ...]
    uncertain: tuple[bool, ...]
    groups: Mapping[str, tuple[str, ...]]
    campaign: Indexes
    unit_row: Indexes
    unit_number: Indexes
    unit_key: Indexes
    unit_text: tuple[str, ...]
    keys: tuple[str, ...]
    key_text: tuple[str, ...]
    seeds: NDArray[np.bool_]

    @property
    def unit_respondent(self) -> Indexes:
        """Respondent of each unit."""
        return self.respondent[self.unit_row]

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Per respondent, whether any row of theirs has content."""
        found = np.zeros(len(self.respondents), dtype=bool)
        has = np.array([status is RowStatus.CONTENT for status in self.status], dtype=bool)
        found[self.respondent[has]] = True
        return found


def prepare(answers: Answers, *, seed: int = 0, report: Report | None = None) -> Prepared:
    """Normalise, tell languages, gate content, find campaigns and cut into units.

    Parameters
    ----------
    answers : Answers
    seed : int
        Of the sketch that finds near copies.
    report : callable, optional
        Called with rows done and rows in all.

    Returns
    -------
    Prepared
    """
    places: dict[str, int] = {}
    respondent = np.array([places.setdefault(i, len(places)) for i in answers.ids], dtype=np.intp)
    cleaned: list[str] = []
    status: list[RowStatus] = []
    languages: list[str] = []
    uncertain: list[bool] = []
    rows: list[int] = []
    numbers: list[int] = []
    texts: list[str] = []
    # The same words are read once: campaigns and "no" come in thousands of copies.
    known: dict[tuple[str, str | None], _Read] = {}
    n = len(answers.ids)
    for row, (text, hint) in enumerate(zip(answers.texts, answers.languages, strict=True)):
        read = known.get((text, hint))
        if read is None:
            read = known[text, hint] = _read(text, hint)
        cleaned.append(read.text)
        status.append(read.status)
        languages.append(read.language)
        uncertain.append(read.uncertain)
        for number, unit in enumerate(read.units, start=1):
            rows.append(row)
            numbers.append(number)
            texts.append(unit)
        if report and (row % 1000 == 999 or row == n - 1):
            report(row + 1, n)
    keys, key_text, unit_key = _distinct(texts)
    return Prepared(
        respondents=tuple(places),
        respondent=respondent,
        status=tuple(status),
        languages=tuple(languages),
        uncertain=tuple(uncertain),
        groups={
            name: most_common(zip(respondent.tolist(), column, strict=True), len(places))
            for name, column in answers.groups.items()
        },
        campaign=_campaigns(cleaned, status, respondent, len(places), seed),
        unit_row=np.array(rows, dtype=np.intp),
        unit_number=np.array(numbers, dtype=np.intp),
        unit_key=unit_key,
        unit_text=tuple(texts),
        keys=keys,
        key_text=key_text,
        seeds=np.array([len(keys) == 1 or _may_seed(key) for key in keys], dtype=bool),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    status: RowStatus
    language: str
    uncertain: bool
    units: tuple[str, ...]


def _read(text: str, hint: str | None) -> _Read:
    cleaned = normalise(text)
    found = identify(cleaned, hint)
    gate = content_status(cleaned, found.language)
    status = {
        ContentStatus.CONTENT: RowStatus.CONTENT,
        ContentStatus.NO_CONTENT: RowStatus.NO_CONTENT,
    }.get(gate, RowStatus.UNCLEAR)
    cut = tuple(unit.text for unit in units(cleaned)) if status is RowStatus.CONTENT else ()
    # Marks alone make no unit; a row of nothing else is not clear, and not lost.
    cut = tuple(unit for unit in cut if comparison_key(unit))
    if status is RowStatus.CONTENT and not cut:
        status = RowStatus.UNCLEAR
    return _Read(cleaned, status, found.language, not found.certain, cut)


def _distinct(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], Indexes]:
    wording: dict[str, str] = {}
    key_of: dict[str, str] = {}
    for text in texts:
        if text not in key_of:
            key_of[text] = key = comparison_key(text)
            wording[key] = min(text, wording.get(key, text))
    keys = tuple(sorted(wording))
    place = {key: at for at, key in enumerate(keys)}
    unit_key = np.array([place[key_of[text]] for text in texts], dtype=np.intp)
    return keys, tuple(wording[key] for key in keys), unit_key


def _may_seed(key: str) -> bool:
    return " " in key or _UNSPACED.search(key) is not None


def content_languages(prepared: Prepared) -> list[str]:
    """Return the languages of the answers with content, sorted."""
    rows = zip(prepared.languages, prepared.status, strict=True)
    return sorted({language for language, status in rows if status is RowStatus.CONTENT})


def key_languages(prepared: Prepared) -> list[str]:
    """Return the language most often told for each distinct unit; ties by name."""
    heard = Counter(
        (int(key), prepared.languages[row])
        for key, row in zip(prepared.unit_key, prepared.unit_row, strict=True)
    )
    found = [""] * len(prepared.keys)
    for (key, language), _ in sorted(heard.items(), key=lambda item: (item[1], item[0][1])):
        found[key] = language
    return found


def most_common(values: Iterable[tuple[int, str]], count: int) -> tuple[str, ...]:
    """Return for each of ``count`` people the value most often given for them that is not blank.

    Ties go by name, so that the order of the rows does not count.

    Examples
    --------
    >>> most_common([(0, "Aston"), (0, ""), (1, "Lozells"), (1, "Aston")], 3)
    ('Aston', 'Aston', '')
    """
    given = Counter((place, value.strip()) for place, value in values)
    found = [""] * count
    for (place, value), _ in sorted(given.items(), key=lambda item: (-item[1], item[0])):
        found[place] = found[place] or value
    return tuple(found)


def _campaigns(
    cleaned: Sequence[str],
    status: Sequence[RowStatus],
    respondent: Indexes,
    count: int,
    seed: int,
) -> Indexes:
    found = np.full(count, -1, dtype=np.intp)
    rows = [at for at, each in enumerate(status) if each is RowStatus.CONTENT]
    # By content, so that the order of the rows chooses no template.
    rows.sort(key=lambda at: cleaned[at])
    texts = [cleaned[at] for at in rows]
    letters = find_campaigns(texts, minimum=_CAMPAIGN_MEMBERS, seed=seed).campaigns
    number = 0
    for letter in letters:
        members = np.unique([respondent[rows[member]] for member in letter.members])
        members = members[found[members] < 0]
        # One person can send the same words for every question.
        if len(members) >= _CAMPAIGN_MEMBERS:
            found[members] = number
            number += 1
    return found
