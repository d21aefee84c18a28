"""Translators' files brought in: what would change is told first, and nothing is lost."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AuditEvent, TranslationImport
from consult.services import translating, translating_imports, translating_plans, workspaces
from consult.services import translating_saving as saving
from consult.services.translating import Standing
from consult.services.translating_imports import AlreadyApplied, NoSuchImport, PlanChanged
from consult.services.translating_plans import Fate
from consult.services.translating_saving import Author, Hindrance
from consult.translation_files.entries import ReadEntry, ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError
from tests.support.consultations import NOW, example

LATER = NOW + timedelta(minutes=5)
ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
SADIA = "Sadia Khan"
TEXTS = {"title": "Parks", "introduction": "Tell us what you think.", "consent": "I agree."}


@pytest.fixture
def desk(world):
    """The example with three texts of our own, of which the title is translated."""
    content = {**workspaces.content_of(example()), **TEXTS, "languages": ["en", "ur"]}
    with unit_of_work(world.session):
        workspaces.create(world.session, "parks", content, actor=ANNA, now=NOW)
    desk = Desk(world.session)
    desk.write("title", "پارک")
    return desk


class Desk:
    """What officers and translators do, in few words."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def workspace(self):
        found = workspaces.find(self.session, "parks")
        assert found is not None
        return found

    def line(self, path):
        self.session.rollback()
        lines = translating.lines(self.session, self.workspace, "ur")
        return {line.path: line for line in lines}[path]

    def write(self, path, text, *, by=OMAR, origin="person"):
        with unit_of_work(self.session):
            source = workspaces.source_texts(self.workspace.content)[path]
            saving.write(
                self.session, self.workspace, "ur", path, text,
                source=source, author=Author(by, origin), now=NOW,
            )  # fmt: skip

    def approve(self, *paths):
        with unit_of_work(self.session):
            saving.set_approval(
                self.session, self.workspace, "ur", paths, by=ANNA, on_word_of=None, at=NOW
            )

    def write_source(self, path, text):
        with unit_of_work(self.session):
            self.workspace.content = {**self.workspace.content, path: text}

    def export(self, *paths, **texts):
        """A file as it goes out, with some texts as a translator then writes them."""
        entries: list[ReadEntry] = []
        for path in (*paths, *texts):
            line = self.line(path)
            entries.append(
                ReadEntry(
                    path=path,
                    source=line.source,
                    text=texts.get(path, line.text),
                    place=len(entries) + 2,
                    mark=translating_plans.mark_of(line.seen),
                    unsure=path not in texts and line.standing in ("machine", "stale"),
                )
            )
        sources = workspaces.source_texts(self.workspace.content)
        digest = translating_plans.content_digest(sources)
        return ReadFile(
            tuple(entries), language="ur", project="parks", digest=digest, says_unsure=True
        )

    def hold(self, file, *, content=b"file", actor=ANNA, now=LATER):
        with unit_of_work(self.session):
            return translating_imports.hold(
                self.session, self.workspace, "ur", file,
                name="parks-ur.po", content=content, actor=actor, now=now,
            )  # fmt: skip

    def plan(self, held):
        self.session.rollback()
        return translating_plans.plan(self.session, self.workspace, held)

    def fates(self, file):
        plan = self.plan(self.hold(file))
        return {each.path: (each.fate.value, each.outdated) for each in plan.proposals}

    def apply(self, held, *, state=None, take=(), approve=False, actor=ANNA):
        state = self.plan(held).state if state is None else state
        with unit_of_work(self.session):
            return translating_imports.apply(
                self.session, "parks", "ur", held.id,
                state=state, translator=SADIA, take=take, approve=approve,
                actor=actor, now=LATER,
            )  # fmt: skip


def test_what_fills_a_gap_is_new(desk):
    assert desk.fates(desk.export(consent="منظور")) == {"consent": ("new", False)}


def test_what_says_something_else_is_a_change(desk):
    assert desk.fates(desk.export(title="باغ")) == {"title": ("changed", False)}


def test_what_says_the_same_is_unchanged(desk):
    assert desk.fates(desk.export("title")) == {"title": ("unchanged", False)}


