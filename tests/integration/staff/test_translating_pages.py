"""The pages of languages and of texts side by side, as officers use them."""

import re
from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.services import translating, workspaces
from consult.services import translating_saving as saving
from consult.services.translating_saving import Author
from tests.support.visitors import NOON, SLUG, in_session

URDU = f"consultations/{SLUG}/translations/ur"
TITLE = "A city for everyone"


@pytest.fixture
def anna(app, desk, hire):
    return hire("officer", email="anna@council.example.org")


@pytest.fixture
def omar(app, desk, hire):
    return hire("officer", email="omar@council.example.org")


def change_source(app, path, text):
    """Change a text of the start page, as an officer does."""
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        part = workspaces.part_of(workspace, "words")
        workspaces.save_part(
            session, SLUG, "words", {**part, path: text},
            seen=workspaces.digest(part), actor="eve", now=NOON,
        )  # fmt: skip


def write(app, path, text, *, by="eve", origin="person", language="ur"):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        source = workspaces.source_texts(workspace.content).get(path, "")
        saving.write(
            session, workspace, language, path, text, source=source,
            author=Author(by, origin), now=NOON,
        )  # fmt: skip


def line(app, path, language="ur"):
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return {each.path: each for each in translating.lines(session, workspace, language)}[path]


def number_of(page, path):
    """The number of a text's fields on a page."""
    found = re.search(rf'name="path-(\d+)" value="{re.escape(path)}"', page.html)
    assert found is not None, f"{path} is not on the page"
    return found[1]


def text_form(page):
    """The form of the texts, not that of the filters."""
    return next(form for form in page.forms if "do" in form.names)


def send(person, sent):
    """Send the form of the texts that the page shows."""
    form = text_form(person.page)
    data = {name: list(values) for name, values in form.fields.items()} | sent
    return person.post(form.action, data)


def fields(page, path, text, do="save"):
    number = number_of(page, path)
    return {f"text-{number}": text, "do": do.replace("N", number)}


# --- Who may do what -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "rest", ["languages", "translations/ur", "translations/ur/files", "translations/ur/files/po"]
)
def test_a_viewer_may_look_and_nothing_else(app, desk, hire, rest):
    viewer = hire(on={SLUG: "viewer"})
    page = viewer.consultation(rest)
    assert page.status == 200
    assert all("translations" not in form.action for form in page.forms if "do" in form.names)
    assert "<textarea" not in page.html


@pytest.mark.parametrize(
    "rest",
    [
        "languages",
        "translations/ur",
        "translations/ur/files",
        "translations/ur/approve",
        "translations/ur/machine",
    ],
)
def test_a_viewer_cannot_change_anything(app, desk, hire, rest):
    viewer = hire(on={SLUG: "viewer"})
    assert viewer.post(viewer.address(f"consultations/{SLUG}/{rest}"), {}).status == 403


def test_others_do_not_even_see_it(app, desk, hire):
    stranger = hire()
    for rest in (
        "languages",
        "translations/ur",
        "translations/ur/files",
        "translations/ur/files/po",
    ):
        assert stranger.consultation(rest).status == 404


@pytest.mark.parametrize("code", ["en", "xx", "gu", "ur-PK"])
def test_there_is_no_page_of_another_language(anna, code):
    for rest in ("", "/files", "/files/po"):
        assert anna.consultation(f"translations/{code}{rest}").status == 404
    assert anna.consultation("translations/ur/files/exe").status == 404
    assert anna.consultation("translations/ur?only=no.such.text").status == 404


def test_an_expired_session_keeps_what_was_typed(app, anna):
    page = anna.visit(URDU)
    anna.client.delete_cookie("consult")
    anna.page = page
    kept = send(anna, fields(page, "title", "میرا لمبا متن"))
    assert kept.status == 401
    assert "میرا لمبا متن" in kept.html


