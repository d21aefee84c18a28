"""Beginning a consultation: from nothing, from the model case, or from a file."""

import re
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from consult.db import db, unit_of_work
from consult.demo.setting_up import model_case
from consult.document.model import Consultation as Document
from consult.document.reading import ConsultationFileError, decode, parse_consultation
from consult.drafting.faults import DraftFileError, Note, NoteCode
from consult.drafting.kinds import MAX_BYTES, MEGABYTE
from consult.drafting.reading import DraftRead, read_draft
from consult.forms.draft_words import fault_sentence, note_sentence
from consult.forms.editing.fields import Fields
from consult.models import Membership, Workspace
from consult.response_files import reading as response_files
from consult.response_files.faults import ResponseFileError
from consult.response_files.survey import Survey, look
from consult.services import access, beginning, workspaces
from consult.services.intake import elsewhere, holding, places
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page, workspace
from consult.views.staff.intake import words as intake_words

LARGEST_UPLOAD = response_files.LARGEST_UPLOAD + 1_000_000
TIMEZONE = "Europe/London"
"""Of a consultation that nobody has given another."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TITLE = 300
LONGEST_SLUG = 80
"""As :data:`consult.document.fields.Slug` has it."""
KINDS = ("nothing", "draft", "model", "file", "elsewhere")


class Refused(Exception):
    """What was sent makes no consultation; ``field`` says where, ``words`` what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
        self.words = words


@dataclass
class Typed:
    """What stands in the form."""

    kind: str = ""
    title: str = ""
    slug: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Of a consultation file, in English as its keys are."""
    days: Fields = field(default_factory=Fields)
    """The first and the last day of answers that were gathered elsewhere."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A file of responses that was looked through, and the days within which they came."""

    name: str
    content: bytes
    survey: Survey
    first_day: date
    last_day: date


@for_staff("/new", roles=access.EDITORS)
def new_consultation() -> ResponseReturnValue:
    """The form to begin with."""
    return _form(Typed())


@for_staff("/new", roles=access.EDITORS, methods=("POST",), largest=LARGEST_UPLOAD)
def begin_consultation() -> ResponseReturnValue:
    """Begin, or say what is wrong with what was sent."""
    typed = Typed(
        kind=request.form.get("kind", ""),
        title=request.form.get("title", "").strip(),
        slug=request.form.get("slug", "").strip(),
        days=Fields({name: request.form.getlist(name) for name in request.form}),
    )
    try:
        if typed.kind == "elsewhere":
            slug, import_id = _begin_elsewhere(typed)
            return redirect(page("import_columns", slug=slug, import_id=import_id), 303)
        begun = _begin(typed)
    except ConsultationFileError as error:
        typed.problems = [str(problem) for problem in error.problems]
        typed.errors = [("file", gettext("The file is not a consultation that we can read."))]
    except DraftFileError as error:
        typed.errors = [("file", fault_sentence(error))]
    except ResponseFileError as error:
        typed.errors = [("file", intake_words.fault_sentence(error))]
    except Refused as refused:
        typed.errors = [(refused.field, refused.words)]
    except (workspaces.SlugTaken, IntegrityError):
        typed.errors = [
            ("slug", gettext("Another consultation has this name in its address. Choose another."))
        ]
    else:
        return redirect(page("begun", slug=begun), 303)
    return _form(typed), 422


@for_staff("/consultations/<slug>/begun", roles=access.EDITORS)
def begun() -> ResponseReturnValue:
    """What came of it: the sections that were found, and what was done with oddities."""
    notes = [
        note_sentence(Note(NoteCode(note["code"]), note["values"]))
        for note in workspace().draft_notes
    ]
    return render_template(
        "staff/begun.html",
        page_title=gettext("The consultation is begun"),
        workspace=workspace(),
        notes=notes,
    )


def _begin(typed: Typed) -> str:
    """Begin as the form says, and return the new consultation's name."""
    _check(typed)
    draft = _uploaded_draft() if typed.kind == "draft" else None
    document = _uploaded_document() if typed.kind == "file" else None
    if not (typed.title or document or (draft and draft.title)):
        raise Refused("title", gettext("Write a title."))
    with unit_of_work(db.session):
        made = _made(typed, draft, document)
        _join(made)
        return made.slug


