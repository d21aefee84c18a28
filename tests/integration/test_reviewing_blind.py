"""Reading blind: the random audit, two colleagues apart, and what both say."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from analysis.themes.reviewing.agreement import Unknown
from analysis.themes.reviewing.prevalence import LEAST_AUDITED
from consult.db import unit_of_work
from consult.models import Answer, Response, Study
from consult.services.reviewing import coding
from consult.services.reviewing.agreeing import StillReading, coders, compare
from consult.services.reviewing.auditing import audited
from consult.services.reviewing.coding import AUDIT, DOUBLE, to_audit, to_double
from consult.services.reviewing.deciding import AnswerGone
from consult.services.reviewing.lineup import double_sample, lineup
from consult.services.themes import editing
from tests.support.reviewing import BUSES, FOOD, PARKS, Given, make_study, said
from tests.support.visitors import NOON, in_session

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"


@pytest.fixture
def session(app) -> Iterator[Session]:
    """A session on the model case."""
    with in_session(app) as session:
        yield session


def make(session: Session, answers: Sequence[Given], audit_size: int = 100) -> Study:
    with unit_of_work(session):
        return make_study(session, answers, audit_size=audit_size)


def sixty(session: Session, audit_size: int = 50) -> Study:
    """Sixty answers; the machine finds parks in the first twenty, buses in the others."""
    parks = [said(f"Green {n}", PARKS) for n in range(20)]
    buses = [said(f"Late {n}", BUSES) for n in range(40)]
    return make(session, [*parks, *buses], audit_size)


def code(
    session: Session,
    study: Study,
    response: UUID,
    *themes: str,
    actor: str = ANNA,
    purpose: str = AUDIT,
    at: datetime = NOON + timedelta(minutes=5),
) -> None:
    with unit_of_work(session):
        coding.code(session, study.id, response, themes, purpose=purpose, actor=actor, now=at)


def by_machine(response: UUID) -> str:
    return PARKS if response.int - 0xA000_0000 < 20 else BUSES


def drawn(session: Session, study: Study) -> list[UUID]:
    found = lineup(session, study)
    return [found.responses[place] for place in found.at_random]


def read_for_audit(session: Session, study: Study, count: int, missed: int = 0) -> None:
    """Agree with the machine, but for parks that it missed in so many answers."""
    for response in drawn(session, study)[:count]:
        themes = {by_machine(response)}
        if missed and PARKS not in themes:
            themes.add(PARKS)
            missed -= 1
        code(session, study, response, *themes)


# The audit


def test_the_sample_is_read_in_its_random_order_by_whoever_comes(session):
    study = sixty(session)
    first, second, *_ = drawn(session, study)
    assert (to_audit(session, study).response_id, to_audit(session, study).size) == (first, 50)
    code(session, study, first, actor=OMAR)
    assert to_audit(session, study).response_id == second
    assert to_audit(session, study).read == 1


def test_themes_are_offered_by_name_so_that_nothing_is_given_away(session):
    assert [each.label for each in to_audit(session, sixty(session)).options] == [
        *("Buses", "Food", "Parks")
    ]


def test_before_it_is_asked_for_nothing_is_drawn(session):
    study = sixty(session)
    study.audit_size = None
    reading = to_audit(session, study)
    session.rollback()
    assert (reading.has_begun, reading.size, reading.response_id) == (False, 0, None)


def test_an_audit_has_one_of_three_sizes(session):
    study = sixty(session)
    with unit_of_work(session):
        coding.choose_audit_size(session, study.id, 150)
    assert to_audit(session, study).size == 60
    with pytest.raises(ValueError, match="7"), unit_of_work(session):
        coding.choose_audit_size(session, study.id, 7)


def test_only_what_was_drawn_can_be_read_blind(session):
    study = sixty(session)
    with pytest.raises(AnswerGone):
        code(session, study, drawn(session, study)[-1], PARKS)
    with pytest.raises(coding.UnknownTheme):
        code(session, study, drawn(session, study)[0], "t-unknown")


def test_shares_are_corrected_by_what_people_found_beyond_the_machine(session):
    """Of 60 answers the machine finds parks in 20; in 50 read people find them 5 times more."""
    study = sixty(session)
    read_for_audit(session, study, 50, missed=5)
    found = audited(session, study)
    shares = {option.label: theme for option, theme in found.themes}
    parks, buses = shares["Parks"], shares["Buses"]
    assert parks.machine_share == pytest.approx(20 / 60)
    assert parks.estimate is not None
    assert buses.estimate is not None
    assert parks.estimate.share == pytest.approx(20 / 60 + 5 / 50)
    assert parks.estimate.interval.low < 20 / 60 < parks.estimate.interval.high
    assert buses.estimate.share == pytest.approx(40 / 60)
    assert (found.prevalence.audited, found.prevalence.still_needed) == (50, 0)


def test_accuracy_counts_blind_reading_alone(session):
    study = sixty(session)
    read_for_audit(session, study, 50, missed=5)
    overall = audited(session, study).accuracy.overall
    assert overall.reviews == 50
    assert overall.precision is not None
    assert overall.recall is not None
    assert overall.precision.value == 1.0
    assert overall.recall.value == pytest.approx(50 / 55)


def test_who_reviewed_an_answer_before_is_no_blind_reader_of_it(session):
    study = sixty(session)
    first = drawn(session, study)[0]
    text = f"green {first.int - 0xA000_0000}"
    if by_machine(first) == BUSES:
        text = f"late {first.int - 0xA000_0000 - 20}"
    with unit_of_work(session):
        editing.confirm(session, study.id, [text], actor=ANNA, now=NOON)
    read_for_audit(session, study, 2)
    accuracy = audited(session, study).accuracy
    assert sum(accuracy.left_out.values()) == 1
    assert accuracy.overall.reviews == 1


def test_one_short_of_fifty_there_is_no_figure(session):
    study = sixty(session)
    read_for_audit(session, study, LEAST_AUDITED - 1)
    found = audited(session, study)
    assert found.prevalence.still_needed == 1
    assert [theme.estimate for _, theme in found.themes] == [None, None, None]


def test_nothing_read_and_no_answers_give_no_figures(session):
    found = audited(session, sixty(session))
    assert (found.read, found.prevalence.still_needed) == (0, 50)
    assert found.accuracy.overall.too_few


def test_what_was_read_behind_a_gap_is_not_in_the_shares(session):
    study = sixty(session)
    read_for_audit(session, study, 10)
    code(session, study, drawn(session, study)[20], PARKS)
    found = audited(session, study)
    assert (found.read, found.prevalence.audited) == (11, 10)


def test_review_does_not_make_the_machine_look_better(session):
    """What people decided in the queue is left out of the machine's word."""
    study = sixty(session)
    read_for_audit(session, study, 50)
    before = [theme.machine_share for _, theme in audited(session, study).themes]
    with unit_of_work(session):
        editing.move(
            session, study.id, [f"late {n}" for n in range(40)], FOOD, actor=ANNA, now=NOON
        )
    assert [theme.machine_share for _, theme in audited(session, study).themes] == before


