"""The interface's own description (OpenAPI 3.1)."""

from typing import Any, Final

from consult.services.tokens import Scope
from consult.views.api.current import VERSION, reads
from consult.views.api.responses import LARGEST_LIMIT, STATUSES, USUAL_LIMIT
from consult.views.api.schemas import REPORT, Schema, named, one_of, schemas, text

TOKEN: Final = "token"

ABOUT: Final = (
    "What a consultation asked and what came of it, for other programs. Nothing can be changed "
    "here. What is public needs no token. For the rest a member of staff makes a token in their "
    "account: it opens what its scopes name, as far as that person may see it when the program "
    "asks. No address here takes a cookie. Answers are not to be kept by caches."
)

SAID: Final = {
    200: "Here it is.",
    401: "The token is missing, or does not count.",
    403: "The token lacks the scope, or its person the role.",
    404: "There is no such thing that you may read.",
    406: "Only application/json can be had.",
    422: "A parameter cannot be understood.",
    500: "A fault of ours.",
    503: "The records cannot be reached just now.",
}

SLUG: Final[Schema] = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "The consultation's name in addresses.",
    "schema": text(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", maxLength=80),
}

QUESTION: Final[Schema] = {
    "name": "question",
    "in": "path",
    "required": True,
    "description": "The question's key.",
    "schema": text(pattern="^[a-z][a-z0-9_]*$", maxLength=60),
}

PAGING: Final[list[Schema]] = [
    {
        "name": "limit",
        "in": "query",
        "description": "Responses on a page.",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": LARGEST_LIMIT,
            "default": USUAL_LIMIT,
        },
    },
    {
        "name": "cursor",
        "in": "query",
        "description": (
            "What the page before gave as next. It holds for a day from the first page, for the "
            "same token, and carries status and translations on."
        ),
        "schema": text(maxLength=1_000),
    },
    {
        "name": "status",
        "in": "query",
        "description": "Those that count, or all that are held, each with its status.",
        "schema": {**one_of(STATUSES), "default": STATUSES[0]},
    },
    {
        "name": "translations",
        "in": "query",
        "description": "Code of the language into which words are wanted translated too.",
        "schema": text(maxLength=20),
    },
]


@reads("/openapi.json")
def description() -> dict[str, Any]:
    """The description of every address, in the form that programs read."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Consult", "version": "1", "description": ABOUT},
        "servers": [{"url": f"/api/{VERSION}"}],
        "paths": _paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                TOKEN: {"type": "http", "scheme": "bearer", "description": _scopes()}
            },
        },
    }


def _paths() -> dict[str, Any]:
    one = "/consultations/{slug}"
    return {
        "/openapi.json": _read("description", "This description.", {"type": "object"}),
        "/consultations": _read(
            "consultations",
            "All consultations that are announced, open or over; with a token of "
            f"{Scope.CONSULTATIONS} those in the making too that its person may look at.",
            named("Consultations"),
        ),
        one: _read("consultation", "One consultation.", named("Consultation"), [SLUG]),
        f"{one}/questions": _read(
            "questions",
            "Its questions in all versions, once it is open; before that with a token of "
            f"{Scope.CONSULTATIONS} whose person may look at it.",
            named("Questions"),
            [SLUG],
        ),
        f"{one}/responses": _read(
            "responses",
            "Responses with their answers, in the order they came, a page at a time.",
            named("Responses"),
            [SLUG, *PAGING],
            scope=Scope.RESPONSES,
        ),
        f"{one}/themes": _read(
            "themes",
            "The questions answered in one's own words.",
            named("ThemedQuestions"),
            [SLUG],
            scope=Scope.THEMES,
        ),
        f"{one}/themes/{{question}}": _read(
            "question_themes",
            "The themes of one of them, with exact figures: not to be published as they stand.",
            named("Themes"),
            [SLUG, QUESTION],
            scope=Scope.THEMES,
        ),
        f"{one}/results": _read(
            "results",
            "The data of the newest report that was published, safe for everybody.",
            named(REPORT),
            [SLUG],
        ),
    }


def _read(
    name: str,
    summary: str,
    schema: Schema,
    parameters: list[Schema] | None = None,
    *,
    scope: Scope | None = None,
) -> Schema:
    statuses = [401, 406, 422, 500, 503]
    if parameters:
        statuses.append(404)
    if scope is not None:
        statuses.append(403)
    responses: dict[str, Any] = {
        "200": {"description": SAID[200], "content": {"application/json": {"schema": schema}}}
    }
    for status in sorted(statuses):
        content = {"application/problem+json": {"schema": named("Problem")}}
        responses[str(status)] = {"description": SAID[status], "content": content}
    needed: list[dict[str, list[str]]] = [{TOKEN: []}] if scope is not None else [{}, {TOKEN: []}]
    operation: Schema = {
        "operationId": name,
        "summary": summary,
        "security": needed,
        "responses": responses,
    }
    if parameters:
        operation["parameters"] = parameters
    if scope is not None:
        operation["description"] = f"Needs the scope {scope}."
    return {"get": operation}


def _scopes() -> str:
    return f"A token from the page of one's own account, with scopes: {', '.join(Scope)}."
