"""Edits of themes in words: what was done, and why something cannot be done."""

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from analysis.themes.tracking.events import (
    Confirm,
    Create,
    Describe,
    Event,
    Hide,
    Lock,
    Merge,
    Move,
    Rename,
    Split,
    Undo,
    Unlock,
)
from analysis.themes.tracking.state import State
from consult.forms.bidirectional import isolated
from consult.services.themes.editing import LONGEST_LABEL, EditRefused, Line, Refusal


def line_words(line: Line, state: State) -> str:
    """What an act of the history did, in one sentence."""
    event, _ = _meant(line, state)
    said = _act(line, event, len(line.sequences))
    if not isinstance(line.event, Undo):
        return said
    if takes_back(line, state):
        # Translators: something was undone; what, as a sentence
        return gettext("Undone: %(what)s", what=said)
    # Translators: something that had been undone was done once more; what, as a sentence
    return gettext("Done again: %(what)s", what=said)


def takes_back(line: Line, state: State) -> bool:
    """Whether an act undid something; undoing an undo does it again."""
    _, undos = _meant(line, state)
    return undos % 2 == 1


def _meant(line: Line, state: State) -> tuple[Event, int]:
    """The edit that an act is about in the end, and how many undos lie between."""
    log = {each.sequence: each for each in state.history}
    event, undos = line.event, 0
    while isinstance(event, Undo):
        event, undos = log[event.target], undos + 1
    return event, undos


def _act(line: Line, event: Event, count: int) -> str:
    labels = [isolated(label) for label in line.labels]
    first, last = (labels[0], labels[-1]) if labels else ("", "")
    match event:
        case Rename():
            return gettext("A theme was renamed to “%(label)s”.", label=isolated(event.label))
        case Describe(description=""):
            return gettext("The description of “%(theme)s” was taken away.", theme=first)
        case Describe():
            return gettext("“%(theme)s” was described anew.", theme=first)
        case Merge():
            return gettext("“%(gone)s” was merged into “%(kept)s”.", gone=last, kept=first)
        case Split():
            # Translators: a theme, and the labels of the parts that it was split into
            return gettext(
                "“%(theme)s” was split into: %(parts)s.",
                theme=first,
                parts=listed(line.labels[1:]),
            )
        case Move(to_theme=None):
            return ngettext(
                "%(num)s statement was said to fit no theme.",
                "%(num)s statements were said to fit no theme.",
                count,
            )
        case Move():
            return ngettext(
                "%(num)s statement was moved to “%(theme)s”.",
                "%(num)s statements were moved to “%(theme)s”.",
                count,
                theme=last,
            )
        case Confirm():
            return ngettext(
                "%(num)s statement was confirmed where it is.",
                "%(num)s statements were confirmed where they are.",
                count,
            )
        case Create():
            return gettext("The theme “%(label)s” was made.", label=isolated(event.label))
        case Lock(theme=None):
            return gettext("The list of themes was locked.")
        case Unlock(theme=None):
            return gettext("The list of themes was unlocked.")
        case Lock():
            return gettext("“%(theme)s” was locked.", theme=first)
        case Unlock():
            return gettext("“%(theme)s” was unlocked.", theme=first)
        case Hide():
            return gettext("“%(theme)s” was hidden.", theme=first)
    return event.kind


def listed(labels: Sequence[str]) -> str:
    """Labels of themes in a row, as the language of the page lists things."""
    quoted = [f"“{isolated(label)}”" for label in labels]
    return format_list(quoted, locale=get_locale() or "en")


def refusal_words(told: EditRefused) -> str:
    """Why an edit cannot be made, and what to do."""
    label = isolated(told.label)
    match told.reason:
        case Refusal.UNKNOWN_THEME:
            return gettext("This theme is not there any more. Choose another one.")
        case Refusal.SAME_THEME:
            return gettext("Both are one theme already. Choose another one.")
        case Refusal.WAS_SPLIT:
            return gettext(
                "“%(theme)s” was split into %(parts)s. Choose one of them instead.",
                theme=label,
                parts=listed([name for _, name in told.parts]),
            )
        case Refusal.LOCKED:
            return gettext("“%(theme)s” is locked. Unlock it first.", theme=label)
        case Refusal.LIST_LOCKED:
            return gettext("The list of themes is locked. Unlock it first.")
        case Refusal.NO_LABEL:
            return gettext("Write what the theme is called")
        case Refusal.LABEL_TOO_LONG:
            return gettext(
                "What a theme is called can have %(limit)s characters: shorten it",
                limit=LONGEST_LABEL,
            )
        case Refusal.NO_UNITS:
            return gettext("Each theme needs one statement or more: tick some.")
        case Refusal.UNKNOWN_UNIT:
            return gettext(
                "Some of these statements are not there any more, because their answers were "
                "changed or withdrawn. Nothing was done. Look at the list again."
            )
        case Refusal.IN_TWO_PARTS:
            return gettext("A statement can be in one part only.")
        case Refusal.NOT_UNDOABLE:
            return gettext(
                "This cannot be undone as it is, because later changes build on it. Undo those "
                "first: they stand above it in the history."
            )
        case Refusal.UNDONE_ALREADY:
            return gettext("This was undone already.")
        case Refusal.UNKNOWN_EDIT:
            return gettext("There is no such change.")
        case Refusal.UNKNOWN_SUGGESTION:
            return gettext(
                "This suggestion is not there any more: somebody has taken it on, or its "
                "statements have found a theme."
            )
        case Refusal.TOO_FEW:
            return gettext("There are too few different statements or themes for that.")
