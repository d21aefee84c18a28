"""Questions: their list, their order, all of their fields."""

import pytest
from sqlalchemy import select

from consult.models import WorkspaceText
from consult.services import workspaces
from tests.support.editing import PARKS, content_of, item, keys, on, written
from tests.support.visitors import SLUG, in_session


@pytest.fixture
def officer(app, parks, hire):
    return on(hire("officer"), PARKS)


def add(colleague, kind, label, part="draft", **fields):
    colleague.consultation(f"questions/add/fields?kind={kind}&part={part}")
    return colleague.send("questions/add/fields", {"label": label, **fields})


def options(*labels):
    return {f"option-{number}-label": label for number, label in enumerate(labels, 1)}


def test_every_question_of_the_model_case_comes_back_as_it_was(app, desk, hire):
    before = content_of(app)
    colleague = hire("officer")
    for key in keys(app, "questions"):
        page = colleague.consultation(f"question/{key}")
        assert page.status == 200
        assert "Still to do" not in page.text
        colleague.send(f"/question/{key}")
    assert content_of(app) == before


def test_a_question_is_added_kind_first(app, officer):
    page = officer.consultation("questions")
    assert "There is no question yet: add one" in page.text
    page = officer.consultation("questions/add")
    assert page.forms[-1].values["kind"][:2] == ["agree_scale", "single_choice"]
    page = officer.consultation("questions/add/fields?kind=single_choice&part=who")
    assert written(page, "questions/add/fields", "part") == "who"
    page = officer.send(
        "questions/add/fields",
        {"label": "Who are you?", "required": "1", **options("A resident", "", "A visitor")},
    )
    assert page.path.endswith("/question/who_are_you")
    assert item(app, "questions", "who_are_you", PARKS) == {
        "key": "who_are_you",
        "part": "who",
        "kind": "single_choice",
        "label": "Who are you?",
        "help": None,
        "section": None,
        "required": True,
        "sensitivity": "none",
        "options": [
            {"key": "a_resident", "label": "A resident", "hint": None, "other": False,
             "exclusive": False, "category": None},
            {"key": "a_visitor", "label": "A visitor", "hint": None, "other": False,
             "exclusive": False, "category": None},
        ],
        "choose_at_most": None,
        "rank_at_most": None,
        "minimum": None,
        "maximum": None,
        "unit": None,
        "max_length": None,
        "show_if": [],
        "dimension": None,
        "version": 1,
    }  # fmt: skip


def test_a_question_needs_words_and_a_kind(app, officer):
    page = officer.consultation("questions/add/fields?kind=nonsense")
    assert page.status == 422
    assert '<a href="#kind">Choose how the question is answered' in page.html
    officer.consultation("questions/add/fields?kind=long_text")
    page = officer.send("questions/add/fields", {"help": "Kept help"})
    assert page.status == 422
    assert '<a href="#label">Write the question' in page.html
    assert written(page, "questions/add/fields", "help") == "Kept help"
    assert keys(app, "questions", PARKS) == []


def test_own_words_and_questions_about_the_person_begin_as_personal(officer):
    for query, sensitivity in (
        ("kind=long_text", "personal"),
        ("kind=number", "none"),
        ("kind=number&part=monitoring", "personal"),
    ):
        page = officer.consultation(f"questions/add/fields?{query}")
        assert page.form("questions/add/fields").fields["sensitivity"] == [sensitivity], query


def test_rows_of_answers_grow_move_and_go_without_losing_what_was_typed(app, officer):
    officer.consultation("questions/add/fields?kind=several_choices")
    page = officer.send(
        "questions/add/fields",
        {"label": "Which?", **options("Benches", "Trees", "Paths"), "option-2-other": "1",
         "add_option": "1"},
    )  # fmt: skip
    assert "Not saved yet" in page.text
    assert 'formaction="#option-5-label"' in page.html
    assert written(page, "questions/add/fields", "option-4-label") == ""
    page = officer.send(
        "questions/add/fields", {"option-4-label": "Lights", "option_up": "3", "add_option": None}
    )
    fields = page.form("questions/add/fields").fields
    labels = [fields[f"option-{n}-label"][0] for n in range(1, 5)]
    assert labels == ["Benches", "Paths", "Trees", "Lights"]
    assert fields["option-3-other"] == ["1"]
    assert "option-2-other" not in fields
    page = officer.send("questions/add/fields", {"option_down": "1"})
    page = officer.send("questions/add/fields", {"remove_option": "2", "option_down": None})
    fields = page.form("questions/add/fields").fields
    labels = [fields[f"option-{n}-label"][0] for n in range(1, 4)]
    assert labels == ["Paths", "Trees", "Lights"]
    assert "option-4-label" not in fields
    page = officer.send(
        "questions/add/fields",
        {"remove_option": None, "paste": "Toilets\r\n\r\n  Swings ", "add_pasted": "1"},
    )
    officer.send("questions/add/fields", {"add_pasted": None})
    question = item(app, "questions", "which", PARKS)
    assert [(o["key"], o["other"]) for o in question["options"]] == [
        ("paths", False), ("trees", True), ("lights", False), ("toilets", False), ("swings", False),
    ]  # fmt: skip


