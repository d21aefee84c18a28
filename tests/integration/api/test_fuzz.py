"""Questions made up from the interface's own description: none brings the server to its knees."""

from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.reading import BUSES, SAY, respond, study
from tests.support.visitors import SLUG

EXAMPLES = 12
"""Of each address in each way."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture
def program(app, desk, install):
    """A program of an analyst, with something to read."""
    ids = [respond(app, f"More buses on road {n} please.") for n in range(3)]
    study(app, {each: [BUSES] for each in ids})
    return install("analyst")


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("has_token", [True, False], ids=["token", "stranger"])
def test_no_question_is_too_odd(app, program, mode, has_token):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    seen = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        seen[operation.path] = _ask(operation, mode, program.secret if has_token else "")
    # The description itself is not asked for anew.
    assert set(seen) == set(schema.raw_schema["paths"]) - {"/openapi.json"}
    if mode is GenerationMode.POSITIVE and has_token:
        assert all(200 in statuses for path, statuses in seen.items() if "results" not in path)


def _ask(operation, mode, secret):
    """Ask for one address in odd ways, of names made up and of those there; say what came."""
    statuses = set()
    headers = {"Accept-Encoding": "identity"}  # the test client unpacks nothing
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    there = {"slug": SLUG, "question": SAY}
    wanted = operation.path_parameters
    known = {each.name: there[each.name] for each in wanted}

    @seed(20261201)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def of_names_made_up(case):
        statuses.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    @seed(20261201)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known))
    def of_what_is_there(case):
        statuses.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    for ask in [of_names_made_up, of_what_is_there] if known else [of_names_made_up]:
        with suppress(Unsatisfiable):  # there is nothing odd to be said about it
            ask()
    return statuses
