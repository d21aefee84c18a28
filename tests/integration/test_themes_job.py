"""The themes of a question are found as a job, and kept while answers come and go."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from analysis.progress import Silent
from consult.config import Settings
from consult.db import db, unit_of_work
from consult.models import (
    Answer,
    AuditEvent,
    Consultation,
    Job,
    Response,
    Study,
    StudyAnswer,
    StudyKey,
    StudySuggestion,
    StudyUnit,
)
from consult.services import consultations, responses, retention
from consult.services.themes import (
    analysing,
    asking,
    editing,
    figures,
    forgetting,
    settling,
    studies,
)
from consult.services.themes.analysing import CannotAnalyse, Hindrance
from tests.support.themes import QUESTION, analyse, study_of, workspace_of
from tests.support.visitors import NOON, in_session

LATER = NOON + timedelta(hours=2)


class Office:
    """An application with answers, its settings, and its session."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session = session
        self.settings: Settings = app.config["CONSULT_SETTINGS"]
        self.asked_at = NOON

    @property
    def study(self) -> Study:
        self.session.rollback()
        self.session.expire_all()
        return study_of(self.session)

    def run(self, *, embedder: str | None = None, **wishes: Any) -> Job:
        """Analyse the question that tests look at, as a job."""
        settings = replace(self.settings, embedder=embedder or self.settings.embedder)
        self.session.rollback()
        self.asked_at += timedelta(hours=2)
        analyse(db.engine, settings.data_dir, settings, QUESTION, now=self.asked_at, **wishes)
        self.session.expire_all()
        newest = select(Job).where(
            Job.key == asking.key_of(workspace_of(self.session).slug, QUESTION)
        )
        return list(self.session.scalars(newest.order_by(Job.finished_at)))[-1]

    def figures(self, **wishes: Any) -> Mapping[str, Any]:
        """Analyse, and return what the job that was done has counted."""
        job = self.run(**wishes)
        assert job.state == "done", job.fault
        assert job.result is not None
        return job.result

    def exclude(self, count: int) -> list[Any]:
        """Let the last responses that answered the question not count for a while."""
        ids = list(
            self.session.scalars(
                select(Response.id)
                .join(Answer, Answer.response_id == Response.id)
                .where(Answer.question_key == QUESTION)
                .order_by(Response.received_at.desc(), Response.id)
                .limit(count)
            )
        )
        self.count_in(ids, does=False)
        return ids

    def count_in(self, ids: list[Any], *, does: bool = True) -> None:
        with unit_of_work(self.session):
            self.session.execute(
                update(Response).where(Response.id.in_(ids)).values(is_test=not does)
            )

    def rows(self) -> dict[str, tuple[str | None, str | None, str]]:
        """Machine's theme, theme and decider of each statement."""
        self.session.rollback()
        found = self.session.execute(
            select(StudyKey.key, StudyKey.machine_theme, StudyKey.theme, StudyKey.decided_by).where(
                StudyKey.study_id == self.study.id
            )
        )
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    def count(self, table: Any) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def answered(answered_app: Flask) -> Iterator[Office]:
    with in_session(answered_app) as session:
        yield Office(answered_app, session)


@pytest.fixture
def themed(themed_app: Flask) -> Iterator[Office]:
    with in_session(themed_app) as session:
        yield Office(themed_app, session)


@pytest.mark.parametrize("embedder", ["auto", "lsa"])
def test_later_answers_go_into_the_themes_as_people_left_them(
    answered: Office, embedder: str
) -> None:
    late = answered.exclude(20)
    assert answered.figures(embedder=embedder)["new_answers"] == 57
    themes = [theme.id for theme in figures.overview(answered.session, answered.study).themes]
    with unit_of_work(answered.session):
        study = study_of(answered.session)
        editing.merge(answered.session, study.id, themes[0], themes[1], actor="a", now=NOON)
        editing.rename(answered.session, study.id, themes[0], "Both", actor="a", now=NOON)
    before, frame = answered.rows(), answered.study.frame
    assert frame is not None
    answered.count_in(late)
    assert figures.overview(answered.session, answered.study).not_yet_analysed == 20
    later = answered.figures(embedder=embedder)
    assert later["new_answers"] == 20
    after = answered.rows()
    assert len(after) - len(before) == later["new_statements"] > 10
    assert {key: after[key] for key in before} == before
    new = {key: row for key, row in after.items() if key not in before}
    assert any(theme is not None for _, theme, _ in new.values())
    assert themes[1] not in {theme for _, theme, _ in after.values()}
    shown = figures.overview(answered.session, answered.study)
    assert (shown.asked, shown.not_yet_analysed) == (77, 0)
    assert "Both" in [theme.label for theme in shown.themes]
    kept = answered.study.frame
    assert kept is not None
    assert [theme["id"] for theme in kept["themes"]] == [t["id"] for t in frame["themes"]]
    # A model that is trained on others' texts has a space that stays; LSA learns from the texts.
    assert (kept == frame) is (not str(kept["model_id"]).startswith("lsa/"))