def test_buttons_of_rows_that_are_not_there_do_nothing(app, officer):
    add(officer, "single_choice", "Which?", **options("One", "Two"))
    for act in ({"option_up": "1"}, {"option_down": "9"}, {"remove_option": "x"}):
        officer.consultation("question/which")
        page = officer.send("/question/which", act)
        assert page.status == 200
        assert "Not saved yet" in page.text
    labels = [option["label"] for option in item(app, "questions", "which", PARKS)["options"]]
    assert labels == ["One", "Two"]


def test_an_answer_keeps_its_key_when_its_words_change(app, officer):
    add(officer, "single_choice", "Which?", **options("One", "Two"))
    officer.consultation("question/which")
    officer.send("/question/which", {"option-1-label": "Ones", "option-2-hint": "Both hands"})
    question = item(app, "questions", "which", PARKS)
    assert [(o["key"], o["label"], o["hint"]) for o in question["options"]] == [
        ("one", "Ones", None),
        ("two", "Two", "Both hands"),
    ]


def test_answers_of_other_scripts_and_forged_keys_get_keys_of_their_own(app, officer):
    add(
        officer,
        "single_choice",
        "Which?",
        **{**options("ہاں", "نہیں", "Yes"), "option-1-key": "NOT a key", "option-3-key": "x' --"},
    )
    question = next(iter(content_of(app, PARKS)["questions"]))
    assert [option["key"] for option in question["options"]] == ["option_1", "option_2", "yes"]


def test_an_explanation_without_an_answer_is_asked_about(app, officer):
    add(officer, "single_choice", "Which?", **options("One", "Two"))
    officer.consultation("question/which")
    page = officer.send("/question/which", {"option-2-label": "", "option-2-hint": "Kept"})
    assert page.status == 422
    assert '<a href="#option-2-label">Write the words of answer 2, or remove it' in page.html
    assert written(page, "/question/which", "option-2-hint") == "Kept"


def test_what_is_left_to_do_at_answers_leads_to_them(app, officer):
    page = add(officer, "ranking", "Order?", **options("One"))
    assert '<a class="govuk-link" href="#options">Give at least two answers' in page.html
    page = officer.send("/question/order", {"option-1-label": "One", "add_option": "1"})
    page = officer.send("/question/order", {"option-2-label": " ONE ", "add_option": None})
    assert '<a class="govuk-link" href="#option-2-label">“ONE” is there twice' in page.html


def test_numbers_that_are_none_are_refused_and_those_out_of_reach_are_left_to_do(app, officer):
    add(officer, "number", "How many?")
    officer.consultation("question/how_many")
    page = officer.send("/question/how_many", {"minimum": "few", "unit": "days"})
    assert page.status == 422
    assert written(page, "/question/how_many", "minimum") == "few"
    page = officer.send("/question/how_many", {"minimum": "9", "maximum": "۷"})
    assert "The smallest number is above the largest" in page.text
    assert item(app, "questions", "how_many", PARKS)["maximum"] == 7
    add(officer, "long_text", "Why?")
    officer.consultation("question/why")
    page = officer.send("/question/why", {"max_length": "30000"})
    assert "Longest answer, in characters: write 20000 or less" in page.text


def test_a_question_about_the_person_can_always_be_skipped(app, officer):
    add(officer, "number", "Age?", part="monitoring", required="1")
    assert item(app, "questions", "age", PARKS)["required"] is False


def test_a_ward_question_asks_for_areas(officer):
    page = add(officer, "ward", "Where?", part="monitoring")
    assert "There are no areas to choose from: list them on the page of areas" in page.text


