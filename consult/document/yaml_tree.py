"""YAML as a tree of texts, lists and mappings, each with its line.

Every scalar stays the text that was written: the model decides whether ``no``, ``01274``
or ``2026-03-31`` is a word, a number or a date, so that nothing is lost to YAML's guesses.
Only a plain empty value, ``~`` or ``null`` is nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from consult.document.model import UNPRINTABLE
from consult.document.problems import Problem, shown

MAX_DEPTH = 20
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
HARMLESS_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "timestamp", "seq", "map")
)

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_SCANNING_QUOTED = "while scanning a quoted scalar"

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True)
class Node:
    """One value of the file."""

    kind: Literal["text", "nothing", "list", "mapping", "unknown"]
    """``unknown`` stands for what a problem was already found with."""
    place: Place
    text: str = ""
    items: list["Node"] = field(default_factory=list)
    entries: dict[str, "Entry"] = field(default_factory=dict)

    def plain(self) -> Any:
        """Return the value as texts, lists, dictionaries and ``None``."""
        if self.kind == "text":
            return self.text
        if self.kind == "list":
            return [item.plain() for item in self.items]
        if self.kind == "mapping":
            return {name: entry.value.plain() for name, entry in self.entries.items()}
        return None


@dataclass(slots=True)
class Entry:
    """A name of a mapping, where it stands, and its value."""

    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Found:
    """The node that a location leads to, or the nearest one around it."""

    node: Node
    place: Place
    """Of the name before the value where it has one, else of the value."""
    complete: bool


def find(root: Node, loc: Loc) -> Found:
    """Follow a location down the tree as far as it leads."""
    node, place = root, root.place
    for step in loc:
        if step == "[key]":
            return Found(node, place, complete=True)
        if isinstance(step, str) and node.kind == "mapping" and step in node.entries:
            entry = node.entries[step]
            node, place = entry.value, entry.place
        elif isinstance(step, int) and node.kind == "list" and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            return Found(node, place, complete=False)
    return Found(node, place, complete=True)


def path_of(root: Node, loc: Loc) -> str:
    """Word a location as an officer reads it: list items by key, or counted from 1."""
    path = ""
    for i, step in enumerate(loc):
        if step == "[key]":
            continue
        if isinstance(step, int):
            path += _item_name(find(root, loc[: i + 1]), step)
        else:
            path += f".{step}" if path else step
    return shown(path, 200)


def _item_name(found: Found, position: int) -> str:
    if found.complete and found.node.kind == "mapping":
        for name in ("key", "code", "dimension"):
            entry = found.node.entries.get(name)
            if entry is not None and entry.value.kind == "text" and entry.value.text:
                return f".{shown(entry.value.text)}"
    return f"[{position + 1}]"


def load_tree(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Read YAML text.

    Returns
    -------
    tuple
        The tree, or ``None`` where it cannot be read at all, and what is wrong with it.
    """
    text = text.removeprefix("\ufeff")
    if problems := list(_bad_characters(text, file)):
        return None, problems
    builder = _Builder(file)
    try:
        root = builder.build(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        return None, [_syntax_problem(error, text, file)]
    except _Unreadable as error:
        return None, [error.problem]
    except (ValueError, OverflowError):
        # ruamel.yaml: an escape such as "\UFFFFFFFF" that stands for no character.
        return None, [
            Problem(
                None, None, "", "An escape such as \\U0001F600 stands for no character.",
                "Write the character itself.", file,
            )
        ]  # fmt: skip
    problems = [
        Problem(
            place.line,
            place.column,
            "" if root is None else path_of(root, loc),
            message,
            mend,
            file,
        )
        for loc, place, message, mend in builder.found
    ]
    if root is None:
        problems.append(
            Problem(
                None,
                None,
                "",
                "The file is empty.",
                "Write the consultation in it; docs/consultation-files.md has an example.",
                file,
            )
        )
    return root, problems


class _Unreadable(Exception):
    def __init__(self, place: Place, message: str, mend: str) -> None:
        super().__init__(message)
        self.problem = Problem(place.line, place.column, "", message, mend, place.file)


def _bad_characters(text: str, file: str) -> Iterator[Problem]:
    for pattern, message, mend in (
        (
            UNPRINTABLE,
            "Here is a control character ({code}), which cannot be seen.",
            "Remove it; retype the words around it if need be.",
        ),
        (_SURROGATE, "Here is half a character ({code}).", "Retype the words around it."),
        (
            _LINE_SEPARATOR,
            "Here is an invisible line separator ({code}), often pasted from a word processor.",
            "Remove it and press Enter instead.",
        ),
    ):
        if found := pattern.search(text):
            line, column = _position(text, found.start())
            code = f"U+{ord(found.group()):04X}"
            yield Problem(line, column, "", message.format(code=code), mend, file)


def _position(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[tuple[Loc, Place, str, str]] = []

    def build(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable(
                        self._place(event),
                        "A second document begins here, after a line of three hyphens.",
                        "Keep one consultation a file, and remove the hyphens.",
                    )
            elif isinstance(event, NodeEvent):
                root = self._node(event, events, ())
        return root

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _node(self, event: Any, events: Iterator[Any], loc: Loc) -> Node:
        place = self._place(event)
        if len(loc) > MAX_DEPTH:
            raise _Unreadable(
                place,
                f"Lists or fields stand more than {MAX_DEPTH} deep inside each other.",
                "Check the brackets and the indentation.",
            )
        if isinstance(event, AliasEvent):
            self.found.append(
                (
                    loc,
                    place,
                    f"*{shown(event.anchor)} refers to another place in the file.",
                    "Write it out; if a text is to begin with *, put the text in quotes.",
                )
            )
            return Node("unknown", place)
        self._refuse_marks(event, place, loc)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, place, loc)
        if isinstance(event, SequenceStartEvent):
            node = Node("list", place)
            while not isinstance(event := next(events), SequenceEndEvent):
                node.items.append(self._node(event, events, (*loc, len(node.items))))
            return node
        assert isinstance(event, MappingStartEvent)  # noqa: S101 - nothing else is left
        return self._mapping(events, place, loc)

    def _refuse_marks(self, event: Any, place: Place, loc: Loc) -> None:
        if event.anchor is not None:
            self.found.append(
                (
                    loc,
                    place,
                    f"&{shown(event.anchor)} names a place to be referred to.",
                    "Remove it; if a text is to begin with &, put the text in quotes.",
                )
            )
        if event.tag is not None and event.tag not in HARMLESS_TAGS:
            self.found.append(
                (
                    loc,
                    place,
                    f"{shown(event.tag)} is a tag, which consultation files do not use.",
                    "Remove it; if a text is to begin with !, put the text in quotes.",
                )
            )

    def _scalar(self, event: ScalarEvent, place: Place, loc: Loc) -> Node:
        text = event.value
        if event.style is None and event.tag is None and text in NOTHING:
            return Node("nothing", place)
        if bad := UNPRINTABLE.search(text) or _SURROGATE.search(text):
            self.found.append(
                (
                    loc,
                    place,
                    f"An escape stands for a control character (U+{ord(bad.group()):04X}).",
                    "Remove the escape.",
                )
            )
            return Node("unknown", place)
        return Node("text", place, text=text)

    def _mapping(self, events: Iterator[Any], place: Place, loc: Loc) -> Node:
        node = Node("mapping", place)
        while not isinstance(event := next(events), MappingEndEvent):
            name_place = self._place(event)
            if not isinstance(event, ScalarEvent):
                raise _Unreadable(
                    name_place,
                    "The name of a field must be a plain word.",
                    "If this is a text that begins with { or [ or *, put it in quotes.",
                )
            self._refuse_marks(event, name_place, loc)
            name = event.value.strip()
            if bad := UNPRINTABLE.search(name) or _SURROGATE.search(name):
                raise _Unreadable(
                    name_place,
                    f"An escape stands for a control character (U+{ord(bad.group()):04X}).",
                    "Remove the escape.",
                )
            value = self._node(next(events), events, (*loc, name))
            if name in node.entries:
                first = node.entries[name].place.line
                self.found.append(
                    (
                        (*loc, name),
                        name_place,
                        f"{shown(name)} is written twice; the first is on line {first}.",
                        "Keep one of the two.",
                    )
                )
            else:
                node.entries[name] = Entry(name_place, value)
        return node


def _syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if error.context == _SCANNING_QUOTED or (error.problem or "").startswith("could not find"):
        mark = error.context_mark or mark
    if mark is None:
        return Problem(None, None, "", *_syntax_words(error, ""), file)
    lines = text.splitlines()
    written = lines[mark.line] if mark.line < len(lines) else ""
    return Problem(mark.line + 1, mark.column + 1, "", *_syntax_words(error, written), file)


def _syntax_words(error: MarkedYAMLError, line: str) -> tuple[str, str]:
    problem, context = error.problem or "", error.context or ""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation or "'\\t'" in problem:
        return (
            "A tab is used here for spacing.",
            "Use spaces: two for each step of indentation.",
        )
    for words, message, mend in _SYNTAX:
        if words in problem or words in context:
            return message, mend
    return (
        f"This is not YAML that can be read ({shown(problem or str(error), 120)}).",
        "Compare it with the lines around it; put a text with unusual signs in quotes.",
    )


_SYNTAX = (
    (
        "mapping values are not allowed here",
        "A colon with a space after it stands where no field can begin.",
        "If the colon is part of a text, put the whole text in double quotes; "
        "otherwise check the indentation.",
    ),
    (
        "sequence entries are not allowed here",
        "A list begins in the middle of a line.",
        "Begin the list on the next line; if this is a text that begins with -, "
        "put it in double quotes.",
    ),
    (
        "could not find expected ':'",
        "This line has no colon after the name of the field.",
        "Write it as name: value, or indent it if it belongs to the text above.",
    ),
    (
        _SCANNING_QUOTED,
        "A quotation mark opens here and is never closed.",
        "Close it; inside single quotes write an apostrophe twice.",
    ),
    (
        "unknown escape character",
        "A backslash in double quotes stands before a letter that it does not go with.",
        "Write the backslash twice, or use single quotes.",
    ),
    (
        "escape sequence",
        "An escape after a backslash is not complete.",
        "Write the character itself instead.",
    ),
    (
        "that cannot start any token",
        "A text begins with a sign that YAML keeps for itself.",
        "Put the text in double quotes.",
    ),
    (
        "while parsing a flow",
        "A bracket opens a list or group that is not closed properly.",
        "Check the commas and the closing bracket; if a text begins with a bracket, "
        "put it in double quotes.",
    ),
    (
        "undefined tag handle",
        "A text begins with an exclamation mark, which YAML keeps for itself.",
        "Put the text in double quotes.",
    ),
    (
        "while scanning a block scalar",
        "After | or > the text must begin on the next line.",
        "Move the text to the next line and indent it.",
    ),
    (
        "<block end>",
        "This does not fit the lines above: the indentation differs, or something follows "
        "a closing quotation mark.",
        "Begin it under the first letter of the field above; if a text has quotation marks "
        "in it, put the whole text in quotes.",
    ),
    (
        "<document start>",
        "This line does not belong to what is above it.",
        "Begin every field of the consultation at the very left, without spaces.",
    ),
)
