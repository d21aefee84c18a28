"""The workbench's pages: their figures, what is behind each of them, and searching."""

import csv
import io
import re
from uuid import UUID

import pytest
from sqlalchemy import func, select

from analysis.output import harmless
from consult.db import unit_of_work
from consult.models import (
    Answer,
    AnswerTranslation,
    Quote,
    Redaction,
    Response,
    StudyAnswer,
    StudyKey,
    StudyUnit,
    Workspace,
)
from consult.services import workspaces
from consult.services.counted import counted
from consult.services.themes import studies
from tests.support.themes import QUESTION, study_of
from tests.support.visitors import NOON, SLUG, in_session

HERE = f"/en/staff/consultations/{SLUG}/themes/{QUESTION}"
NEVER = f"/en/staff/consultations/{SLUG}/themes"


@pytest.fixture
def app(themed_app):
    """The model case with its themes."""
    return themed_app


@pytest.fixture
def officer(hire):
    return hire("officer")


def people_by_theme(app):
    """Respondents by theme that stands, counted in the database."""
    with in_session(app) as session:
        study = study_of(session)
        rows = session.execute(
            select(StudyKey.theme, func.count(StudyUnit.response_id.distinct()).label("people"))
            .join(
                StudyUnit,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .join(Response, Response.id == StudyUnit.response_id)
            .where(StudyKey.study_id == study.id, StudyKey.theme.is_not(None), counted())
            .group_by(StudyKey.theme)
        )
        return {row.theme: row.people for row in rows}


def label_of(app, theme):
    with in_session(app) as session:
        return studies.standing(session, study_of(session)).state.themes[theme].label


def some_unit(app, *conditions):
    """A statement with its answer, of those that count."""
    with in_session(app) as session:
        return session.execute(
            select(StudyUnit, StudyKey.theme, StudyAnswer.language)
            .join(
                StudyKey,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .join(StudyAnswer, StudyAnswer.answer_id == StudyUnit.answer_id)
            .join(Response, Response.id == StudyUnit.response_id)
            .where(StudyKey.study_id == study_of(session).id, counted(), *conditions)
            .order_by(StudyUnit.id)
            .limit(1)
        ).one()


def test_questions_tell_how_far_their_themes_are(officer):
    page = officer.get(NEVER)
    assert page.text.count("Work on the themes") == 4
    assert "What makes it hard to stay healthy where you live?" in page.text
    assert "Analysed at 12:00 on 1 December 2026" in page.text
    assert "Find themes" not in page.text


def test_new_answers_are_counted_and_taken_in(app, officer):
    with in_session(app) as session, unit_of_work(session):
        study = study_of(session)
        gone = session.scalars(
            select(StudyAnswer)
            .join(Response, Response.id == StudyAnswer.response_id)
            .where(StudyAnswer.study_id == study.id, counted())
            .order_by(StudyAnswer.answer_id)
            .limit(3)
        ).all()
        for row in gone:
            session.delete(row)
    assert "3 answers are waiting" in officer.get(NEVER).text
    page = officer.get(HERE)
    assert "Take 3 new answers in" in page.text
    page = officer.send("/find")
    assert "/jobs/" in page.path
    page = officer.get(NEVER)
    assert "It waits for its turn" in page.text


def test_figures_are_those_of_the_database_and_lead_to_the_answers(app, officer):
    people = people_by_theme(app)
    page = officer.get(HERE)
    shown = dict(
        re.findall(r'<a class="govuk-link" href="[^"]*/answers\?theme=([^"&]+)">(\d+) p', page.html)
    )
    assert {theme: int(count) for theme, count in shown.items()} == people
    theme = max(people, key=lambda each: people[each])
    page = officer.get(f"{HERE}/answers?theme={theme}")
    assert f"{people[theme]} answers" in page.text


def test_totals_lead_to_their_answers(app, officer):
    page = officer.get(HERE)
    totals = re.findall(
        r'<dt class="consult-total__name">([^<]+)</dt>\s*<dd[^>]*><a class="govuk-link"'
        r' href="([^"]+)">(\d+)<',
        page.html,
    )
    assert "Answers analysed" in {name for name, _, _ in totals}
    for name, address, count in totals:
        behind = officer.get(address.replace("&amp;", "&")).text
        assert re.search(rf"\b{count} answers?\b", behind), name


def test_one_theme_shows_everything_of_it(app, officer):
    people = people_by_theme(app)
    theme = max(people, key=lambda each: people[each])
    page = officer.get(f"{HERE}/theme/{theme}")
    for words in (
        f"{people[theme]} people",
        "Words that tell it apart",
        "Typical statements",
        "Who raises it",
        "too few to tell",
        "Beside everybody else",
        "Change this theme",
        "Approve it as a quote",
    ):
        assert words in page.text, words
    languages = re.findall(r"theme=[^&\"]+&amp;written_in=([\w-]+)\">(\d+)<", page.html)
    assert sum(int(count) for _, count in languages) == people[theme]


def test_sides_are_told_where_a_scale_was_asked_with_the_text(app, officer):
    there = f"{NEVER}/vision_say"
    page = officer.get(there)
    assert "For it: " in page.text
    with in_session(app) as session:
        theme = studies.standing(session, study_of(session, "vision_say")).state.standing[0]
    page = officer.get(f"{there}/theme/{theme}")
    assert "For and against" in page.text
    assert "On “\u2068Do you agree or disagree with our vision?\u2069”" in page.text
    assert "For it: " not in officer.get(HERE).text  # no scale was asked with that text


def test_a_theme_or_question_that_is_not_there_is_not_found(officer):
    assert officer.get(f"{HERE}/theme/t-nothing").status == 404
    assert officer.get(f"{NEVER}/age").status == 404
    assert officer.get(f"{NEVER}/nothing").status == 404


@pytest.mark.parametrize("language", ["en", "ur", "bn"])
def test_pages_in_every_direction(app, hire, language):
    people = people_by_theme(app)
    theme = max(people, key=lambda each: people[each])
    officer = hire("officer", language=language)
    for rest in (
        "",
        "/answers",
        "/history",
        "/again",
        "/new",
        "/fewer",
        "/more",
        f"/theme/{theme}",
    ):
        page = officer.get(f"{HERE}{rest}".replace("/en/", f"/{language}/"))
        assert page.status == 200, rest


# What people wrote


def test_hidden_words_are_nowhere(app, officer):
    unit, theme, _ = some_unit(app, StudyKey.theme.is_not(None), StudyUnit.number == 1)
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, unit.answer_id)
        text = answer.value["text"]
        session.add(
            Redaction(
                answer_id=answer.id,
                start=0,
                end=len(text),
                reason="name",
                made_by="test",
                made_at=NOON,
            )
        )
    for rest in (f"/theme/{theme}", f"/answers?theme={theme}", ""):
        assert unit.text not in officer.get(f"{HERE}{rest}").text
    page = officer.get(f"{HERE}/answers?theme={theme}")
    assert "words are hidden" in page.text


def test_a_translation_stands_beside_its_original_with_its_name(app, officer):
    unit, _, language = some_unit(app, StudyAnswer.language == "ur")
    with in_session(app) as session, unit_of_work(session):
        session.add(
            AnswerTranslation(
                answer_id=unit.answer_id,
                language="en",
                text="The lift has been broken since spring.",
                origin="person",
                translator="Samina Malik",
                brought_by="officer@council.example.org",
                brought_at=NOON,
            )
        )
    page = officer.get(f"{HERE}/answers?written_in={language}")
    assert "The lift has been broken since spring." in page.text
    assert "The whole answer, translated by Samina Malik" in page.text
    assert "Not translated yet" in page.text  # the other answers in Urdu


def test_an_approved_quote_is_marked_and_can_be_withdrawn(app, officer):
    people = people_by_theme(app)
    theme = max(people, key=lambda each: people[each])
    page = officer.get(f"{HERE}/theme/{theme}")
    unit_id = re.findall(rf'/quotes/([0-9a-f-]{{36}})/{theme}"', page.html)[0]
    assert "Approve it no more" not in page.text
    with in_session(app) as session, unit_of_work(session):
        unit = session.get_one(StudyUnit, UUID(unit_id))
        session.add(
            Quote(
                study_id=unit.study_id,
                theme=theme,
                unit_id=unit.id,
                response_id=unit.response_id,
                text=unit.text,
                cleared=[],
                language="en",
                approved_by="test",
                approved_at=NOON,
            )
        )
    page = officer.get(f"{HERE}/theme/{theme}")
    assert "Approved as a quote" in page.text
    assert "Approve it no more" in page.text


def test_search_finds_words_of_any_script(app, officer):
    unit, _, _ = some_unit(app, StudyAnswer.language == "bn")
    word = max(unit.text.split(), key=len).strip("।,.")
    page = officer.get(f"{HERE}/answers?q={word}")
    assert unit.text in page.text
    page = officer.get(f"{HERE}/answers?q=xyzzy")
    assert "No answer fits all of this" in page.text
    assert 'value="xyzzy"' in page.html


def test_filters_that_name_nothing_are_left_out(officer):
    everything = officer.get(f"{HERE}/answers").text
    count = re.search(r"(\d+) answers", everything)
    assert count is not None
    for rest in ("status=wrong", "theme=wrong", "after=wrong", "group=wrong"):
        assert count[0] in officer.get(f"{HERE}/answers?{rest}").text, rest


def test_answers_of_a_group_are_those_behind_its_figure(app, officer):
    people = people_by_theme(app)
    theme = max(people, key=lambda each: people[each])
    page = officer.get(f"{HERE}/theme/{theme}")
    address, count = re.findall(r'href="([^"]+&amp;group=[^"]+)">(\d+)<', page.html)[0]
    behind = officer.get(address.replace("&amp;", "&"))
    assert re.search(rf"\b{count} answers?\b", behind.text)
    assert " selected" in behind.html.split('id="group"')[1].split("</select>")[0]


def test_answers_are_read_page_by_page(officer):
    first = officer.get(f"{HERE}/answers")
    assert first.html.count('class="consult-statements__item"') == 25
    address = re.findall(r'href="([^"]+)" rel="next"', first.html)[0]
    second = officer.get(address.replace("&amp;", "&"))
    units = r'name="unit" type="checkbox" value="([^"]+)"'
    assert set(re.findall(units, first.html)).isdisjoint(re.findall(units, second.html))
    assert "The first answers" in second.text


# Files


def test_the_answers_are_downloaded_as_the_command_line_reads_them(app, officer):
    response = officer.client.get(f"{HERE}/answers.csv")
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
    with in_session(app) as session:
        wanted = session.scalars(
            select(Answer.value)
            .join(Response, Response.id == Answer.response_id)
            .where(Answer.question_key == QUESTION, counted())
        ).all()
    assert sorted(row["text"] for row in rows) == sorted(each["text"] for each in wanted)
    assert "attachment" in response.headers["Content-Disposition"]
    assert {"id", "text", "language", "religion", "age", "ward"} <= set(rows[0])


def test_the_themes_are_downloaded_and_no_cell_is_a_formula(app, officer):
    people = people_by_theme(app)
    theme = max(people, key=lambda each: people[each])
    officer.get(f"{HERE}/theme/{theme}")
    officer.send("/label", {"label": "=1+1"})
    response = officer.client.get(f"{HERE}/themes.csv")
    text = response.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert rows[theme]["label"] == harmless("=1+1") == "'=1+1"
    assert {name: int(row["responses"]) for name, row in rows.items()} == people


# Nothing there yet


def test_before_it_opens_nothing_can_be_analysed(app, officer):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "not-open", {"title": "Not open"}, actor="test", now=NOON)
        assert session.scalar(select(Workspace.id).where(Workspace.slug == "not-open"))
    there = "/en/staff/consultations/not-open/themes"
    assert "Nobody can answer yet" in officer.get(there).text
    assert officer.get(f"{there}/{QUESTION}").status == 404


class TestNeverAnalysed:
    """Answers that nobody has asked the themes of."""

    @pytest.fixture
    def app(self, answered_app):
        return answered_app

    def test_themes_are_asked_for(self, officer):
        page = officer.get(NEVER)
        assert "These answers were never analysed." in page.text
        page = officer.send(f"{QUESTION}/find")
        assert "/jobs/" in page.path
        page = officer.get(NEVER)
        assert page.text.count("Find themes") == 3

    def test_its_pages_lead_to_the_list(self, officer):
        for rest in ("", "/answers", "/history", "/again"):
            assert officer.get(f"{HERE}{rest}").path == NEVER

    def test_other_questions_have_no_themes(self, officer):
        officer.get(NEVER)
        form = officer.page.form("/find")
        token = form.fields["csrf_token"][0]
        assert officer.post(f"{NEVER}/age/find", {"csrf_token": token}).status == 404
