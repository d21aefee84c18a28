"""Beginning a consultation: every way in, and what is said of files that make none."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from consult.demo.setting_up import model_case
from consult.document.writing import write_consultation
from consult.drafting.kinds import MAX_BYTES
from consult.services import workspaces
from consult.views.staff.beginning import LARGEST_UPLOAD
from tests.support.visitors import SLUG, in_session

DRAFT = b"# Parks for all\n\n## Trees\n\nMore trees.\n\n## Play\n\nMore swings.\n"


@pytest.fixture
def officer(hire):
    return hire("officer")


def begin(officer, kind, *, file=None, name="draft.md", **fields):
    officer.visit("new")
    form = officer.page.form("/new")
    data = {"csrf_token": form.fields["csrf_token"][0], "kind": kind, **fields}
    if file is not None:
        data["file"] = FileStorage(io.BytesIO(file), name)
    boundary, body = encode_multipart(data)
    return officer.post(form.action, body, content_type=f"multipart/form-data; boundary={boundary}")


def made(app, slug):
    with in_session(app) as session:
        return workspaces.find(session, slug)


def test_from_nothing_a_title_is_enough(app, officer):
    page = begin(officer, "nothing", title="Our Parks: Café & Play")
    assert page.path.endswith("/consultations/our-parks-cafe-play/begun")
    workspace = made(app, "our-parks-cafe-play")
    assert workspace.content["title"] == "Our Parks: Café & Play"
    assert workspace.created_by == officer.email


def test_a_title_in_another_script_still_has_an_address(app, officer):
    assert begin(officer, "nothing", title="ہمارے پارک").path.endswith("/consultation/begun")
    assert begin(officer, "nothing", title="পার্ক").path.endswith("/consultation-2/begun")


def test_a_draft_is_cut_into_its_parts(app, officer):
    page = begin(officer, "draft", file=DRAFT)
    assert "2 parts were found" in page.text
    workspace = made(app, "parks-for-all")
    assert [each["title"] for each in workspace.content["sections"]] == ["Trees", "Play"]
    assert workspace.content["sections"][0]["full"].strip() == "More trees."


def test_what_was_done_with_a_draft_is_said(officer):
    page = begin(officer, "draft", file=DRAFT + b"\n<b>bold</b>\n")
    assert "What we did with your file" in page.text


def test_the_model_case_brings_questions_and_translations_and_none_of_its_promises(app, officer):
    begin(officer, "model", title="Our plan")
    with in_session(app) as session:
        workspace = workspaces.find(session, "our-plan")
        assert workspace is not None
        asked = [each["key"] for each in workspace.content["questions"]]
        assert asked == [question.key for question in model_case().questions]
        assert not {"contact", "privacy", "introduction", "opens_at"} & set(workspace.content)
        assert {text.language for text in workspace.texts} == set(model_case().languages) - {"en"}
        assert {(text.origin, text.approved_at) for text in workspace.texts} == {("machine", None)}
        assert "title" not in {text.path for text in workspace.texts}


def test_a_consultation_file_comes_whole(app, officer):
    document = model_case().model_copy(update={"slug": "another", "translations": {}})
    begin(officer, "file", file=write_consultation(document).encode(), name="another.yaml")
    assert made(app, "another").content == workspaces.content_of(document)


def test_a_file_may_have_another_name_and_title(app, officer):
    document = model_case().model_copy(update={"translations": {}})
    page = begin(
        officer, "file", file=write_consultation(document).encode(), slug="mine", title="Mine"
    )
    assert page.path.endswith("/mine/begun")
    assert made(app, "mine").content["title"] == "Mine"


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("", {"title": "Parks"}, "Choose how you want to begin"),
        ("nothing", {"title": "  "}, "Write a title."),
        ("nothing", {"title": "x" * 301}, "up to 300 characters"),
        ("nothing", {"title": "Parks", "slug": "Our Parks"}, "small letters"),
        ("nothing", {"title": "Parks", "slug": "x" * 81}, "at most 80 characters"),
        ("nothing", {"title": "Parks", "slug": SLUG}, "Another consultation has this name"),
        ("draft", {"title": "Parks"}, "Choose a file."),
        ("draft", {"title": "Parks", "file": b""}, "The file is empty"),
        ("draft", {"title": "Parks", "file": b"%PDF-1.7 ..."}, "The file is a PDF"),
        ("draft", {"title": "Parks", "file": b"a" * (MAX_BYTES + 1)}, "we can take up to 20 MB"),
        ("file", {"title": "Parks", "file": b"title: [", "name": "x.yaml"}, "not a consultation"),
        ("file", {"title": "Parks", "file": b"\xff\xfea\x00", "name": "x.yaml"}, "UTF-16"),
    ],
)
def test_what_makes_no_consultation_is_explained_and_nothing_typed_is_lost(
    app, officer, kind, fields, words
):
    page = begin(officer, kind, **fields)
    assert page.status == 422
    assert words in page.text
    form = page.form("/new")
    assert form.fields["title"] == [fields["title"].strip()]
    assert form.fields.get("kind", [""]) == [kind]


def test_a_far_too_large_file_is_explained(officer):
    page = begin(officer, "draft", title="Parks", file=b"a" * (LARGEST_UPLOAD + 1_000_000))
    assert page.status == 413
    assert "larger than we can take" in page.text


@pytest.mark.parametrize("role", ["analyst", "partner", "viewer"])
def test_only_officers_begin(hire, role):
    assert hire(role).visit("new").status == 403


def test_an_officer_of_one_consultation_begins_no_other(desk, hire):
    assert hire(on={SLUG: "officer"}).visit("new").status == 403


def test_a_title_that_is_a_word_of_our_addresses_gets_another_address(app, officer):
    assert begin(officer, "nothing", title="Staff").path.endswith("/staff-2/begun")
    page = begin(officer, "nothing", title="Staff", slug="preview")
    assert page.status == 422


def test_who_begins_a_consultation_may_invite_others_to_it(app, officer):
    begin(officer, "nothing", title="Our parks")
    officer.slug = "our-parks"
    assert officer.consultation("people").status == 200
    assert "gets an invitation" in officer.page.text


def test_languages_that_the_interface_does_not_speak_can_be_written_in(app, officer):
    document = model_case().model_copy(
        update={
            "slug": "cymraeg",
            "source_language": "cy",
            "languages": ("cy",),
            "translations": {},
        }
    )
    begin(officer, "file", file=write_consultation(document).encode(), name="cy.yaml")
    officer.slug = "cymraeg"
    assert officer.consultation("words").status == 200


def test_a_copy_is_made_again_after_the_first_was_removed(app, officer):
    begin(officer, "model", title="Our plan")
    officer.slug = "our-plan"
    for _ in range(2):
        officer.consultation("questions")
        page = officer.send("/question/age/copy")
        assert page.status == 200, page.text
        copy = next(
            each["key"]
            for each in made(app, "our-plan").content["questions"]
            if each["key"].startswith("age_")
        )
        officer.consultation(f"question/{copy}/remove")
        assert officer.send(f"/question/{copy}/remove").status == 200


def test_figures_for_a_question_that_is_gone_are_shown_to_who_typed_them(app, officer):
    begin(officer, "model", title="Our plan")
    officer.slug = "our-plan"
    officer.consultation("population/age")
    form = officer.page.form("population/age")
    fields = {name: entries[0] for name, entries in form.fields.items()}
    officer.consultation("question/age/remove")
    officer.send("/question/age/remove")
    page = officer.post(form.action, {**fields, "base": "Planted figures of mine"})
    assert page.status == 409
    assert "Planted figures of mine" in page.text
