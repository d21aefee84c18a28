"""What recognises a response of another platform, so that nothing comes in twice."""

import hashlib
import hmac
import json

from consult.services.intake.turning import Turned


class SourceKeys:
    """Gives rows of one file their keys, in the order of the file.

    A row with an id is known by it. One without is known by all that stands in it, and by how
    many rows before it say the very same: two people may.
    """

    def __init__(self, secret_key: str, survey: str) -> None:
        self._secret = secret_key.encode()
        self._survey = survey
        self._rows_by_id: dict[str, int] = {}
        self._counts: dict[bytes, int] = {}

    def key(self, turned: Turned) -> str:
        """The row's key, 64 hexadecimal digits that tell nothing of the row."""
        if turned.platform_id:
            return self._digest("id", self._survey, turned.platform_id).hex()
        content = self._digest("row", *(cell.strip() for cell in turned.cells))
        count = self._counts.get(content, 0)
        self._counts[content] = count + 1
        return self._digest("nth", content.hex(), str(count)).hex()

    def row_of_same_id(self, turned: Turned) -> int | None:
        """The earlier row of the file that has the same id; the row is noted otherwise."""
        if not turned.platform_id:
            return None
        first = self._rows_by_id.setdefault(turned.platform_id, turned.row)
        return None if first == turned.row else first

    def _digest(self, *parts: str) -> bytes:
        text = json.dumps(parts, ensure_ascii=False)
        return hmac.new(self._secret, b"source" + text.encode(), hashlib.sha256).digest()
