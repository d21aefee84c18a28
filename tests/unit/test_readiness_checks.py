"""Law, contact, population, dates, routing and translations: what each check finds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consult.document.model import Consultation
from consult.readiness.checking import check
from consult.readiness.contact import contact
from consult.readiness.dates import dates
from consult.readiness.facts import Case, Facts, LanguageState, Published, Unfinished
from consult.readiness.findings import Code, Severity
from consult.readiness.law import law
from consult.readiness.population import population
from consult.readiness.structure import structure
from consult.readiness.translations import translations
from consult.readiness.way import way
from consult.services.workspaces import content_of
from tests.support.consultations import CLOSES, OPENS, changed, example, with_question

BEFORE = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def case(document: Consultation | None = None, content: Any = None, **facts: Any) -> Case:
    facts.setdefault("now", BEFORE)
    if content is None:
        content = content_of(document or example())
    return Case.of(content, "parks", Facts(**facts))


def found(check: Any, *args: Any, **facts: Any) -> list[tuple[Code, Severity, str]]:
    return [(each.code, each.severity, each.path) for each in check(case(*args, **facts))]


def codes(check: Any, *args: Any, **facts: Any) -> list[Code]:
    return [each.code for each in check(case(*args, **facts))]


def with_privacy(**changes: Any) -> Consultation:
    return changed(example(), privacy={**example().privacy.model_dump(), **changes})


def with_contact(**changes: Any) -> Consultation:
    return changed(example(), contact={**example().contact.model_dump(), **changes})


# The law


GOOD_BASES = {
    "lawful_basis_article_6": "Public task, Article 6(1)(e)",
    "lawful_basis_article_9": "Article 9 (2) (g)",
}


def test_a_basis_names_its_point():
    assert codes(law, with_privacy(**GOOD_BASES)) == []
    path = "privacy.lawful_basis_article_6"
    assert found(law) == [(Code.ARTICLE_6_UNNAMED, Severity.WARNS, path)]


def test_article_9_counts_only_where_special_data_are_asked_for():
    document = with_privacy(**{**GOOD_BASES, "lawful_basis_article_9": "Statistics"})
    assert codes(law, document) == []
    special = with_question(document, "age", sensitivity="special")
    [finding] = law(case(special))
    assert (finding.code, finding.values) == (Code.ARTICLE_9_UNNAMED, {"count": 1})


@pytest.mark.parametrize(("key", "dimension"), [("religion", None), ("faith", "religion")])
def test_special_data_are_to_be_marked(key, dimension):
    plain = with_privacy(**GOOD_BASES).model_dump()
    [age] = [each for each in plain["questions"] if each["key"] == "age"]
    plain["questions"] = [*plain["questions"], {**age, "key": key, "dimension": dimension}]
    document = Consultation.model_validate(plain)
    assert found(law, document) == [
        (Code.SPECIAL_UNMARKED, Severity.WARNS, f"questions.{key}.sensitivity")
    ]


@pytest.mark.parametrize(
    ("delete_on", "code"),
    [
        ("2027-03-31", None),
        ("2026-04-29", Code.DELETES_SOON),  # 27 days after 2 April
        ("2026-04-30", None),
        ("2032-03-31", None),  # six years after closing, to the day
        ("2032-04-01", Code.DELETES_LATE),
    ],
)
def test_the_deletion_date_is_sensible(delete_on, code):
    document = with_privacy(**GOOD_BASES, delete_on=delete_on)
    assert codes(law, document) == ([code] if code else [])


def test_a_deletion_date_that_is_over_blocks_before_opening_only():
    document = with_privacy(**GOOD_BASES)
    late = datetime(2027, 3, 31, 8, tzinfo=UTC)
    assert found(law, document, now=late) == [
        (Code.DELETES_IN_PAST, Severity.BLOCKS, "privacy.delete_on")
    ]
    published = Published(OPENS, CLOSES, ("en", "ur"))
    assert codes(law, document, now=late, published=published) == []


def test_a_minimum_age_that_nobody_stated():
    content = content_of(with_privacy(**GOOD_BASES))
    del content["minimum_age"]
    [finding] = law(case(content=content))
    assert (finding.code, finding.values) == (Code.AGE_ASSUMED, {"age": 16})


def test_children_need_more_than_a_number():
    document = changed(with_privacy(**GOOD_BASES), minimum_age=12)
    assert Code.AGE_OF_CHILDREN in codes(law, document)
    document = changed(with_privacy(**GOOD_BASES), minimum_age=13)
    assert Code.AGE_OF_CHILDREN not in codes(law, document)


def ages(minimum_age: int, *labels: str) -> Consultation:
    options = [{"key": f"age_{at}", "label": label} for at, label in enumerate(labels)]
    document = with_question(with_privacy(**GOOD_BASES), "age", options=options)
    return changed(document, minimum_age=minimum_age)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (ages(16, "16 to 24", "25 or over"), []),
        (ages(16, "Under 25", "25 or over"), []),
        (ages(16, "18 to 24", "25 or over"), [Code.AGE_LEAVES_OUT]),
        (ages(16, "0 to 15", "16 to 24", "25+"), [Code.AGE_NEVER_CHOSEN]),
        (ages(16, "Under 16", "16 or over"), [Code.AGE_NEVER_CHOSEN]),
        (ages(16, "16-سے 24", "25 سے زیادہ"), []),
        (ages(16, "Young", "Old"), []),
    ],
)
def test_ages_to_choose_from_fit_the_minimum_age(document, expected):
    assert codes(law, document) == expected


# Contact


def test_every_route_is_asked_for():
    document = with_contact(phone=None, paper=None)
    assert [(each.code, each.severity) for each in contact(case(document))] == [
        (Code.NO_PHONE, Severity.WARNS),
        (Code.NO_PAPER, Severity.WARNS),
        (Code.NO_LARGE_PRINT, Severity.WARNS),
        (Code.NO_SIGN_LANGUAGE, Severity.WARNS),
    ]
    by_phone = with_contact(email=None, large_print="Call", sign_language="Call")
    assert found(contact, by_phone) == [(Code.NO_EMAIL, Severity.ASKS, "contact.email")]


def test_addresses_for_examples_block_unless_all_is_made_up():
    whole = {"large_print": "Call", "sign_language": "Call"}
    real = changed(with_contact(**whole, email="parks@example.org"), illustration=False)
    assert found(contact, real) == [
        (Code.EXAMPLE_ADDRESS, Severity.BLOCKS, "contact.email"),
        # dpo@riverton.example
        (Code.EXAMPLE_ADDRESS, Severity.BLOCKS, "privacy.contact"),
    ]
    assert codes(contact, with_contact(**whole)) == []


def test_what_is_not_written_is_not_judged():
    nothing = {"title": "Parks"}
    for each in (contact, dates, law, population, way):
        assert {finding.severity for finding in each(case(content=nothing))} <= {
            Severity.WARNS,
            Severity.ASKS,
        }
    assert codes(contact, content=nothing) == []
    assert codes(dates, content=nothing) == []


# Population


def test_the_example_fits():
    assert codes(population) == []


def test_without_figures_nobody_sees_who_is_missing():
    document = changed(example(), reference_population=[])
    assert found(population, document) == [
        (Code.NO_POPULATION, Severity.WARNS, "reference_population")
    ]


def test_without_residents_everybody_is_compared():
    document = changed(example(), residents=None)
    assert found(population, document) == [(Code.NO_RESIDENTS, Severity.ASKS, "residents")]


def figures(name: str, **changes: Any) -> Consultation:
    references = [each.model_dump() for each in example().reference_population]
    for reference in references:
        if reference["dimension"] == name:
            reference.update(changes)
    return changed(example(), reference_population=references)


def test_figures_and_questions_need_each_other():
    assert found(population, figures("age", dimension="sex")) == [
        (Code.DIMENSION_NOT_COUNTED, Severity.WARNS, "questions.age.dimension"),
        (Code.DIMENSION_NOT_ASKED, Severity.WARNS, "reference_population"),
    ]


def test_every_answer_has_its_category_and_every_category_its_answer():
    document = figures("age", counts={"16-44": 10, "45-64": 5, "65+": 3})
    first, *rest = population(case(document))
    # "45 or older" is mapped to 45+, which nobody counted; nobody can choose the other two.
    assert (first.code, first.values) == (
        Code.CATEGORY_NOT_ASKED,
        {"category": "45-64", "name": "age"},
    )
    assert [(each.code, each.values) for each in rest] == [
        (Code.CATEGORY_NOT_ASKED, {"category": "65+", "name": "age"}),
        (Code.OPTION_NOT_COUNTED, {"label": "45 or older", "name": "age"}),
    ]


def test_not_answered_needs_no_answer_to_choose():
    document = figures("age", counts={"16-44": 10, "45+": 5, "Not answered": 3})
    assert codes(population, document) == []


def test_wards_are_known_by_their_codes():
    assert found(population, figures("ward", counts={"E1": 5})) == [
        (Code.OPTION_NOT_COUNTED, Severity.WARNS, "questions.ward.options")
    ]


def test_a_base_of_other_ages_is_said_once_for_all_figures():
    references = [each.model_dump() for each in example().reference_population]
    for reference in references:
        reference["base"] = "usual residents"
    [finding] = population(case(changed(example(), reference_population=references)))
    assert finding.code is Code.BASE_DIFFERS
    assert finding.values == {"base": "usual residents", "age": 16, "names": ("age", "ward")}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"counts": {"16-44": 0, "45+": 0}}, Code.COUNTS_EMPTY),
        ({"as_of": "2026-02-02"}, Code.COUNTS_IN_FUTURE),
        ({"as_of": "2026-02-01"}, None),
        ({"as_of": "2014-12-31"}, Code.COUNTS_OLD),
        ({"as_of": "2015-01-01"}, None),
    ],
)
def test_figures_that_cannot_be_right(changes, code):
    assert codes(population, figures("age", **changes)) == ([code] if code else [])


def test_names_that_differ_in_capitals_only():
    document = changed(
        example(),
        areas=[{"code": "E1", "name": "One"}, {"code": "e1", "name": "Two"}],
        questions=[q.model_dump() for q in example().questions],
    )
    assert Code.COUNTS_UNREADABLE in codes(population, document)


# The way through


def test_required_questions_leave_a_way_out():
    def capacity(**changes: Any) -> list[Code]:
        document = changed(example(), residents=None)
        return codes(way, with_question(document, "capacity", **changes))

    plain = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
    assert codes(way) == []  # one of the example's answers asks for own words
    assert capacity(options=plain) == [Code.REQUIRED_WITHOUT_WAY_OUT]
    assert capacity(options=[*plain, {"key": "none_of_these", "label": "None"}]) == []
    assert capacity(options=[*plain, {"key": "c", "label": "C", "exclusive": True}]) == []
    assert capacity(options=plain, required=False) == []
    assert capacity(options=plain, sensitivity="personal") == [Code.REQUIRED_PERSONAL]


@pytest.mark.parametrize("key", ["visits", "name_of_park", "vision_why", "order"])
def test_required_words_and_numbers_are_questioned(key):
    assert codes(way, with_question(example(), key, required=True)) == [Code.REQUIRED_WORDS]


def test_scales_and_wards_have_their_own_ways_out():
    assert codes(way, with_question(example(), "vision_agree", required=True)) == []


def test_what_nobody_meets_blocks():
    assert found(way, never_met=("vision_why",)) == [
        (Code.UNREACHABLE, Severity.BLOCKS, "questions.vision_why.show_if")
    ]


# Translations


def test_states_of_a_language():
    ready = LanguageState(total=40, missing=0, stale=0, unapproved=0, warnings=0)
    assert codes(translations, translations={"ur": ready}) == []
    poor = LanguageState(40, 3, 2, 5, 1, essentials=("title", "consent"))
    assert [
        (each.code, each.severity, each.values["count"])
        for each in translations(case(translations={"ur": poor}))
    ] == [
        (Code.ESSENTIALS_UNTRANSLATED, Severity.BLOCKS, 2),
        (Code.UNTRANSLATED, Severity.WARNS, 3),
        (Code.STALE, Severity.WARNS, 2),
        (Code.UNAPPROVED, Severity.WARNS, 5),
        (Code.TRANSLATION_WARNINGS, Severity.ASKS, 1),
    ]


# Structure


def test_what_the_pages_list_is_taken_over():
    left = {"words": Unfinished(("title", "consent"), 0), "dates": Unfinished((), 2)}
    assert [(each.code, each.path, each.values) for each in structure(case(unfinished=left))] == [
        (Code.MISSING, "words", {"fields": ("title", "consent")}),
        (Code.UNFIT, "dates", {"count": 2}),
    ]


def test_what_no_page_lists_and_does_not_fit_still_blocks():
    content = {**content_of(example()), "minimum_age": 400}
    assert found(structure, content=content) == [(Code.CONTRADICTS, Severity.BLOCKS, "dates")]


# The whole list


def test_what_blocks_stands_first_and_parts_in_their_order():
    document = with_question(example(), "capacity", required=True, sensitivity="personal")
    found_here = check(case(document))
    severities = [each.severity for each in found_here]
    assert severities == sorted(severities, key=list(Severity).index)
    warned = [each.path for each in found_here if each.severity is Severity.WARNS]
    assert warned == [
        "closes_at",
        "contact.large_print",
        "contact.sign_language",
        "privacy.lawful_basis_article_6",
        "questions.capacity.required",
        "preview",
    ]
