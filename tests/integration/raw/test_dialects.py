"""Raw data on both databases: the same cells, pages that follow each other, versions."""

from datetime import timedelta
from uuid import UUID

import pytest

from consult.db import unit_of_work
from consult.models import Redaction, Response, Study, StudyAnswer
from consult.services.raw import asked as asking
from consult.services.raw import columns, reading, shaping
from consult.services.raw.codebook import Words, as_rows, codebook
from consult.services.raw.reading import Wanted
from tests.support.consultations import FULL_VALUES, NOW, SLUG, World


def send(world: World, *, at=NOW):
    """A whole response; its id."""
    return world.send(world.begin(now=at), now=at).response_id


def read(world: World, wanted=Wanted()):  # noqa: B008 - it never changes
    asked = asking.asking(world.session, world.stored)
    portions = list(reading.every(world.engine, asked, wanted))
    return asked, [given for portion in portions for given in portion]


def test_every_kind_of_answer_is_read_as_it_was_given(world):
    response_id = send(world)
    asked, (given,) = read(world)
    assert given.id == response_id
    told = shaping.shaped(given, shaping.order_of(asked), Wanted())
    values = {
        key: {name: cell for name, cell in answer.items() if name not in {"version", "language"}}
        for key, answer in told["answers"].items()
    }
    assert values == FULL_VALUES
    assert list(told["answers"]) == [key for key in shaping.order_of(asked) if key in FULL_VALUES]
    assert told["answers"]["vision_why"]["language"] == "en"


def test_hidden_words_and_languages_are_found(world):
    send(world)
    answers = world.session.get_one(Response, read(world)[1][0].id).answers
    why = next(each for each in answers if each.question_key == "vision_why")
    with unit_of_work(world.session):
        study = Study(
            consultation_id=world.stored.id, question_key="vision_why", salt="0" * 32, findings={}
        )
        world.session.add(study)
        world.session.flush()
        world.session.add(
            StudyAnswer(
                answer_id=why.id, study_id=study.id, response_id=why.response_id,
                status="content", language="pl",
            )
        )  # fmt: skip
        world.session.add(
            Redaction(answer_id=why.id, start=0, end=7, reason="name", made_by="t", made_at=NOW)
        )
    _, (given,) = read(world)
    said = next(each for each in given.answers if each.question == "vision_why")
    assert said.value == {"text": "[…] reason: no bench for my mother"}
    assert said.language == "pl"


def test_pages_follow_each_other_also_within_one_moment(world):
    first = send(world, at=NOW - timedelta(minutes=1))
    same = sorted([send(world), send(world)], key=lambda each: each.bytes)
    asked = asking.asking(world.session, world.stored)
    found, after = [], None
    while True:
        page = reading.some(world.engine, asked, Wanted(), after=after, limit=1)
        found += [each.id for each in page.found]
        if page.last is None:
            break
        after = page.last
    assert found == [first, *same]
    assert [each.id for each in read(world)[1]] == found


def test_a_page_after_a_response_that_has_gone_is_refused(world):
    asked = asking.asking(world.session, world.stored)
    with pytest.raises(LookupError):
        reading.some(world.engine, asked, Wanted(), after=UUID(int=7), limit=1)


def test_a_question_that_asks_something_else_keeps_both_versions_apart(world):
    send(world)
    question = world.question("wishes")
    options = (*question.options[1:], question.options[0].model_copy(update={"key": "lights"}))
    changed = question.model_copy(update={"options": options})
    questions = [changed if each.key == "wishes" else each for each in world.document.questions]
    world.store(world.document.model_copy(update={"questions": tuple(questions)}))
    asked, (given,) = read(world)
    found = columns.columns(asked, Wanted())
    row = dict(zip([each.name for each in found], columns.Cells(found).row(given), strict=True))
    assert row["wishes:version"] == 1
    assert row["wishes.lights"] is None  # not offered then
    assert row["wishes.toilets"] == 1
    words = Words(fixed={}, holds=lambda column: column.holds.value, values={})
    book = codebook(asked, Wanted(), words, made_for="a@example.org", now=NOW)
    rows = [dict(zip(as_rows(book)[0], each, strict=True)) for each in as_rows(book)[1:]]
    offered = {(each["column"], each["version"]) for each in rows if each["question"] == "wishes"}
    assert ("wishes.lights", "2") in offered
    assert ("wishes.lights", "1") not in offered
    assert book["consultation"] == SLUG
