"""Which links of a draft residents get: to web pages and e-mail addresses, nothing else."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_MAX_LENGTH: Final = 2_000
_UNSAFE = re.compile(r"[\s<>\\\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WITHOUT_SCHEME = re.compile(r"www\.[\w-]+\.", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def safe_link(address: str) -> str | None:
    """The address as it can stand in a link, or None for one that residents cannot follow.

    That are addresses of files, of places within the draft, and of programs.
    """
    address = address.strip()
    if _WITHOUT_SCHEME.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    reachable = parts.netloc or (parts.scheme == "mailto" and "@" in parts.path)
    if parts.scheme not in _SCHEMES or not reachable or len(address) > _MAX_LENGTH:
        return None
    return _UNSAFE.sub(lambda found: _escaped(found.group()), address)


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())
