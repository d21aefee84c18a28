"""The unit of work: all of it is kept, or nothing; writers wait for each other."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.models import CodeGuess
from tests.support.consultations import NOW


@pytest.fixture
def engine(migrated_database_url):
    engine = make_engine(migrated_database_url)
    yield engine
    engine.dispose()


def count(engine):
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM code_guess")).scalar_one()


def test_what_is_done_is_kept_at_the_end(engine):
    with Session(engine) as session:
        with unit_of_work(session) as given:
            assert given is session
            session.add(CodeGuess(hour=NOW, wrong_count=1))
            session.flush()
            if engine.dialect.name == "sqlite":
                assert count(engine) == 0
        assert count(engine) == 1


def begin_and_stop(session):
    with unit_of_work(session):
        session.add(CodeGuess(hour=NOW, wrong_count=1))
        session.flush()
        raise KeyboardInterrupt


def test_after_a_failure_nothing_is_kept(engine):
    with Session(engine) as session:
        with pytest.raises(KeyboardInterrupt):
            begin_and_stop(session)
        assert not session.new
        assert count(engine) == 0
        with unit_of_work(session):
            session.add(CodeGuess(hour=NOW, wrong_count=1))
        assert count(engine) == 1


def test_changes_made_outside_are_a_fault(engine):
    with Session(engine) as session:
        guess = CodeGuess(hour=NOW, wrong_count=1)
        session.add(guess)
        with pytest.raises(RuntimeError, match="outside"), unit_of_work(session):
            raise AssertionError("not reached")
        session.commit()
        guess.wrong_count = 2
        with pytest.raises(RuntimeError, match="outside"), unit_of_work(session):
            raise AssertionError("not reached")
        session.rollback()
        session.delete(guess)
        with pytest.raises(RuntimeError, match="outside"), unit_of_work(session):
            raise AssertionError("not reached")


def test_the_work_sees_what_others_have_done_meanwhile(engine):
    with Session(engine) as one, Session(engine) as other:
        with unit_of_work(one):
            one.add(CodeGuess(hour=NOW, wrong_count=1))
        mine = one.scalars(sa.select(CodeGuess)).one()
        with unit_of_work(other):
            other.scalars(sa.select(CodeGuess)).one().wrong_count = 5
        with unit_of_work(one):
            mine.wrong_count += 1
        assert mine.wrong_count == 6