def test_a_forged_form_keeps_what_was_typed(app, anna):
    page = anna.visit(URDU)
    sent = {**fields(page, "title", "میرا متن"), "csrf_token": "forged"}
    kept = send(anna, sent)
    assert kept.status == 400
    assert "میرا متن" in kept.html
    assert line(app, "title").text != "میرا متن"
    saved = send(anna, {})
    assert saved.status == 200
    assert line(app, "title").text == "میرا متن"


# --- Languages -----------------------------------------------------------------------------


def test_how_far_each_language_is(app, anna):
    write(app, "title", "Bolder city for all of us here")
    write(app, "asked_by", "کونسل", origin="machine")
    write(app, "consent", "")
    change_source(app, "introduction", "Something else.")
    page = anna.consultation("languages")
    row = re.search(
        r"<tr[^>]*>\s*<th[^>]*scope=\"row\">(?:(?!</tr>).)*اردو.*?</tr>", page.html, re.S
    )
    assert row is not None
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row.group(), re.S)
    figures = [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells]
    # The title is English, the introduction much longer than its source, and an explanation of
    # the model case much longer than the word that it explains.
    assert figures == ["196 of 200 texts approved", "2", "1", "1", "1", "3"]
    assert f"/en/staff/{URDU}?show=machine" in page.html


def test_languages_are_chosen(app, anna):
    anna.consultation("languages")
    page = anna.send("languages", {"languages": ["pl", "ur"]})
    assert "The languages are saved." in page.text
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        assert workspace.content["languages"] == ["en", "ur", "pl"]
        assert list(translating.completeness(session, workspace)) == ["ur", "pl"]
    page = anna.consultation("translations/bn")
    assert "This language is not among those" in page.text
    assert line(app, "title", "bn").text, "its translations are kept"


def test_all_languages_can_be_left_out(anna):
    anna.consultation("languages")
    assert "No other language is chosen yet." in anna.send("languages", {"languages": []}).text


def test_two_who_choose_languages(app, anna, omar):
    anna.consultation("languages")
    omar.consultation("languages")
    omar.send("languages", {"languages": ["pl"]})
    page = anna.send("languages", {"languages": ["ur", "so"]})
    assert page.status == 422
    assert "omar@council.example.org changed the languages" in page.text
    assert page.form("languages").fields["languages"] == ["ur", "so"]
    assert "As they are saved now: English , Polish (Polski)" in page.text
    anna.send("languages")
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        assert workspace.content["languages"] == ["en", "ur", "so"]


def test_a_language_that_the_pages_do_not_speak_can_stay(app, anna):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        workspace.content = {**workspace.content, "languages": ["en", "gu"]}
    page = anna.consultation("languages")
    assert "The pages around the texts do not speak this language here." in page.text
    assert anna.consultation("translations/gu").status == 200


# --- Side by side --------------------------------------------------------------------------


def test_both_texts_name_their_language_and_direction(anna):
    page = anna.visit(URDU)
    assert re.search(r'<textarea[^>]* lang="ur" dir="rtl"', page.html)
    assert re.search(
        r'<div[^>]* lang="en" dir="ltr" id="source-title">Creating a Bolder', page.html
    )
    assert "Approved by test on" in page.text
    page = anna.consultation("translations/pl")
    assert re.search(r'<textarea[^>]* lang="pl" dir="ltr"', page.html)


def test_saving_a_page(app, anna):
    page = anna.visit(URDU)
    page = send(anna, fields(page, "title", "نیا شہر", do="save"))
    assert "1 translation is saved." in page.text
    found = line(app, "title")
    assert (found.text, found.written_by, found.standing) == ("نیا شہر", anna.email, "written")
    page = send(anna, {"do": "save"})
    assert "is saved" not in page.text


def test_after_saving_one_text_the_next_field_is_at_hand(anna):
    page = anna.visit(URDU)
    number = number_of(page, "title")
    form = text_form(page)
    sent = {**form.fields, f"text-{number}": "نیا", "do": f"save-{number}"}
    response = anna.client.post(form.action, data=sent)
    assert response.status_code == 303
    assert response.location == f"/en/staff/{URDU}#text-asked_by"


