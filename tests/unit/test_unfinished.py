"""What is left to do in each part: all that the document would refuse, and nothing else."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from consult.demo.setting_up import model_case
from consult.document.model import Consultation
from consult.services.unfinished import Fault, Gap, all_gaps, gaps, parts_of
from consult.services.workspaces import NoSuchPart, content_of


@pytest.fixture
def content() -> dict[str, Any]:
    return content_of(model_case())


def question(content: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(q for q in content["questions"] if q["key"] == key)
    return found


def section(content: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in content["sections"] if s["key"] == key)
    return found


def is_whole(content: dict[str, Any]) -> bool:
    try:
        Consultation.model_validate({**content, "slug": "x"})
    except ValidationError:
        return False
    return True


def test_nothing_is_left_to_do_in_the_model_case(content):
    assert all_gaps(content) == []
    assert is_whole(content)


def test_everything_is_left_to_do_where_nothing_is_written():
    missing = [(gap.part, gap.place, gap.fault) for gap in all_gaps({})]
    assert missing == [
        *(("words", (name,), Fault.MISSING) for name in (
            "title", "asked_by", "introduction", "what_happens_next", "consent",
            "monitoring_introduction",
        )),
        *(("dates", (name,), Fault.MISSING) for name in ("opens_at", "closes_at", "late_until")),
        ("contact", ("phone",), Fault.NOBODY_TO_ASK),
        *(("privacy", (name,), Fault.MISSING) for name in (
            "controller", "contact", "lawful_basis_article_6", "lawful_basis_article_9",
            "impact_assessment", "who_sees", "delete_on",
        )),
        ("questions", (), Fault.NO_QUESTIONS),
    ]  # fmt: skip


BROKEN: list[tuple[str, Any, Gap]] = [
    (
        "a text too long",
        lambda c: c.update(title="x" * 20_005),
        Gap("words", ("title",), Fault.TOO_LONG, {"limit": 20_000, "over": 5}),
    ),
    (
        "a character that nobody can see",
        lambda c: c.update(consent="I agree\x07"),
        Gap("words", ("consent",), Fault.UNSEEN),
    ),
    (
        "a number too small",
        lambda c: c.update(minimum_age=-1),
        Gap("dates", ("minimum_age",), Fault.TOO_SMALL, {"limit": 0}),
    ),
    (
        "a number too large",
        lambda c: c.update(draft_days=366),
        Gap("dates", ("draft_days",), Fault.TOO_LARGE, {"limit": 365}),
    ),
    (
        "a date that is a number",
        lambda c: c.update(opens_at=20270301),
        Gap("dates", ("opens_at",), Fault.UNFIT),
    ),
    (
        "a time zone that is none",
        lambda c: c.update(timezone="Europe/Atlantis"),
        Gap("dates", ("timezone",), Fault.UNFIT),
    ),
    (
        "closing first",
        lambda c: c.update(opens_at="2027-02-01T09:00"),
        Gap("dates", ("closes_at",), Fault.CLOSES_FIRST),
    ),
    (
        "late answers too early",
        lambda c: c.update(late_until="2027-01-18T00:28"),
        Gap("dates", ("late_until",), Fault.LATE_TOO_EARLY, {"minutes": 30}),
    ),
    (
        "deleted on the last day of late answers",
        lambda c: c["privacy"].update(delete_on="2027-01-24"),
        Gap("privacy", ("delete_on",), Fault.DELETED_TOO_EARLY, {"day": date(2027, 1, 24)}),
    ),
    (
        "nobody to ask",
        lambda c: c["contact"].update(phone=None, email=None),
        Gap("contact", ("phone",), Fault.NOBODY_TO_ASK),
    ),
    (
        "a section without its text",
        lambda c: section(c, "food").pop("full"),
        Gap("sections.food", ("full",), Fault.MISSING),
    ),
    (
        "a question without words",
        lambda c: question(c, "age").update(label=" "),
        Gap("questions.age", ("label",), Fault.MISSING),
    ),
    (
        "one answer to choose",
        lambda c: question(c, "sex").update(options=question(c, "sex")["options"][:1]),
        Gap("questions.sex", ("options",), Fault.FEW_OPTIONS),
    ),
    (
        "answers where there are none to choose",
        lambda c: question(c, "good_place").update(options=question(c, "sex")["options"]),
        Gap("questions.good_place", ("options",), Fault.NOT_OF_KIND),
    ),
    (
        "a limit of another kind",
        lambda c: question(c, "good_place").update(choose_at_most=2),
        Gap("questions.good_place", ("choose_at_most",), Fault.NOT_OF_KIND),
    ),
    (
        "an answer twice",
        lambda c: question(c, "sex")["options"].append(question(c, "sex")["options"][0]),
        Gap("questions.sex", ("options", 2, "label"), Fault.OPTION_REPEATED, {"label": "Female"}),
    ),
    (
        "an answer that is there by itself",
        lambda c: question(c, "sex")["options"][1].update(key="prefer_not_to_say"),
        Gap("questions.sex", ("options", 1, "label"), Fault.OPTION_BY_ITSELF),
    ),
    (
        "own words twice among several choices",
        lambda c: question(c, "help_most")["options"][9].update(other=True),
        Gap("questions.help_most", ("options", 9, "other"), Fault.OTHER_TWICE),
    ),
    (
        "own words in a ranking",
        lambda c: question(c, "priorities")["options"][2].update(other=True),
        Gap("questions.priorities", ("options", 2, "label"), Fault.NOT_IN_RANKING),
    ),
    (
        "the smallest above the largest",
        lambda c: question(c, "walk_days").update(minimum=9),
        Gap("questions.walk_days", ("minimum",), Fault.LIMITS_CROSSED),
    ),
    (
        "a question about the person that must be answered",
        lambda c: question(c, "age").update(required=True),
        Gap("questions.age", ("required",), Fault.ALWAYS_SKIPPED),
    ),
    (
        "a section that is gone",
        lambda c: question(c, "food_agree").update(section="feud"),
        Gap("questions.food_agree", ("section",), Fault.NO_SUCH_SECTION),
    ),
    (
        "no areas to choose from",
        lambda c: c.update(areas=[]),
        Gap("questions.ward", ("kind",), Fault.NO_AREAS),
    ),
    (
        "a condition on a later question",
        lambda c: question(c, "organisation_name")["show_if"][0].update(question="age"),
        Gap("questions.organisation_name", ("show_if", 0, "question"), Fault.CONDITION_LOST),
    ),
    (
        "a condition that names nothing",
        lambda c: question(c, "organisation_name")["show_if"][0].update(any_of=[]),
        Gap("questions.organisation_name", ("show_if", 0, "answers"), Fault.CONDITION_EMPTY),
    ),
    (
        "a condition on an answer that is gone",
        lambda c: question(c, "organisation_name")["show_if"][0].update(any_of=["firm"]),
        Gap(
            "questions.organisation_name",
            ("show_if", 0, "answers"),
            Fault.ANSWER_LOST,
            {"question": "Who are you answering as?", "answer": "firm"},
        ),
    ),
    (
        "an area twice",
        lambda c: c["areas"].append(c["areas"][0]),
        Gap("areas", (69, "code"), Fault.REPEATED, {"name": "E05011118"}),
    ),
    (
        "residents of a question that is gone",
        lambda c: c["residents"].update(question="whom"),
        Gap("residents", ("question",), Fault.QUESTION_LOST),
    ),
    (
        "residents of an answer that is gone",
        lambda c: c["residents"].update(any_of=["resident", "mayor"]),
        Gap(
            "residents",
            ("any_of", 1),
            Fault.ANSWER_LOST,
            {"question": "Who are you answering as?", "answer": "mayor"},
        ),
    ),
    (
        "residents without an answer",
        lambda c: c["residents"].update(any_of=[]),
        Gap("residents", ("any_of",), Fault.MISSING),
    ),
    (
        "figures without a source",
        lambda c: c["reference_population"][1].pop("source"),
        Gap("reference_population", (1, "source"), Fault.MISSING),
    ),
    (
        "a question that nobody knows the kind of",
        lambda c: question(c, "age").update(kind="guess"),
        Gap("questions.age", ("kind",), Fault.UNFIT),
    ),
]


@pytest.mark.parametrize(
    ("change", "wanted"), [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN]
)
def test_what_the_document_refuses_is_left_to_do_at_its_place(content, change, wanted):
    change(content)
    assert not is_whole(content)
    assert wanted in all_gaps(content)
    assert wanted in gaps(content, wanted.part)
    others = [gap for gap in all_gaps(content) if gap.part != wanted.part]
    assert others == []


def test_no_questions_at_all(content):
    content["questions"] = []
    content["residents"] = None
    assert all_gaps(content) == [Gap("questions", (), Fault.NO_QUESTIONS)]


def test_two_answers_of_the_same_words_are_pointed_at(content):
    question(content, "sex")["options"][1]["label"] = " FEMALE "
    assert gaps(content, "questions.sex") == [
        Gap("questions.sex", ("options", 1, "label"), Fault.OPTION_REPEATED, {"label": " FEMALE "})
    ]


def test_several_things_at_once_are_all_named(content):
    before = deepcopy(content)
    question(content, "help_most").update(label=None, choose_at_most=0, section="gone")
    faults = {gap.place: gap.fault for gap in gaps(content, "questions.help_most")}
    assert faults == {
        ("label",): Fault.MISSING,
        ("choose_at_most",): Fault.TOO_SMALL,
        ("section",): Fault.NO_SUCH_SECTION,
    }
    assert all_gaps(before) == []


def test_parts_are_named_in_the_order_of_the_pages(content):
    names = parts_of(content)
    assert names[:6] == ["words", "dates", "contact", "privacy", "sections.vision", "sections.food"]
    assert names[-3:] == ["areas", "residents", "reference_population"]


@pytest.mark.parametrize("part", ["sections.no", "questions.no", "nonsense"])
def test_a_part_that_is_not_there(content, part):
    with pytest.raises(NoSuchPart):
        gaps(content, part)
