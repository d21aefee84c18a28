"""The answers behind a figure: as many as it says, page by page, found in any script."""

from uuid import UUID

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Answer, Redaction, Response, StudyUnit
from consult.services.themes import answers, editing, figures
from tests.support.themes import study_of
from tests.support.visitors import NOON, in_session


@pytest.fixture
def at_hand(themed_app):
    with in_session(themed_app) as session:
        yield session


def test_behind_each_theme_stand_as_many_answers_as_it_says(at_hand) -> None:
    study = study_of(at_hand)
    shown = figures.overview(at_hand, study)
    for theme in shown.themes:
        page = answers.behind(at_hand, study, theme=theme.id, limit=200)
        assert page.total == len(page.lines) == theme.responses
        for line in page.lines:
            assert theme.id in {unit.theme for unit in line.units}
        for language, count in theme.languages.items():
            both = answers.behind(at_hand, study, theme=theme.id, language=language)
            assert both.total == count
    for status, count in {
        "content": shown.answering,
        "no_content": shown.no_content,
        "unclear": shown.unclear,
        "without_theme": shown.without_theme,
        "campaign": shown.in_campaigns,
        "nonsense": 0,
    }.items():
        assert answers.behind(at_hand, study, status=status).total == count
    uncertain = answers.behind(at_hand, study, status="uncertain", limit=200)
    assert {"uncertain"} <= {unit.status for line in uncertain.lines for unit in line.units}


def test_groups_lead_to_the_answers_of_their_people(at_hand) -> None:
    study = study_of(at_hand)
    theme = figures.overview(at_hand, study).themes[0].id
    detail = figures.theme_detail(at_hand, study, theme)
    assert detail is not None
    looked = 0
    for column in detail.columns:
        for group in column.groups:
            found = answers.behind(
                at_hand, study, theme=theme, group=(column.question_key, group.value)
            )
            assert found.total == group.count
            looked += 1
    assert looked > 20
    assert answers.behind(at_hand, study, group=("age", "")).total == 0
    assert answers.behind(at_hand, study, group=("no_such", "thing")).total == 0


def test_pages_go_on_where_the_one_before_ended(at_hand) -> None:
    study = study_of(at_hand)
    seen, after = [], None
    while True:
        page = answers.behind(at_hand, study, after=after, limit=20)
        seen += [line.answer_id for line in page.lines]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == page.total == 77
    times = [
        at_hand.scalar(select(Response.received_at).join(Answer).where(Answer.id == each))
        for each in seen
    ]
    assert times == sorted(times)
    assert answers.behind(at_hand, study, after=UUID(int=1)).lines[0].answer_id == seen[0]


def test_words_are_found_in_every_script_and_case(at_hand) -> None:
    study = study_of(at_hand)
    lines = answers.behind(at_hand, study, limit=200).lines
    tried = set()
    for line in lines:
        if line.language in tried or not line.units:
            continue
        tried.add(line.language)
        words = line.units[0].text.split()[:2]
        asked = " ".join(reversed(words)).upper().strip(".,!?،۔।")
        found = answers.behind(at_hand, study, words=asked, limit=200)
        assert line.answer_id in {each.answer_id for each in found.lines}, asked
        if line.language in {"ur", "ar"}:
            assert line.direction == "rtl"
    assert {"en", "ur", "bn", "ar"} <= tried
    assert answers.behind(at_hand, study, words="xyzzy").total == 0
    assert answers.behind(at_hand, study, words="50% _").total < len(lines)


def test_redacted_words_stand_in_no_line(at_hand) -> None:
    study = study_of(at_hand)
    line = next(
        line for line in answers.behind(at_hand, study, limit=200).lines if len(line.units) > 1
    )
    word = line.units[0].text.split()[0]
    start = line.text.index(word)
    with unit_of_work(at_hand):
        at_hand.add(
            Redaction(
                answer_id=line.answer_id,
                start=start,
                end=start + len(word),
                reason="name",
                made_by="amina",
                made_at=NOON,
            )
        )
    study = study_of(at_hand)
    after = answers.lines_of(at_hand, study, [line.response_id])[line.response_id]
    assert after.has_redactions
    assert after.text == line.text[:start] + "[…]" + line.text[start + len(word) :]
    assert after.units[0].text.startswith("[…]")
    assert after.units[1].text == line.units[1].text
    unit = after.units[0].unit_id
    assert answers.units_by_id(at_hand, study, [unit])[unit].text == after.units[0].text