def test_a_translation_that_was_left_empty_removes_nothing(desk):
    assert desk.fates(desk.export("consent", title=" \n")) == {
        "consent": ("empty", False),
        "title": ("empty", False),
    }


def test_a_text_that_the_consultation_does_not_have(desk):
    entry = ReadEntry("questions.gone.label", "Gone?", "گیا؟", 2)
    assert desk.fates(ReadFile((entry,))) == {"questions.gone.label": ("unknown", False)}


def test_what_somebody_wrote_meanwhile(desk):
    file = desk.export("introduction", title="باغ", consent="منظور")
    file = replace(file, entries=tuple(replace(e, text=e.text or "بتائیں") for e in file.entries))
    desk.write("title", "چمن")
    desk.write("consent", "منظور")
    desk.write("introduction", "کہیں")
    assert desk.fates(file) == {
        "introduction": ("conflict", False),
        "title": ("conflict", False),
        "consent": ("unchanged", False),
    }


def test_what_somebody_removed_meanwhile(desk):
    file = desk.export(title="باغ")
    desk.write("title", "")
    assert desk.fates(file) == {"title": ("conflict", False)}


def test_a_file_without_marks_does_not_replace_without_asking(desk):
    entries = (ReadEntry("title", None, "باغ", 2), ReadEntry("consent", None, "منظور", 3))
    assert desk.fates(ReadFile(entries)) == {
        "title": ("conflict", False),
        "consent": ("new", False),
    }


def test_a_source_that_changed_since_the_export(desk):
    file = desk.export("introduction", title="باغ", consent="منظور")
    file = replace(file, entries=tuple(replace(e, text=e.text or "بتائیں") for e in file.entries))
    desk.write_source("title", "Gardens")
    desk.write_source("consent", "I agree to this.")
    plan = desk.plan(desk.hold(file))
    assert plan.content_changed
    assert {each.path: (each.fate.value, each.outdated) for each in plan.proposals} == {
        "introduction": ("new", False),
        "title": ("changed", True),
        "consent": ("new", True),
    }
    assert desk.apply(desk.hold(file), approve=True).approved == 1
    line = desk.line("title")
    assert (line.standing, line.text, line.source_then) == (Standing.STALE, "باغ", "Parks")
    assert line.approved_by is None


def test_an_outdated_text_does_not_replace_a_current_one_without_asking(desk):
    file = desk.export(title="باغ")
    desk.write_source("title", "Gardens")
    desk.write("title", "پارک")  # what is there has been brought up to date, with the same words
    assert desk.fates(file) == {"title": ("conflict", True)}


def test_what_cannot_be_kept(desk):
    held = desk.hold(desk.export(title="a\x00b", consent="منظور"))
    [refused] = desk.plan(held).of(Fate.REFUSED)
    assert (refused.hindrance, refused.figures) == (
        Hindrance.UNPRINTABLE,
        {"character": "U+0000"},
    )
    assert desk.apply(held).written == 1
    assert desk.line("title").text == "پارک"


def test_doubts_are_told(desk):
    plan = desk.plan(desk.hold(desk.export(introduction="Tell us what you think.")))
    [proposal] = plan.proposals
    assert [warning.doubt.value for warning in proposal.warnings] == ["same_as_source"]


def test_a_machines_draft_that_the_translator_checked(desk):
    desk.write("consent", "منظور", by="machine", origin="machine")
    desk.write("introduction", "بتائیں", by="machine", origin="machine")
    file = desk.export("introduction", consent="منظور")
    assert desk.fates(file) == {
        "introduction": ("unchanged", False),
        "consent": ("checked", False),
    }
    assert desk.apply(desk.hold(file), approve=True).approved == 1
    line = desk.line("consent")
    assert (line.standing, line.written_by, line.on_word_of) == (Standing.APPROVED, SADIA, SADIA)
    assert desk.line("introduction").standing is Standing.MACHINE


def test_a_sheet_cannot_say_that_a_draft_was_checked(desk):
    desk.write("consent", "منظور", by="machine", origin="machine")
    file = replace(desk.export(consent="منظور"), says_unsure=False)
    assert desk.fates(file) == {"consent": ("unchanged", False)}
    assert desk.apply(desk.hold(file), approve=True).approved == 1, "the officer says so"
    assert desk.line("consent").standing is Standing.APPROVED


