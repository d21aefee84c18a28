"""What is read of responses, on SQLite and on PostgreSQL."""

from datetime import timedelta

from consult.db import unit_of_work
from consult.models import Answer
from consult.services.reading import (
    judging,
    listing,
    quotes,
    redacting,
    repeats,
    sheets,
    translating_answers,
)
from consult.services.reading.listing import Fate, Wanted
from consult.services.reading.redacted import translations_of
from consult.services.reading.redacting import Hiding
from consult.services.themes import studies
from consult.translation_files.entries import ReadEntry, ReadFile
from tests.support.consultations import FULL_VALUES, NOW

QUESTION = "vision_why"


def answer_of(world, receipt):
    return world.session.query(Answer).filter_by(
        response_id=receipt.response_id, question_key=QUESTION
    ).one()  # fmt: skip


def test_figures_and_lists(world):
    first = world.submit(answers=FULL_VALUES)
    second = world.submit(answers=FULL_VALUES, now=NOW + timedelta(minutes=1))
    world.submit(language="ur", channel="paper")
    found = listing.figures(world.session, world.stored)
    assert (found.total, found.by_fate[Fate.COUNTED], found.marked) == (3, 3, 1)
    assert dict(found.channels) == {"online": 2, "paper": 1}
    assert dict(found.languages) == {"en": 2, "ur": 1}
    assert dict(found.origins) == {listing.ON_THE_PAGES: 3}
    leaf = listing.page_of(world.session, world.stored, Wanted(like=first.response_id), 1)
    assert [line.id for line in leaf.lines] == [second.response_id, first.response_id]
    (same,) = repeats.same_responses(world.session, world.stored)
    assert (same.first, same.responses, same.not_counted) == (first.response_id, 2, 0)
    assert repeats.letters_of(world.session, world.stored) == []


def test_the_same_mark_twice(world):
    response = world.response(world.submit(answers=FULL_VALUES))
    for actor in ("olga", "omar"):
        with unit_of_work(world.session):
            judging.mark(world.session, response, judging.SPAM, "made_up", actor=actor, now=NOW)
    assert [mark.marked_by for mark in response.marks] == ["olga"]


def test_a_translation_goes_out_and_comes_back(world):
    answer = answer_of(world, world.submit(answers=FULL_VALUES, language="ur"))
    with unit_of_work(world.session):
        redacting.hide(world.session, answer, [Hiding(0, 7, "name")], actor="olga", now=NOW)
    (count,) = translating_answers.counts(world.session, world.stored, QUESTION, "en")
    assert (count.language, count.answers, count.without) == ("ur", 1, 1)
    (original,) = translating_answers.without_person(
        world.session, world.stored, QUESTION, "ur", "en"
    )
    assert original.text == "[…] reason: no bench for my mother"
    entry = ReadEntry(original.answer_id.hex, original.text, "[…] translated", 2, original.mark)
    later = NOW + timedelta(minutes=1)
    with unit_of_work(world.session):
        held = sheets.hold(
            world.session, world.stored, QUESTION, "en", ReadFile((entry,), "en"),
            name="a.csv", actor="olga", now=later,
        )  # fmt: skip
        plan = sheets.plan(world.session, world.stored, held)
        taken = sheets.apply(
            world.session, world.stored, QUESTION, held.id, state=plan.state,
            translator="Noor", with_lost_markers=False, actor="olga", now=later,
        )  # fmt: skip
    assert taken == 1
    (count,) = translating_answers.counts(world.session, world.stored, QUESTION, "en")
    assert (count.by_person, count.without) == (1, 0)
    (row,) = translations_of(world.session, [answer.id], "en")[answer.id]
    assert (row.text, row.translator) == ("[…] translated", "Noor")
    with unit_of_work(world.session):
        redacting.hide(
            world.session, answer, [Hiding(8, 14, "other")], actor="olga",
            now=later + timedelta(minutes=1),
        )  # fmt: skip
    (count,) = translating_answers.counts(world.session, world.stored, QUESTION, "en")
    assert (count.by_person, count.without) == (0, 1)


def test_a_study_without_quotes(world):
    with unit_of_work(world.session):
        study = studies.begin(world.session, world.stored, QUESTION)
    assert quotes.approved(world.session, study) == []
    assert quotes.people_who_raised(world.session, study, "T1", "en") == 0
