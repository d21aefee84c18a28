"""Machine drafts of translations, by a service of the council's own.

The service speaks the interface of LibreTranslate: ``GET /languages`` and ``POST /translate``.
Nothing is sent anywhere else: redirects are not followed, and no proxy is asked.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

TIMEOUT_SECONDS = 60.0
"""A service on a small machine takes half a minute for a page of text."""

LARGEST_ANSWER = 5_000_000
"""Bytes."""

MOST_PIECES = 40
MOST_CHARACTERS = 4_000
"""Of one request: what common settings of the service take."""


class MachineFault(StrEnum):
    """Why the service gave no translation."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    """``status``: the number with which it answered."""
    BUSY = "busy"
    BAD_ANSWER = "bad_answer"
    """It answered with something that is no translation."""
    WRONG_COUNT = "wrong_count"
    """It answered with more or fewer texts than it was sent."""
    UNKNOWN_LANGUAGE = "unknown_language"
    """It does not translate into the language."""


class MachineError(Exception):
    """The service gave no translation."""

    def __init__(self, fault: MachineFault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.detail = detail


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Service:
    """A translation service.

    Parameters
    ----------
    url : str
        Where it is, with the path before ``/translate`` if there is one.
    """

    url: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def targets(self, source: str) -> frozenset[str]:
        """The codes of the languages that it translates a language into.

        Raises
        ------
        MachineError
            If it does not answer, or answers with something else.
        """
        known = self._ask("languages", None)
        if not isinstance(known, list) or not all(isinstance(each, dict) for each in known):
            raise MachineError(MachineFault.BAD_ANSWER)
        everything = frozenset(str(each.get("code")) for each in known)
        own = next((each for each in known if each.get("code") == source), None)
        if own is None:
            return frozenset()
        targets = own.get("targets")
        # Older services do not name targets: all of theirs go into each other.
        return frozenset(map(str, targets)) if isinstance(targets, list) else everything

    def translate(self, pieces: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate pieces of plain text, in their order.

        Raises
        ------
        MachineError
            If it does not answer, refuses, or answers with something else.
        """
        if not pieces:
            return []
        wanted = {"q": list(pieces), "source": source, "target": target, "format": "text"}
        answer = self._ask("translate", wanted)
        texts = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise MachineError(MachineFault.BAD_ANSWER)
        if len(texts) != len(pieces):
            raise MachineError(MachineFault.WRONG_COUNT, f"{len(texts)} / {len(pieces)}")
        return texts

    def _ask(self, what: str, data: Mapping[str, Any] | None) -> Any:
        request = Request(  # noqa: S310 - the settings let http and https pass only
            self._address(what),
            data=None if data is None else json.dumps(data).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        try:
            with _opener().open(request, timeout=self.timeout_seconds) as answer:
                return json.loads(_body(answer))
        except HTTPError as error:
            raise _refusal(error) from error
        except TimeoutError as error:
            raise MachineError(MachineFault.TIMED_OUT) from error
        except URLError as error:
            timed_out = isinstance(error.reason, TimeoutError)
            fault = MachineFault.TIMED_OUT if timed_out else MachineFault.UNREACHABLE
            raise MachineError(fault, type(error.reason).__name__) from error
        except (OSError, HTTPException) as error:
            raise MachineError(MachineFault.UNREACHABLE, type(error).__name__) from error
        except (ValueError, RecursionError) as error:
            raise MachineError(MachineFault.BAD_ANSWER, type(error).__name__) from error

    def _address(self, what: str) -> str:
        parts = urlsplit(self.url)
        path = f"{parts.path.rstrip('/')}/{what}"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _NoRedirects())


def _body(answer: HTTPResponse) -> bytes:
    content = answer.read(LARGEST_ANSWER + 1)
    if len(content) > LARGEST_ANSWER:
        raise MachineError(MachineFault.BAD_ANSWER, "too large")
    return content


def _refusal(error: HTTPError) -> MachineError:
    error.close()
    busy = error.code in {429, 503}
    return MachineError(MachineFault.BUSY if busy else MachineFault.REFUSED, str(error.code))


# --- Texts in pieces -----------------------------------------------------------------------

_MARKS = re.compile(r"\s*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])\s+)*")
"""What stands before the words of a line: headings, quotes and list items begin so."""

_KEPT = re.compile(
    r"\[(?P<words>[^\[\]]*)\](?P<target>\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))"
    r"|<https?://[^>\s]+>|https?://\S+"
)
"""A link, its words apart from its target, or an address."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some signs in a row: words to translate, or signs to keep."""

    text: str
    words: bool


def pieces_of(text: str) -> list[Piece]:
    """A text cut so that its lines, marks and addresses stay as they are.

    Joined, the pieces are the text. Each line is translated by itself, without the marks of
    headings, quotes and lists before it; the words of a link are translated without its target.
    """
    found: list[Piece] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            found.append(Piece("\n", words=False))
        marks = _MARKS.match(line)
        start = marks.end() if marks else 0
        found.append(Piece(line[:start], words=False))
        found.extend(_around_links(line[start:]))
    return [piece for piece in found if piece.text]


def _around_links(words: str) -> Iterator[Piece]:
    end = 0
    for kept in _KEPT.finditer(words):
        yield from _words(words[end : kept.start()])
        if kept["target"] is None:
            yield Piece(kept.group(), words=False)
        else:
            yield Piece("[", words=False)
            yield from _words(kept["words"])
            yield Piece(f"]{kept['target']}", words=False)
        end = kept.end()
    yield from _words(words[end:])


def _words(text: str) -> Iterator[Piece]:
    """Words without the blanks around them, which services drop; signs alone are kept."""
    words = text.strip()
    if not any(sign.isalpha() for sign in words):
        yield Piece(text, words=False)
        return
    start = text.index(words)
    yield Piece(text[:start], words=False)
    yield Piece(words, words=True)
    yield Piece(text[start + len(words) :], words=False)


def batches(texts: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Texts by path, a request's worth at a time; one long text makes a batch by itself."""
    batch: list[tuple[str, str]] = []
    pieces = characters = 0
    for path, text in texts:
        count = sum(piece.words for piece in pieces_of(text))
        full = pieces + count > MOST_PIECES or characters + len(text) > MOST_CHARACTERS
        if batch and full:
            yield batch
            batch, pieces, characters = [], 0, 0
        batch.append((path, text))
        pieces, characters = pieces + count, characters + len(text)
    if batch:
        yield batch


def drafted(service: Service, texts: Sequence[str], *, source: str, target: str) -> list[str]:
    """Draft translations of whole texts, line by line.

    Raises
    ------
    MachineError
        If the service does not answer, refuses, or answers with something else.
    """
    cut = [pieces_of(text) for text in texts]
    wanted = list(dict.fromkeys(p.text for pieces in cut for p in pieces if p.words))
    said: dict[str, str] = {}
    for group in _requests(wanted):
        answers = service.translate(group, source=source, target=target)
        lines = [" ".join(answer.split()) for answer in answers]  # a line stays one line
        if not all(lines):
            raise MachineError(MachineFault.BAD_ANSWER, "blank")
        said.update(zip(group, lines, strict=True))
    return [
        "".join(said[piece.text] if piece.words else piece.text for piece in pieces)
        for pieces in cut
    ]


def _requests(pieces: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for piece in pieces:
        full = len(group) >= MOST_PIECES or sum(map(len, group)) + len(piece) > MOST_CHARACTERS
        if group and full:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group