def test_themes_found_anew_keep_their_ids_and_what_people_said(themed: Office) -> None:
    shown = figures.overview(themed.session, themed.study)
    largest, second = shown.themes[0].id, shown.themes[1].id
    key = next(key for key, (_, theme, _) in themed.rows().items() if theme == second)
    with unit_of_work(themed.session):
        study = study_of(themed.session)
        editing.rename(themed.session, study.id, largest, "Ours", actor="a", now=NOON)
        editing.create(themed.session, study.id, "Made", "", [key], actor="a", now=NOON)
    units = set(themed.session.scalars(select(StudyUnit.id)))
    job = themed.run(all_over_again=True)
    assert job.state == "done"
    again = figures.overview(themed.session, themed.study)
    labels = {theme.id: theme.label for theme in again.themes}
    assert {theme.id for theme in shown.themes} < set(labels)
    assert labels[largest] == "Ours"
    assert "Made" in labels.values()
    assert themed.rows()[key][2] == "person"
    assert set(themed.session.scalars(select(StudyUnit.id))) == units  # quotes hang on them


def test_another_number_of_themes_retires_those_without_a_partner(themed: Office) -> None:
    before = {theme.id for theme in figures.overview(themed.session, themed.study).themes}
    assert themed.figures(all_over_again=True, themes=3)["themes"] == len(before)
    state = studies.standing(themed.session, themed.study).state
    assert set(state.themes) == before
    assert sum(not theme.retired for theme in state.themes.values()) == 3
    assert len(figures.overview(themed.session, themed.study).themes) == 3


def test_what_happens_during_an_analysis_is_neither_lost_nor_undone(answered: Office) -> None:
    late = answered.exclude(20)
    answered.run()
    answered.count_in(late)
    session, study_id = answered.session, answered.study.id
    material = analysing.read(session, study_id)
    found = analysing.find(material, embedder=answered.settings.embedder, progress=Silent())
    themes = [theme.id for theme in figures.overview(session, answered.study).themes]
    with unit_of_work(session):
        editing.merge(session, study_id, themes[0], themes[1], actor="a", now=NOON)
        for response in (late[0], list(late)[1]):
            responses.withdraw(session, session.get_one(Response, response), now=NOON)
    with unit_of_work(session):
        stored = analysing.store(session, material, found, actor="a", now=LATER)
    assert stored["new_answers"] == 18
    assert themes[1] not in {theme for _, theme, _ in answered.rows().values()}
    assert (
        session.scalar(
            select(func.count()).select_from(StudyAnswer).where(StudyAnswer.response_id.in_(late))
        )
        == 18
    )
    units = set(session.scalars(select(StudyUnit.key).where(StudyUnit.study_id == study_id)))
    assert units == set(answered.rows())
    with unit_of_work(session):
        again = analysing.store(session, material, found, actor="a", now=LATER)
    assert (again["new_answers"], again["new_statements"]) == (0, 0)


def test_a_statement_whose_only_author_withdraws_during_an_analysis_waits(
    answered: Office,
) -> None:
    late = answered.exclude(20)
    answered.run()
    answered.count_in(late)
    session, study_id = answered.session, answered.study.id
    material = analysing.read(session, study_id)
    found = analysing.find(material, embedder=answered.settings.embedder, progress=Silent())
    answer, units = next(
        (row["answer_id"], units)
        for row in found.answers
        if row["response_id"] in late and (units := found.units.get(row["answer_id"]))
    )
    known = session.scalar(select(StudyKey.key).where(StudyKey.study_id == study_id).limit(1))
    units[0]["key"] = f"{known}-gone"  # as if it had been known, and went with its author
    with unit_of_work(session):
        stored = analysing.store(session, material, found, actor="a", now=LATER)
    assert stored["new_answers"] == 19
    assert session.get(StudyAnswer, answer) is None
    assert asking.new_answers(session, answered.study) == 1


def test_the_same_answers_give_the_same_themes_to_the_byte(answered: Office) -> None:
    with unit_of_work(answered.session):
        study = studies.begin(
            answered.session,
            consultations.get(answered.session, workspace_of(answered.session).slug),
            QUESTION,
        )
    material = analysing.read(answered.session, study.id)
    one, two = (
        analysing.find(material, embedder=answered.settings.embedder, progress=Silent())
        for _ in range(2)
    )
    assert one.frame is not None
    assert two.frame is not None
    assert one.frame.to_dict() == two.frame.to_dict()
    assert one.findings == two.findings
    assert one.rows.vectors.tobytes() == two.rows.vectors.tobytes()
    assert (one.rows.keys, one.rows.machine) == (two.rows.keys, two.rows.machine)


