"""The words of the first page, of the consent, and before the last questions."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.forms.editing.parts import WordsForm
from consult.services import access
from consult.views.staff.audience import for_staff
from consult.views.staff.current import page
from consult.views.staff.editing.live_preview import preview_of
from consult.views.staff.editing.saving import Editor, save, show


@for_staff("/consultations/<slug>/words", roles=access.READERS)
def edit_words() -> ResponseReturnValue:
    """The words as they are written so far."""
    return show(_editor())


@for_staff("/consultations/<slug>/words", roles=access.EDITORS, methods=("POST",))
def save_words() -> ResponseReturnValue:
    """Save the words."""
    return save(_editor())


def _editor() -> Editor:
    return Editor(
        WordsForm(),
        "staff/editing/words.html",
        gettext("Words of the consultation"),
        page("edit_words"),
        preview_of("start"),
    )
