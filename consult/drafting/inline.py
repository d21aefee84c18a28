"""The words of one paragraph as Markdown, with no more backslashes than it takes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from markdown_it import MarkdownIt

from consult.drafting.blocks import Span

_MEANINGS: Final = r"""
    [*`]                                  # emphasis, code
    | \\(?=[!-/:-@[-`{-~]|\s*$|\n)        # an escape, or a line break
    | <(?=[A-Za-z/!?]|$)                  # tags and addresses
    | &(?=\#|[A-Za-z][A-Za-z0-9]*;|$)     # characters by name
    | (?<![^\W_])_ | _(?![^\W_])          # emphasis; not within a word
    | \](?=[(:]|$)                        # links
    | !(?=\[|$)                           # pictures
"""
_MEANING = re.compile(_MEANINGS, re.VERBOSE)
_MEANING_IN_LINK = re.compile(rf"[][] | {_MEANINGS}", re.VERBOSE)
_BREAK_AND_BLANKS = re.compile(r"\n +")
_LINE_START = re.compile(r"^(?=#{1,6}(?: |$)|>|[-+](?: |$)|[-=]+ *$|~~~)", re.MULTILINE)
_NUMBERED = re.compile(r"^([0-9]{1,9})(?=[.)](?: |$))", re.MULTILINE)
_HEADING_END = re.compile(r"(?<= )#(?=#*$)")
_OUTER_START = re.compile(r"(?:\\\n|\s)*")
_OUTER_END = re.compile(r"(?:\\\n|\s)*\Z")
_ADDRESS_MARKS: Final = str.maketrans({"(": "%28", ")": "%29"})
_MAX_SPANS: Final = 2_000
_MAX_LETTERS: Final = 50_000
_parser = MarkdownIt("commonmark", {"html": False})


def inline(spans: Sequence[Span], *, heading: bool = False) -> str:
    """The words with links and, but for headings, emphasis.

    Emphasis is dropped from a paragraph in which Markdown would not see all of it, such as where
    it ends in the middle of a word after a comma.
    """
    if heading:
        lines = (replace(span, text=span.text.replace("\n", " ")) for span in spans)
        return _HEADING_END.sub(r"\\#", _written([_unstressed(span) for span in lines]))
    text = _written(spans)
    stressed = any(span.strong or span.emphasis for span in spans)
    if stressed and (_is_endless(spans) or not _shows(text, spans)):
        return _written([_unstressed(span) for span in spans])
    return text


def _is_endless(spans: Sequence[Span]) -> bool:
    """Whether a paragraph is longer than any author writes, so that looking at it takes long."""
    return len(spans) > _MAX_SPANS or sum(len(span.text) for span in spans) > _MAX_LETTERS


def _unstressed(span: Span) -> Span:
    return replace(span, strong=False, emphasis=False)


def _shows(text: str, spans: Sequence[Span]) -> bool:
    """Whether a reader of the Markdown sees exactly the words."""
    tokens = _parser.parseInline(text)[0].children or []
    shown = "".join(token.content or (" " if "break" in token.type else "") for token in tokens)
    return shown.split() == "".join(span.text for span in spans).split()


def _written(spans: Sequence[Span]) -> str:
    text = _BREAK_AND_BLANKS.sub("\n", "".join(_links(spans)))
    return _NUMBERED.sub(r"\1" + "\\\\", _LINE_START.sub(r"\\", text))


def _links(spans: Sequence[Span]) -> Iterator[str]:
    place = 0
    for address, group in groupby(spans, key=lambda span: span.link):
        linked = list(group)
        place += len(linked)
        text = "".join(_stressed(linked, last=place == len(spans) and address is None))
        if address is None:
            yield text
        else:
            start, words, end = _parted(text)
            yield f"{start}[{words}]({address.translate(_ADDRESS_MARKS)}){end}" if words else text


def _stressed(spans: Sequence[Span], *, last: bool) -> Iterator[str]:
    place = 0
    for strong, group in groupby(spans, key=lambda span: span.strong):
        inner = list(group)
        place += len(inner)
        parts = _emphasised(inner, last=last and place == len(spans) and not strong)
        yield _marked("".join(parts), "**" if strong else "")


def _emphasised(spans: Sequence[Span], *, last: bool) -> Iterator[str]:
    for i, span in enumerate(spans):
        at_end = last and i == len(spans) - 1 and not span.emphasis
        text = _escaped(span, spans[i + 1 : i + 2], last=at_end)
        yield _marked(text.replace("\n", "\\\n"), "*" if span.emphasis else "")


def _marked(text: str, mark: str) -> str:
    """The text between marks of emphasis, which must not have blanks on their inner side."""
    start, words, end = _parted(text)
    return f"{start}{mark}{words}{mark}{end}" if words else text


def _parted(text: str) -> tuple[str, str, str]:
    """A text in three: blanks and line breaks before it, the words, and those after it."""
    begin = _OUTER_START.match(text)
    start = begin.end() if begin else 0
    end = _OUTER_END.search(text, start)
    stop = end.start() if end else len(text)
    return text[:start], text[start:stop], text[stop:]


def _escaped(span: Span, following: Sequence[Span], *, last: bool) -> str:
    """The words so that they mean themselves, whatever follows, unless nothing does."""
    if span.note is not None:
        before_bracket = following and following[0].text.startswith(("(", ":"))
        return span.text.replace("]", "\\]") if before_bracket else span.text
    meaning = _MEANING if span.link is None else _MEANING_IN_LINK
    text = meaning.sub(r"\\\g<0>", span.text + (" " if last else ""))
    return text[:-1] if last else text
