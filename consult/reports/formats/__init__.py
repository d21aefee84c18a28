"""The files that a report is written to."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    name: str
    """As in addresses and commands."""
    extension: str
    media_type: str


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        each.name: each
        for each in (
            Format(
                "docx",
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            Format(
                "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            ),
            Format("html", "html", "text/html; charset=utf-8"),
            Format("csv", "csv", "text/csv; charset=utf-8"),
            Format("json", "json", "application/json"),
        )
    }
)
"""All of them by name, the one for reading and printing first."""
