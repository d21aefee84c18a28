"""A consultation in the making can always be looked at, and what is missing is named."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.demo.setting_up import model_case
from consult.document.completing import STAND_IN, completed
from consult.document.model import Consultation, QuestionKind
from consult.services.workspaces import content_of

WHOLE = content_of(model_case())


def test_what_is_whole_stays_as_it_is():
    document, gaps = completed(WHOLE, slug="bolder-healthier-city")
    assert gaps == ()
    assert document == model_case().model_copy(update={"translations": {}})


def test_nothing_at_all_becomes_stand_ins():
    document, gaps = completed({})
    assert document.title == STAND_IN
    assert [question.label for question in document.questions] == [STAND_IN]
    assert {"title", "contact", "privacy.lawful_basis_article_6", "opens_at", "questions"} <= set(
        gaps
    )


def test_what_is_written_is_never_replaced():
    document, gaps = completed({"title": "Parks", "consent": "Yes"})
    assert (document.title, document.consent) == ("Parks", "Yes")
    assert not {"title", "consent"} & set(gaps)


def test_a_choice_without_answers_gets_two_to_be_seen():
    question = {"key": "where", "part": "draft", "kind": "single_choice", "label": "Where?"}
    document, gaps = completed({"questions": [question]})
    assert [option.label for option in document.questions[0].options] == [STAND_IN] * 2
    assert "questions.where.options" in gaps


def test_one_answer_is_kept_beside_the_stand_in():
    option = {"key": "option_1", "label": "Here"}
    question = {"key": "where", "part": "draft", "kind": "ranking", "options": [option]}
    document, _gaps = completed({"questions": [question]})
    assert [each.label for each in document.questions[0].options] == ["Here", STAND_IN]
    assert len({each.key for each in document.questions[0].options}) == 2


def test_a_condition_that_leads_nowhere_is_left_out_and_named():
    content = copy.deepcopy(WHOLE)
    content["questions"][1]["show_if"] = [{"question": "gone", "any_of": ["x"]}]
    document, gaps = completed(content)
    key = content["questions"][1]["key"]
    assert document.questions[1].show_if == ()
    assert any(gap.startswith(f"questions.{key}.show_if") for gap in gaps)


def test_a_ward_question_without_wards_is_shown_with_one():
    question = {"key": "ward", "part": "monitoring", "kind": "ward", "label": "Where do you live?"}
    document, gaps = completed({"questions": [question]})
    assert document.questions[0].kind is QuestionKind.WARD
    assert [area.name for area in document.areas] == [STAND_IN]
    assert "questions.ward.kind" in gaps


def test_times_that_contradict_each_other_give_way_together():
    document, gaps = completed({**WHOLE, "closes_at": "2026-01-01T00:00"})
    assert document.opens < document.closes < document.late
    assert gaps


def test_questions_stand_by_part_whatever_order_they_were_written_in():
    content = {**WHOLE, "questions": list(reversed(WHOLE["questions"]))}
    document, gaps = completed(content)
    parts = [question.part.value for question in document.questions]
    assert parts == sorted(parts, key=["who", "draft", "monitoring"].index)
    assert "questions" in gaps


def test_the_content_given_is_not_changed():
    content: dict[str, Any] = {"questions": [{"key": "a", "kind": "ranking", "part": "who"}]}
    before = copy.deepcopy(content)
    completed(content)
    assert content == before


def _places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    if isinstance(value, dict):
        for name, part in value.items():
            found += _places(part, (*here, name))
    elif isinstance(value, list):
        for at, part in enumerate(value[:3]):
            found += _places(part, (*here, at))
    return found


RUBBISH = st.sampled_from(["", "zzz", "\x00", 5, -1, True, [], {}, ["zzz"], {"key": "zzz"}])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(_places(WHOLE)), st.none() | RUBBISH), min_size=1, max_size=8
    )
)
def test_whatever_is_missing_or_wrong_something_can_be_seen(changes):
    content = copy.deepcopy(WHOLE)
    for place, value in changes:
        part: Any = content
        try:
            for step in place[:-1]:
                part = part[step]
            if value is None:
                del part[place[-1]]
            else:
                part[place[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    document, gaps = completed(content)
    assert isinstance(document, Consultation)
    assert gaps or document == Consultation.model_validate({**content, "slug": "in-preparation"})
