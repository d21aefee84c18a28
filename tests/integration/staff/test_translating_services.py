"""Translations written, approved and gone stale: nobody's words are lost."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AuditEvent, WorkspaceText
from consult.services import consultations, translating, workspaces
from consult.services import translating_saving as saving
from consult.services.translating import Standing
from consult.services.translating_saving import Hindrance, LanguageChanged, Typed
from tests.support.consultations import NOW, SLUG, example

LATER = NOW + timedelta(minutes=5)
ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
TEXTS = {"title": "Parks", "introduction": "Tell us what you think.", "consent": "I agree."}
OTHERS = 30
"""Texts of the example beside these three."""


@pytest.fixture
def parks(world):
    """The example with three texts of our own, to be translated into Urdu and Polish."""
    content = {**workspaces.content_of(example()), **TEXTS, "languages": ["en", "ur", "pl"]}
    with unit_of_work(world.session):
        workspaces.create(world.session, "parks", content, actor=ANNA, now=NOW)
    return Desk(world.session)


class Desk:
    """What an officer does, in few words."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def lines(self, language="ur"):
        self.session.rollback()
        return {
            line.path: line for line in translating.lines(self.session, self.workspace, language)
        }

    @property
    def workspace(self):
        found = workspaces.find(self.session, "parks")
        assert found is not None
        return found

    def save(self, texts, *, seen=None, actor=ANNA, now=LATER, language="ur"):
        seen = seen or {path: line.seen for path, line in self.lines(language).items()}
        typed = [Typed(path, text, seen.get(path, "")) for path, text in texts.items()]
        with unit_of_work(self.session):
            return saving.save(self.session, "parks", language, typed, actor=actor, now=now)

    def approve(self, *paths, actor=ANNA, on_word_of=None, seen=None, how=saving.approve):
        seen = seen or {path: self.lines()[path].seen for path in paths}
        with unit_of_work(self.session):
            return how(
                self.session, "parks", "ur", seen, on_word_of=on_word_of, actor=actor, now=LATER
            )

    def confirm(self, *paths, **more):
        return self.approve(*paths, how=saving.confirm, **more)

    def write_source(self, path, text):
        part = workspaces.part_of(self.workspace, "words")
        value = {**part, path: text} if text else {k: v for k, v in part.items() if k != path}
        with unit_of_work(self.session):
            workspaces.save_part(
                self.session, "parks", "words", value,
                seen=workspaces.digest(part), actor=ANNA, now=LATER,
            )  # fmt: skip

    def published(self, **more):
        self.session.expire_all()
        return translating.published_translations(self.session, self.workspace, **more)

    def standings(self):
        return {path: line.standing for path, line in self.lines().items() if path in TEXTS}


def test_what_is_not_translated_is_missing(parks):
    assert parks.standings() == dict.fromkeys(TEXTS, Standing.MISSING)
    assert len(parks.lines()) == len(TEXTS) + OTHERS
    assert list(parks.lines())[:3] == ["title", "asked_by", "introduction"]
    assert parks.published() == {}


def test_a_translation_is_written_and_waits_for_approval(parks):
    saved = parks.save({"title": "  پارک\r\nایک\r "})
    line = parks.lines()["title"]
    assert (line.text, line.standing, line.origin) == ("پارک\nایک", Standing.WRITTEN, "person")
    assert (line.written_by, line.written_at, line.approved_by) == (ANNA, LATER, None)
    assert (saved.seen, saved.held) == ({"title": line.seen}, ())
    assert parks.published() == {}
    assert parks.published(approved_only=False) == {"ur": {"title": "پارک\nایک"}}


def test_an_approved_translation_is_what_residents_meet(parks):
    parks.save({"title": "پارک", "consent": "مجھے منظور ہے۔"})
    approved = parks.approve("title", "introduction", actor=OMAR, on_word_of="Sadia Khan")
    assert (list(approved.seen), approved.held) == (["title"], ())
    line = parks.lines()["title"]
    assert line.standing is Standing.APPROVED
    assert (line.approved_by, line.approved_at, line.on_word_of) == (OMAR, LATER, "Sadia Khan")
    assert parks.published() == {"ur": {"title": "پارک"}}


def test_writing_it_anew_takes_the_approval_away(parks):
    parks.save({"title": "پارک"})
    parks.approve("title", on_word_of="Sadia Khan")
    parks.save({"title": "باغ"}, actor=OMAR)
    line = parks.lines()["title"]
    assert (line.standing, line.written_by) == (Standing.WRITTEN, OMAR)
    assert (line.approved_by, line.approved_at, line.on_word_of) == (None, None, None)
    assert parks.published() == {}


