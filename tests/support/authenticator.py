"""An authenticator app, as RFC 6238 describes it."""

import hashlib
import hmac
import re
import struct
from base64 import b32decode
from datetime import datetime


def code_of(key: str, at: datetime, *, steps: int = 0) -> str:
    """The six digits that an app shows at a time, or so many half minutes later."""
    secret = b32decode(key.replace("-", "").replace(" ", ""))
    counter = int(at.timestamp()) // 30 + steps
    digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def key_on(html: str) -> str:
    """The key that a page shows for typing it into an app."""
    found = re.search(r'consult-app-key"[^>]*>([A-Z2-7-]+)<', html)
    assert found is not None, "the page shows no key"
    return found.group(1)
