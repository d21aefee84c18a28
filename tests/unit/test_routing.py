"""Routing: which questions nobody meets, and which only some people do."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.demo.setting_up import model_case
from consult.document.model import AGREE_SCALE, Consultation
from consult.services.journey import Value, visible_questions
from consult.services.routing import (
    Finding,
    Group,
    Reach,
    Route,
    Trouble,
    as_far_as_written,
    routes,
    unreachable,
)


def question(key: str, kind: str = "single_choice", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"key": key, "part": "draft", "kind": kind, "label": f"Question {key}"}
    if kind in {"single_choice", "several_choices", "ranking"}:
        made["options"] = [{"key": name, "label": name} for name in ("a", "b", "c")]
    return {**made, **more}


def when(key: str, *any_of: str) -> dict[str, Any]:
    return {"question": key, "any_of": list(any_of)}


def unless(key: str, *none_of: str) -> dict[str, Any]:
    return {"question": key, "none_of": list(none_of)}


def routes_of(*questions: dict[str, Any], most_steps: int = 20_000) -> dict[str, Route]:
    written = as_far_as_written({"questions": list(questions)})
    return {route.key: route for route in routes(written, most_steps=most_steps)}


def test_a_question_without_conditions_is_met_by_everybody():
    route = routes_of(question("one"))["one"]
    assert route == Route("one", (), Reach.REACHED)


def test_conditions_of_one_question_that_cannot_both_hold():
    found = routes_of(
        question("one"), question("two", show_if=[when("one", "a"), when("one", "b", "c")])
    )
    assert found["two"].reach is Reach.NEVER
    assert found["two"].findings == (Finding(Trouble.CONTRADICTION),)


def test_several_choices_can_be_chosen_together():
    found = routes_of(
        question("one", "several_choices"),
        question("two", show_if=[when("one", "a"), when("one", "b")]),
    )
    assert found["two"].witness == {"one": {"choices": ["a", "b"]}}


@pytest.mark.parametrize(
    "limits",
    [
        {"choose_at_most": 1},
        {"options": [{"key": "a", "label": "a", "exclusive": True}, {"key": "b", "label": "b"}]},
    ],
)
def test_several_choices_that_cannot_be_chosen_together(limits):
    found = routes_of(
        question("one", "several_choices", **limits),
        question("two", show_if=[when("one", "a"), when("one", "b")]),
    )
    assert found["two"].reach is Reach.NEVER


def test_a_ranking_holds_no_more_places_than_it_asks_for():
    ranked = [when("one", "a"), when("one", "b")]
    first = question("one", "ranking", rank_at_most=1)
    assert routes_of(first, question("two", show_if=ranked))["two"].reach is Reach.NEVER
    two_places = question("one", "ranking", rank_at_most=2)
    met = routes_of(two_places, question("two", show_if=ranked))["two"]
    assert met.witness == {"one": {"order": ["a", "b"]}}


def test_who_does_not_answer_has_chosen_none():
    found = routes_of(question("one"), question("two", show_if=[unless("one", "a", "b", "c")]))
    assert found["two"].reach is Reach.REACHED
    assert found["two"].witness == {}


def test_a_chain_through_a_question_that_nobody_meets():
    found = routes_of(
        question("one"),
        question("two", show_if=[when("one", "a"), unless("one", "a")]),
        question("three", show_if=[when("two", "a")]),
    )
    assert found["three"].reach is Reach.NEVER
    assert found["three"].findings == (Finding(Trouble.BEHIND_ANOTHER, "two", at=0),)


def test_a_contradiction_two_questions_away():
    found = routes_of(
        question("one"),
        question("two", show_if=[when("one", "a")]),
        question("three", show_if=[when("two", "b"), unless("one", "a")]),
    )
    assert found["two"].reach is Reach.REACHED
    assert found["three"].reach is Reach.NEVER
    assert found["three"].findings == (Finding(Trouble.CONTRADICTION),)


def test_conditions_that_name_what_is_not_there():
    found = routes_of(
        question("text", "long_text"),
        question("one"),
        question("gone", show_if=[when("nothing", "a")]),
        question("later", show_if=[when("last", "a")]),
        question("itself", show_if=[when("itself", "a")]),
        question("words", show_if=[when("text", "a")]),
        question("half", show_if=[when("one", "a", "z")]),
        question("none_left", show_if=[when("one", "y", "z")]),
        question("all_the_same", show_if=[unless("one", "z")]),
        question("last"),
    )
    assert found["gone"].findings == (Finding(Trouble.NO_SUCH_QUESTION, "nothing", at=0),)
    assert found["later"].findings == (Finding(Trouble.LATER_QUESTION, "last", at=0),)
    assert found["itself"].findings == (Finding(Trouble.LATER_QUESTION, "itself", at=0),)
    assert found["words"].findings == (Finding(Trouble.NOTHING_TO_CHOOSE, "text", at=0),)
    assert found["half"].findings == (Finding(Trouble.OPTIONS_GONE, "one", ("z",), 0),)
    assert found["none_left"].findings == (Finding(Trouble.OPTIONS_GONE, "one", ("y", "z"), 0),)
    reached = {key for key, route in found.items() if route.reach is Reach.REACHED}
    assert reached == {"text", "one", "half", "all_the_same", "last"}


def test_a_contradiction_is_named_beside_a_fault_that_is_not_the_cause():
    found = routes_of(
        question("one"),
        question("two", show_if=[unless("one", "z"), when("one", "a"), when("one", "b")]),
    )
    troubles = [finding.trouble for finding in found["two"].findings]
    assert troubles == [Trouble.OPTIONS_GONE, Trouble.CONTRADICTION]


def test_groups_that_a_question_is_asked_of_reach_through_others():
    found = routes_of(
        question("one"),
        question("two", show_if=[when("one", "a", "b")]),
        question("three", show_if=[when("two", "c")]),
        question("four", show_if=[unless("one", "a")]),
    )
    assert found["two"].groups == (Group("one", ("a", "b")),)
    assert found["three"].groups == (Group("one", ("a", "b")), Group("two", ("c",)))
    assert found["four"].groups == ()


def test_a_group_is_what_is_left_after_both_conditions():
    found = routes_of(
        question("one"), question("two", show_if=[when("one", "a", "b"), unless("one", "b")])
    )
    assert found["two"].groups == (Group("one", ("a",)),)


def test_too_many_combinations_are_not_called_unreachable():
    many = [{"key": f"o{i}", "label": f"o{i}"} for i in range(30)]
    keys = [option["key"] for option in many]
    firsts = [question(f"q{i}", "several_choices", options=many) for i in range(3)]
    # Each looks at all options of the first two, and asks what cannot be of the third.
    last = question(
        "last",
        show_if=[
            unless("q0", *keys[:20]),
            *(when("q1", key) for key in keys[:12]),
            unless("q1", keys[11]),
        ],
    )
    found = routes_of(*firsts, last, most_steps=500)
    assert found["last"].reach is Reach.NOT_KNOWN
    assert found["last"].groups == ()
    assert routes_of(*firsts, last)["last"].reach is Reach.NEVER


def test_fixed_answers_count_as_answers():
    found = routes_of(
        question("scale", "agree_scale"), question("two", show_if=[when("scale", "disagree")])
    )
    assert found["two"].witness == {"scale": {"choice": "disagree"}}


def test_questions_count_in_the_order_of_their_parts():
    found = routes_of(
        question("about_you", part="monitoring"),
        question("draft", show_if=[when("about_you", "a")]),
        question("who", part="who"),
    )
    assert list(found) == ["who", "draft", "about_you"]
    assert found["draft"].findings == (Finding(Trouble.LATER_QUESTION, "about_you", at=0),)


def test_content_that_is_hardly_written_yet():
    content = {
        "questions": [
            {"key": "one", "kind": "nonsense", "part": "nowhere", "choose_at_most": "x"},
            {"key": "two", "show_if": [{}], "options": None},
            "no question",
        ],
        "areas": None,
    }
    found = {route.key: route for route in routes(as_far_as_written(content))}
    assert found["one"].reach is Reach.REACHED
    assert found["two"].findings == (Finding(Trouble.NO_SUCH_QUESTION, "", at=0),)
    assert routes(as_far_as_written({})) == ()


def test_everything_in_the_model_case_is_met():
    document = model_case()
    assert unreachable(document) == ()
    only = {route.key: route.groups for route in routes(document) if route.groups}
    assert only == {"organisation_name": (Group("who", ("organisation",)),)}


KEYS = [f"q{i}" for i in range(6)]
OPTIONS = ("a", "b", "c", "d")


@st.composite
def consultations(draw: st.DrawFn) -> Consultation:
    """Up to six questions, whose conditions look at any of them."""
    made = []
    for key in KEYS[: draw(st.integers(2, 6))]:
        kind = draw(
            st.sampled_from(
                ["single_choice", "several_choices", "ranking", "agree_scale", "short_text"]
            )
        )
        extra: dict[str, Any] = {}
        if kind == "several_choices":
            extra["choose_at_most"] = draw(st.sampled_from([None, 1, 2]))
        if kind == "ranking":
            extra["rank_at_most"] = draw(st.sampled_from([None, 1, 2]))
        if kind in {"single_choice", "several_choices", "ranking"}:
            alone = draw(st.booleans()) and kind == "several_choices"
            extra["options"] = [
                {"key": name, "label": name, "exclusive": alone and name == "d"} for name in OPTIONS
            ]
        conditions = []
        for _ in range(draw(st.integers(0, 3))):
            names = draw(
                st.lists(
                    st.sampled_from([*OPTIONS, "gone", "agree", "disagree"]),
                    min_size=1,
                    max_size=3,
                    unique=True,
                )
            )
            says = draw(st.sampled_from(["any_of", "none_of"]))
            conditions.append({"question": draw(st.sampled_from(KEYS)), says: names})
        part = draw(st.sampled_from(["draft", "draft", "monitoring"]))
        made.append(question(key, kind, part=part, show_if=conditions, **extra))
    return as_far_as_written({"questions": made})


@st.composite
def answers_to(draw: st.DrawFn, consultation: Consultation) -> dict[str, Value | None]:
    """Answers as a form could make them, some left out."""
    found: dict[str, Value | None] = {}
    for asked in consultation.questions:
        if draw(st.booleans()):
            continue
        several = draw(st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True))
        limit = asked.choose_at_most or asked.rank_at_most
        match asked.kind:
            case "single_choice":
                found[asked.key] = {"choice": several[0]}
            case "agree_scale":
                found[asked.key] = {"choice": draw(st.sampled_from(AGREE_SCALE))}
            case "several_choices":
                exclusive = any(o.exclusive for o in asked.options) and "d" in several
                found[asked.key] = {"choices": ["d"] if exclusive else several[:limit]}
            case "ranking":
                found[asked.key] = {"order": several[:limit]}
            case _:
                found[asked.key] = {"text": "words"}
    return found


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_said_of_a_question_holds_for_every_answer(data):
    consultation = data.draw(consultations())
    answers: Mapping[str, Value | None] = data.draw(answers_to(consultation))
    shown = {each.key for each in visible_questions(consultation, answers)}
    for route in routes(consultation):
        assert route.reach is not Reach.NOT_KNOWN
        if route.reach is Reach.NEVER:
            assert route.key not in shown
            assert route.findings
        else:
            met = {each.key for each in visible_questions(consultation, route.witness)}
            assert route.key in met
        if route.key in shown:
            for group in route.groups:
                assert group.question in shown
                assert _chosen(answers.get(group.question)) & set(group.options)


def _chosen(value: Value | None) -> set[str]:
    if value is None:
        return set()
    return {value["choice"]} if "choice" in value else set(value.get("choices") or value["order"])
