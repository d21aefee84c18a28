"""Routing in words, on its page."""

from consult.db import unit_of_work
from consult.services import workspaces
from tests.support.editing import PARKS, on
from tests.support.visitors import NOON, in_session


def put(app, *questions):
    with in_session(app) as session, unit_of_work(session):
        for question in questions:
            item = {"part": "draft", "kind": "single_choice", "label": f"{question['key']}?"}
            options = [{"key": name, "label": name.title()} for name in ("yes", "no")]
            workspaces.add_item(
                session,
                PARKS,
                "questions",
                {**item, "options": options, **question},
                actor="test",
                now=NOON,
            )


def test_the_model_case_in_words(desk, hire):
    page = hire("officer").consultation("routing")
    assert "Every question is asked of somebody." in page.text
    assert "Who are you answering as? Asked of everyone" in page.text
    assert (
        "Asked of those who chose ⁨I answer for a group or an organisation⁩ at “⁨Who are you "
        "answering as?⁩”"
    ) in page.text
    assert "Only people who chose ⁨I answer for a group or an organisation⁩" in page.text


def test_questions_that_nobody_is_asked_say_why(app, parks, hire):
    put(
        app,
        {"key": "first", "show_if": [{"question": "last", "any_of": ["yes"]}]},
        {"key": "gone", "show_if": [{"question": "nothing", "any_of": ["yes"]}]},
        {"key": "words", "kind": "long_text", "options": []},
        {"key": "textual", "show_if": [{"question": "words", "any_of": ["yes"]}]},
        {"key": "lost", "show_if": [{"question": "gone", "any_of": ["maybe"]}]},
        {
            "key": "both",
            "show_if": [
                {"question": "last", "any_of": ["yes"]},
                {"question": "last", "any_of": ["no"]},
            ],
        },
        {"key": "behind", "show_if": [{"question": "gone", "any_of": ["yes"]}]},
        {"key": "empty", "show_if": [{"question": "gone", "any_of": []}]},
        {"key": "last"},
        {
            "key": "apart",
            "show_if": [
                {"question": "last", "any_of": ["yes"]},
                {"question": "last", "none_of": ["yes", "maybe"]},
            ],
        },
    )
    page = on(hire("officer"), PARKS).consultation("routing")
    assert "There are 7 questions that nobody is asked." in page.text
    for words in (
        "looks at “⁨last?⁩”, which is not asked before this one",
        "A condition looks at a question that is not there any more.",
        "looks at “⁨words?⁩”, which has no answers to choose",
        "names answers that “⁨gone?⁩” does not have any more",
        "needs an answer to “⁨gone?⁩”, which nobody is asked",
        "Nobody can meet all conditions together.",
        "A condition about “⁨gone?⁩” names no answers yet",
        "Asked of those who did not choose ⁨Yes⁩ or ⁨a removed answer (maybe)⁩ at “⁨last?⁩”",
    ):
        assert words in page.text, words
    assert '<a class="govuk-link" href="#route-apart"' in page.html


def test_what_could_not_be_tried_out_is_said(app, parks, hire, monkeypatch):
    from consult.services import routing

    put(app, {"key": "one"}, {"key": "two", "show_if": [{"question": "one", "any_of": ["yes"]}]})
    tried = routing.routes
    monkeypatch.setattr(
        "consult.views.staff.editing.routing.routes", lambda c: tried(c, most_steps=0)
    )
    page = on(hire("officer"), PARKS).consultation("routing")
    assert "too many combinations of answers for us to try them all" in page.text
    assert "Could not be tried out" in page.text


def test_a_consultation_without_questions(parks, hire):
    assert on(hire("officer"), PARKS).consultation("routing").status == 200
