"""Every code of a draft has its sentence, and no sentence says less than its values."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from consult.drafting.faults import DraftFault, DraftFileError, Note, NoteCode
from consult.forms.draft_words import fault_sentence, note_sentence

FAULT_VALUES: dict[DraftFault, dict[str, object]] = {
    DraftFault.TOO_LARGE: {"size": 200, "limit": 20},
    DraftFault.WRONG_ENCODING: {"line": 3},
    DraftFault.TOO_MUCH_TEXT: {"limit": 2_000_000},
    DraftFault.TOO_MANY_SECTIONS: {"count": 70, "limit": 60},
}
NOTE_VALUES: dict[NoteCode, dict[str, object]] = {
    NoteCode.TRACKED_CHANGES: {"inserted": 11, "deleted": 22, "moved": 33},
    NoteCode.IMAGES: {"count": 5, "described": 2},
    NoteCode.CONTENTS_LIST: {},
    NoteCode.FRONT_MATTER: {},
    NoteCode.NO_HEADINGS: {},
    NoteCode.START_TITLED: {"title": "Plan"},
    NoteCode.START_UNTITLED: {"title": "Plan"},
    NoteCode.DUPLICATE_HEADINGS: {"titles": ("Aims", "Means")},
    NoteCode.LONG_TITLES: {"titles": ("Aims", "Means")},
    NoteCode.WITHOUT_TEXT: {"titles": ("Aims", "Means")},
    NoteCode.SPLIT_SECTIONS: {"titles": ("Aims", "Means")},
}


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    Babel(app)
    return app


@pytest.mark.parametrize("code", DraftFault)
def test_every_fault_has_a_sentence_with_a_mend(app: Flask, code: DraftFault) -> None:
    values = FAULT_VALUES.get(code, {})
    with app.test_request_context():
        sentence = fault_sentence(DraftFileError(code, **values, name="draft.docx"))
    assert sentence.count(".") >= 2
    shown = sentence.replace(",", "")
    assert all(str(value) in shown for value in values.values())


@pytest.mark.parametrize("code", NoteCode)
@pytest.mark.parametrize("count", [1, 7])
def test_every_note_has_a_sentence(app: Flask, code: NoteCode, count: int) -> None:
    values = NOTE_VALUES.get(code, {"count": count})
    with app.test_request_context():
        sentence = note_sentence(Note(code, values))
    assert sentence.endswith(".")
    for value in values.values():
        for word in value if isinstance(value, tuple) else (value,):
            assert str(word) in sentence


def test_pictures_without_a_description_are_only_counted(app: Flask) -> None:
    with app.test_request_context():
        sentence = note_sentence(Note(NoteCode.IMAGES, {"count": 1, "described": 0}))
    assert sentence == "1 picture was left out."


def test_titles_keep_their_direction_in_a_list(app: Flask) -> None:
    note = Note(NoteCode.DUPLICATE_HEADINGS, {"titles": ("صحت", "Aims", "ہوا")})
    with app.test_request_context(), force_locale("en"):
        assert "\u2068صحت\u2069, \u2068Aims\u2069, and \u2068ہوا\u2069" in note_sentence(note)