def test_a_stale_translation_that_the_translator_checked(desk):
    desk.approve("title")
    desk.write_source("title", "Parks!")
    assert desk.fates(desk.export("title")) == {"title": ("unchanged", False)}
    file = desk.export(title="پارک")
    assert desk.fates(file) == {"title": ("checked", False)}
    desk.apply(desk.hold(file))
    assert desk.line("title").standing is Standing.WRITTEN, "the approval was of another source"


def test_bringing_a_file_in(desk):
    held = desk.hold(desk.export(title=" باغ\r\n", consent="منظور"))
    applied = desk.apply(held, approve=True)
    assert (applied.written, applied.left, applied.approved) == (2, 0, 2)
    line = desk.line("title")
    assert (line.text, line.standing) == ("باغ", Standing.APPROVED)
    assert (line.origin, line.written_by, line.written_at) == ("file", SADIA, LATER)
    assert (line.approved_by, line.on_word_of) == (ANNA, SADIA)


def test_without_approval_they_wait(desk):
    desk.apply(desk.hold(desk.export(title="باغ")))
    line = desk.line("title")
    assert (line.standing, line.approved_by) == (Standing.WRITTEN, None)


def test_an_unsure_text_is_not_approved(desk):
    file = desk.export(title="باغ")
    file = replace(file, entries=(replace(file.entries[0], unsure=True),))
    assert desk.apply(desk.hold(file), approve=True).approved == 0
    assert desk.line("title").standing is Standing.WRITTEN


def test_an_approval_that_stands_stays_who_gave_it(desk):
    desk.approve("title")
    with unit_of_work(desk.session):
        saving.set_approval(
            desk.session, desk.workspace, "ur", ["title"], by=OMAR, on_word_of=None, at=NOW
        )
    assert desk.apply(desk.hold(desk.export("title")), approve=True).approved == 0
    assert desk.line("title").approved_by == OMAR


@pytest.mark.parametrize(
    ("take", "texts", "left"),
    [
        ((), ("چمن", "ہاں"), 2),
        (("title",), ("باغ", "ہاں"), 1),
        (("title", "unknown"), ("باغ", "ہاں"), 1),
        (None, ("باغ", "منظور"), 0),
    ],
)
def test_conflicts_are_settled_one_by_one_or_all_at_once(desk, take, texts, left):
    file = desk.export(title="باغ", consent="منظور")
    desk.write("title", "چمن")
    desk.write("consent", "ہاں")
    applied = desk.apply(desk.hold(file), take=take, approve=True)
    assert (desk.line("title").text, desk.line("consent").text) == texts
    assert (applied.written, applied.left, applied.approved) == (2 - left, left, 2 - left)


def test_nothing_is_brought_in_twice(desk):
    held = desk.hold(desk.export(title="باغ"))
    state = desk.plan(held).state
    desk.apply(held)
    desk.write("title", "چمن")
    with pytest.raises(AlreadyApplied):
        desk.apply(held, state=state)
    assert desk.line("title").text == "چمن"


def test_the_same_file_once_more(desk):
    file = desk.export(title="باغ")
    desk.apply(desk.hold(file))
    again = desk.hold(file, actor=OMAR)
    plan = desk.plan(again)
    assert [each.fate for each in plan.proposals] == [Fate.UNCHANGED]
    assert plan.applied_before is not None
    assert (plan.applied_before.applied_by, plan.applied_before.applied_at) == (ANNA, LATER)
    assert desk.plan(desk.hold(file, content=b"another")).applied_before is None
    desk.write("title", "چمن")
    assert [each.fate for each in desk.plan(again).proposals] == [Fate.CONFLICT]


def test_a_report_that_is_out_of_date_is_not_applied(desk):
    held = desk.hold(desk.export(title="باغ"))
    state = desk.plan(held).state
    desk.write("title", "چمن")
    with pytest.raises(PlanChanged):
        desk.apply(held, state=state)
    desk.session.rollback()
    assert desk.line("title").text == "چمن"
    assert held.applied_at is None