def test_conditions_are_chosen_in_two_steps(app, officer):
    add(officer, "single_choice", "Who?", part="who", **options("Resident", "Visitor"))
    add(officer, "agree_scale", "Agreed?")
    add(officer, "long_text", "Why?")
    officer.consultation("question/why")
    page = officer.send("/question/why", {"add_condition": "1"})
    assert page.form("/question/why").values["condition-1-question"] == ["", "who", "agreed"]
    page = officer.send(
        "/question/why",
        {"condition-1-question": "who", "show_answers": "1", "add_condition": None},
    )
    assert page.form("/question/why").values["condition-1-answers"] == ["resident", "visitor"]
    page = officer.send(
        "/question/why",
        {"condition-1-answers": ["visitor"], "add_condition": "1", "show_answers": None},
    )
    page = officer.send(
        "/question/why",
        {"condition-2-question": "agreed", "show_answers": "2", "add_condition": None},
    )
    assert "Strongly disagree" in page.text
    officer.send(
        "/question/why",
        {"condition-2-says": "none_of", "condition-2-answers": ["agree"], "show_answers": None},
    )
    assert item(app, "questions", "why", PARKS)["show_if"] == [
        {"question": "who", "any_of": ["visitor"], "none_of": []},
        {"question": "agreed", "any_of": [], "none_of": ["agree"]},
    ]
    page = officer.consultation("questions")
    assert "Asked of those who chose ⁨Visitor⁩ at “⁨Who?⁩”" in page.text
    assert "Asked of those who did not choose ⁨Agree⁩ at “⁨Agreed?⁩”" in page.text
    officer.consultation("question/why")
    officer.send("/question/why", {"remove_condition": "1"})
    officer.send("/question/why", {"remove_condition": None})
    assert [each["question"] for each in item(app, "questions", "why", PARKS)["show_if"]] == [
        "agreed"
    ]


def test_a_condition_without_answers_is_left_to_do(officer):
    add(officer, "agree_scale", "Agreed?")
    add(officer, "long_text", "Why?")
    officer.consultation("question/why")
    officer.send("/question/why", {"add_condition": "1"})
    page = officer.send("/question/why", {"condition-1-question": "agreed", "add_condition": None})
    assert '<a class="govuk-link" href="#condition-1-answers">A condition names no' in page.html


def test_a_condition_on_what_is_gone_stays_until_somebody_changes_it(app, officer):
    add(officer, "single_choice", "Who?", part="who", **options("Resident", "Visitor", "Else"))
    add(officer, "long_text", "Why?")
    officer.consultation("question/why")
    officer.send("/question/why", {"add_condition": "1"})
    officer.send(
        "/question/why",
        {"condition-1-question": "who", "condition-1-answers": ["visitor"], "add_condition": None},
    )
    officer.consultation("question/who")
    officer.send("/question/who", {"option-2-label": "", "option-2-hint": ""})
    page = officer.consultation("question/why")
    assert "An answer is named that “Who?” does not have any more" in page.text
    assert "a removed answer (visitor)" in page.text
    before = item(app, "questions", "why", PARKS)["show_if"]
    officer.send("/question/why")
    assert item(app, "questions", "why", PARKS)["show_if"] == before
    officer.consultation("question/who/remove")
    assert "Whether “Why?” is asked depends on it" in officer.page.text
    officer.send("/remove")
    page = officer.consultation("question/why")
    assert "A condition looks at a question that is not asked before this one" in page.text
    officer.send("/question/why")
    assert item(app, "questions", "why", PARKS)["show_if"] == before
    assert "Nobody is asked" in officer.consultation("questions").text


def test_questions_move_within_their_part(app, officer):
    add(officer, "number", "Who one?", part="who")
    add(officer, "number", "One?")
    add(officer, "number", "Two?")
    assert keys(app, "questions", PARKS) == ["who_one", "one", "two"]
    page = officer.consultation("questions")
    page = officer.send("/question/two/move", {"way": "up"})
    assert keys(app, "questions", PARKS) == ["who_one", "two", "one"]
    assert "⁨Two?⁩: now 1 of 2" in page.text
    assert page.response.history[-1].headers["Location"].endswith("?moved=two#down-two")
    form = page.form("/question/two/move")
    page = officer.post(form.action, {"csrf_token": form.fields["csrf_token"][0], "way": "up"})
    assert keys(app, "questions", PARKS) == ["who_one", "two", "one"]


def test_a_change_of_part_moves_the_question_there(app, officer):
    add(officer, "number", "One?")
    add(officer, "number", "Two?")
    officer.consultation("question/two")
    officer.send("/question/two", {"part": "who"})
    assert keys(app, "questions", PARKS) == ["two", "one"]


