"""A Markdown or plain text as blocks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from consult.drafting.blocks import TITLE_LEVEL, Block, Heading, Item, Paragraph, Span, Spans
from consult.drafting.characters import tidied
from consult.drafting.faults import DraftFault, DraftFileError, Note, NoteCode
from consult.drafting.html_in_text import without_html
from consult.drafting.links import safe_link
from consult.drafting.source import MAX_CHARACTERS, Source
from consult.drafting.tables import Cell, Row, as_list, as_text, is_layout

_ENCODINGS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"", "utf-8-sig"),
)
_MARKS: Final = "\n*_`[|<"
MAX_MARKS: Final = 150_000
"""Lines and marks that the parser stops at. A text of 1,000 pages has about 50,000; two millions
would take minutes and a gigabyte."""
_SETTING = re.compile(r"[A-Za-z][\w-]*:.*|[ \t#-].*|")
_SETTINGS_END: Final = frozenset({"---", "..."})
_MAX_SETTINGS: Final = 60
_TITLE = re.compile(r"title:[ \t]*(.+)")
_BREAKS: Final = {"softbreak": " ", "hardbreak": "\n"}


class _Parser(MarkdownIt):
    def validateLink(self, _url: str) -> bool:  # noqa: N802 - named by the library
        """Take every link for one: which of them residents get is decided later."""
        return True


_parser = _Parser("commonmark", {"html": False, "maxNesting": 60}).enable(
    ["table", "strikethrough"]
)


def read_text(content: bytes) -> Source:
    """Read a text in UTF-8, or in UTF-16 with its mark.

    Raises
    ------
    DraftFileError
        If it is in another encoding, is longer than any draft, or holds no words.
    """
    text = _decoded(content)
    if len(text) > MAX_CHARACTERS:
        raise DraftFileError(DraftFault.TOO_MUCH_TEXT, limit=MAX_CHARACTERS)
    if sum(map(text.count, _MARKS)) > MAX_MARKS:
        raise DraftFileError(DraftFault.TOO_COMPLEX)
    return _Reader().read(text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes) -> str:
    encoding = next(name for mark, name in _ENCODINGS if content.startswith(mark))
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DraftFileError(DraftFault.WRONG_ENCODING, line=line) from error


@dataclass(slots=True)
class _List:
    """A list that the walk is in."""

    number: int | None
    """The number of the item that the walk is in, 0 before the first; None for bullets."""
    begun: bool = False
    """Whether that item has a first paragraph."""


class _Reader:
    """Walks along the tokens of a parsed text, without recursion: people nest at will."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lists: list[_List] = []
        self._quotes = 0
        self._level = 0
        self._rows: list[tuple[bool, list[Cell]]] | None = None
        self._groups = count(1)
        self._group = 0
        self._words = False
        self._images = 0
        self._described = 0
        self._tables = 0
        self._links: set[str] = set()

    def read(self, text: str) -> Source:
        text, title = _without_settings(text)
        notes = [] if title is None else [Note(NoteCode.FRONT_MATTER)]
        text, tags = without_html(text)
        if tags:
            notes.append(Note(NoteCode.HTML, {"count": tags}))
        if spans := tidied([Span(title or "")]):
            self._blocks.append(Heading(TITLE_LEVEL, spans))
        for token in _parser.parse(text):
            self._token(token)
        if not self._words:
            raise DraftFileError(DraftFault.IMAGES_ONLY if self._images else DraftFault.NO_TEXT)
        return Source(tuple(self._blocks), (*notes, *self._met()), {})

    def _met(self) -> Iterator[Note]:
        if self._images:
            yield Note(NoteCode.IMAGES, {"count": self._images, "described": self._described})
        if self._tables:
            yield Note(NoteCode.TABLES, {"count": self._tables})
        if self._links:
            yield Note(NoteCode.LINKS, {"count": len(self._links)})

    def _token(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._add(self._spans(token.children or []))
            case "code_block" | "fence":
                self._words = self._words or bool(token.content.strip())
                self._add(tidied([Span(token.content)]))
            case "heading_open":
                self._level = int(token.tag[1:])
            case "heading_close":
                self._level = 0
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "bullet_list_open" | "ordered_list_open":
                self._group = self._group if self._lists else next(self._groups)
                start = int(token.attrs.get("start", 1)) - 1
                self._lists.append(_List(start if token.type.startswith("ordered") else None))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                number = self._lists[-1].number
                self._lists[-1] = _List(None if number is None else number + 1)
            case _:
                self._table_token(token)

    def _table_token(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append((False, []))
            case "thead_close" if self._rows:
                self._rows[-1] = (True, self._rows[-1][1])
            case "table_close" if self._rows:
                rows = [Row(tuple(cells), header) for header, cells in self._rows]
                self._rows = None
                for block in self._listed(rows):
                    self._place(block)
            case _:
                pass

    def _listed(self, rows: list[Row]) -> list[Block]:
        if is_layout(rows):
            return as_text(rows)
        self._tables += 1
        return as_list(rows, next(self._groups))

    def _add(self, spans: Spans) -> None:
        if self._rows is not None:
            self._rows[-1][1].append(Cell((Paragraph(spans),)))
        elif self._level and not self._lists:
            self._blocks.append(Heading(self._level, spans))
        elif spans:
            self._place(Paragraph(spans, quote=self._quotes > 0))

    def _place(self, block: Block) -> None:
        """Take a block, as an item or its continuation where the walk is in a list."""
        if not self._lists:
            self._blocks.append(block)
            return
        inner = self._lists[-1]
        depth = len(self._lists) - 1
        self._blocks.append(Item(block.spans, depth, inner.number, inner.begun, self._group))
        for outer in self._lists:
            outer.begun = True

    def _spans(self, tokens: Sequence[Token]) -> Spans:
        spans: list[Span] = []
        strong = emphasis = 0
        link: str | None = None
        for token in tokens:
            match token.type:
                case "strong_open" | "strong_close":
                    strong += token.nesting
                case "em_open" | "em_close":
                    emphasis += token.nesting
                case "link_open":
                    link = self._address(str(token.attrGet("href") or ""))
                case "link_close":
                    link = None
                case "image":
                    spans.append(Span(self._image(token)))
                case _:
                    spans.append(Span(self._text(token), strong > 0, emphasis > 0, link))
        return tidied(spans)

    def _text(self, token: Token) -> str:
        if token.type in _BREAKS:
            return _BREAKS[token.type]
        self._words = self._words or bool(token.content.strip())
        return token.content

    def _image(self, token: Token) -> str:
        self._images += 1
        words = " ".join("".join(part.content or " " for part in token.children or []).split())
        self._described += bool(words)
        return f"[{words}]" if words else ""

    def _address(self, address: str) -> str | None:
        if address.startswith("#"):
            return None
        link = safe_link(address)
        if link is None:
            self._links.add(address)
        return link


def _without_settings(text: str) -> tuple[str, str | None]:
    """The text below the settings that other programs keep at its top, and their title.

    The title is None where there are no settings, and empty where they name none.
    """
    lines = text.split("\n", _MAX_SETTINGS)
    if lines[0].rstrip() != "---":
        return text, None
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() in _SETTINGS_END), 0)
    if end < 2 or end == _MAX_SETTINGS or not all(map(_SETTING.fullmatch, lines[1:end])):
        return text, None
    titles = (_TITLE.fullmatch(line) for line in lines[1:end])
    title = next((found[1].strip().strip("\"'") for found in titles if found), "")
    return "\n".join(lines[end + 1 :]), title
