"""Invented responses to the model consultation: valid answers of invented people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log
from random import Random
from typing import Any, NamedTuple

from consult.demo.responses.bank import bank
from consult.demo.responses.choices import (
    HELP_MOST,
    LIFE_STAGES,
    NO_HELP_SHARE,
    PRIORITIES,
    draw_agreement,
    draw_some,
    said_as_other,
    scale_bounds,
)
from consult.demo.responses.people import (
    LANGUAGE_WEIGHTS,
    Person,
    draw_person,
    draw_ward,
    or_prefers_not_to_say,
    ward_draws,
)
from consult.demo.responses.writing import Writer, Written
from consult.document.model import (
    TEXT_KINDS,
    Consultation,
    Part,
    Question,
    QuestionKind,
    choices_of,
)

LARGEST_COUNT = 200_000
"""The most responses that can be asked for."""

_USUAL_COUNT = 400
_USUAL_LETTERS = 25
_LETTER_LANGUAGE = "en"
_LETTER_QUESTION = "change_say"

_TEXT_BLANK_SHARE = 0.3
_DRAFT_BLANK_SHARE = 0.07
_SCALE_BLANK_SHARE = 0.03
_MONITORING_BLANK_SHARE = 0.085
_MONITORING_ALL_BLANK_SHARE = 0.02
_ORGANISATION_ALL_BLANK_SHARE = 0.6
_AGAINST_BELOW = -1.1
_FOR_ABOVE = 0.6


@dataclass(frozen=True)
class IllustrativeResponse:
    """One invented response. Nobody gave it."""

    language: str
    """Language of the form; a text can still be in another, as people do."""
    channel: str
    """``online``, ``assisted``, ``paper`` or ``phone``."""
    answers: dict[str, dict[str, Any]]
    """Answer by question key, in the order of the questions."""
    submitted_share: float
    """When it was sent, from 0 (opening) to 1 (now), both excluded."""
    seconds_taken: int
    theme_notes: dict[str, tuple[str, ...]]
    """For each free-text answer, what a reader would say that it is about."""


def illustrative_responses(
    consultation: Consultation, *, count: int = _USUAL_COUNT, seed: int = 20221
) -> Iterator[IllustrativeResponse]:
    """Invent responses to the model consultation, the same ones for the same arguments.

    They are skewed as real ones are (see :mod:`consult.demo.responses.people`): about 63 %
    White British and 11 to 15 % Muslim, older than the city, with more people from
    better-off wards. Of 400, 25 send nearly the same campaign letter and 100 answer in
    another language than English; other counts scale this.

    Texts are hand-written for the usual 400 only in part: about half of the English ones
    and nearly all others stand word for word in the text bank, and the rest are put
    together from its parts. With larger counts nearly all are
    (:mod:`consult.demo.responses.writing`): they load a system, and say nothing new. A
    respondent's words and monitoring answers are drawn apart from each other, so that
    someone who writes "I'm 81" may be recorded as a young person.

    Parameters
    ----------
    consultation : Consultation
        The model case, or a consultation with some of its questions. Questions with other
        keys are left out, choices that it does not offer as well.
    count : int
        How many, from 1 to 200,000. They are not in order of ``submitted_share``.
    seed : int
        Start of the only source of chance.

    Returns
    -------
    iterator of IllustrativeResponse
        Made one by one as they are asked for.

    Raises
    ------
    ValueError
        If the count is out of range, if the consultation has none of the languages of the
        text banks, or if it requires an answer that this module cannot make up.
    """
    if not 1 <= count <= LARGEST_COUNT:
        raise ValueError(f"count must be from 1 to {LARGEST_COUNT}, not {count}")
    weights = {
        code: weight for code, weight in LANGUAGE_WEIGHTS.items() if code in consultation.languages
    }
    if not weights:
        raise ValueError("there are no illustrative texts in any language of the consultation")
    rng = Random(seed)  # noqa: S311 (repeatable on purpose, nothing secret)
    maker = _Maker(consultation, rng, _shared_out(count, weights))
    if unknown := [q.key for q in consultation.questions if q.required and not maker.knows(q)]:
        raise ValueError(f"no answers can be made up for: {', '.join(unknown)}")
    return maker.responses()


def _shared_out(count: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Parts of a count in proportion to weights, by largest remainders."""
    total = sum(weights.values())
    parts = {key: count * weight // total for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: count * weights[key] % total, reverse=True)
    for key in by_remainder[: count - sum(parts.values())]:
        parts[key] += 1
    return parts


@dataclass(frozen=True, slots=True)
class _Respondent:
    """One person together with what is settled before the first question."""

    person: Person
    writer: Writer
    sends_letter: bool
    monitoring_blank: bool


_MakeAnswer = Callable[[Question, _Respondent], dict[str, Any] | None]


class _Step(NamedTuple):
    """One question, how to answer it (None for a text), and how often it is left blank."""

    question: Question
    make: _MakeAnswer | None
    blank_share: float


class _Maker:
    """Makes the responses of one run."""

    def __init__(
        self, consultation: Consultation, rng: Random, languages: Mapping[str, int]
    ) -> None:
        self._consultation = consultation
        self._rng = rng
        self._languages = languages
        self._choices = {q.key: choices_of(q, consultation) for q in consultation.questions}
        self._others = frozenset(
            (q.key, o.key) for q in consultation.questions for o in q.options if o.other
        )
        self._wards = ward_draws(area.code for area in consultation.areas)
        self._organisations = bank(_LETTER_LANGUAGE).organisations
        self._scales = {
            q.key: scale_bounds(q.key)
            for q in consultation.questions
            if q.kind is QuestionKind.AGREE_SCALE
        }
        makers: Mapping[QuestionKind, _MakeAnswer] = {
            QuestionKind.AGREE_SCALE: self._scale,
            QuestionKind.SINGLE_CHOICE: self._single,
            QuestionKind.SEVERAL_CHOICES: self._several,
            QuestionKind.RANKING: self._ranking,
            QuestionKind.NUMBER: self._number,
            QuestionKind.WARD: self._ward,
        }
        # Looked up once: 200,000 responses took 50 s before and take 30 s so.
        self._steps = tuple(
            _Step(q, None if q.kind in TEXT_KINDS else makers[q.kind], _blank_share(q))
            for q in consultation.questions
        )
        texts = sum(q.kind is QuestionKind.LONG_TEXT for q in consultation.questions)
        self._writers = {
            language: Writer(rng, language, round(number * texts * (1 - _TEXT_BLANK_SHARE)))
            for language, number in languages.items()
        }

    def knows(self, question: Question) -> bool:
        """Whether an answer to a question can be made up."""
        if question.kind in {QuestionKind.AGREE_SCALE, QuestionKind.WARD, QuestionKind.NUMBER}:
            return True
        known = {"who", "organisation_name", "priorities", "life_stages", "help_most"}
        return question.key in known

    def responses(self) -> Iterator[IllustrativeResponse]:
        rng = self._rng
        order = [code for code, number in self._languages.items() for _ in range(number)]
        rng.shuffle(order)
        letters = self._letter_senders(order)
        for i, language in enumerate(order):
            person = draw_person(rng, language)
            all_blank = (
                _ORGANISATION_ALL_BLANK_SHARE
                if person.who == "organisation"
                else _MONITORING_ALL_BLANK_SHARE
            )
            respondent = _Respondent(
                person=person,
                writer=self._writers[language],
                sends_letter=i in letters,
                monitoring_blank=rng.random() < all_blank,
            )
            yield self._response(respondent)

    def _letter_senders(self, order: list[str]) -> frozenset[int]:
        if self._consultation.question(_LETTER_QUESTION) is None:
            return frozenset()
        able = [i for i, language in enumerate(order) if language == _LETTER_LANGUAGE]
        wanted = round(len(order) * _USUAL_LETTERS / _USUAL_COUNT)
        return frozenset(self._rng.sample(able, min(wanted, len(able))))

    def _response(self, respondent: _Respondent) -> IllustrativeResponse:
        answers: dict[str, dict[str, Any]] = {}
        themes: dict[str, tuple[str, ...]] = {}
        for question, make, blank_share in self._steps:
            if question.show_if and not _asked(question, answers):
                continue
            if make is None:
                written = self._text(question, respondent, answers)
                if written is not None:
                    answers[question.key] = {"text": written.text[: question.length_limit]}
                    if written.themes:
                        themes[question.key] = written.themes
                continue
            if self._rng.random() < blank_share:
                continue
            if question.part is Part.MONITORING:
                answer = self._monitoring(question, respondent)
            else:
                answer = make(question, respondent)
            if answer is not None:
                answers[question.key] = answer
        return IllustrativeResponse(
            language=respondent.person.language,
            channel=respondent.person.channel,
            answers=answers,
            submitted_share=self._submitted_share(respondent.sends_letter),
            seconds_taken=self._seconds_taken(respondent.person.channel, answers),
            theme_notes=themes,
        )

    def _text(
        self, question: Question, respondent: _Respondent, answers: Mapping[str, Any]
    ) -> Written | None:
        rng = self._rng
        person = respondent.person
        if question.key == "organisation_name":
            if not question.required and rng.random() < 0.1:
                return None
            return Written(rng.choice(self._organisations), ())
        if respondent.sends_letter and question.key == _LETTER_QUESTION:
            return respondent.writer.campaign_letter()
        if rng.random() < _TEXT_BLANK_SHARE:
            return None
        return respondent.writer.answer(
            question.key, _mood(person, answers), organisation=person.who == "organisation"
        )

    def _monitoring(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        rng = self._rng
        if respondent.monitoring_blank:
            return None
        if question.kind is QuestionKind.WARD:
            choice = draw_ward(rng, respondent.person, self._wards)
        else:
            choice = respondent.person.monitoring.get(question.key, "")
        choice = or_prefers_not_to_say(rng, question.key, choice)
        return self._chosen(question, respondent, choice)

    def _chosen(
        self, question: Question, respondent: _Respondent, choice: str
    ) -> dict[str, Any] | None:
        if choice not in self._choices[question.key]:
            return None
        if (question.key, choice) not in self._others:
            return {"choice": choice}
        other = said_as_other(self._rng, respondent.person.language, choice)
        return {"choice": choice, "other": other}

    def _single(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        if question.key != "who":
            return None
        choice = respondent.person.who
        if choice not in self._choices[question.key]:
            choice = self._choices[question.key][0]
        return {"choice": choice}

    def _ward(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        choice = draw_ward(self._rng, respondent.person, self._wards)
        return self._chosen(question, respondent, choice)

    def _scale(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        outlook = respondent.person.outlook
        return {"choice": draw_agreement(self._rng, outlook, self._scales[question.key])}

    def _several(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        rng = self._rng
        offered = self._choices[question.key]
        if question.key == "help_most":
            if "nothing" in offered and rng.random() < NO_HELP_SHARE:
                return {"choices": ["nothing"]}
            weights, wanted = HELP_MOST, rng.choice((1, 2, 2, 3, 3, 3))
        elif question.key == "life_stages":
            weights, wanted = LIFE_STAGES, rng.choice((1, 2, 2))
        else:
            return None
        limit = min(wanted, question.choose_at_most or wanted)
        choices = draw_some(rng, weights, offered, limit)
        if not choices:
            return None
        if "other" in choices:
            return {"choices": choices, "other": respondent.writer.help_other()}
        return {"choices": choices}

    def _ranking(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        del respondent
        if question.key != "priorities":
            return None
        offered = self._choices[question.key]
        order = draw_some(self._rng, PRIORITIES, offered, question.rank_at_most or len(offered))
        return {"order": order} if order else None

    def _number(self, question: Question, respondent: _Respondent) -> dict[str, Any] | None:
        low = question.minimum if question.minimum is not None else 0
        high = question.maximum if question.maximum is not None else low + 7
        limited = respondent.person.monitoring["disability"] == "limited_a_lot"
        share = self._rng.triangular(0.0, 1.0, 0.2 if limited else 0.8)
        return {"number": low + int(share * (high - low) + 0.5)}

    def _submitted_share(self, sends_letter: bool) -> float:
        """Most early or by reminder; the campaign letters come within a few days."""
        rng = self._rng
        draw = rng.random()
        if sends_letter:
            share = 0.62 + 0.05 * rng.gauss(0.0, 1.0) if draw < 0.9 else 0.62 + 0.38 * rng.random()
        elif draw < 0.3:
            share = 0.18 * rng.random() ** 1.5
        elif draw < 0.45:
            share = 0.5 + 0.03 * rng.gauss(0.0, 1.0)
        else:
            share = rng.random()
        return round(min(max(share, 0.0005), 0.9995), 6)

    def _seconds_taken(self, channel: str, answers: Mapping[str, Mapping[str, Any]]) -> int:
        rng = self._rng
        letters = sum(len(answer["text"]) for answer in answers.values() if "text" in answer)
        seconds = rng.lognormvariate(log(330), 0.5) + 6 * len(answers) + 0.35 * letters
        if channel in {"assisted", "phone"}:
            seconds *= 1.7
        if rng.random() < 0.03:
            seconds *= 8  # Went away and came back.
        return min(int(seconds), 4 * 60 * 60)


def _blank_share(question: Question) -> float:
    """How often people leave a question without answer."""
    if question.required or question.part is Part.WHO:
        return 0.0
    if question.part is Part.MONITORING:
        return _MONITORING_BLANK_SHARE
    if question.kind is QuestionKind.AGREE_SCALE:
        return _SCALE_BLANK_SHARE
    return _DRAFT_BLANK_SHARE


def _mood(person: Person, answers: Mapping[str, Mapping[str, Any]]) -> str:
    """How someone speaks who has judged the vision so, or looks on the council so."""
    vision = answers.get("vision_agree", {}).get("choice")
    if vision in {"disagree", "strongly_disagree"} or person.outlook < _AGAINST_BELOW:
        return "against"
    if vision == "strongly_agree" and person.outlook > _FOR_ABOVE:
        return "for"
    return "neutral"


def _asked(question: Question, answers: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether every condition of a question is met by the answers so far."""
    for condition in question.show_if:
        answer = answers.get(condition.question, {})
        chosen = {answer.get("choice"), *answer.get("choices", ()), *answer.get("order", ())}
        if condition.any_of and chosen.isdisjoint(condition.any_of):
            return False
        if not chosen.isdisjoint(condition.none_of):
            return False
    return True
