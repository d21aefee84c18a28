"""What invented respondents write: texts of the bank, mixtures of them, campaign letters.

A text of the bank is used word for word by at most one respondent. Once a language needs
more texts than its bank holds, further ones are put together from two or three short texts,
with an opening or closing phrase, a fictional phone number or a slip of the pen. Such
mixtures carry the themes of all their parts. They keep answers apart from each other, but
hold no thought that is not in the bank: a test of theming over many of them is a test on
few hundred ideas. Very short texts, place names and "N/A" repeat as they do in real life.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from consult.demo.responses.bank import CAMPAIGN_LETTER, NO_ANSWER, Bank, BankText, bank

PLACE_QUESTION = "good_place"
"""The one question whose texts are names, and so may repeat."""

_ANSWERS_NOTHING_SHARE = 0.07
_LONGEST_PART = 220
_SLIP_SHARE = 0.3
_OPENER_SHARE = 0.3
_CLOSER_SHARE = 0.3
_CONTACT_SHARE = 0.012
_TONES = {
    "for": ("for", "neutral"),
    "against": ("against", "neutral"),
    "neutral": ("neutral", "for"),
}
_PREFERS_OWN_TONE = {"for": 0.4, "against": 0.75, "neutral": 0.9}
_FULL_STOPS = {"ur": "۔", "pa": "।", "bn": "।"}
_COMMAS = {"ur": "،", "ar": "،"}
_ENDS = tuple(".!?:…۔؟।،,)")
_CASED = frozenset({"en", "pl", "so", "ro"})
_PLAIN_LETTERS = str.maketrans("łŁ", "lL")


class Written(NamedTuple):
    """A text and the themes that it is about."""

    text: str
    themes: tuple[str, ...]


class Writer:
    """Writes the texts of one language.

    Parameters
    ----------
    rng : random.Random
        The only source of chance.
    language : str
        One that has a text bank.
    expected : int
        About how many answers other than place names will be asked for. It spreads the
        texts of the bank evenly over the respondents.
    """

    def __init__(self, rng: Random, language: str, expected: int) -> None:
        self._rng = rng
        self._language = language
        self._bank: Bank = bank(language)
        self._used: set[int] = set()
        self._decks: dict[tuple[str, str, bool], list[int]] = {}
        self._parts: dict[tuple[str, str, bool], tuple[BankText, ...]] = {}
        self._nothing: dict[str, tuple[BankText, ...]] = {}
        answers = sum(NO_ANSWER not in text.themes for text in self._bank.texts)
        self._fresh_share = min(1.0, answers / max(expected, 1))
        self._places = tuple(t for t in self._bank.texts if PLACE_QUESTION in t.fits)
        for question in dict.fromkeys(key for text in self._bank.texts for key in text.fits):
            self._sort_texts(question)

    def _sort_texts(self, question: str) -> None:
        texts = self._bank.texts
        fitting = [i for i, text in enumerate(texts) if question in text.fits]
        self._nothing[question] = tuple(texts[i] for i in fitting if NO_ANSWER in texts[i].themes)
        for tone in _TONES:
            for organisation in (False, True):
                deck = [
                    i
                    for i in fitting
                    if texts[i].tone == tone
                    and texts[i].by_organisation is organisation
                    and NO_ANSWER not in texts[i].themes
                ]
                self._rng.shuffle(deck)
                key = (question, tone, organisation)
                self._decks[key] = deck
                self._parts[key] = tuple(
                    texts[i]
                    for i in deck
                    if len(texts[i].text) <= _LONGEST_PART and not texts[i].personal
                )

    def place(self) -> Written | None:
        """Name a place that does someone good; the first of the bank are named most often."""
        if not self._places:
            return None
        chosen = self._places[int(len(self._places) * self._rng.random() ** 1.4)]
        text = chosen.text
        if self._language in _CASED and self._rng.random() < 0.15:
            text = text.lower()
        return Written(text, chosen.themes)

    def help_other(self) -> str:
        """Say what someone fills in as another thing that would help."""
        return self._rng.choice(self._bank.help_other)

    def answer(self, question: str, mood: str, *, organisation: bool = False) -> Written | None:
        """Write an answer to a question, or None where the bank has none that fits.

        Parameters
        ----------
        question : str
            Key of a question with a free-text answer.
        mood : str
            ``for``, ``against`` or ``neutral``; a critic praises nothing, a friend scolds
            nothing.
        organisation : bool
            Whether it speaks for an organisation.
        """
        if question == PLACE_QUESTION:
            return self.place()
        nothing = self._nothing.get(question, ())
        if nothing and self._rng.random() < _ANSWERS_NOTHING_SHARE:
            chosen = self._rng.choice(nothing)
            return Written(chosen.text, chosen.themes)
        tones = self._tones(mood)
        if organisation and self._rng.random() < 0.8:
            written = self._from_bank(question, _TONES["neutral"], True)
            if written is not None:
                return written
        if self._rng.random() < self._fresh_share:
            written = self._from_bank(question, tones, False)
            if written is not None:
                return written
        return self._mixture(question, tones)

    def _tones(self, mood: str) -> tuple[str, str]:
        own, other = _TONES[mood]
        return (own, other) if self._rng.random() < _PREFERS_OWN_TONE[mood] else (other, own)

    def _from_bank(self, question: str, tones: Sequence[str], organisation: bool) -> Written | None:
        for tone in tones:
            deck = self._decks.get((question, tone, organisation), [])
            while deck:
                number = deck.pop()
                if number not in self._used:
                    self._used.add(number)
                    chosen = self._bank.texts[number]
                    return Written(chosen.text, chosen.themes)
        return None

    def _mixture(self, question: str, tones: Sequence[str]) -> Written | None:
        rng = self._rng
        first = self._part(question, tones)
        if first is None:
            return None
        parts = [first]
        while len(parts) < 3 and rng.random() < (0.75 if len(parts) == 1 else 0.2):
            # Short texts are few and would soon repeat alone: a further one is welcome.
            further = self._part(question, tones)
            if further is not None and all(further is not part for part in parts):
                parts.append(further)
        themes = tuple(dict.fromkeys(theme for part in parts for theme in part.themes))
        text = self._joined([part.text for part in parts])
        return Written(self._varied(text, alone=len(parts) == 1), themes)

    def _part(self, question: str, tones: Sequence[str]) -> BankText | None:
        for tone in tones:
            parts = self._parts.get((question, tone, False), ())
            if parts:
                return self._rng.choice(parts)
        return None

    def _joined(self, texts: Sequence[str]) -> str:
        if len(texts) == 1:
            return texts[0]
        draw = self._rng.random()
        if all(len(text) <= 30 for text in texts):
            comma = _COMMAS.get(self._language, ",")
            return (f"{comma} " if draw < 0.6 else " / " if draw < 0.75 else "\n").join(
                text.rstrip(".!۔।") for text in texts
            )
        if draw < 0.1:
            return " ".join(f"{i}. {text}" for i, text in enumerate(texts, start=1))
        if draw < 0.3:
            return "\n".join(texts)
        return " ".join([*(self._stopped(text) for text in texts[:-1]), texts[-1]])

    def _stopped(self, text: str) -> str:
        return text if text.endswith(_ENDS) else text + _FULL_STOPS.get(self._language, ".")

    def _varied(self, text: str, *, alone: bool) -> str:
        """Put phrases around a text and slips of the pen in it."""
        rng = self._rng
        opens = rng.random() < _OPENER_SHARE
        closes = rng.random() < _CLOSER_SHARE
        slips = rng.random() < _SLIP_SHARE
        if alone and not (opens or closes):
            opens, closes = rng.choice(((True, False), (False, True), (True, True)))
        if slips:
            text = self._slip(text)
        if opens:
            text = f"{rng.choice(self._bank.openers)} {text}"
        if closes:
            text = f"{self._stopped(text)} {rng.choice(self._bank.closers)}"
        if rng.random() < _CONTACT_SHARE:
            contact = rng.choice(self._bank.contacts).format(phone=fictional_phone(rng))
            text = f"{self._stopped(text)} {contact}"
        return text

    def _slip(self, text: str) -> str:
        return self._rng.choice(_SLIPS[self._language])(text, self._rng)

    def campaign_letter(self) -> Written:
        """Write the campaign letter as one sender has changed it.

        Raises
        ------
        ValueError
            If the language's bank has no such letter.
        """
        letter = self._bank.campaign
        if letter is None:
            raise ValueError(f"there is no campaign letter in {self._language!r}")
        rng = self._rng
        first, second = letter.paragraphs
        themes = [CAMPAIGN_LETTER, "leisure_centre"]
        if rng.random() < 0.7:
            own = rng.choice(letter.own_sentences)
            themes.extend(own.themes)
            place = rng.random()
            if place < 0.4:
                first = f"{first} {own.text}"
            elif place < 0.6:
                first = f"{own.text} {first}"
            else:
                second = f"{second} {own.text}"
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            if rng.random() < 0.5:
                first = _swap_letters(first, rng)
            else:
                second = _swap_letters(second, rng)
        paragraphs = [first, second]
        if rng.random() < 0.85:
            paragraphs.insert(0, rng.choice(letter.greetings))
        if rng.random() < 0.6:
            paragraphs.append(rng.choice(letter.closings))
        return Written("\n\n".join(paragraphs), tuple(dict.fromkeys(themes)))


def fictional_phone(rng: Random) -> str:
    """Draw a phone number of the ranges that Ofcom keeps for drama: it is nobody's."""
    number = int(rng.random() * 1000)
    return f"07700 900{number:03d}" if rng.random() < 0.75 else f"0121 496 0{number:03d}"