def test_what_is_left_as_it_was_is_not_written(parks):
    parks.save({"title": "پارک"})
    parks.approve("title")
    saved = parks.save({"title": "پارک ", "introduction": "", "consent": " \n"}, actor=OMAR)
    assert (saved.seen, saved.held) == ({}, ())
    assert parks.lines()["title"].standing is Standing.APPROVED


def test_a_blank_removes_a_translation(parks):
    parks.save({"title": "پارک"})
    parks.save({"title": "  "})
    assert parks.lines()["title"].standing is Standing.MISSING
    assert parks.session.scalars(select(WorkspaceText)).all() == []


def test_two_translators_at_one_text(parks):
    before = {path: line.seen for path, line in parks.lines().items()}
    parks.save({"title": "پارک", "consent": "منظور"}, seen=before)
    saved = parks.save(
        {"title": "باغ", "introduction": "بتائیں۔", "consent": ""}, seen=before, actor=OMAR
    )
    assert list(saved.seen) == ["introduction"], "what only one of them touched is saved"
    [held] = saved.held
    assert (held.path, held.text, held.hindrance) == ("title", "باغ", Hindrance.CHANGED)
    assert held.now is not None
    assert (held.now.text, held.now.written_by) == ("پارک", ANNA)
    assert parks.lines()["title"].text == "پارک"
    assert parks.lines()["consent"].text == "منظور"
    saved = parks.save({"title": "باغ"}, seen={"title": held.now.seen}, actor=OMAR)
    assert saved.held == ()
    assert parks.lines()["title"].text == "باغ"


def test_two_translators_who_write_the_same(parks):
    before = {"title": parks.lines()["title"].seen}
    parks.save({"title": "پارک"}, seen=before)
    parks.approve("title")
    saved = parks.save({"title": "پارک"}, seen=before, actor=OMAR)
    assert saved.held == ()
    assert parks.lines()["title"].standing is Standing.APPROVED
    assert parks.lines()["title"].written_by == ANNA


def test_a_translation_that_somebody_removed_meanwhile(parks):
    parks.save({"title": "پارک"})
    before = {"title": parks.lines()["title"].seen}
    parks.save({"title": ""}, actor=OMAR)
    [held] = parks.save({"title": "باغ"}, seen=before).held
    assert held.hindrance is Hindrance.CHANGED
    assert held.now is not None
    assert (held.now.text, held.now.written_by) == ("", "")


def test_a_source_that_changed_meanwhile(parks):
    before = {"title": parks.lines()["title"].seen}
    parks.write_source("title", "Parks and gardens")
    [held] = parks.save({"title": "پارک"}, seen=before).held
    assert (held.hindrance, held.text) == (Hindrance.SOURCE_CHANGED, "پارک")
    assert held.now is not None
    assert held.now.source == "Parks and gardens"
    assert parks.save({"title": "پارک"}, seen={"title": held.now.seen}).held == ()


def test_a_text_that_is_gone_meanwhile(parks):
    before = {"title": parks.lines()["title"].seen}
    parks.write_source("title", "")
    [held] = parks.save({"title": "پارک"}, seen=before).held
    assert (held.hindrance, held.text, held.now) == (Hindrance.GONE, "پارک", None)


