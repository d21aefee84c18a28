"""A draft as it was written, before it is cut into sections."""

from dataclasses import dataclass
from typing import Final

from consult.drafting.blocks import Block, Spans
from consult.drafting.faults import Note

MAX_CHARACTERS: Final = 2_000_000
"""The longest text that is taken: about 1,000 pages."""


@dataclass(frozen=True, slots=True)
class Source:
    """Blocks in the order of reading, what is to be said of them, and footnotes by id."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    footnotes: dict[str, Spans]