def test_of_two_who_bring_it_in_at_once_one_does(desk, engine):
    held = desk.hold(desk.export(title="باغ"))
    state, held_id = desk.plan(held).state, held.id
    start = threading.Barrier(2)
    outcomes = []

    def bring_in(actor):
        with Session(engine) as session:
            start.wait()
            try:
                with unit_of_work(session):
                    translating_imports.apply(
                        session, "parks", "ur", held_id, state=state, translator=SADIA,
                        take=(), approve=True, actor=actor, now=LATER,
                    )  # fmt: skip
                outcomes.append("done")
            except AlreadyApplied:
                outcomes.append("already")

    threads = [threading.Thread(target=bring_in, args=(actor,)) for actor in (ANNA, OMAR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "done"]
    desk.session.rollback()
    events = desk.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "translations brought in")
    ).all()
    assert [event.details for event in events] == [
        {
            "language": "ur",
            "translator": SADIA,
            "texts": 1,
            "approved": 1,
            "file_digest": "3b9c358f36f0a31b",
        }
    ]


def test_a_file_waits_for_its_officer_and_language_only(desk):
    held = desk.hold(desk.export(title="باغ"))
    assert translating_imports.find(desk.session, desk.workspace, "ur", held.id) is held
    with pytest.raises(NoSuchImport):
        translating_imports.find(desk.session, desk.workspace, "pl", held.id)
    with pytest.raises(NoSuchImport):
        translating_imports.find(desk.session, desk.workspace, "ur", uuid4())
    other = desk.hold(desk.export(title="چمن"), actor=OMAR)
    newer = desk.hold(desk.export(title="گلشن"))
    waiting = desk.session.scalars(select(TranslationImport.id)).all()
    assert set(waiting) == {other.id, newer.id}, "an earlier one of the same person goes"


def test_a_file_that_nobody_wants_is_put_away_in_time(desk):
    old = desk.hold(desk.export(title="باغ"), actor=OMAR, now=NOW - timedelta(days=31))
    gone = old.id
    desk.hold(desk.export(title="چمن"))
    with pytest.raises(NoSuchImport), unit_of_work(desk.session):
        translating_imports.apply(
            desk.session, "parks", "ur", gone,
            state="any", translator=SADIA, take=(), approve=False, actor=OMAR, now=LATER,
        )  # fmt: skip


def test_putting_away_forgets_a_file_but_not_that_it_was_applied(desk):
    held = desk.hold(desk.export(title="باغ"))
    with unit_of_work(desk.session):
        translating_imports.put_away(desk.session, held)
    assert desk.session.scalars(select(TranslationImport)).all() == []
    applied = desk.hold(desk.export(title="باغ"))
    desk.apply(applied)
    with unit_of_work(desk.session):
        translating_imports.put_away(desk.session, applied)
    [kept] = desk.session.scalars(select(TranslationImport)).all()
    assert (kept.applied_by, kept.content) == (ANNA, {})


@pytest.mark.parametrize(
    ("language", "taken"),
    [("ur", True), ("UR", True), ("ur-PK", True), (None, True), ("pl", False), ("urd", False)],
)
def test_a_file_in_another_language_is_refused(desk, language, taken):
    file = replace(desk.export(title="باغ"), language=language)
    if taken:
        assert desk.plan(desk.hold(file)).names_language is (language is not None)
        return
    with pytest.raises(TranslationFileError) as caught:
        desk.hold(file)
    assert caught.value.code is FileFault.WRONG_LANGUAGE
    assert caught.value.values == {"found": language, "wanted": "ur"}


def test_a_file_of_another_consultation_says_so(desk):
    plan = desk.plan(desk.hold(replace(desk.export(title="باغ"), project="schools")))
    assert plan.other_project == "schools"
    assert desk.plan(desk.hold(desk.export(title="باغ"))).other_project == ""


def test_names_of_files_are_kept_as_far_as_they_can_be_shown(desk):
    with unit_of_work(desk.session):
        held = translating_imports.hold(
            desk.session, desk.workspace, "ur", desk.export(title="باغ"),
            name="a\x00\n" + "ب" * 300 + ".po", content=b"", actor=ANNA, now=LATER,
        )  # fmt: skip
    assert held.file_name == "ب" * 197 + ".po"
