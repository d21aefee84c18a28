"""Why a draft cannot be read, and what was done with its oddities, as codes.

The page words them (:mod:`consult.forms.draft_words`), because only it knows the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DraftFault(StrEnum):
    """A reason why a file cannot be taken as a draft."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """``size`` and ``limit`` in megabytes."""
    PDF = "pdf"
    OLD_WORD = "old_word"
    OPEN_DOCUMENT = "open_document"
    RICH_TEXT = "rich_text"
    WEB_PAGE = "web_page"
    IMAGE = "image"
    OTHER_OFFICE = "other_office"
    """A spreadsheet or slides."""
    UNKNOWN_TYPE = "unknown_type"
    PASSWORD = "password"
    MACROS = "macros"
    EXPANDS = "expands"
    """It would unpack to far more than a document holds."""
    FORBIDDEN_XML = "forbidden_xml"
    """It declares entities, which Word never does and attackers do."""
    TOO_COMPLEX = "too_complex"
    DAMAGED = "damaged"
    WRONG_ENCODING = "wrong_encoding"
    """``line``: the first line that is not UTF-8."""
    IMAGES_ONLY = "images_only"
    NO_TEXT = "no_text"
    TOO_MUCH_TEXT = "too_much_text"
    """``limit`` in characters."""
    TOO_MANY_SECTIONS = "too_many_sections"
    """``count``, ``limit``."""


class DraftFileError(Exception):
    """A file that cannot be taken as a draft."""

    def __init__(self, code: DraftFault, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class NoteCode(StrEnum):
    """Something in a draft that was not taken over as it was.

    The values are ``count`` where nothing else is said.
    """

    TRACKED_CHANGES = "tracked_changes"
    """``inserted``, ``deleted``, ``moved``: read as if all of them were accepted."""
    COMMENTS = "comments"
    IMAGES = "images"
    """``count``, and ``described``: how many of them had a description."""
    TABLES = "tables"
    FOOTNOTES = "footnotes"
    TEXT_BOXES = "text_boxes"
    HIDDEN_TEXT = "hidden_text"
    CONTENTS_LIST = "contents_list"
    """No values."""
    FORMULAS = "formulas"
    SYMBOLS = "symbols"
    EMBEDDED_FILES = "embedded_files"
    LINKS = "links"
    HEADING_NUMBERS = "heading_numbers"
    """Headings before which Word draws a number, which was left out."""
    LETTERED = "lettered"
    """Items with a letter or a Roman figure, which got a number."""
    HTML = "html"
    FRONT_MATTER = "front_matter"
    """No values."""
    EMPTY_HEADINGS = "empty_headings"
    SKIPPED_LEVELS = "skipped_levels"
    DEEP_LEVELS = "deep_levels"
    BOLD_HEADINGS = "bold_headings"
    NO_HEADINGS = "no_headings"
    """No values."""
    START_TITLED = "start_titled"
    """``title``: text before the first heading became a section with the document's title."""
    START_UNTITLED = "start_untitled"
    """``title``: the same, with its first words, as the document has no title."""
    DUPLICATE_HEADINGS = "duplicate_headings"
    """``titles``."""
    LONG_TITLES = "long_titles"
    """``titles``, as shortened."""
    WITHOUT_TEXT = "without_text"
    """``titles`` of sections that have a heading and nothing below it."""
    SPLIT_SECTIONS = "split_sections"
    """``titles`` of sections that were too long for one."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that an officer should know about how a draft was read."""

    code: NoteCode
    values: Mapping[str, object] = field(default_factory=dict)
