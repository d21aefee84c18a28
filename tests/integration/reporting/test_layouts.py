"""The order of a report and the officers' own paragraphs."""

from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.models import AuditEvent, Report, ReportText
from consult.reports.data import SECTIONS, OwnParagraph
from consult.services import consultations
from consult.services.reporting import layouts, texts
from consult.services.reporting.layouts import START, NoSuchPart, TooManyParagraphs
from consult.services.reporting.texts import Reason, Refused, Typed, mark
from tests.support.consultations import NOW, SLUG

OFFICER = "officer@council.example.org"
LATER = NOW + timedelta(hours=1)


def order(world):
    return layouts.outline(world.session, world.stored).printed


def layout(world):
    return layouts.layout_of(world.session, world.stored, world.document)


def move(world, key, *, up):
    with unit_of_work(world.session):
        layouts.move(world.session, world.stored, key, up=up, actor=OFFICER, now=NOW)


def switch(world, key, *, on):
    with unit_of_work(world.session):
        layouts.switch(world.session, world.stored, key, on=on, actor=OFFICER, now=NOW)


def add(world, after="asked", title="Our view", text="We thank everybody."):
    with unit_of_work(world.session):
        return layouts.add_own(
            world.session,
            world.stored,
            title=title,
            text=text,
            after=after,
            language="en",
            actor=OFFICER,
            now=NOW,
        )


def change(world, key, *typed, after="asked", language="en"):
    with unit_of_work(world.session):
        return layouts.change_own(
            world.session,
            world.stored,
            key,
            typed,
            after=after,
            language=language,
            actor=OFFICER,
            now=LATER,
        )


def test_a_report_that_nobody_changed_has_the_usual_order_and_no_row(world):
    outline = layouts.outline(world.session, world.stored)
    assert outline.printed == SECTIONS
    assert outline.left_out == ()
    assert (outline.revision, outline.changed_by, outline.changed_at) == (0, None, None)
    found = layout(world)
    assert (found.sections, found.own, found.considered) == (SECTIONS, (), {})
    assert world.count("report") == 0


def test_a_section_moves_by_one_place_and_stays_at_the_end(world):
    move(world, "asked", up=True)
    assert order(world)[:3] == ("asked", "summary", "answered")
    move(world, "asked", up=True)
    assert order(world)[:3] == ("asked", "summary", "answered")
    move(world, "tables", up=False)
    move(world, "equality", up=False)
    assert order(world)[-2:] == ("tables", "equality")
    report = world.session.get_one(Report, world.stored.id)
    assert (report.revision, report.changed_by) == (3, OFFICER)


def test_a_section_is_left_out_and_comes_back_to_its_usual_place(world):
    switch(world, "missing", on=False)
    switch(world, "missing", on=False)
    assert "missing" not in order(world)
    assert layouts.outline(world.session, world.stored).left_out == ("missing",)
    assert layout(world).sections == tuple(key for key in SECTIONS if key != "missing")
    switch(world, "missing", on=True)
    assert order(world) == SECTIONS
    switch(world, "summary", on=False)
    switch(world, "summary", on=True)
    assert order(world) == SECTIONS


@pytest.mark.parametrize("key", ["weather", "own:000000000000"])
def test_what_is_no_section_is_neither_switched_nor_moved(world, key):
    with pytest.raises(NoSuchPart):
        switch(world, key, on=True)
    with pytest.raises(NoSuchPart):
        move(world, key, up=True)


def test_an_own_paragraph_follows_its_section(world):
    key = add(world)
    assert order(world)[:3] == ("summary", "asked", key)
    assert layout(world).own == (
        OwnParagraph(
            id=key.removeprefix("own:"),
            after="asked",
            title={"en": "Our view"},
            text={"en": "We thank everybody."},
        ),
    )
    assert layout(world).sections == SECTIONS


def test_own_paragraphs_stand_at_the_beginning_after_one_another_and_at_the_end(world):
    first = add(world, after=START)
    second = add(world, after=first, title="")
    last = add(world, after="own:gone", title="Last")
    assert order(world) == (first, second, *SECTIONS, last)
    assert [own.after for own in layout(world).own] == [START, START, "tables"]
    assert layout(world).own[1].title == {}


def test_an_own_paragraph_stays_where_a_section_before_it_is_left_out(world):
    key = add(world)
    switch(world, "asked", on=False)
    assert layout(world).own[0].after == "summary"
    move(world, key, up=True)
    assert layout(world).own[0].after == START


