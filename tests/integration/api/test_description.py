"""The interface's description, held to its routes and to what it answers."""

from pathlib import Path

import jsonschema_rs
import pytest

from consult.services.tokens import Scope
from consult.views.api.current import GUARDS
from tests.integration.api.conftest import Program
from tests.support.reading import BUSES, SAY, respond, study
from tests.support.visitors import SLUG

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
def description(stranger: Program):
    return stranger.read("openapi.json")


def operations(description):
    return {path: item["get"] for path, item in description["paths"].items()}


def test_every_route_is_described_and_no_other(app, description):
    routes = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.nowhere"
    }
    assert set(description["paths"]) == routes


def test_what_needs_a_token_is_described_so(description):
    for operation in operations(description).values():
        guard = GUARDS[f"api.{operation['operationId']}"]
        needs_token = {} not in operation["security"]
        assert needs_token == (guard.scope is not None), operation["operationId"]
        if guard.scope is not None:
            assert guard.scope.value in operation["description"]


def test_every_name_that_is_pointed_at_is_there(description):
    pointed = set(_references(description))
    assert {f"#/components/schemas/{name}" for name in description["components"]["schemas"]} >= (
        pointed
    )


PATHS = {
    "/consultations": "consultations",
    "/consultations/{slug}": f"consultations/{SLUG}",
    "/consultations/{slug}/questions": f"consultations/{SLUG}/questions",
    "/consultations/{slug}/responses": f"consultations/{SLUG}/responses?status=all",
    "/consultations/{slug}/themes": f"consultations/{SLUG}/themes",
    "/consultations/{slug}/themes/{question}": f"consultations/{SLUG}/themes/{SAY}",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_field_of_an_answer_is_described(app, desk, install, description, path):
    ids = [respond(app, "More buses in the evening please.", answers=EVERY_KIND) for _ in range(2)]
    study(app, {ids[0]: [BUSES]})
    content = install("analyst").read(PATHS[path])
    operation = operations(description)[path]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema
    whole = {**schema, "components": description["components"]}
    jsonschema_rs.validator_for(whole).validate(content)
    assert content.get("items", [content])


EVERY_KIND = {
    "vision_agree": {"choice": "agree"},
    "priorities": {"order": ["green", "food"]},
    "help_most": {"choices": ["warm_home", "other"], "other": "A shed"},
    "walk_days": {"number": 3},
}


def test_the_guide_tells_of_every_address_and_scope(description):
    told = DOCS.read_text(encoding="utf-8")
    missing = [path for path in description["paths"] if f"`{path}`" not in told]
    missing += [scope for scope in Scope if f"`{scope}`" not in told]
    assert missing == []


def test_the_guide_tells_of_every_kind_of_problem():
    import consult.views.api as api

    told = DOCS.read_text(encoding="utf-8")
    source = (Path(api.__file__).parent / "problems.py").read_text(encoding="utf-8")
    kinds = {"token-missing", "token-invalid", "scope-missing", "role-missing", "not-found"}
    assert all(f'"{kind}"' in source for kind in kinds)
    assert [kind for kind in kinds if f"`{kind}`" not in told] == []


def _references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
