"""Ways to reach the council and to take part without this service."""

import re
from collections.abc import Iterator

from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, asks, blocks, warns

_EXAMPLE = re.compile(
    r"@(?:[a-z0-9-]+\.)*(?:example\.(?:com|org|net)|[a-z0-9-]+\.(?:example|test|invalid))\b",
    re.IGNORECASE,
)
"""Addresses that lead nowhere, for use in examples (RFC 2606)."""


def contact(case: Case) -> Iterator[Finding]:
    """Routes that somebody needs who cannot use these pages."""
    if not case.has("contact"):
        return
    ways = case.document.contact
    routes = (
        ("phone", ways.phone, warns, Code.NO_PHONE),
        ("email", ways.email, asks, Code.NO_EMAIL),
        ("paper", ways.paper, warns, Code.NO_PAPER),
        ("large_print", ways.large_print, warns, Code.NO_LARGE_PRINT),
        ("sign_language", ways.sign_language, warns, Code.NO_SIGN_LANGUAGE),
    )
    for name, value, found, code in routes:
        if not value:
            yield found(code, f"contact.{name}")
    if case.document.illustration:
        return
    for path, text in (
        ("contact.email", ways.email or ""),
        ("privacy.contact", case.document.privacy.contact),
    ):
        if case.has(path) and (example := _EXAMPLE.search(text)):
            yield blocks(Code.EXAMPLE_ADDRESS, path, address=example.group().lstrip("@"))