def test_a_changed_paragraph_keeps_its_place_or_takes_the_new_one(world):
    key = add(world)
    title, text = layouts.title_of(key), layouts.text_of(key)
    saved = change(world, key, Typed(title, "Our thanks", mark("Our view")))
    assert saved.count == 1
    assert order(world)[:3] == ("summary", "asked", key)
    assert layout(world).own[0].title == {"en": "Our thanks"}
    assert layout(world).own[0].text == {"en": "We thank everybody."}
    change(world, key, Typed(text, "Thanks.", mark("We thank everybody.")), after=START)
    assert order(world)[0] == key
    assert layout(world).own[0].text == {"en": "Thanks."}


def test_a_removed_paragraph_goes_with_its_words_in_every_language(world):
    key = add(world)
    other = add(world, title="Another")
    change(world, key, Typed(layouts.title_of(key), "ہماری رائے", mark("")), language="ur")
    assert layout(world).own[0].title == {"en": "Our view", "ur": "ہماری رائے"}
    with unit_of_work(world.session):
        layouts.remove_own(world.session, world.stored, key, actor=OFFICER, now=NOW)
    with unit_of_work(world.session):
        layouts.remove_own(world.session, world.stored, key, actor=OFFICER, now=NOW)
    assert [own.id for own in layout(world).own] == [other.removeprefix("own:")]
    assert world.scalar("SELECT count(DISTINCT key) FROM report_text") == 2
    with pytest.raises(NoSuchPart):
        change(world, key, Typed(layouts.title_of(key), "Back", mark("Our view")))


def test_a_section_is_not_removed_as_a_paragraph(world):
    with unit_of_work(world.session):
        layouts.remove_own(world.session, world.stored, "asked", actor=OFFICER, now=NOW)
    assert order(world) == SECTIONS


def test_words_that_cannot_be_kept_make_no_paragraph(world):
    with pytest.raises(Refused) as refused:
        add(world, text="a\x00b")
    assert (refused.value.reason, refused.value.figure) == (Reason.UNPRINTABLE, "U+0000")
    with pytest.raises(Refused) as refused:
        add(world, text="x" * 20_001)
    assert (refused.value.reason, refused.value.figure) == (Reason.TOO_LONG, "20001")
    assert order(world) == SECTIONS
    assert world.count("report_text") == 0


def test_there_is_an_end_to_own_paragraphs(world, monkeypatch):
    monkeypatch.setattr(layouts, "MOST_OWN", 2)
    add(world)
    add(world)
    with pytest.raises(TooManyParagraphs):
        add(world)


def test_what_is_considered_stands_by_characteristic(world):
    with unit_of_work(world.session):
        texts.save(
            world.session,
            world.stored,
            "en",
            [Typed(texts.considered("sex"), "Night buses.", mark(""))],
            actor=OFFICER,
            now=NOW,
        )
    assert layout(world).considered == {"sex": {"en": "Night buses."}}


def test_a_section_of_another_version_of_the_product_is_passed_over(world):
    with unit_of_work(world.session):
        world.session.add(
            Report(
                consultation_id=world.stored.id,
                sections=["weather", "tables", "asked"],
                revision=1,
                changed_by=OFFICER,
                changed_at=NOW,
            )
        )
    assert order(world) == ("tables", "asked")
    move(world, "asked", up=True)
    assert order(world) == ("asked", "tables")


def test_the_trail_tells_of_the_order_and_never_of_words(world):
    key = add(world, text="A secret thought")
    move(world, "asked", up=True)
    acts = world.session.query(AuditEvent).filter(AuditEvent.action.startswith("report")).all()
    assert [(act.action, act.details) for act in acts] == [
        ("report layout changed", {"paragraph_added": key}),
        ("report layout changed", {"moved": "asked"}),
    ]
    assert all(act.actor == OFFICER for act in acts)


def test_two_who_add_at_once_lose_nothing(world):
    def one(session):
        return layouts.add_own(
            session,
            consultations.get(session, SLUG),
            title="",
            text="Words",
            after=START,
            language="en",
            actor=OFFICER,
            now=NOW,
        )

    keys = world.at_once(one)
    world.session.rollback()
    assert sorted(order(world)[:4]) == sorted(keys)
    assert world.session.query(ReportText).count() == 4
