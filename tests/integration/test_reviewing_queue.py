"""The review queue: whose turn it is, what is left out, and how far somebody is."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from analysis.themes.reviewing.review_queue import review_queue
from consult.db import unit_of_work
from consult.models import Answer, Response, Study
from consult.services.reviewing import coding
from consult.services.reviewing.choosing import by_size
from consult.services.reviewing.lineup import audit_sample, lineup, queue_of
from consult.services.reviewing.queue import Queue, look
from consult.services.themes import editing
from consult.services.themes.studies import standing
from tests.support.reviewing import (
    BUSES,
    FOOD,
    PARKS,
    Given,
    Said,
    key_of,
    make_study,
    response_id,
    said,
)
from tests.support.visitors import NOON, in_session

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
MIDNIGHT = NOON - timedelta(hours=12)


@pytest.fixture
def session(app) -> Iterator[Session]:
    """A session on the model case."""
    with in_session(app) as session:
        yield session


def make(session: Session, answers: list[Given], *, audit_size: int = 1) -> Study:
    with unit_of_work(session):
        return make_study(session, answers, audit_size=audit_size)


def confirm(session: Session, study: Study, *texts: str, actor: str = ANNA, minutes: int = 1):
    with unit_of_work(session):
        editing.confirm(
            session,
            study.id,
            [key_of(text) for text in texts],
            actor=actor,
            now=NOON + timedelta(minutes=minutes),
        )


def seen(session: Session, study: Study, actor: str = ANNA, **wishes: UUID) -> Queue:
    return look(session, study, actor=actor, midnight=MIDNIGHT, **wishes)


def turn(queue: Queue) -> UUID | None:
    return None if queue.turn is None else queue.turn.response_id


def blind_one(session: Session, study: Study) -> UUID:
    """The one response that is drawn for the audit."""
    found = lineup(session, study)
    (place,) = audit_sample(found, study)
    return found.responses[place]


def in_order(session: Session, study: Study) -> list[UUID]:
    found = lineup(session, study)
    return [found.responses[place] for place in queue_of(found, study)]


def test_letters_come_first_then_what_the_machine_is_least_sure_of(session):
    letter = [said("Save our park", strength=0.99, letter=0) for _ in range(6)]
    own = [said("Buses", BUSES, 0.9), said("Dull", None, 0.1), said("Food", FOOD, 0.4)]
    study = make(session, [*own, *letter])
    expected = [response_id(n) for n in (3, 4, 5, 6, 7, 8, 1, 2, 0)]
    expected.remove(blind_one(session, study))
    assert in_order(session, study) == expected


def test_the_order_is_that_of_the_analysis(session):
    """On scores by theme, with letters, ties and answers of several statements."""
    random = np.random.default_rng(11)
    themes = (PARKS, BUSES, FOOD)
    answers = []
    scores = np.zeros((60, 3))
    for number in range(60):
        drawn = random.integers(0, 3, size=int(random.integers(1, 4)))
        statements = tuple(
            Said(f"{number} says {place}", themes[theme], float(random.integers(1, 20)) / 20)
            for place, theme in enumerate(drawn)
        )
        for each, theme in zip(statements, drawn, strict=True):
            scores[number, theme] = max(scores[number, theme], each.strength)
        answers.append(Given(statements, letter=number % 2 if number < 14 else None))
    answers[50] = Given(answers[50].statements, letter=2)  # too few for a campaign
    study = make(session, answers, audit_size=10)
    ids = [str(response_id(number)) for number in range(60)]
    copies = [7 if number < 14 else 1 for number in range(60)]
    wanted = review_queue(scores, ids, audit_size=10, seed=3, copies=copies)
    found = lineup(session, study)
    assert audit_sample(found, study) == wanted.audit
    assert queue_of(found, study) == wanted.review


def test_what_is_decided_is_left_out_for_everybody(session):
    study = make(session, [said(f"Say {n}", strength=n / 10) for n in range(1, 6)])
    first, second, *_ = in_order(session, study)
    assert turn(seen(session, study)) == first
    number = int(first.int - response_id(0).int)
    confirm(session, study, f"Say {number + 1}", actor=OMAR)
    queue = seen(session, study)
    assert turn(queue) == second
    assert (queue.looked_at, queue.total, queue.blind) == (1, 4, 1)
    assert queue.today == 0
    assert seen(session, study, OMAR).today == 1


def test_an_answer_is_looked_at_when_each_of_its_statements_is_decided(session):
    pair = Given((Said("One", strength=0.1), Said("Two", strength=0.2)))
    study = make(session, [pair, pair, said("Other", strength=0.9), said("More", strength=0.95)])
    left = 1 if blind_one(session, study) in {response_id(0), response_id(1)} else 2
    confirm(session, study, "One")
    assert seen(session, study).looked_at == 0
    confirm(session, study, "Two")
    assert seen(session, study).looked_at == left


def test_skipping_goes_on_behind_and_the_end_says_what_was_skipped(session):
    study = make(session, [said(f"Say {n}", strength=n / 10) for n in range(1, 5)])
    first, second, third = in_order(session, study)
    queue = seen(session, study, after=first)
    assert (turn(queue), queue.skipped) == (second, 1)
    queue = seen(session, study, after=third)
    assert (turn(queue), queue.skipped) == (None, 3)
    assert turn(seen(session, study, after=UUID(int=5))) == first


def test_the_audit_sample_is_never_shown_not_even_when_asked_for(session):
    study = make(session, [said(f"Say {n}") for n in range(5)], audit_size=2)
    found = lineup(session, study)
    for place in audit_sample(found, study):
        blind = found.responses[place]
        assert blind not in in_order(session, study)
        assert turn(seen(session, study, wanted=blind)) != blind


def test_the_double_sample_is_kept_out_too(session):
    study = make(session, [said(f"Say {n}") for n in range(40)])
    with unit_of_work(session):
        coding.begin_double(session, study.id, 30)
    assert seen(session, study).total == 10
    assert seen(session, study).blind == 30


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": NOON},
        {"excluded_at": NOON, "excluded_by": ANNA, "exclusion_reason": "spam"},
        {"timing": "doubtful"},
    ],
)
def test_who_does_not_count_any_more_is_gone_at_once(session, change):
    study = make(session, [said(f"Say {n}", strength=n / 10) for n in range(1, 5)])
    first, second, _third = in_order(session, study)
    with unit_of_work(session):
        session.execute(update(Response).where(Response.id == first).values(**change))
    queue = seen(session, study)
    assert (turn(queue), queue.total) == (second, 2)


def test_an_answer_that_was_withdrawn_leaves_nothing(session):
    study = make(session, [said(f"Say {n}", strength=n / 10) for n in range(1, 5)])
    first, second, _third = in_order(session, study)
    with unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == first))
    assert turn(seen(session, study, wanted=first)) == second


def test_answers_of_a_preview_and_without_content_are_not_there(session):
    study = make(session, [said("Say", is_test=True), Given(()), said("Say more")], audit_size=5)
    assert [str(each) for each in lineup(session, study).responses] == [str(response_id(2))]
    queue = seen(session, study)
    assert (queue.turn, queue.total, queue.blind) == (None, 0, 1)


def test_no_answers_at_all(session):
    queue = seen(session, make(session, []))
    assert (queue.turn, queue.total, queue.looked_at, queue.skipped) == (None, 0, 0, 0)


def test_what_was_undone_is_to_be_decided_again(session):
    study = make(session, [said(f"Say {n}") for n in range(3)])
    confirm(session, study, "Say 0", "Say 1", "Say 2")
    queue = seen(session, study)
    assert queue.turn is None
    assert queue.undoable is not None
    assert set(queue.undoable.keys) == {"say 0", "say 1", "say 2"}
    assert seen(session, study, OMAR).undoable is None
    with unit_of_work(session):
        editing.undo(session, study.id, queue.undoable.sequences[0], actor=ANNA, now=NOON)
    after = seen(session, study)
    assert after.turn is not None
    assert (after.today, after.undoable) == (0, None)


def test_themes_keep_their_places_while_people_decide(session):
    study = make(
        session,
        [said("a", BUSES), said("b", BUSES), said("c", FOOD), said("d", PARKS), said("e", PARKS)],
    )

    def order() -> list[tuple[str, int]]:
        state = standing(session, study).state
        return [(each.label, each.responses) for each in by_size(lineup(session, study), state)]

    assert order() == [("Parks", 2), ("Buses", 2), ("Food", 1)]
    with unit_of_work(session):
        editing.move(session, study.id, ["a", "b"], FOOD, actor=ANNA, now=NOON)
        editing.create(session, study.id, "Noise", "", ["d"], actor=ANNA, now=NOON)
    assert order() == [("Parks", 2), ("Buses", 2), ("Food", 1), ("Noise", 0)]
    with unit_of_work(session):
        editing.merge(session, study.id, FOOD, BUSES, actor=ANNA, now=NOON)
    assert order() == [("Food", 3), ("Parks", 2), ("Noise", 0)]


def test_a_statement_whose_theme_was_split_waits_again(session):
    study = make(session, [said(f"Say {n}") for n in range(4)])
    confirm(session, study, *(f"Say {n}" for n in range(4)))
    assert seen(session, study).turn is None
    with unit_of_work(session):
        editing.split(
            session, study.id, PARKS, [["say 0"], ["say 1"]], ["A", "B"], actor=OMAR, now=NOON
        )
    left = seen(session, study)
    assert left.total - left.looked_at == len(
        {response_id(2), response_id(3)} - {blind_one(session, study)}
    )