def test_saving_and_going_on(anna):
    page = anna.visit(URDU)
    first = text_form(page)
    response = anna.client.post(first.action, data={**first.fields, "do": "next"})
    following = re.search(r'rel="next" href="([^"]+)"', page.html)
    assert following is not None
    assert response.location == following[1].replace("?show=all&amp;part=&amp;", "?")


def test_going_on_in_a_filter_that_what_was_saved_leaves(app, anna):
    """What is done drops out of the list: the next page begins where this one ended."""
    for number in range(30):
        path = list(all_paths(app))[number]
        write(app, path, "")
    page = anna.visit(f"{URDU}?show=missing")
    paths = re.findall(r'name="path-\d+" value="([^"]+)"', page.html)
    assert len(paths) <= 20
    sent = {f"text-{number}": "متن" for number in range(len(paths))}
    page = send(anna, {**sent, "do": "next"})
    assert f"{len(paths)} translations are saved." in page.text
    rest = re.findall(r'name="path-\d+" value="([^"]+)"', page.html)
    assert rest[0] == list(all_paths(app))[len(paths)]
    assert len(rest) == 30 - len(paths)


def all_paths(app):
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return workspaces.source_texts(workspace.content)


def test_one_text_alone_and_on_to_the_next(app, anna):
    page = anna.visit(f"{URDU}?only=title")
    assert re.findall(r'name="path-\d+" value="([^"]+)"', page.html) == ["title"]
    page = send(anna, fields(page, "title", "نیا", do="next"))
    assert line(app, "title").text == "نیا"
    assert re.findall(r'name="path-\d+" value="([^"]+)"', page.html) == ["asked_by"]


def test_all_texts_are_reached_page_by_page(app, anna):
    found: list[str] = []
    page = anna.visit(URDU)
    while True:
        found += re.findall(r'name="path-\d+" value="([^"]+)"', page.html)
        following = re.search(r'rel="next" href="([^"]+)"', page.html)
        if following is None:
            break
        page = anna.get(following[1].replace("&amp;", "&"))
    assert found == list(all_paths(app))
    back = 0
    while (previous := re.search(r'rel="prev" href="([^"]+)"', page.html)) is not None:
        page = anna.get(previous[1].replace("&amp;", "&"))
        back += 1
    assert back >= 200 // 20 - 1
    assert 'value="title"' in page.html


def test_filters(app, anna):
    write(app, "title", "")
    write(app, "asked_by", "کونسل", origin="machine")
    write(app, "consent", "منظور")
    change_source(app, "introduction", "Something else.")
    paths = {
        show: re.findall(r'name="path-\d+" value="([^"]+)"', anna.visit(f"{URDU}?show={show}").html)
        for show in ("missing", "machine", "waiting", "stale", "warned")
    }
    bisexual = "questions.sexual_orientation.options.bisexual.label"
    assert paths == {
        "missing": ["title"],
        "machine": ["asked_by"],
        "waiting": ["asked_by", "consent"],
        "stale": ["introduction"],
        "warned": ["introduction", "consent", bisexual],
    }
    page = anna.visit(f"{URDU}?show=missing&part=sections")
    assert "There is no such text." in page.text
    page = anna.visit(f"{URDU}?part=contact")
    paths_of_contact = re.findall(r'name="path-\d+" value="([^"]+)"', page.html)
    assert paths_of_contact == [
        "contact.phone_hours", "contact.paper", "contact.large_print", "contact.sign_language",
    ]  # fmt: skip


def test_an_unknown_filter_shows_all(anna):
    assert 'value="title"' in anna.visit(f"{URDU}?show=nonsense&part=x&start=nothing").html


def test_what_changed_since_is_shown(app, anna):
    change_source(app, "asked_by", "Birmingham City Council (an illustration)")
    page = anna.visit(f"{URDU}?only=asked_by")
    assert "Source changed" in page.text
    assert re.search(r"<del>.*?\[removed:\].*?\(illustration\)</del>", page.html, re.S)
    assert re.search(r"<ins>.*?\[added:\].*?\(an illustration\)</ins>", page.html, re.S)