def test_the_machine_follows_merges_and_splits(session):
    study = sixty(session)
    read_for_audit(session, study, 50)
    with unit_of_work(session):
        editing.merge(session, study.id, BUSES, FOOD, actor=ANNA, now=NOON)
        editing.split(
            session, study.id, PARKS, [["green 0"], ["green 1"]], ["A", "B"], actor=ANNA, now=NOON
        )
    found = audited(session, study)
    assert [option.label for option, _ in found.themes] == ["Buses"]
    assert found.themes[0][1].machine_share == pytest.approx(40 / 60)
    assert [option.label for option in found.made_since] == ["A", "B"]


def test_a_theme_made_since_needs_the_answers_read_once_more(session):
    study = sixty(session)
    read_for_audit(session, study, 50)
    with unit_of_work(session):
        editing.create(session, study.id, "Noise", "Loud", ["late 1"], actor=OMAR, now=NOON)
    assert [option.label for option in audited(session, study).made_since] == ["Noise"]
    assert to_audit(session, study).outdated == 50
    assert to_audit(session, study).response_id is None
    again = to_audit(session, study, again=True)
    assert again.response_id == drawn(session, study)[0]
    code(session, study, drawn(session, study)[0], PARKS, at=NOON + timedelta(hours=1))
    assert to_audit(session, study).outdated == 49
    assert to_audit(session, study).read == 50