def _no_end(text: str, rng: Random) -> str:
    del rng
    return text.rstrip(".!۔।") or text


def _shouting_end(text: str, rng: Random) -> str:
    return text.rstrip(".!۔।") + "!" * (2 + int(rng.random() * 2))


def _small_letters(text: str, rng: Random) -> str:
    del rng
    return text.lower()


def _no_apostrophes(text: str, rng: Random) -> str:
    del rng
    return text.replace("'", "")


def _no_diacritics(text: str, rng: Random) -> str:
    del rng
    apart = unicodedata.normalize("NFD", text.translate(_PLAIN_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _swap_letters(text: str, rng: Random) -> str:
    """Exchange two neighbouring letters of one long word."""
    words = text.split(" ")
    start = int(rng.random() * len(words))
    for i in (*range(start, len(words)), *range(start)):
        word = words[i]
        if len(word) > 4 and word.isalpha():
            at = 1 + int(rng.random() * (len(word) - 3))
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            break
    return " ".join(words)


_SLIPS: Mapping[str, tuple[Callable[[str, Random], str], ...]] = {
    "en": (_no_end, _shouting_end, _small_letters, _no_apostrophes, _swap_letters, _swap_letters),
    "ur": (_no_end, _shouting_end),
    "pa": (_no_end, _shouting_end),
    "bn": (_no_end, _shouting_end),
    "pl": (_no_end, _small_letters, _no_diacritics, _no_diacritics, _swap_letters),
    "ar": (_no_end, _shouting_end),
    "so": (_no_end, _small_letters, _swap_letters),
    "ro": (_no_end, _small_letters, _no_diacritics, _no_diacritics, _swap_letters),
}
