"""The equality appendix: every characteristic has its place, and none is said to be unasked."""

import pytest

from consult.document.reading import read_consultation
from consult.folders import PACKAGE
from consult.reports.data import CHARACTERISTICS, Asked
from consult.telling.report.equality_words import asked_about, characteristic_of
from tests.support.papers import app, lines, part, rows, table, written
from tests.support.reports import sample_data

__all__ = ["app"]

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("key", "characteristic"),
    [
        ("age", "age"),
        ("age_18", "age"),
        ("Age-Group", "age"),
        ("disability", "disability"),
        ("disabled", "disability"),
        ("gender_identity", "gender_reassignment"),
        ("sex_same_as_birth", "gender_reassignment"),
        ("marital_status", "marriage_and_civil_partnership"),
        ("marriage", "marriage_and_civil_partnership"),
        ("pregnancy", "pregnancy_and_maternity"),
        ("maternity_leave", "pregnancy_and_maternity"),
        ("ethnic_group", "race"),
        ("ethnicity", "race"),
        ("religion", "religion_or_belief"),
        ("religion_or_belief", "religion_or_belief"),
        ("sex", "sex"),
        ("gender", "sex"),
        ("sexual_orientation", "sexual_orientation"),
        ("main_language", None),
        ("carer", None),
        ("ward", None),
        ("q17", None),
        ("village", None),
    ],
)
def test_keys_name_characteristics(key, characteristic):
    assert characteristic_of(key) == characteristic


@pytest.mark.parametrize(
    ("label", "characteristic"),
    [
        ("How old are you?", "age"),
        ("What was your age on your last birthday?", "age"),
        ("Do you consider yourself to be disabled?", "disability"),
        ("Is your gender the same as the sex you were registered with at birth?",
         "gender_reassignment"),
        ("Are you married or in a civil partnership?", "marriage_and_civil_partnership"),
        ("Are you pregnant?", "pregnancy_and_maternity"),
        ("How would you describe your ethnic origin?", "race"),
        ("What is your faith?", "religion_or_belief"),
        ("What is your sex?", "sex"),
        ("Which of these describes your sexual orientation?", "sexual_orientation"),
        ("What language do you speak at home?", None),
    ],
)  # fmt: skip
def test_words_of_a_question_name_its_characteristic_where_its_key_says_nothing(
    label, characteristic
):
    question = Asked(
        key="q17", label={"en": label}, kind="single_choice", part="monitoring", section=None
    )
    assert asked_about(question) == characteristic
    about_the_draft = question.model_copy(update={"part": "draft"})
    assert asked_about(about_the_draft) is None


def test_every_characteristic_has_its_row_and_its_heading_in_the_acts_order():
    paper = written(sample_data())
    assert rows(table(paper, "equality-overview")) == [
        ["Age", "No", "–", "–", "Not yet"],
        ["Disability", "No", "–", "–", "Not yet"],
        ["Gender reassignment", "No", "–", "–", "Not yet"],
        ["Marriage and civil partnership", "No", "–", "–", "Not yet"],
        ["Pregnancy and maternity", "No", "–", "–", "Not yet"],
        ["Race", "No", "–", "–", "Not yet"],
        ["Religion or belief", "Yes", "120", "Muslim", "Yes"],
        ["Sex", "No", "–", "–", "Not yet"],
        ["Sexual orientation", "No", "–", "–", "Not yet"],
    ]
    appendix = part(paper, "equality")
    assert appendix.appendix
    anchors = [getattr(block, "anchor", "") for block in appendix.blocks]
    assert [each for each in anchors if each] == [f"equality-{key}" for key in CHARACTERISTICS]


def test_a_characteristic_has_its_gap_its_themes_and_what_officers_considered():
    said = lines(part(written(sample_data()), "equality"))
    at = said.index("Religion or belief")
    assert said[at : at + 13] == [
        "Religion or belief",
        "Religion or belief: every religion, other serious beliefs about how to live, and having "
        "no religion or belief.",
        "The question was: What is your religion?",
        "Religion: 120 people said what describes them; the number of others is 10.",
        "Muslim: 15 of 120 responses (13%), but 30% of residents. That is clearly under.",
        "Christian: 60 of 120 responses (50%), but 34% of residents. That looks over. It is an "
        "early sign and may change.",
        "Those who decide should ask what the decision does to the groups that are under, and "
        "whether enough is known of what they need.",
        "Too few responses to tell: Sikh.",
        "Themes that some groups raise more or less often than others:",
        "Muslim: they raise “Safe streets to walk and cycle” more often than everybody else.",
        "Those who decide should ask why, and what they can do about it.",
        "What officers considered",
        "Sessions at three mosques follow.",
    ]


def test_what_was_not_asked_is_said_plainly():
    said = lines(part(written(sample_data()), "equality"))
    sentence = (
        "This was not asked. So this report cannot tell who is missing, and those who decide need "
        "to find out about these people in another way."
    )
    assert said.count(sentence) == 8
    assert said.count("Officers have not yet written what was considered here.") == 8


def test_what_was_asked_without_figures_of_residents_is_not_called_unasked():
    data = sample_data()
    question = Asked(
        key="marriage",
        label={"en": "Are you married?"},
        kind="single_choice",
        part="monitoring",
        section=None,
    )
    questions = (*data.consultation.questions, question)
    consultation = data.consultation.model_copy(update={"questions": questions})
    paper = written(data.model_copy(update={"consultation": consultation}))
    assert rows(table(paper, "equality-overview"))[3] == [
        "Marriage and civil partnership",
        "Yes",
        "–",
        "–",
        "Not yet",
    ]
    assert (
        "This was asked with “Are you married?”, but there are no figures of residents to compare "
        "the answers with."
    ) in lines(part(paper, "equality"))


def test_marriage_counts_for_the_first_aim_only():
    said = lines(part(written(sample_data()), "equality"))
    assert any(
        line.startswith("Marriage and civil partnership:") and "first of the three aims" in line
        for line in said
    )


def test_the_duty_is_told_with_its_three_aims_and_is_no_legal_advice():
    said = lines(part(written(sample_data()), "equality"))
    assert said[0] == (
        "Section 149 of the Equality Act 2010 requires public bodies to have due regard to three "
        "aims in everything that they do."
    )
    assert [line.split()[0] for line in said[1:4]] == ["End", "Give", "Foster"]
    assert any("not legal advice" in line for line in said)


def test_the_model_case_asks_about_all_nine():
    document = read_consultation(PACKAGE / "demo" / "consultation.yaml")
    found = {
        asked_about(
            Asked(
                key=each.key,
                label={"en": each.label},
                kind=each.kind.value,
                part="monitoring",
                section=None,
            )
        )
        for each in document.questions
        if each.part == "monitoring"
    }
    assert found - {None} == set(CHARACTERISTICS)