def test_what_does_not_count_is_in_no_list_and_no_figure(at_hand) -> None:
    study = study_of(at_hand)
    before = figures.overview(at_hand, study)
    theme = before.themes[0]
    line = answers.behind(at_hand, study, theme=theme.id).lines[0]
    with unit_of_work(at_hand):
        at_hand.get_one(Response, line.response_id).is_test = True
    study = study_of(at_hand)
    after = figures.overview(at_hand, study)
    assert (after.asked, after.in_all) == (before.asked - 1, before.in_all - 1)
    now = next(each for each in after.themes if each.id == theme.id)
    assert now.responses == theme.responses - 1
    assert answers.behind(at_hand, study, theme=theme.id).total == theme.responses - 1
    assert answers.units_by_id(at_hand, study, [u.unit_id for u in line.units]) == {}
    assert answers.lines_of(at_hand, study, [line.response_id])[line.response_id].text == line.text


def test_a_merged_theme_s_figures_are_those_of_both(at_hand) -> None:
    study = study_of(at_hand)
    one, two = figures.overview(at_hand, study).themes[:2]
    both = {
        line.response_id
        for theme in (one, two)
        for line in answers.behind(at_hand, study, theme=theme.id, limit=200).lines
    }
    with unit_of_work(at_hand):
        editing.merge(at_hand, study.id, one.id, two.id, actor="amina", now=NOON)
    study = study_of(at_hand)
    merged = figures.theme_detail(at_hand, study, two.id)
    assert merged is not None
    assert (merged.theme.id, merged.merged, merged.theme.responses) == (
        one.id,
        (two.id,),
        len(both),
    )
    assert merged.theme.stability is None
    assert answers.behind(at_hand, study, theme=two.id).total == len(both)
    assert set(one.exemplars[:2]) <= set(merged.theme.exemplars)
    assert figures.theme_detail(at_hand, study, "t-none") is None


def test_a_theme_that_people_made_has_words_and_typical_statements(at_hand) -> None:
    study = study_of(at_hand)
    theme = figures.overview(at_hand, study).themes[0]
    parts = editing.propose_split(at_hand, study, theme.id)
    with unit_of_work(at_hand):
        editing.split(at_hand, study.id, theme.id, parts, ["One", "Two"], actor="a", now=NOON)
    study = study_of(at_hand)
    shown = {each.label: each for each in figures.overview(at_hand, study).themes}
    assert theme.id not in {each.id for each in shown.values()}
    for label in ("One", "Two"):
        made = shown[label]
        assert made.made_by == "person"
        assert 0 < made.reviewed <= made.statements
        units = at_hand.scalars(select(StudyUnit.key).where(StudyUnit.id.in_(made.exemplars)))
        assert units.all()
    assert any(shown[label].keywords for label in ("One", "Two"))


def test_the_stance_is_that_of_the_scale_asked_with_the_text(at_hand) -> None:
    study = study_of(at_hand, "vision_say")
    detail = figures.theme_detail(at_hand, study, figures.overview(at_hand, study).themes[0].id)
    assert detail is not None
    assert detail.stance_question == "vision_agree"
    assert detail.stance is not None
    sides = detail.stance.sides
    assert sides.known + sides.not_known == detail.theme.responses
    assert detail.overall is not None
    everybody = detail.overall.overall
    assert everybody.known + everybody.not_known == figures.overview(at_hand, study).answering
    study = study_of(at_hand)
    detail = figures.theme_detail(at_hand, study, figures.overview(at_hand, study).themes[0].id)
    assert detail is not None
    assert (detail.stance_question, detail.stance) == (None, None)
