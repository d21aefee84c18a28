"""Reading catalogues in the PO format, whichever program wrote them.

Read by ourselves, so that a fault can be told with its line: the libraries join entries of one
name, guess at encodings, or take a text for the name of a file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consult.translation_files.encoding import decoded
from consult.translation_files.entries import ReadEntry, ReadFile, checked
from consult.translation_files.faults import FileFault, TranslationFileError
from consult.translation_files.po_writing import DIGEST, MARK

_STATEMENT = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s*(\".*)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{2}|.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
          '"': '"', "\\": "\\"}  # fmt: skip
_ADDRESS = re.compile(r"\s*<[^>]*>\s*")
_NOBODY = frozenset({"", "full name", "automatically generated"})
"""What programs write where no translator is known."""


@dataclass(slots=True)
class _Block:
    """The lines of one entry so far."""

    line: int = 0
    said: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    mark: str | None = None
    unsure: bool = False
    last: str = ""


def read_po(content: bytes) -> ReadFile:
    """Read a catalogue.

    Raises
    ------
    TranslationFileError
        If it is no such file, is not in UTF-8, names a text twice or holds none.
    """
    header: Mapping[str, str] = {}
    entries: list[ReadEntry] = []
    for block in _blocks(decoded(content)):
        if not block.said.get("msgid") and "msgctxt" not in block.said:
            header = _fields(block.said.get("msgstr", ""))
        else:
            entries.append(_entry(block))
    return ReadFile(
        entries=checked(entries),
        language=header.get("language", "").replace("_", "-") or None,
        project=header.get("project-id-version") or None,
        digest=header.get(DIGEST.lower()),
        translator=_name(header.get("last-translator", "")),
        says_unsure=True,
    )


def _blocks(text: str) -> Iterator[_Block]:
    """The entries of a catalogue: a comment or a name after a translation begins the next."""
    block = _Block()
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if "msgstr" in block.said and (not line or line.startswith(("#", "msgctxt", "msgid "))):
            yield block
            block = _Block()
        if line.startswith("#"):
            _take_comment(block, line)
        elif line.startswith('"') and block.last:
            block.said[block.last] += _unquoted(line, number)
        elif (found := _STATEMENT.fullmatch(line)) is not None:
            _take_statement(block, found[1], _unquoted(found[2], number), number)
        elif line:
            raise TranslationFileError(FileFault.SYNTAX, line=number)
    if "msgstr" in block.said:
        yield block
    elif block.said:
        raise TranslationFileError(FileFault.SYNTAX, line=block.line)


def _take_comment(block: _Block, line: str) -> None:
    kind, rest = line[:2], line[2:].strip()
    if kind == "#," and "fuzzy" in [flag.strip() for flag in rest.split(",")]:
        block.unsure = True
    elif kind == "#." and rest.startswith(MARK):
        block.mark = rest.removeprefix(MARK).strip()
    elif kind in {"#", "# "} and rest:
        block.notes.append(rest)


def _take_statement(block: _Block, keyword: str, text: str, number: int) -> None:
    if keyword == "msgid_plural" or keyword.endswith("]"):
        raise TranslationFileError(FileFault.PLURAL, line=number)
    if keyword in block.said or (keyword == "msgstr" and "msgid" not in block.said):
        raise TranslationFileError(FileFault.SYNTAX, line=number)
    block.line = block.line or number
    block.said[keyword] = text
    block.last = keyword


def _unquoted(text: str, number: int) -> str:
    found = _QUOTED.fullmatch(text)
    if found is None:
        raise TranslationFileError(FileFault.SYNTAX, line=number)

    def sign(escape: re.Match[str]) -> str:
        name = escape[1]
        if name in _SIGNS:
            return _SIGNS[name]
        try:
            return chr(int(name[1:], 16) if name[0] == "x" else int(name, 8))
        except ValueError:
            raise TranslationFileError(FileFault.SYNTAX, line=number) from None

    return _ESCAPE.sub(sign, found[1])


def _entry(block: _Block) -> ReadEntry:
    if "msgctxt" not in block.said:
        raise TranslationFileError(FileFault.NO_CONTEXT, line=block.line)
    return ReadEntry(
        path=block.said["msgctxt"],
        source=block.said["msgid"],
        text=block.said["msgstr"],
        place=block.line,
        mark=block.mark,
        note="\n".join(block.notes),
        unsure=block.unsure,
    )


def _fields(header: str) -> dict[str, str]:
    lines = (line.partition(":") for line in header.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _name(translator: str) -> str:
    name = _ADDRESS.sub(" ", translator).strip()
    return "" if name.lower() in _NOBODY else name[:200]
