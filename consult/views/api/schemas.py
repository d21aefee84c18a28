"""What the interface answers, as JSON Schema: kept by hand beside the views, and held to them."""

from functools import cache
from typing import Any, Final

from consult.document.model import Part, QuestionKind, Sensitivity
from consult.reports.data import ReportData
from consult.services.raw.reading import STATUSES
from consult.services.workspaces import State
from consult.views.staff.raw.words import CHANNELS, MODES, ORIGINS

Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"
REPORT: Final = "Report"


def text(description: str = "", **more: Any) -> Schema:
    """A text."""
    return {"type": "string", **_said(description), **more}


def one_of(values: Any, description: str = "") -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": [str(each) for each in values], **_said(description)}


def whole(description: str = "", **more: Any) -> Schema:
    """A whole number."""
    return {"type": "integer", "minimum": 0, **_said(description), **more}


def share(description: str = "") -> Schema:
    """A number from 0 to 1."""
    return {"type": "number", "minimum": 0, "maximum": 1, **_said(description)}


def truth(description: str = "") -> Schema:
    """Yes or no."""
    return {"type": "boolean", **_said(description)}


def nullable(schema: Schema) -> Schema:
    """The same, or nothing."""
    described = {"description": schema["description"]} if "description" in schema else {}
    return {"anyOf": [schema, {"type": "null"}], **described}


