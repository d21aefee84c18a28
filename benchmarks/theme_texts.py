"""Texts for measuring speed, made from real ones."""

import csv
import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.outcome import CannotRun
from benchmarks.theme_data import Corpus

TEN = 10
WORDS_OF_EACH = 6
OTHER_LANGUAGES = 0.2


def ten_word_texts(texts: Sequence[str], count: int) -> list[str]:
    """Return distinct runs of ten words, one text following upon another."""
    words = itertools.chain.from_iterable(text.split() for text in texts)
    found: dict[str, None] = {}
    while len(found) < count and len(run := list(itertools.islice(words, TEN))) == TEN:
        found[" ".join(run)] = None
    if len(found) < count:
        raise CannotRun(f"only {len(found):,} texts of ten words can be made")
    return list(found)


def write_responses(file: Path, count: int, answers: Corpus, sentences: Corpus) -> None:
    """Write a table of made-up responses with the columns ``id``, ``language``, ``text``."""
    made = itertools.islice(responses(answers, sentences, seed=0), count)
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(("id", "language", "text"))
        table.writerows((f"r{at}", *one) for at, one in enumerate(made, start=1))


def responses(answers: Corpus, sentences: Corpus, seed: int) -> Iterator[tuple[str, str]]:
    """Yield languages and texts without end: the beginning of one real text, the end of another.

    Four in five are English and as long as the answers they are made from; the rest are made
    from the sentences and come to about 12 words. Hardly two are the same, or near enough to
    be taken for one campaign.
    """
    english = [text.split() for text in answers.texts]
    by_language: dict[str, list[str]] = {}
    for language, text in zip(sentences.languages, sentences.texts, strict=True):
        if language != "en":
            by_language.setdefault(language, []).append(text)
    languages = sorted(by_language)
    chance = random.Random(seed)  # noqa: S311
    while True:
        if chance.random() >= OTHER_LANGUAGES:
            first, last = chance.choice(english), chance.choice(english)
            yield "en", " ".join(first[: (len(first) + 1) // 2] + last[len(last) // 2 :])
            continue
        language = chance.choice(languages)
        texts = by_language[language]
        yield language, _joined(chance.choice(texts), chance.choice(texts))


def _joined(first: str, last: str) -> str:
    if len(first.split()) <= WORDS_OF_EACH:  # a script without spaces
        return first[: 2 * WORDS_OF_EACH] + last[-2 * WORDS_OF_EACH :]
    return " ".join(first.split()[:WORDS_OF_EACH] + last.split()[-WORDS_OF_EACH:])
