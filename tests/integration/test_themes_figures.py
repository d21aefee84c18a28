"""The figures that pages show are those of the command line on the same answers."""

import json

import pytest
from sqlalchemy import select

from analysis.__main__ import main
from consult.models import StudyUnit
from consult.services.themes import exporting, figures
from tests.support.themes import QUESTION, study_of
from tests.support.visitors import in_session


@pytest.fixture(params=[QUESTION, "change_say"])
def compared(request, themed_app, tmp_path):
    """A study, its overview, and what the command line says of its export."""
    with in_session(themed_app) as session:
        study = study_of(session, request.param)
        table = exporting.answers_table(session, study)
        file = tmp_path / "answers.csv"
        file.write_text(exporting.as_csv(table), encoding="utf-8")
        options = [str(file), "--text", "text", "--id", "id", "--language", "language"]
        options += [word for name in table.groups for word in ("--group", name)]
        assert main(["themes", *options, "--output", str(tmp_path / "found")]) == 0
        read = {
            name: json.loads((tmp_path / "found" / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("themes", "run")
        }
        yield session, study, read


def test_themes_and_their_figures_are_those_of_the_command_line(compared):
    session, study, read = compared
    shown = figures.overview(session, study)
    run = read["run"]
    assert (shown.asked, shown.answering, shown.voices, shown.without_theme) == (
        run["respondents"],
        run["answering"],
        run["voices"],
        run["without_theme"],
    )
    assert shown.languages == run["languages"]
    assert shown.not_yet_analysed == 0
    assert len(shown.themes) == len(read["themes"]) >= 5
    for theme, said in zip(shown.themes, read["themes"], strict=True):
        assert theme.id == said["id"]
        assert theme.label == said["label"]
        assert (theme.responses, theme.share, theme.low, theme.high) == (
            said["responses"],
            said["share"],
            said["share_low"],
            said["share_high"],
        )
        assert theme.responses_without_campaigns == said["responses_without_campaigns"]
        assert theme.share_without_campaigns == said["share_without_campaigns"]
        assert theme.languages == said["languages"]
        assert theme.keywords == said["keywords_by_language"]
        assert theme.stability == said["stability"]
        responses = {
            unit.id: str(unit.response_id)
            for unit in session.scalars(select(StudyUnit).where(StudyUnit.id.in_(theme.exemplars)))
        }
        assert [responses[each] for each in theme.exemplars] == said["exemplars"]


def test_groups_are_compared_as_by_the_command_line(compared):
    session, study, read = compared
    said = {
        (each["theme"], each["column"], each["value"]): each for each in read["run"]["differences"]
    }
    found = 0
    for theme in figures.overview(session, study).themes:
        detail = figures.theme_detail(session, study, theme.id)
        assert detail is not None
        for column in detail.columns:
            for group in column.groups:
                one = said[theme.id, column.question_key, group.value]
                found += 1
                assert (group.count, group.base, group.share) == (
                    one["responses"],
                    one["base"],
                    one["share"],
                )
                assert group.comparison.q_value == one["q_value"]
                assert group.comparison.state == one["state"]
    assert found == len(said) > 0
