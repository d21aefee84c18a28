"""What a walk through a Word file met on its way."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from consult.drafting.faults import Note, NoteCode
from consult.drafting.xml_tree import Node

_COUNTED: Final = (
    NoteCode.COMMENTS,
    NoteCode.TABLES,
    NoteCode.FOOTNOTES,
    NoteCode.TEXT_BOXES,
    NoteCode.HIDDEN_TEXT,
    NoteCode.FORMULAS,
    NoteCode.SYMBOLS,
    NoteCode.EMBEDDED_FILES,
    NoteCode.HEADING_NUMBERS,
    NoteCode.LETTERED,
)
_CHANGES: Final = {
    "w:ins": "inserted",
    "w:del": "deleted",
    "w:moveFrom": "moved",
}


@dataclass(slots=True)
class Tally:
    """Counts of what an officer is told about."""

    counts: Counter[NoteCode] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    described: int = 0
    """Images that had a description."""
    contents: bool = False
    """Whether there was a list of contents."""
    words: bool = False
    """Whether there was any text apart from descriptions of images."""
    links: set[str] = field(default_factory=set)
    """Addresses that residents cannot follow."""
    _last_change: tuple[str, str, str] | None = None

    def change(self, node: Node) -> None:
        """Count a tracked change; its neighbours of one person and minute are the same one."""
        change = (node.name, node.get("w:author"), node.get("w:date"))
        if node.name in _CHANGES and change != self._last_change:
            self.changes[_CHANGES[node.name]] += 1
        self._last_change = change

    def unchanged(self) -> None:
        """Pass text that no change touches."""
        self._last_change = None

    def notes(self) -> list[Note]:
        """The counts as notes."""
        notes: list[Note] = []
        if self.changes:
            names = _CHANGES.values()
            notes.append(
                Note(NoteCode.TRACKED_CHANGES, {name: self.changes[name] for name in names})
            )
        if images := self.counts[NoteCode.IMAGES]:
            notes.append(Note(NoteCode.IMAGES, {"count": images, "described": self.described}))
        notes += [
            Note(code, {"count": self.counts[code]}) for code in _COUNTED if self.counts[code]
        ]
        if self.links:
            notes.append(Note(NoteCode.LINKS, {"count": len(self.links)}))
        if self.contents:
            notes.append(Note(NoteCode.CONTENTS_LIST))
        return notes