@pytest.mark.parametrize(
    ("text", "hindrance", "figures"),
    [
        ("a\x00b", Hindrance.UNPRINTABLE, {"character": "U+0000"}),
        ("a\x1bb", Hindrance.UNPRINTABLE, {"character": "U+001B"}),
        ("x" * 400_001, Hindrance.TOO_LONG, {"count": 400_001, "limit": 400_000}),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_rest_is_saved(parks, text, hindrance, figures):
    saved = parks.save({"title": text, "consent": "منظور"})
    assert list(saved.seen) == ["consent"]
    [held] = saved.held
    assert (held.hindrance, held.text, held.figures) == (hindrance, text, figures)
    assert parks.lines()["title"].standing is Standing.MISSING


def test_a_change_of_the_source_makes_translations_stale(parks):
    parks.save({"title": "پارک", "consent": "منظور"})
    parks.approve("title")
    parks.write_source("title", "Parks and gardens")
    line = parks.lines()["title"]
    assert (line.standing, line.text) == (Standing.STALE, "پارک")
    assert (line.source, line.source_then) == ("Parks and gardens", "Parks")
    assert parks.standings()["consent"] is Standing.WRITTEN
    assert parks.published(approved_only=False) == {"ur": {"consent": "منظور"}}
    parks.write_source("title", "Parks")
    assert parks.published() == {"ur": {"title": "پارک"}}, "nothing was deleted"


def test_blanks_around_a_source_change_nothing(parks):
    parks.save({"title": "پارک"})
    parks.write_source("title", " Parks\n")
    assert parks.standings()["title"] is Standing.WRITTEN


def test_a_stale_translation_cannot_be_approved_but_confirmed(parks):
    parks.save({"title": "پارک"})
    parks.approve("title")
    parks.write_source("title", "Parks!")
    assert parks.approve("title").seen == {}
    confirmed = parks.confirm("title", actor=OMAR, on_word_of="Sadia Khan")
    assert list(confirmed.seen) == ["title"]
    line = parks.lines()["title"]
    assert (line.standing, line.approved_by) == (Standing.APPROVED, OMAR)
    assert line.on_word_of == "Sadia Khan"
    assert line.source_then == ""
    parks.write_source("title", "Parks?")
    assert parks.lines()["title"].source_then == "Parks!"


def test_only_stale_ones_are_confirmed(parks):
    parks.save({"title": "پارک"})
    assert parks.confirm("title", "consent").seen == {}
    assert parks.standings()["title"] is Standing.WRITTEN


@pytest.mark.parametrize("how", [saving.approve, saving.confirm])
def test_approval_is_of_what_was_seen(parks, how):
    parks.save({"title": "پارک"})
    if how is saving.confirm:
        parks.write_source("title", "Parks and gardens")
    seen = {"title": parks.lines()["title"].seen}
    parks.save({"title": "باغ"}, actor=OMAR)
    if how is saving.confirm:
        parks.write_source("title", "Gardens")
    result = parks.approve(seen=seen, how=how)
    assert result.seen == {}
    assert [held.hindrance for held in result.held] == [Hindrance.CHANGED]
    assert parks.lines()["title"].approved_by is None


def test_a_whole_language_is_approved_as_it_was_seen(parks):
    parks.save({"title": "پارک", "consent": "منظور"})
    state = translating.state_of(parks.lines().values())

    def approve_all(state):
        with unit_of_work(parks.session):
            return saving.approve_all(
                parks.session, "parks", "ur",
                state=state, on_word_of=None, actor=ANNA, now=LATER,
            )  # fmt: skip

    parks.save({"consent": "مجھے منظور"}, actor=OMAR)
    with pytest.raises(LanguageChanged):
        approve_all(state)
    assert parks.published() == {}
    assert approve_all(translating.state_of(parks.lines().values())) == 2
    assert parks.published() == {"ur": {"title": "پارک", "consent": "مجھے منظور"}}
    assert approve_all(translating.state_of(parks.lines().values())) == 0


def test_an_approval_can_be_taken_back(parks):
    parks.save({"title": "پارک", "consent": "منظور"})
    parks.approve("title", on_word_of="Sadia Khan")
    with unit_of_work(parks.session):
        count = saving.take_back(
            parks.session, "parks", "ur", ["title", "consent", "nothing"], actor=OMAR, now=LATER
        )
    assert count == 1
    assert parks.standings()["title"] is Standing.WRITTEN
    assert parks.lines()["title"].on_word_of is None


def test_how_far_a_language_is(parks):
    parks.save({"title": "پارک", "consent": "منظور", "introduction": "بتائیں"})
    parks.approve("title")
    with unit_of_work(parks.session):
        saving.write(
            parks.session, parks.workspace, "ur", "consent", "ڈرافٹ", source="I agree.",
            author=saving.Author("machine", "machine"), now=LATER,
        )  # fmt: skip
    parks.write_source("introduction", "Tell us.")
    parks.save({"title": "Parks for all of us"}, language="pl")
    found = translating.completeness(parks.session, parks.workspace)
    assert list(found) == ["ur", "pl"]
    ur, pl = found["ur"], found["pl"]
    assert (ur.total, ur.translated, ur.approved, ur.machine, ur.stale, ur.missing) == (
        OTHERS + 3, 2, 1, 1, 1, OTHERS,
    )  # fmt: skip
    assert (pl.total, pl.translated, pl.approved, pl.machine, pl.stale, pl.missing) == (
        OTHERS + 3, 1, 0, 0, 0, OTHERS + 2,
    )  # fmt: skip
    assert not ur.ready
    assert ur.warnings == ()


def test_a_language_is_ready_when_all_is_approved(parks):
    everything = parks.lines()
    parks.save(dict.fromkeys(everything, "متن متن متن"))
    parks.approve(*TEXTS)
    assert not translating.completeness(parks.session, parks.workspace)["ur"].ready
    parks.approve(seen={path: line.seen for path, line in parks.lines().items()})
    assert translating.completeness(parks.session, parks.workspace)["ur"].ready


def test_what_may_be_wrong_is_counted_with_its_text(parks):
    parks.save({"introduction": "Tell us what you think.", "title": "Parks and gardens"})
    [first, second] = translating.completeness(parks.session, parks.workspace)["ur"].warnings
    assert (first.path, first.doubt.value) == ("title", "other_script")
    assert (second.path, second.doubt.value) == ("introduction", "same_as_source")


def test_a_removed_text_keeps_its_translation(parks):
    parks.save({"consent": "منظور"})
    parks.approve("consent")
    parks.write_source("consent", "")
    assert "consent" not in parks.lines()
    assert parks.published() == {}
    assert translating.left_over(parks.session, parks.workspace, "ur") == {}, "nobody meets it"
    parks.write_source("consent", "I agree.")
    assert parks.published() == {"ur": {"consent": "منظور"}}


def test_a_removed_question_is_told_of_until_the_change_is_published(world):
    session = world.session
    with unit_of_work(session):
        stored = consultations.store(session, example(), actor=ANNA, now=NOW)
        workspace = workspaces.adopt(
            session, stored, translations_by="a translator", actor=ANNA, now=NOW
        )
    assert translating.left_over(session, workspace, "ur") == {}
    part = "questions.name_of_park"
    with unit_of_work(session):
        seen = workspaces.digest(workspaces.part_of(workspace, part))
        workspaces.remove_item(session, SLUG, part, seen=seen, actor=ANNA, now=LATER)
    path = f"{part}.label"
    label = example().translations["ur"][path]
    assert translating.left_over(session, workspace, "ur") == {path: label}
    document = example()
    without = [q for q in document.questions if q.key != "name_of_park"]
    with unit_of_work(session):
        changed = document.model_copy(update={"questions": tuple(without), "translations": {}})
        consultations.store(session, changed, actor=ANNA, now=LATER)
    assert translating.left_over(session, workspace, "ur") == {}
    rows = translating.rows_by_language(session, workspace, ("ur",))["ur"]
    assert rows[path].text == label, "it is kept all the same"


def test_a_published_consultation_brings_its_sources_along(world):
    session = world.session
    with unit_of_work(session):
        stored = consultations.store(session, example(), actor=ANNA, now=NOW)
        workspaces.adopt(session, stored, translations_by="a translator", actor=ANNA, now=NOW)
    row = session.scalars(select(WorkspaceText).where(WorkspaceText.path == "title")).one()
    assert row.source_text == "Parks for Riverton"


def test_the_audit_trail_names_figures_and_never_words(parks):
    parks.save({"title": "پارک", "consent": "منظور"})
    parks.approve("title", actor=OMAR, on_word_of="Sadia Khan")
    with unit_of_work(parks.session):
        saving.take_back(parks.session, "parks", "ur", ["title"], actor=ANNA, now=LATER)
    events = parks.session.scalars(
        select(AuditEvent).where(AuditEvent.action.contains("translations"))
    ).all()
    found = [(event.actor, event.action, event.subject, event.details) for event in events]
    assert sorted(found, key=str) == [
        (ANNA, "approvals of translations taken back", "parks", {"language": "ur", "texts": 1}),
        (ANNA, "translations written", "parks", {"language": "ur", "texts": 2}),
        (
            OMAR,
            "translations approved",
            "parks",
            {"language": "ur", "texts": 1, "on_word_of": "Sadia Khan"},
        ),
    ]


def test_of_two_who_save_at_once_one_is_told(parks, engine):
    before = parks.lines()["title"].seen
    start = threading.Barrier(2)
    held: list[saving.Held] = []

    def write(name, text):
        with Session(engine) as session:
            start.wait()
            with unit_of_work(session):
                typed = [Typed("title", text, before)]
                saved = saving.save(session, "parks", "ur", typed, actor=name, now=LATER)
            held.extend(saved.held)

    threads = [
        threading.Thread(target=write, args=(ANNA, "پارک")),
        threading.Thread(target=write, args=(OMAR, "باغ")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [one] = held
    assert one.now is not None
    assert {one.text, one.now.text} == {"پارک", "باغ"}
    assert parks.lines()["title"].text == one.now.text