def test_a_reading_goes_with_its_answer(session):
    study = sixty(session)
    read_for_audit(session, study, 3)
    first, second, _third, fourth, *_ = drawn(session, study)
    with unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == first))
    assert (to_audit(session, study).read, audited(session, study).read) == (2, 2)
    with unit_of_work(session):
        session.execute(
            update(Response)
            .where(Response.id == second)
            .values(excluded_at=NOON, excluded_by=OMAR, exclusion_reason="spam")
        )
    reading = to_audit(session, study)
    assert (reading.read, reading.response_id) == (1, fourth)
    with pytest.raises(AnswerGone):
        code(session, study, second, PARKS)


# Two colleagues


def thirty(session: Session) -> tuple[Study, list[UUID]]:
    """The sample of thirty answers that two colleagues read."""
    study = sixty(session)
    with unit_of_work(session):
        coding.begin_double(session, study.id, 30)
    found = lineup(session, study)
    return study, [found.responses[place] for place in double_sample(found, study)]


def read_apart(session: Session, study: Study, sample: Sequence[UUID]) -> None:
    """Both find parks in 12 answers, each alone in 3, and neither in 12."""
    for place, response in enumerate(sample):
        anna = [PARKS] if place < 15 else []
        omar = [PARKS] if place < 12 or 15 <= place < 18 else []
        code(session, study, response, *anna, purpose=DOUBLE)
        code(session, study, response, *omar, purpose=DOUBLE, actor=OMAR)


def test_two_read_the_same_answers_each_from_the_beginning(session):
    study, sample = thirty(session)
    code(session, study, sample[0], PARKS, purpose=DOUBLE)
    assert to_double(session, study, actor=ANNA).response_id == sample[1]
    assert to_double(session, study, actor=OMAR).response_id == sample[0]
    assert to_double(session, study, actor=OMAR).read == 0


def test_the_sample_stays_when_more_answers_come_or_one_goes(session):
    study, sample = thirty(session)
    with unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == sample[3]))
    reading = to_double(session, study, actor=ANNA)
    assert reading.size == 29


def test_nobody_sees_the_others_before_both_are_done(session):
    study, sample = thirty(session)
    read_apart(session, study, sample[:29])
    assert [(each.email, each.read, each.is_done) for each in coders(session, study)] == [
        (ANNA, 29, False),
        (OMAR, 29, False),
    ]
    with pytest.raises(StillReading):
        compare(session, study, ANNA, OMAR)
    code(session, study, sample[29], purpose=DOUBLE)
    with pytest.raises(StillReading):
        compare(session, study, ANNA, OMAR)
    code(session, study, sample[29], purpose=DOUBLE, actor=OMAR)
    assert compare(session, study, ANNA, OMAR).agreement.overall.responses == 30


def test_agreement_has_what_chance_gives_taken_off(session):
    """24 of 30 alike; by chance it were half: (0.8 - 0.5) / 0.5."""
    study, sample = thirty(session)
    read_apart(session, study, sample)
    found = compare(session, study, ANNA, OMAR)
    parks = next(
        theme
        for option, theme in zip(found.themes, found.agreement.themes, strict=True)
        if option.id == PARKS
    )
    assert (parks.both, parks.only_first, parks.only_second, parks.neither) == (12, 3, 3, 12)
    assert parks.kappa.value == pytest.approx(0.6)
    buses = found.agreement.themes[[option.id for option in found.themes].index(BUSES)]
    assert buses.kappa.unknown is Unknown.ONE_CATEGORY


def test_a_coder_is_compared_with_the_machine(session):
    study, sample = thirty(session)
    for response in sample:
        code(session, study, response, by_machine(response), purpose=DOUBLE)
    found = compare(session, study, ANNA, None).agreement
    assert found.overall.kappa.value == 1.0
    with pytest.raises(StillReading):
        compare(session, study, OMAR, None)


def test_what_was_read_for_the_audit_is_not_read_again(session):
    study = sixty(session)
    read_for_audit(session, study, 50)
    with unit_of_work(session):
        coding.begin_double(session, study.id, 30)
    assert to_double(session, study, actor=ANNA).response_id is None
    assert to_double(session, study, actor=OMAR).read == 0
    assert compare(session, study, ANNA, None).agreement.overall.kappa.value == 1.0


def test_there_has_to_be_something_to_draw(session):
    study = make(session, [])
    with pytest.raises(coding.NothingToRead), unit_of_work(session):
        coding.begin_double(session, study.id, 30)
    with pytest.raises(ValueError, match="31"), unit_of_work(session):
        coding.begin_double(session, study.id, 31)
    assert coders(session, study) == []
