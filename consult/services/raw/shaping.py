"""A response as a JSON object: a line of a file, or an item of a page of the API."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from consult.services.raw.asked import Asking
from consult.services.raw.reading import Given, Said, Wanted


def shaped(given: Given, order: Sequence[str], wanted: Wanted) -> dict[str, Any]:
    """A response; ``order`` are the keys of the questions as they are asked."""
    said = {each.question: each for each in given.answers}
    return {
        "id": str(given.id),
        "received_on": given.received_on.isoformat(),
        "channel": given.channel,
        "session": given.session,
        "partner": given.partner,
        "mode": given.mode,
        "interpreted": given.interpreted,
        "language": given.language,
        "origin": given.origin,
        "import": None if given.import_id is None else str(given.import_id),
        "timing": given.timing,
        "is_resident": given.is_resident,
        "status": given.status,
        "answers": {key: _answer(said[key], wanted) for key in order if key in said},
    }


def _answer(said: Said, wanted: Wanted) -> dict[str, Any]:
    shape: dict[str, Any] = {"version": said.version, **said.value}
    if said.language is not None:
        shape["language"] = said.language
    if said.translated is not None:
        shape["translation"] = {"language": wanted.into, **said.translated._asdict()}
    return shape


def order_of(asked: Asking) -> list[str]:
    """Keys of all questions in the order in which they are asked."""
    return [question.key for question in asked.questions]


def json_lines(
    portions: Iterable[Sequence[Given]], asked: Asking, wanted: Wanted
) -> Iterator[bytes]:
    """One JSON object a line, a line for each response."""
    order = order_of(asked)
    for portion in portions:
        lines = (
            json.dumps(shaped(given, order, wanted), ensure_ascii=False) + "\n" for given in portion
        )
        yield "".join(lines).encode()
