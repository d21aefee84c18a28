"""A logo that was uploaded: what kind of picture it is, and whether it is safe to show."""

import re
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import ParseError, XMLParser

LARGEST: Final = 20_000
"""Bytes. A resident's first page travels in 50 kB; the logo must leave room for the rest."""

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_ACTIVE: Final = frozenset({"script", "foreignobject", "iframe", "animate", "set", "handler"})
_OUTSIDE: Final = re.compile(r"^\s*(?!#|data:image/(?:png|jpeg);)\S", re.IGNORECASE)
_URL: Final = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(", re.IGNORECASE)


class LogoFault(StrEnum):
    """Why a file cannot be the logo."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    ACTIVE = "active"
    """An SVG that runs something or fetches something from elsewhere."""


class LogoError(Exception):
    """The file cannot be the logo."""

    def __init__(self, fault: LogoFault) -> None:
        super().__init__(fault)
        self.fault = fault


def logo_type(content: bytes) -> str:
    """The media type of a logo, by its content.

    Raises
    ------
    LogoError
        If it is no PNG, JPEG or SVG picture, is too large, or would do more than be seen.
    """
    if not content:
        raise LogoError(LogoFault.EMPTY)
    if len(content) > LARGEST:
        raise LogoError(LogoFault.TOO_LARGE)
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if b"<svg" in content[:4096]:
        _check_drawing(content)
        return "image/svg+xml"
    raise LogoError(LogoFault.UNKNOWN_TYPE)


class _Elements:
    """What a parser tells of a drawing's elements, as they come."""

    def __init__(self) -> None:
        self.root = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self.root = self.root or name
        if name in _ACTIVE:
            raise LogoError(LogoFault.ACTIVE)
        for attribute, value in attributes.items():
            _check_attribute(_local(attribute), value)

    def end(self, _tag: str) -> None:
        """Nothing happens at the end of an element."""

    def data(self, data: str) -> None:
        if _URL.search(data):
            raise LogoError(LogoFault.ACTIVE)

    def close(self) -> str:
        return self.root


def _check_drawing(content: bytes) -> None:
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper():
        raise LogoError(LogoFault.ACTIVE)
    elements = _Elements()
    parser = XMLParser(target=elements)  # noqa: S314 - no entities are left to expand
    try:
        parser.feed(content)
        parser.close()
    except ParseError:
        raise LogoError(LogoFault.DAMAGED) from None
    if elements.root != "svg":
        raise LogoError(LogoFault.UNKNOWN_TYPE)


def _check_attribute(name: str, value: str) -> None:
    runs = name.startswith("on") or "javascript:" in value.lower()
    leads_out = name in {"href", "src"} and _OUTSIDE.match(value)
    if runs or leads_out or _URL.search(value):
        raise LogoError(LogoFault.ACTIVE)


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1].lower()