def test_what_may_be_wrong_is_told(app, anna):
    text = line(app, "sections.food.full").text.replace("## ", "")
    page = anna.visit(f"{URDU}?only=sections.food.full")
    page = send(anna, fields(page, "sections.food.full", text))
    assert re.search(r"Headings: \d in the source, 0 in the translation\.", page.text)


def test_what_cannot_be_kept_stays_in_its_field(app, anna):
    page = anna.visit(URDU)
    number = number_of(page, "asked_by")
    typed = {**fields(page, "title", "ت\x1bن"), f"text-{number}": "کونسل"}
    page = send(anna, typed)
    assert page.status == 422
    assert "cannot be seen (U+001B)" in page.text
    assert text_form(page).fields[f"text-{number_of(page, 'title')}"][0].strip() == "ت\x1bن"
    assert "1 translation is saved." in page.text, "the other one is"
    assert line(app, "asked_by").text == "کونسل"


def test_two_translators_at_one_text(app, anna, omar):
    pages = [person.visit(f"{URDU}?only=title") for person in (anna, omar)]
    send(omar, fields(pages[1], "title", "عمر کا شہر"))
    page = send(anna, fields(pages[0], "title", "انا کا شہر"))
    assert page.status == 422
    assert "omar@council.example.org changed this translation" in page.text
    assert text_form(page).fields["text-0"][0].strip() == "انا کا شہر"
    assert "عمر کا شہر" in page.text
    assert line(app, "title").text == "عمر کا شہر"
    kept = send(anna, {"do": "keep-0"})
    assert kept.status == 200
    assert line(app, "title").text == "عمر کا شہر"
    anna.page = page
    assert send(anna, {"do": "save-0"}).status == 200
    assert line(app, "title").text == "انا کا شہر"


def test_a_text_that_is_gone_is_shown_to_copy(app, anna):
    page = anna.visit(f"{URDU}?only=consent")
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        without = {k: v for k, v in workspace.content.items() if k != "consent"}
        workspace.content = without
    page = send(anna, fields(page, "consent", "میرے الفاظ"))
    assert page.status == 422
    assert "does not have this text any more" in page.text
    assert "میرے الفاظ" in page.text


def test_a_removed_question_is_told_of(app, anna):
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        questions = [q for q in workspace.content["questions"] if q["key"] != "good_place"]
        workspace.content = {**workspace.content, "questions": questions}
    page = anna.visit(URDU)
    assert "Translations of texts that were removed" in page.text


# --- Approving -----------------------------------------------------------------------------


def test_who_approves_says_who_has_read_it(app, anna):
    page = anna.visit(f"{URDU}?only=title")
    page = send(anna, fields(page, "title", "نیا شہر", do="approve-N"))
    assert page.status == 422
    assert "say who has read these translations" in page.text
    assert line(app, "title").text == "نیا شہر", "what was typed is saved all the same"
    page = send(anna, {"do": "approve-0", "reader": "other"})
    assert page.status == 422
    assert "Write the name of the person who read it" in page.text
    page = send(anna, {"do": "approve-0", "reader": "other", "reader_name": " Sadia  Khan "})
    assert "1 translation is approved in your name." in page.text
    found = line(app, "title")
    assert (found.approved_by, found.on_word_of) == (anna.email, "Sadia Khan")
    assert "on the word of Sadia Khan" in anna.visit(f"{URDU}?only=title").text


def test_who_has_read_a_language_is_remembered(app, anna):
    page = anna.visit(f"{URDU}?only=title")
    sent = {**fields(page, "title", "نیا", do="approve-N"), "reader": "me"}
    send(anna, sent)
    assert line(app, "title").on_word_of is None
    page = anna.visit(f"{URDU}?only=consent")
    assert text_form(page).fields["reader"] == ["me"]
    send(anna, fields(page, "consent", "منظور", do="approve-N"))
    assert line(app, "consent").approved_by == anna.email
    page = anna.consultation("translations/pl?only=title")
    assert "reader" not in text_form(page).fields


