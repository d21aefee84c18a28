"""Write consultations as YAML that people can read and compare.

The same consultation always gives the same bytes, and reading them gives it back whole.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from consult.document.model import Consultation
from consult.whole_files import write_whole

LINE_WIDTH = 90
"""The longest line that a short list is written on."""

_MAX_NAME = 1_000
"""YAML takes names up to 1,024 characters without a question mark before them."""

# Plain text starts with a letter and holds nothing that YAML could take for more than text.
_NOT_PLAIN = re.compile(r"""^[^\w]|^(?!\d+ [^\W\d_])[\d_]|:(\s|$)|\s\#|[\t\\"]|^---|^\.\.\.""")
_FLOW_SIGNS = frozenset(",[]{}:")
_WORDS_WITH_MEANING = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_ESCAPED = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"\\\\]')
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_NEEDS_ESCAPES = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)


def write_consultation(consultation: Consultation) -> str:
    """Return a consultation as YAML; fields that have their default value are left out."""
    fields = _fields(consultation)
    lines: list[str] = []
    for name, value in {"format": consultation.format, **fields}.items():
        if lines and isinstance(value, BaseModel | Mapping | tuple) and _on_one_line(value) is None:
            lines.append("")
        lines += _entry(name, value, 0)
    return "\n".join(lines) + "\n"


def write_consultation_file(consultation: Consultation, path: Path) -> None:
    """Write a consultation file so that a reader never finds half of it.

    Raises
    ------
    OSError
        If the file cannot be written; what stood there before is then unchanged.
    """
    write_whole(path, write_consultation(consultation).encode())


def _fields(part: BaseModel) -> dict[str, Any]:
    """Return the fields that differ from their defaults, in the order of the model."""
    return {
        name: getattr(part, name)
        for name, field in type(part).model_fields.items()
        if field.is_required()
        or getattr(part, name) != field.get_default(call_default_factory=True)
    }


def _entry(name: str, value: Any, indent: int) -> Iterator[str]:
    """Lines of one field."""
    margin = " " * indent
    written = _scalar(name, flow=False, block_indent=None)
    if len(written) > _MAX_NAME:
        yield f"{margin}? {written}"
        yield from _value(f"{margin}:", value, indent)
    else:
        yield from _value(f"{margin}{written}:", value, indent)


def _value(start: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, BaseModel):
        value = _fields(value)
    short = _on_one_line(value)
    if short is not None and len(start) + len(short) < LINE_WIDTH:
        yield f"{start} {short}"
    elif isinstance(value, Mapping):
        yield start
        for name, item in value.items():
            yield from _entry(name, item, indent + 2)
    elif isinstance(value, tuple):
        yield start
        above = 0
        for item in value:
            lines = list(_item(item, indent + 2))
            if indent == 0 and above > 2:
                yield ""
            yield from lines
            above = len(lines)
    else:
        yield f"{start} {_scalar(value, flow=False, block_indent=indent + 2)}"


def _item(value: Any, indent: int) -> Iterator[str]:
    """Lines of one list item, the first with a hyphen."""
    margin = " " * indent
    if not isinstance(value, BaseModel):
        yield f"{margin}- {_scalar(value, flow=False, block_indent=indent + 2)}"
        return
    hyphen = "- "
    for name, field in _fields(value).items():
        for line in _entry(name, field, indent + 2):
            yield f"{margin}{hyphen}{line[indent + 2 :]}" if hyphen else line
            hyphen = ""


def _on_one_line(value: Any) -> str | None:
    """Return a short list or an empty group in brackets, ``None`` for anything else."""
    if isinstance(value, Mapping) and not value:
        return "{}"
    if isinstance(value, tuple) and not any(isinstance(item, BaseModel) for item in value):
        line = ", ".join(_scalar(item, flow=True, block_indent=None) for item in value)
        return f"[{line}]" if len(line) < LINE_WIDTH else None
    return None


def _scalar(value: Any, *, flow: bool, block_indent: int | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value.value if isinstance(value, Enum) else value)
    if block_indent is not None and "\n" in text and _fits_a_block(text):
        margin = " " * block_indent
        lines = (f"{margin}{line}" if line else "" for line in text.split("\n"))
        return "|-\n" + "\n".join(lines)
    return text if _is_plain(text, flow) else _quoted(text)


def _time(value: datetime) -> str:
    offset = value.utcoffset()
    if offset is not None and (offset.seconds % 60 or offset.microseconds):
        value = value.astimezone(UTC)
    whole = not (value.second or value.microsecond)
    return value.isoformat(timespec="minutes" if whole else "auto")


def _fits_a_block(text: str) -> bool:
    return not (text[0].isspace() or text[-1].isspace() or _NEEDS_ESCAPES.search(text))


def _is_plain(text: str, flow: bool) -> bool:
    return bool(text) and not (
        _NOT_PLAIN.search(text)
        or _NEEDS_ESCAPES.search(text)
        or "\n" in text
        or text != text.strip()
        or text.lower() in _WORDS_WITH_MEANING
        or (flow and _FLOW_SIGNS & set(text))
    )


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    sign = found.group()
    code = ord(sign)
    return _SHORT_ESCAPES.get(sign) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