def test_a_suggestion_becomes_a_theme_that_later_answers_go_to(themed: Office) -> None:
    session, study = themed.session, themed.study
    largest = figures.overview(session, study).themes[0].id
    loose(themed, [key for key, (_, theme, _) in themed.rows().items() if theme == largest])
    themed.run()
    (suggested, *_) = figures.overview(session, themed.study).suggestions
    before = studies.standing(session, themed.study).state
    with unit_of_work(session):
        last = editing.adopt(session, study.id, suggested.id, "Taken on", actor="a", now=NOON)
    shown = {theme.id: theme for theme in figures.overview(session, themed.study).themes}
    theme = shown[suggested.id]
    assert (theme.label, theme.statements, theme.reviewed) == ("Taken on", suggested.statements, 0)
    assert last == len(before.history) + 1
    assert session.get(StudySuggestion, (study.id, suggested.id)) is None
    note = session.scalars(select(AuditEvent).where(AuditEvent.action == "theme adopted")).one()
    assert note.details["theme"] == suggested.id
    assert all(
        row[0] == suggested.id for key, row in themed.rows().items() if key in suggested.keys
    )


def loose(office: Office, keys: list[str]) -> None:
    """Let some statements fit no theme, as if the machine had seen it so."""
    with unit_of_work(office.session):
        study = study_of(office.session)
        office.session.execute(
            update(StudyKey)
            .where(StudyKey.study_id == study.id, StudyKey.key.in_(keys))
            .values(machine_theme=None, theme=None, status="unclear")
        )
        study.revision += 1


def test_what_cannot_be_analysed_is_said(themed: Office) -> None:
    assert themed.run(all_over_again=True, themes=1000).fault == Hindrance.TOO_MANY
    assert themed.run(embedder="nowhere").fault == Hindrance.NO_MODEL
    with unit_of_work(themed.session):
        editing.lock(themed.session, study_of(themed.session).id, None, actor="a", now=NOON)
    assert themed.run(all_over_again=True).fault == Hindrance.LIST_LOCKED
    with unit_of_work(themed.session):
        themed.session.execute(update(Response).values(is_test=True))
    assert themed.run().fault == Hindrance.NO_ANSWERS
    with pytest.raises(CannotAnalyse) as caught:
        analysing.read(themed.session, type(themed.study.id)(int=7))
    assert caught.value.hindrance is Hindrance.GONE


def test_a_question_that_is_not_there_cannot_be_analysed(answered: Office) -> None:
    analyse(db.engine, answered.settings.data_dir, answered.settings, "no_such_question")
    job = answered.session.scalars(select(Job)).one()
    assert (job.state, job.fault) == ("failed", Hindrance.GONE)


def test_the_round_asks_where_answers_are_new(themed: Office) -> None:
    slug = workspace_of(themed.session).slug
    with unit_of_work(themed.session):
        assert asking.ask_where_new(themed.session, now=LATER) == 0
    with unit_of_work(themed.session):
        study = study_of(themed.session)
        themed.session.execute(delete(StudyAnswer).where(StudyAnswer.study_id == study.id))
        assert asking.ask_where_new(themed.session, now=NOON + timedelta(minutes=59)) == 0
        assert asking.ask_where_new(themed.session, now=LATER) == 1
        assert asking.ask_where_new(themed.session, now=LATER) == 1  # the same job
    waiting = themed.session.scalars(select(Job).where(Job.state == "waiting")).all()
    assert [job.key for job in waiting] == [asking.key_of(slug, QUESTION)]


def test_who_asks_for_all_over_again_gets_it_though_less_was_asked_before(themed: Office) -> None:
    session = themed.session
    with unit_of_work(session):
        place = workspace_of(session)
        first = asking.ask(session, place, QUESTION, actor="machine", now=LATER)
        job = asking.ask(
            session, place, QUESTION, all_over_again=True, themes=5, actor="anna", now=LATER
        )
        assert job.id == first.id
        assert job.requested_by == "anna"
        assert job.parameters == {"question": QUESTION, "all_over_again": True, "themes": 5}


def test_nothing_of_the_answers_words_outlives_them(themed: Office) -> None:
    with unit_of_work(themed.session):
        study = study_of(themed.session)
        theme = studies.standing(themed.session, study).state.standing[0]
        editing.rename(themed.session, study.id, theme, "Ours", actor="a", now=NOON)
    with unit_of_work(themed.session):
        stored = themed.session.scalars(select(Consultation)).one()
        stored.delete_on = NOON.date() - timedelta(days=1)
    with unit_of_work(themed.session):
        assert retention.remove_due_data(themed.session, now=NOON)
    for table in (StudyAnswer, StudyUnit, StudyKey, StudySuggestion):
        assert themed.count(table) == 0
    assert not {"words", "keywords", "exemplars"} & set(themed.study.findings)
    state = studies.standing(themed.session, themed.study).state
    assert state.themes[theme].label == "Ours"


def test_rows_that_stand_right_are_not_written(themed: Office) -> None:
    with unit_of_work(themed.session):
        study = study_of(themed.session)
        state = studies.standing(themed.session, study).state
        assert settling.settle(themed.session, study.id, state) == 0
        assert forgetting.forget_orphans(themed.session) == 0
        with pytest.raises(studies.NoSuchStudy):
            studies.locked(themed.session, type(study.id)(int=7))
