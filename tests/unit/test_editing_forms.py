"""The forms in which officers write: rows that grow, lists that are pasted, another kind."""

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from consult.demo.setting_up import model_case
from consult.document.model import Question, QuestionKind
from consult.forms.editing.fields import Fields
from consult.forms.editing.gap_words import field_id, sentence
from consult.forms.editing.keys import key_from
from consult.forms.editing.labels import kind_words, part_words, sensitivity_words
from consult.forms.editing.lists import areas_as_text, counts_as_text, read_areas, read_counts
from consult.forms.editing.questions import COMPARED_KINDS, NUMBERS, QuestionForm, converted
from consult.forms.editing.rows import Rows
from consult.services.unfinished import Fault, Gap


@pytest.fixture(autouse=True)
def _english():
    app = Flask("forms")
    Babel(app)
    with app.test_request_context():
        yield


def rows_of(*labels):
    rows = Rows(Fields(), "option", ("label", "other"))
    for label in labels:
        rows.append({"label": [label]})
    return rows


def labels_of(rows):
    return [rows.fields.typed(rows.name(n, "label")) for n in range(1, len(rows) + 1)]


def test_rows_are_counted_by_the_highest_number_that_came():
    fields = Fields({"option-3-label": ["c"], "option-x-label": ["no"], "option-0-key": [""]})
    assert len(Rows(fields, "option", ("label",))) == 3
    assert len(Rows(Fields({"option-999-label": ["far"]}), "option", ("label",))) == 300
    assert len(Rows(Fields(), "option", ("label",))) == 0


def test_rows_change_places_with_all_their_fields():
    rows = rows_of("a", "b", "c")
    rows.fields.fill("option-1-other", "1")
    rows.swap(1, 3)
    assert labels_of(rows) == ["c", "b", "a"]
    assert rows.fields.typed("option-3-other") == "1"
    assert not rows.fields.ticked("option-1-other")
    rows.swap(1, 9)
    assert labels_of(rows) == ["c", "b", "a"]


def test_a_row_in_the_middle_goes():
    rows = rows_of("a", "b", "c")
    rows.remove(2)
    assert labels_of(rows) == ["a", "c"]
    rows.remove(2)
    rows.remove(1)
    assert labels_of(rows) == []


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("What do you like?", (), "what_do_you_like"),
        ("What do you like?", ("what_do_you_like",), "what_do_you_like_2"),
        ("کیا؟", (), "question_7"),
        ("কী?", ("question_7", "question_7_2"), "question_7_3"),
        ("16 to 24", (), "to_24"),
        ("???", (), "question_7"),
        ("Été", (), "ete"),
    ],
)
def test_keys_are_made_from_words(words, taken, key):
    assert key_from(words, "question", 7, taken) == key


@given(st.dictionaries(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30),
    st.integers(0, 10**9), max_size=8,
))  # fmt: skip
def test_counts_come_back_as_they_were(counts):
    tidy = {" ".join(name.split()): count for name, count in counts.items()}
    tidy.pop("", None)
    if any(
        name.casefold() in {"code", "area", "category", "option", "group", "name"} for name in tidy
    ):
        return
    fields = Fields({"counts": [counts_as_text(tidy)]})
    assert read_counts(fields, "counts") == tidy
    assert fields.errors == {}


def test_areas_come_back_as_they_were():
    areas = [{"code": area.code, "name": area.name} for area in model_case().areas]
    fields = Fields({"areas": [areas_as_text(areas)]})
    assert read_areas(fields, "areas") == areas


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("16 to 24, 163739", {"16 to 24": 163739}),
        ("16 to 24,163,739", {"16 to 24": 163739}),
        ('"16 to 24","163,739"', {"16 to 24": 163739}),
        ("Disabled, limited a lot,92328", {"Disabled, limited a lot": 92328}),
        ("۱۶ تا ۲۴\t۱۲۰۰", {"۱۶ تا ۲۴": 1200}),
    ],
)
def test_counts_are_read_as_people_and_spreadsheets_write_them(line, counts):
    assert read_counts(Fields({"counts": [line]}), "counts") == counts


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_every_kind_of_question_can_become_every_other(kind):
    for question in model_case().questions:
        changed, lost = converted(question.model_dump(mode="json"), kind)
        if kind in {"single_choice", "several_choices", "ranking"} and not changed["options"]:
            changed["options"] = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
        for option in changed["options"][:-1]:
            option["other"] = False  # the page asks for it where several do
        made = Question.model_validate(changed)
        assert made.kind == kind
        assert made.label == question.label
        if kind == question.kind:
            assert lost == []


def test_words_are_there_for_every_kind_part_and_sensitivity():
    for kind in QuestionKind:
        assert all(kind_words(kind))
        form = QuestionForm("key", kind)
        assert form.is_compared == (kind in COMPARED_KINDS)
        assert form.numbers == NUMBERS.get(kind, ())
    with pytest.raises(ValueError, match="nonsense"):
        kind_words("nonsense")
    with pytest.raises(ValueError, match="nonsense"):
        part_words("nonsense")
    with pytest.raises(ValueError, match="nonsense"):
        sensitivity_words("nonsense")


VALUES = {
    "limit": 3,
    "over": 2,
    "label": "Label",
    "question": "Question",
    "minutes": 30,
    "day": model_case().privacy.delete_on,
    "name": "Name",
}


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_its_sentence(fault):
    words = sentence(Gap("questions.age", ("label",), fault, VALUES))
    assert words
    assert "%(" not in words


@pytest.mark.parametrize(
    ("part", "place", "field"),
    [
        ("words", ("title",), "title"),
        ("dates", ("opens_at",), "opens_at-day"),
        ("dates", ("timezone",), None),
        ("privacy", ("delete_on",), "delete_on-day"),
        ("questions.age", ("options",), "options"),
        ("questions.age", ("options", 2, "label"), "option-3-label"),
        ("questions.age", ("show_if", 0, "answers"), "condition-1-answers"),
        ("questions.age", ("kind",), None),
        ("questions", (), None),
        ("areas", (3, "code"), "areas"),
        ("residents", ("any_of", 1), "any_of"),
        ("reference_population", (1, "source"), None),
    ],
)
def test_what_is_left_to_do_leads_to_its_field(part, place, field):
    assert field_id(Gap(part, place, Fault.MISSING)) == field