def _begin_elsewhere(typed: Typed) -> tuple[str, UUID]:
    """Begin with a file of responses; the new consultation's name, and the file's id.

    Residents never meet the consultation unless somebody opens it later.
    """
    _check(typed)
    if not typed.title:
        raise Refused("title", gettext("Write a title."))
    gathered = _uploaded_responses(typed)
    with unit_of_work(db.session):
        made = elsewhere.begin(
            db.session,
            title=typed.title,
            slug=typed.slug or beginning.free_slug(db.session, typed.title),
            first_day=gathered.first_day,
            last_day=gathered.last_day,
            today=_today(),
            actor=actor(),
            now=now(),
        )
        _join(made)
        stored = places.prepare(db.session, made.slug, actor=actor(), now=now())
        held = holding.hold(
            db.session,
            stored,
            name=gathered.name,
            content=gathered.content,
            survey=gathered.survey,
            actor=actor(),
            now=now(),
        )
        return made.slug, held.id


def _uploaded_responses(typed: Typed) -> Gathered:
    days = {name: _day(typed, name) for name in ("first_day", "last_day")}
    if days["last_day"] < days["first_day"]:
        raise Refused(
            "last_day-day", gettext("The last day lies before the first. Correct one of them.")
        )
    name, content = _upload(response_files.LARGEST_UPLOAD)
    table = response_files.open_table(name, content, largest=response_files.LARGEST_UPLOAD)
    return Gathered(name, content, look(table), days["first_day"], days["last_day"])


def _day(typed: Typed, name: str) -> date:
    written = typed.days.day(name)
    if written is None:
        typed.days.refuse(name, gettext("Write the day, the month and the year"), f"{name}-day")
        place, sentence = next(iter(typed.days.error_list()))
        raise Refused(place, sentence)
    if date.fromisoformat(written) > _today():
        typed.days.refuse(name, gettext("This day is still to come."))
        raise Refused(f"{name}-day", typed.days.errors[name])
    return date.fromisoformat(written)


def _today() -> date:
    return now().astimezone(ZoneInfo(TIMEZONE)).date()


def _join(made: Workspace) -> None:
    """Who begins a consultation may invite others to it."""
    db.session.add(Membership(account_id=account().id, workspace_id=made.id, role=access.ADMIN))


def _check(typed: Typed) -> None:
    """Refuse what no way to begin can use."""
    if typed.kind not in KINDS:
        raise Refused("kind", gettext("Choose how you want to begin."))
    if len(typed.title) > LONGEST_TITLE:
        raise Refused(
            "title",
            gettext("Write a title of up to %(limit)s characters.", limit=LONGEST_TITLE),
        )
    if typed.slug and not SLUG.fullmatch(typed.slug):
        raise Refused(
            "slug",
            gettext("Use small letters from a to z, digits and hyphens, such as parks-2027."),
        )
    if len(typed.slug) > LONGEST_SLUG:
        raise Refused("slug", gettext("Write at most %(limit)s characters", limit=LONGEST_SLUG))


def _made(typed: Typed, draft: DraftRead | None, document: Document | None) -> Workspace:
    found_title = (draft.title if draft else None) or (str(document.title) if document else "")
    title = typed.title or found_title
    slug = typed.slug or (document.slug if document else "")
    slug = slug or beginning.free_slug(db.session, title)
    by, at = actor(), now()
    if draft is not None:
        return beginning.from_draft(db.session, draft, title=title, slug=slug, actor=by, now=at)
    if document is not None or typed.kind == "model":
        return beginning.from_document(
            db.session,
            document or model_case(),
            title=typed.title,
            slug=slug,
            whole=document is not None,
            origin="machine" if document is None else "file",
            # Translators: who wrote the translations that come with the model consultation
            written_by=gettext("Machine (model case)") if document is None else by,
            actor=by,
            now=at,
        )
    return beginning.from_nothing(db.session, title=title, slug=slug, actor=by, now=at)


def _uploaded_draft() -> DraftRead:
    name, content = _upload()
    return read_draft(content, name)


def _uploaded_document() -> Document:
    name, content = _upload()
    return parse_consultation(decode(content, name), name=name)


def _upload(largest: int = MAX_BYTES) -> tuple[str, bytes]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("file", gettext("Choose a file."))
    return file.filename, file.stream.read(largest + 1)


def _form(typed: Typed) -> str:
    return render_template(
        "staff/new_consultation.html",
        page_title=gettext("Start a new consultation"),
        typed=typed,
        errors=typed.errors,
        error_of=dict(typed.errors),
        megabytes=response_files.LARGEST_UPLOAD // MEGABYTE,
    )
