"""Texts of a report in several languages: nothing typed is written over by a colleague."""

from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.models import AuditEvent, ReportText
from consult.services.reporting import texts
from consult.services.reporting.texts import Author, Held, Refused, Saved, Typed, mark
from tests.support.consultations import NOW

ANNA, BILAL = "anna@council.example.org", "bilal@council.example.org"
LATER = NOW + timedelta(hours=1)
SEX, AGE = texts.considered("sex"), texts.considered("age")


def save(world, *typed, language="en", actor=ANNA, now=NOW):
    with unit_of_work(world.session):
        return texts.save(world.session, world.stored, language, typed, actor=actor, now=now)


def said(world, key, language="en"):
    found = texts.rows(world.session, world.stored).get((key, language))
    return None if found is None else found.text


def test_a_text_is_written_as_typed_without_blanks_around_it(world):
    assert save(world, Typed(SEX, "  One\r\n\r\nTwo \n", mark(""))) == Saved(1, ())
    row = world.session.get_one(ReportText, (world.stored.id, SEX, "en"))
    assert (row.text, row.origin, row.written_by) == ("One\n\nTwo", "person", ANNA)
    assert row.written_at == NOW


def test_what_was_left_as_it_was_is_not_written(world):
    save(world, Typed(SEX, "One", mark("")))
    assert save(world, Typed(SEX, "One", mark("One")), actor=BILAL, now=LATER) == Saved(0, ())
    row = world.session.get_one(ReportText, (world.stored.id, SEX, "en"))
    assert (row.written_by, row.written_at) == (ANNA, NOW)


def test_what_a_colleague_wrote_meanwhile_stands_and_the_rest_is_written(world):
    save(world, Typed(SEX, "One", mark("")))
    saved = save(
        world,
        Typed(SEX, "Two", mark("")),
        Typed(AGE, "Three", mark("")),
        actor=BILAL,
        now=LATER,
    )
    assert saved == Saved(1, (Held(SEX, "Two", "One", ANNA, NOW),))
    assert (said(world, SEX), said(world, AGE)) == ("One", "Three")


def test_a_text_that_a_colleague_removed_is_held_back_too(world):
    save(world, Typed(SEX, "One", mark("")))
    save(world, Typed(SEX, " ", mark("One")))
    saved = save(world, Typed(SEX, "Two", mark("One")), actor=BILAL)
    assert saved == Saved(0, (Held(SEX, "Two", "", None, None),))
    assert said(world, SEX) is None


def test_two_who_write_the_same_do_not_disturb_each_other(world):
    save(world, Typed(SEX, "One", mark("")))
    assert save(world, Typed(SEX, "One", mark("")), actor=BILAL) == Saved(0, ())


@pytest.mark.parametrize("text", ["a\x07b", "x" * 20_001])
def test_where_one_text_cannot_be_kept_nothing_is_written(world, text):
    with pytest.raises(Refused):
        save(world, Typed(AGE, "Fine", mark("")), Typed(SEX, text, mark("")))
    assert said(world, AGE) is None


def test_texts_come_in_the_order_of_the_languages_their_own_first(world):
    save(world, Typed(SEX, "ایک", mark("")), language="ur")
    save(world, Typed(SEX, "One", mark("")))
    save(world, Typed(SEX, "Jeden", mark("")), language="pl")
    found = texts.by_key(world.session, world.stored, world.document)
    assert list(found[SEX].items()) == [("en", "One"), ("ur", "ایک")]


def test_what_a_language_lacks_and_what_is_older_than_its_source(world):
    save(world, Typed(SEX, "One", mark("")))
    save(world, Typed(SEX, "ایک", mark("")), language="ur", now=LATER)
    there = texts.rows(world.session, world.stored)
    assert texts.missing({SEX: "One", AGE: "Two", "own:1:title": ""}, there, "ur") == [AGE]
    assert not texts.stale(there[SEX, "ur"], there[SEX, "en"])
    assert not texts.stale(None, there[SEX, "en"])
    save(world, Typed(SEX, "Once", mark("One")), now=LATER + timedelta(seconds=1))
    there = texts.rows(world.session, world.stored)
    assert texts.stale(there[SEX, "ur"], there[SEX, "en"])


def test_a_draft_of_the_machine_says_so(world):
    with unit_of_work(world.session):
        texts.write(
            world.session,
            world.stored,
            SEX,
            "ur",
            "ایک",
            author=Author("machine", "machine"),
            now=NOW,
        )
    assert world.session.get_one(ReportText, (world.stored.id, SEX, "ur")).origin == "machine"
    save(world, Typed(SEX, "ایک ہی", mark("ایک")), language="ur")
    assert world.session.get_one(ReportText, (world.stored.id, SEX, "ur")).origin == "person"


def test_the_trail_tells_how_many_texts_and_never_what_they_say(world):
    save(world, Typed(SEX, "One", mark("")), Typed(AGE, "Two", mark("")))
    act = world.session.query(AuditEvent).filter(AuditEvent.action == "report texts written").one()
    assert (act.actor, act.subject) == (ANNA, world.stored.slug)
    assert act.details == {"language": "en", "texts": 2}