def test_another_kind_takes_away_what_does_not_go_with_it_after_asking(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("question/help_most/kind")
    page = colleague.send("/kind", {"kind": "ranking"})
    assert "is taken away" in page.text
    assert "How many may be chosen" in page.text
    assert item(app, "questions", "help_most")["kind"] == "several_choices"
    page = colleague.send("/kind")
    question = item(app, "questions", "help_most")
    assert question["kind"] == "ranking"
    assert question["choose_at_most"] is None
    assert len(question["options"]) == 10
    assert not any(option["other"] or option["exclusive"] for option in question["options"])
    assert "Still to do" not in page.text


def test_another_kind_that_takes_nothing_away_is_taken_at_once(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("question/good_place/kind")
    page = colleague.send("/kind", {"kind": "long_text"})
    assert page.path.endswith("/question/good_place")
    assert item(app, "questions", "good_place")["kind"] == "long_text"
    colleague.consultation("question/good_place/kind")
    page = colleague.send("/kind", {"kind": "nonsense"})
    assert page.status == 422
    assert "Choose how the question is answered" in page.text


def texts(app, slug, prefix):
    with in_session(app) as session:
        workspace = workspaces.find(session, slug)
        assert workspace is not None
        rows = select(WorkspaceText).where(
            WorkspaceText.workspace_id == workspace.id, WorkspaceText.path.startswith(prefix)
        )
        return {(row.language, row.path): row for row in session.scalars(rows)}


def test_a_copy_stands_after_the_first_with_its_translations(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("questions")
    page = colleague.send("/question/age/copy")
    assert page.path.endswith("/question/age_2")
    after = keys(app, "questions")
    assert after[after.index("age") + 1] == "age_2"
    copy = item(app, "questions", "age_2")
    assert {**copy, "key": "age"} == item(app, "questions", "age")
    first, second = texts(app, SLUG, "questions.age."), texts(app, SLUG, "questions.age_2.")
    assert len(first) == len(second) == 9 * 7
    label = second["ur", "questions.age_2.label"]
    assert label.text == first["ur", "questions.age.label"].text
    assert label.approved_at is None
    assert first["ur", "questions.age.label"].approved_at is not None


def test_standard_questions_come_with_their_translations_unapproved(app, officer):
    page = officer.consultation("questions/standard")
    assert len(page.form("questions/standard").values["questions"]) == 12
    page = officer.send("questions/standard", {"questions": ["religion", "age"]})
    assert "It is added." in page.text
    assert keys(app, "questions", PARKS) == ["age", "religion"]
    rows = texts(app, PARKS, "questions.religion.")
    urdu = rows["ur", "questions.religion.options.muslim.label"]
    assert (urdu.text, urdu.origin, urdu.approved_at) == ("مسلمان", "machine", None)
    assert urdu.source_digest == workspaces.text_digest("Muslim")
    page = officer.consultation("questions/standard")
    assert len(page.form("questions/standard").values["questions"]) == 10
    assert "There already" in page.text
    officer.send("questions/standard", {"questions": ["religion", "sex"]})
    assert keys(app, "questions", PARKS) == ["age", "religion", "sex"]


def test_standard_questions_need_a_tick(app, officer):
    officer.consultation("questions/standard")
    page = officer.send("questions/standard")
    assert page.status == 422
    assert "Tick at least one question" in page.text


def test_standard_questions_are_english(app, officer):
    with in_session(app) as session:
        workspace = workspaces.find(session, PARKS)
        assert workspace is not None
        workspace.content = {**workspace.content, "source_language": "ur", "languages": ["ur"]}
        session.commit()
    page = officer.consultation("questions/standard")
    assert "They are written in English, and this consultation is not" in page.text


def test_a_question_with_answers_says_what_a_change_does(app, desk, hire, visitor):
    visitor.send_all()
    colleague = hire("officer")
    page = colleague.consultation("question/vision_agree")
    assert "Residents have answered this question" in page.text
    assert "Has answers" in colleague.consultation("questions").text
    page = colleague.consultation("question/vision_agree/remove")
    assert "Their answers are kept with the question as it was" in page.text


def test_a_question_without_answers_says_nothing_of_the_kind(app, desk, hire):
    colleague = hire("officer")
    assert "Residents have answered" not in colleague.consultation("question/age").text


def test_there_is_an_end_to_questions(app, officer, monkeypatch):
    from consult.views.staff.editing import question_adding

    add(officer, "number", "One?")
    monkeypatch.setattr(question_adding, "MOST", 1)
    page = add(officer, "number", "Two?")
    assert page.status == 422
    assert "as many questions as there can be" in page.text
    officer.consultation("questions")
    assert "Nothing is added" in officer.send("/question/one/copy").text
    assert keys(app, "questions", PARKS) == ["one"]


def test_copying_what_is_gone_says_so(app, officer):
    add(officer, "number", "One?")
    form = officer.consultation("questions").form("/question/one/copy")
    officer.consultation("question/one/remove")
    officer.send("/remove")
    page = officer.post(form.action, {"csrf_token": form.fields["csrf_token"][0]})
    assert "Somebody had removed it before." in page.text
