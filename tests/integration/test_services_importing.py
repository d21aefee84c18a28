"""A file in place of what is stored: nothing of officers' is swept away unasked."""

from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.models import Workspace, WorkspaceText
from consult.services import changes, importing, workspaces
from consult.services.importing import UnpublishedChanges
from consult.services.workspaces import digest
from tests.support.consultations import NOW, SLUG, changed, example, with_question

LATER = NOW + timedelta(minutes=5)
ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"


@pytest.fixture
def adopted(world):
    """The example as residents meet it, with the workspace that officers write in."""
    with unit_of_work(world.session):
        workspaces.adopt(world.session, world.stored, translations_by="A file", actor=ANNA, now=NOW)
    return world


def at_hand(world, slug=SLUG) -> Workspace:
    world.session.expire_all()
    found = workspaces.find(world.session, slug)
    assert found is not None
    return found


def store_file(world, document, **more):
    with unit_of_work(world.session):
        importing.store_file(
            world.session, document, translations_by="A file", actor=ANNA, now=LATER, **more
        )
    return at_hand(world, document.slug)


def save(world, part, **changed_fields):
    """Change fields of a part, as an officer does on a page."""
    seen = workspaces.part_of(at_hand(world), part)
    value = {**seen, **changed_fields}
    with unit_of_work(world.session):
        workspaces.save_part(
            world.session, SLUG, part, value, seen=digest(seen), actor=OMAR, now=LATER
        )


def translate(world, text, *, origin="person", approved=True, path="title"):
    """Write the Urdu of a text, as an officer or a machine does before it is published."""
    with unit_of_work(world.session):
        [row] = [row for row in at_hand(world).texts if (row.language, row.path) == ("ur", path)]
        row.text, row.origin, row.written_by = text, origin, OMAR
        row.approved_by, row.approved_at = (OMAR, LATER) if approved else (None, None)


def urdu_title(world) -> WorkspaceText:
    [row] = [row for row in at_hand(world).texts if (row.language, row.path) == ("ur", "title")]
    return row


def with_urdu_title(text):
    translations = example().model_dump()["translations"]
    translations["ur"]["title"] = text
    return changed(example(), translations=translations)


def test_a_file_s_change_is_taken_over(adopted):
    assert store_file(adopted, changed(example(), title="New")).content["title"] == "New"
    assert adopted.document.title == "New"


def test_a_new_file_has_a_workspace_at_once(world):
    workspace = store_file(world, changed(example(), slug="another-park"))
    assert workspace.content["title"] == example().title


def test_a_file_does_not_sweep_away_what_officers_have_written(adopted):
    save(adopted, "words", title="An officer's title")
    # The Urdu of the old title goes with it.
    pending = changes.pending(adopted.session, at_hand(adopted)).parts
    assert pending == ("words", "translations.ur")
    document = changed(example(), title="The file's")
    assert changes.swept_away(adopted.session, at_hand(adopted), document) == ("words",)
    with pytest.raises(UnpublishedChanges):
        store_file(adopted, document)
    assert adopted.document.title == example().title
    assert store_file(adopted, document, replace=True).content["title"] == "The file's"


def test_nor_by_saying_what_was_public_before(adopted):
    save(adopted, "words", title="An officer's title")
    with pytest.raises(UnpublishedChanges):
        store_file(adopted, example())


def test_a_question_that_officers_added_or_took_out_is_theirs_too(adopted):
    with unit_of_work(adopted.session):
        added = {"key": "more", "part": "draft", "kind": "long_text", "label": "More?"}
        workspaces.add_item(adopted.session, SLUG, "questions", added, actor=OMAR, now=LATER)
    lost = changes.swept_away(adopted.session, at_hand(adopted), example())
    assert set(lost) == {"questions.more", "order.questions"}
    gone = workspaces.part_of(at_hand(adopted), "questions.more")
    with unit_of_work(adopted.session):
        workspaces.remove_item(
            adopted.session, SLUG, "questions.more", seen=digest(gone), actor=OMAR, now=LATER
        )
        visits = workspaces.part_of(at_hand(adopted), "questions.visits")
        workspaces.remove_item(
            adopted.session, SLUG, "questions.visits", seen=digest(visits), actor=OMAR, now=LATER
        )
    lost = changes.swept_away(adopted.session, at_hand(adopted), example())
    assert set(lost) == {"questions.visits", "order.questions"}


def test_a_file_that_says_what_officers_have_written_may_come(adopted):
    save(adopted, "words", title="The same title")
    document = with_question(
        changed(example(), title="The same title"), "visits", label="How often do you come?"
    )
    workspace = store_file(adopted, document)
    assert adopted.document.title == "The same title"
    assert changes.pending(adopted.session, workspace).parts == ()


def test_what_is_only_written_out_otherwise_is_no_change(adopted):
    """A page may leave out what is taken for granted: residents meet the same."""
    question = workspaces.part_of(at_hand(adopted), "questions.vision_why")
    plain = {name: value for name, value in question.items() if value not in (None, [], False)}
    assert plain != question
    with unit_of_work(adopted.session):
        workspaces.save_part(
            adopted.session,
            SLUG,
            "questions.vision_why",
            plain,
            seen=digest(question),
            actor=OMAR,
            now=LATER,
        )
    assert changes.pending(adopted.session, at_hand(adopted)).parts == ()
    document = with_question(example(), "vision_why", label="Why is that?")
    assert store_file(adopted, document).content["title"] == example().title


@pytest.mark.parametrize("approved", [True, False])
def test_a_translation_that_somebody_wrote_is_not_swept_away(adopted, approved):
    translate(adopted, "افسر کے الفاظ", approved=approved)
    pending = changes.pending(adopted.session, at_hand(adopted)).parts
    assert pending == ("translations.ur",)  # words that are not approved leave the public ones bare
    document = with_urdu_title("فائل کے الفاظ")
    assert changes.swept_away(adopted.session, at_hand(adopted), document) == ("translations.ur",)
    with pytest.raises(UnpublishedChanges):
        store_file(adopted, document)
    assert urdu_title(adopted).text == "افسر کے الفاظ"


@pytest.mark.parametrize("in_the_file", ["افسر کے الفاظ", None])
def test_a_translation_that_stays_keeps_no_file_out(adopted, in_the_file):
    translate(adopted, "افسر کے الفاظ")
    if in_the_file is None:
        document = changed(example(), title="New")
        plain = document.model_dump()
        del plain["translations"]["ur"]["title"]
        document = type(document).model_validate(plain)
    else:
        document = with_urdu_title(in_the_file)
    store_file(adopted, document)
    assert urdu_title(adopted).text == "افسر کے الفاظ"


def test_a_machine_s_draft_gives_way(adopted):
    translate(adopted, "مشین کے الفاظ", origin="machine", approved=False)
    store_file(adopted, with_urdu_title("فائل کے الفاظ"))
    assert urdu_title(adopted).text == "فائل کے الفاظ"


def test_a_file_of_a_consultation_in_preparation_waits_too(world):
    with unit_of_work(world.session):
        workspaces.create(world.session, "parks", {"title": "Parks"}, actor=ANNA, now=NOW)
    document = changed(example(), slug="parks")
    with pytest.raises(UnpublishedChanges):
        store_file(world, document)