def listed(items: Schema, description: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": items, **_said(description)}


def by_key(values: Schema, description: str = "") -> Schema:
    """An object whose names are data."""
    return {"type": "object", "additionalProperties": values, **_said(description)}


def record(fields: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """An object with just these fields, all of them there but for the optional ones."""
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }


def named(name: str) -> Schema:
    """What is described under a name."""
    return {"$ref": f"{REFERENCE}{name}"}


def _said(description: str) -> Schema:
    return {"description": description} if description else {}


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {**OWN, **_of_reports()}


@cache
def _of_reports() -> dict[str, Schema]:
    made = ReportData.model_json_schema(
        mode="serialization", ref_template=f"{REFERENCE}{REPORT}.{{model}}"
    )
    parts = made.pop("$defs", {})
    return {REPORT: made, **{f"{REPORT}.{name}": part for name, part in parts.items()}}


OWN: Final[dict[str, Schema]] = {
    "Problem": record(
        {
            "type": text("Stands for the kind of problem; it does not change."),
            "title": text(),
            "status": whole(),
            "detail": text("For people, in English."),
            "errors": listed(
                record({"parameter": text(), "detail": text()}), "What is wrong with parameters."
            ),
        },
        optional=("errors",),
    ),
    "Consultation": record(
        {
            "slug": text("Its name in addresses."),
            "title": text("In the language in which it was written."),
            "state": one_of(State),
            "opens": nullable(text(format="date-time")),
            "closes": nullable(text(format="date-time")),
            "timezone": text("Of its place, such as Europe/London."),
            "source_language": text("Code of the language in which it was written."),
            "languages": listed(text(), "Codes of all its languages."),
            "illustration": truth("Whether it is made up."),
        }
    ),
    "Consultations": record({"items": listed(named("Consultation"))}),
    "Option": record(
        {
            "key": text("What answers hold."),
            "label": text(),
            "asks_for_words": truth("Whether words can be written beside it."),
        }
    ),
    "QuestionVersion": record(
        {
            "number": whole(minimum=1),
            "asked_from": text(format="date"),
            "kind": one_of(QuestionKind),
            "label": text("What is asked."),
            "help": nullable(text()),
            "section": nullable(text("The part of the draft that it is about.")),
            "required": truth(),
            "sensitivity": one_of(Sensitivity),
            "minimum": nullable({"type": "integer"}),
            "maximum": nullable({"type": "integer"}),
            "unit": nullable(text()),
            "options": listed(named("Option"), "Empty where nothing is chosen."),
        }
    ),
    "Question": record(
        {
            "key": text("Its lasting name."),
            "part": one_of(Part),
            "asked_now": truth("Whether it is asked still."),
            "versions": listed(named("QuestionVersion"), "The earliest first."),
        }
    ),
    "Questions": record(
        {
            "language": text("Code of the language of all labels."),
            "items": listed(named("Question")),
        }
    ),
    "Translation": record(
        {"language": text(), "text": text(), "by": one_of(("person", "machine"))}
    ),
    "Answer": record(
        {
            "version": whole("Which version of the question was answered.", minimum=1),
            "choice": text("Key of the option chosen."),
            "choices": listed(text(), "Keys of the options chosen."),
            "order": listed(text(), "Keys of the options, the first in rank first."),
            "number": {"type": "integer"},
            "text": text("The words, with […] for what is hidden."),
            "other": text("Words beside a choice, with […] for what is hidden."),
            "language": text("Code of the language of the words."),
            "translation": named("Translation"),
        },
        optional=(
            "choice",
            "choices",
            "order",
            "number",
            "text",
            "other",
            "language",
            "translation",
        ),
    ),
    "Response": record(
        {
            "id": text("The same in every file; it leads to no person.", format="uuid"),
            "received_on": text("The day, without the time.", format="date"),
            "channel": one_of(CHANNELS),
            "session": nullable(text("Code of the partner's session that it came from.")),
            "partner": nullable(text("The organisation that held the session.")),
            "mode": nullable(
                one_of(MODES, "Who entered it; null where the person answered online.")
            ),
            "interpreted": nullable(truth()),
            "language": text("Code of the language of the form."),
            "origin": one_of(ORIGINS),
            "import": nullable(text("The file that it came with.", format="uuid")),
            "timing": one_of(("on_time", "late", "doubtful")),
            "is_resident": nullable(truth()),
            "status": one_of((fate.value for fate in STATUSES), "Only counted ones count."),
            "answers": by_key(named("Answer"), "By the question's key."),
        }
    ),
    "Responses": record(
        {
            "items": listed(named("Response")),
            "total": nullable(whole("Of the whole reading; on the first page only.")),
            "next": nullable(text("Cursor of the next page; null on the last.")),
        }
    ),
    "ThemedQuestion": record(
        {
            "question": text("Its key."),
            "label": text(),
            "analysed_at": nullable(text(format="date-time")),
            "answering": whole("People who wrote something with content."),
            "themes": whole("How many there are."),
        }
    ),
    "ThemedQuestions": record({"items": listed(named("ThemedQuestion"))}),
    "Theme": record(
        {
            "id": text(),
            "label": text(),
            "label_by": one_of(("machine", "person")),
            "made_by": one_of(("machine", "person")),
            "description": text(),
            "responses": whole("People with a statement in it; exact."),
            "share": nullable(share("Of those who wrote something with content.")),
            "share_low": share("Of the 95 % interval."),
            "share_high": share(),
            "responses_without_campaigns": whole("Each letter that many sent counted once."),
            "share_without_campaigns": nullable(share()),
            "languages": by_key(whole(), "People by the code of their language."),
            "keywords": by_key(listed(text()), "By the code of their language."),
            "stability": nullable(share("How firm the theme is.")),
            "statements": whole("Different statements in it."),
            "reviewed": whole("Of them, those that a person put or confirmed there."),
            "uncertain": whole("Of them, those that nobody has looked at and the machine doubts."),
            "locked": truth(),
            "hidden": truth(),
        }
    ),
    "Themes": record(
        {
            "question": text("Its key."),
            "analysed_at": nullable(text(format="date-time")),
            "responses": whole("To the consultation, that count."),
            "asked": whole("Of them, those whose answer here has been analysed."),
            "answering": whole("Of them, those with content: the base of every share."),
            "voices": whole("The same with each letter that many sent counted once."),
            "without_theme": whole(),
            "no_content": whole(),
            "unclear": whole(),
            "not_yet_analysed": whole(),
            "is_locked": truth(),
            "is_provisional": truth("Whether there are too few statements for firm themes."),
            "items": listed(named("Theme"), "Most people first."),
        }
    ),
}