def test_all_texts_of_a_page_are_approved(app, anna):
    change_source(app, "introduction", "Something else.")
    page = anna.visit(f"{URDU}?part=words")
    number = number_of(page, "asked_by")
    sent = {**fields(page, "title", "نیا", do="approve"), f"text-{number}": "", "reader": "me"}
    page = send(anna, sent)
    assert "1 translation is approved in your name." in page.text
    assert line(app, "title").standing == "approved"
    assert line(app, "asked_by").standing == "missing"
    assert line(app, "introduction").standing == "stale"


def test_nothing_to_approve_is_said(app, anna):
    change_source(app, "introduction", "Something else.")
    anna.visit(f"{URDU}?only=introduction")
    page = send(anna, {"do": "approve", "reader": "me"})
    assert "There was nothing to approve" in page.text


def test_a_stale_translation_that_is_still_right(app, anna):
    change_source(app, "asked_by", TITLE)
    anna.visit(f"{URDU}?only=asked_by")
    page = send(anna, {"do": "right-0", "reader": "me"})
    assert "1 translation is approved in your name." in page.text
    assert line(app, "asked_by").standing == "approved"


def test_a_stale_translation_that_is_corrected_and_approved_at_once(app, anna):
    change_source(app, "asked_by", TITLE)
    page = anna.visit(f"{URDU}?only=asked_by")
    sent = {**fields(page, "asked_by", "سب کے لیے شہر", do="right-N"), "reader": "me"}
    assert "1 translation is approved" in send(anna, sent).text
    found = line(app, "asked_by")
    assert (found.standing, found.text) == ("approved", "سب کے لیے شہر")


def test_an_approval_is_taken_back(app, anna):
    anna.visit(f"{URDU}?only=title")
    page = send(anna, {"do": "unapprove-0"})
    assert "The approval is taken back." in page.text
    assert line(app, "title").standing == "written"


def test_a_whole_language_is_approved(app, anna, omar):
    write(app, "title", "نیا")
    write(app, "consent", "منظور", origin="machine")
    page = anna.consultation("translations/ur/files")
    assert "2 translations wait for approval. 1 of them is a machine’s draft." in page.text
    assert anna.send("/approve").status == 422
    write(app, "title", "اور نیا", by=omar.email)
    page = anna.send("/approve", {"reader": "other", "reader_name": "Sadia Khan"})
    assert page.status == 422
    assert "nothing was approved" in page.text
    page = anna.send("/approve")
    assert "2 translations are approved in your name." in page.text
    assert "No translation waits for approval." in page.text
    assert line(app, "consent").on_word_of == "Sadia Khan"


# --- Long ones -----------------------------------------------------------------------------


def test_a_text_of_the_largest_size_is_saved(app, anna):
    text = "শহর " * 50_000
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        content = {**workspace.content}
        content["sections"] = [dict(each) for each in content["sections"]]
        content["sections"][1]["full"] = "word " * 40_000
        workspace.content = content
    page = anna.consultation("translations/bn?only=sections.food.full")
    sent = {"text-0": text, "do": "save", "path-0": "sections.food.full"}
    sent["seen-0"] = text_form(page).fields["seen-0"][0]
    sent["csrf_token"] = text_form(page).fields["csrf_token"][0]
    form = text_form(page)
    page = anna.post(form.action, sent, content_type="multipart/form-data")
    assert page.status == 200, page.text
    assert line(app, "sections.food.full", "bn").text == text.strip()


def test_no_page_is_heavy(anna):
    page = anna.visit(URDU)
    assert len(page.html) < 100_000


def test_an_officer_who_reads_urdu_has_the_pages_in_urdu(app, desk, hire):
    officer = hire("officer", language="ur")
    for rest in ("languages", "translations/ur", "translations/bn/files"):
        page = officer.consultation(rest)
        assert 'lang="ur" dir="rtl"' in page.html


def test_time_is_the_applications(app, anna, clock):
    clock.now = NOON + timedelta(minutes=5)
    page = anna.visit(f"{URDU}?only=title")
    send(anna, fields(page, "title", "نیا"))
    assert line(app, "title").written_at == clock.now
