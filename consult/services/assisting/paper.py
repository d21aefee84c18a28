"""Forms on paper: printed with a number and a slip each, and typed in once when they come back.

The number on the sheet is for whoever types it in. The receipt code stands on the slip only, so
that nobody who has the sheet can read, change or withdraw what was stored from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import (
    AssistedSession,
    Consultation,
    PaperForm,
    Provenance,
    Response,
    SessionPack,
)
from consult.services import audit, codes, consultations, responses
from consult.services.assisting import packs, planning
from consult.services.intake import by_hand
from consult.services.journey import Value, visible_questions

CHANNEL = "paper"
MODE = "paper"
NUMBER_DIGITS = 8
"""On the sheet; the last checks the others."""
MOST_FORMS = 50
"""What one printing makes: more is a slip of the keyboard, and no browser prints it well."""


class UnknownForm(LookupError):
    """The number is no form's of this consultation, or of this session."""


class NotOpened(Exception):
    """The consultation is not opened, so nobody knows yet what its questions will be."""


class Over(Exception):
    """The consultation takes no more answers, late ones neither."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A question to which something else was stored than is typed now."""

    question: str
    stored: Value | None
    typed: Value


class EnteredBefore(Exception):
    """The form was typed before, with other answers; those stand.

    Only answers that are typed now are compared: who has the form knows what it says there.
    ``differences`` is empty where just more was stored, and nothing where the person has changed
    the answers since by their code: what they say now is not for whoever has the paper.
    """

    def __init__(self, differences: tuple[Difference, ...] | None) -> None:
        super().__init__("typed before")
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Printed:
    """What a new form shows: its number, and on the slip the receipt code."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a form."""

    filled_on: date
    """The day that its person, or else the officer, wrote on it."""
    language: str
    answers: Mapping[str, Value]
    interpreted: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Forms of a consultation, or of a session, that were printed, and typed in since."""

    printed: int
    entered: int


def print_forms(
    session: Session,
    stored: Consultation,
    *,
    language: str,
    count: int,
    held: AssistedSession | None,
    secret_key: str,
    actor: str,
    now: datetime,
) -> tuple[SessionPack, list[Printed]]:
    """Make forms, and return the questions on them with the number and the code of each.

    The codes are not kept, so a form cannot be printed again: a new one is made instead.

    Raises
    ------
    NotOpened
        If the consultation is only a preview.
    Over
        If no answers are taken any more.
    consult.services.assisting.planning.CalledOff
        If the session does not take place.
    """
    if stored.is_preview:
        raise NotOpened
    if now > stored.late_until:
        raise Over
    if held is not None:
        session.refresh(held, with_for_update=True)  # nobody may call it off meanwhile
        if held.state == planning.State.CALLED_OFF:
            raise planning.CalledOff
    pack = packs.current_pack(session, stored, now=now)
    made = [Printed(number, codes.new_code()) for number in _free_numbers(session, count)]
    session.add_all(
        PaperForm(
            consultation_id=stored.id,
            session_id=None if held is None else held.id,
            pack_id=pack.id,
            language=language,
            number=each.number,
            code_hash=codes.hash_code(secret_key, each.code),
            printed_by=actor,
            printed_at=now,
        )
        for each in made
    )
    audit.record(
        session,
        actor=actor,
        action="paper forms printed",
        subject=stored.slug,
        now=now,
        forms=count,
        language=language,
        held=None if held is None else held.code,
    )
    session.flush()
    return pack, made


def find_by_number(
    session: Session, stored: Consultation, typed: str, *, held: AssistedSession | None
) -> PaperForm:
    """The form of a number as a person typed it; ``held`` lets only that session's be found.

    Raises
    ------
    consult.services.codes.MistypedCode
        If it has not eight digits, or the last does not fit.
    UnknownForm
        If there is none.
    """
    number = codes.parse_digits(typed, NUMBER_DIGITS)
    found = session.scalar(_forms(stored, held).where(PaperForm.number == number))
    if found is None:
        raise UnknownForm
    return found


def find(
    session: Session, stored: Consultation, form_id: UUID, *, held: AssistedSession | None
) -> PaperForm:
    """The form of an id; ``held`` lets only that session's be found.

    Raises
    ------
    UnknownForm
        If there is none.
    """
    found = session.scalar(_forms(stored, held).where(PaperForm.id == form_id))
    if found is None:
        raise UnknownForm
    return found


def document_of(session: Session, form: PaperForm) -> Document:
    """The questions as they are printed on a form."""
    return packs.document_of(session.get_one(SessionPack, form.pack_id))


def response_of(session: Session, form: PaperForm) -> Response | None:
    """What was typed from a form, if it was."""
    return session.scalar(
        select(Response).where(
            Response.consultation_id == form.consultation_id, Response.client_id == form.client_id
        )
    )


def tally(session: Session, stored: Consultation, *, held: AssistedSession | None) -> Tally:
    """Count the forms."""
    forms = _forms(stored, held).subquery()
    printed = session.scalar(select(func.count()).select_from(forms)) or 0
    entered = session.scalar(
        select(func.count())
        .select_from(forms)
        .join(
            Response,
            (Response.client_id == forms.c.client_id)
            & (Response.consultation_id == forms.c.consultation_id),
        )
    )
    return Tally(printed, entered or 0)


def enter(
    session: Session,
    stored: Consultation,
    form: PaperForm,
    entry: Entry,
    *,
    secret_key: str,
    actor: str,
    now: datetime,
) -> bool:
    """Store what stands on a form, once; return whether it had been stored before.

    The day on the form says whether it was filled in in time; that counts until
    ``late_until``. Its person reads and withdraws it by the code on the slip that they kept.

    Raises
    ------
    consult.services.intake.by_hand.WrongDay
        If it cannot have been filled in on that day.
    consult.services.intake.by_hand.NoAnswers
        If nothing was answered that the form asks.
    EnteredBefore
        If it was typed before with other answers.
    consult.services.responses.Withdrawn
        If its person has withdrawn it.
    consult.services.timing.TooLate
        If the consultation takes nothing more.
    """
    pack = session.get_one(SessionPack, form.pack_id)
    document = packs.document_of(pack)
    today = consultations.rules_of(stored)
    moment = by_hand.received_at(today, entry.filled_on, now=now)
    asked = {
        question.key: entry.answers[question.key]
        for question in visible_questions(document, entry.answers)
        if question.key in entry.answers
    }
    if not asked:
        raise by_hand.NoAnswers
    try:
        receipt = responses.submit(
            session,
            stored,
            document,
            responses.Submission(
                client_id=form.client_id,
                answers=asked,
                language=entry.language,
                channel=CHANNEL,
                code=codes.new_code(),  # the form's own takes its place: only its hash is known
                started_at=moment,
                finished_at_device=moment,
                answered_at=dict.fromkeys(asked, moment),
                question_versions={k: UUID(v) for k, v in pack.question_versions.items()},
            ),
            secret_key=secret_key,
            now=now,
            judged_by=today,
        )
    except responses.ResponseConflict:
        raise EnteredBefore(_differences(session, form, document, asked)) from None
    if receipt.repeated:
        return True
    session.get_one(Response, receipt.response_id).code_hash = form.code_hash
    session.add(
        Provenance(
            response_id=receipt.response_id,
            session_id=form.session_id,
            pack_id=pack.id,
            mode=MODE,
            interpreted=entry.interpreted,
            entered_by=actor,
        )
    )
    audit.record(
        session,
        actor=actor,
        action="paper form entered",
        subject=stored.slug,
        now=now,
        answers=len(asked),
    )
    session.flush()
    return False


def _free_numbers(session: Session, count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        drawn = {codes.random_digits(NUMBER_DIGITS) for _ in range(count - len(found))}
        taken = session.scalars(select(PaperForm.number).where(PaperForm.number.in_(drawn)))
        found |= drawn - set(taken)
    return sorted(found)


def _forms(stored: Consultation, held: AssistedSession | None) -> Select[PaperForm]:
    wanted = select(PaperForm).where(PaperForm.consultation_id == stored.id)
    return wanted if held is None else wanted.where(PaperForm.session_id == held.id)


def _differences(
    session: Session, form: PaperForm, document: Document, typed: Mapping[str, Value]
) -> tuple[Difference, ...] | None:
    response = response_of(session, form)
    if response is None or response.changed_at is not None:
        return None
    stored = responses.answers_of(response)
    return tuple(
        Difference(question.key, stored.get(question.key), typed[question.key])
        for question in document.questions
        if question.key in typed and stored.get(question.key) != typed[question.key]
    )
