"""Sections: their list, their order, their texts."""

import pytest

from tests.support.editing import PARKS, content_of, item, keys, on, written


@pytest.fixture
def officer(app, parks, hire):
    return on(hire("officer"), PARKS)


def add(colleague, title, **texts):
    colleague.consultation("sections/add")
    return colleague.send("/sections/add", {"title": title, **texts})


def test_a_section_is_added_with_a_lasting_key(app, officer):
    page = add(officer, "Trees & flowers", summary="We plant.", easy_read="We plant trees.")
    assert page.path.endswith("/section/trees_flowers")
    assert "Full text: write this, it is still empty" in page.text
    officer.send("/section/trees_flowers", {"title": "Benches"})
    assert item(app, "sections", "trees_flowers", PARKS) == {
        "key": "trees_flowers",
        "title": "Benches",
        "summary": "We plant.",
        "easy_read": "We plant trees.",
    }


def test_titles_of_other_scripts_and_titles_used_twice_get_keys_too(app, officer):
    add(officer, "درخت")
    add(officer, "Paths")
    add(officer, "Paths")
    assert keys(app, "sections", PARKS) == ["section_1", "paths", "paths_2"]


def test_a_section_needs_a_title_and_what_was_written_is_kept(app, officer):
    page = add(officer, " ", summary="Long thoughts.")
    assert page.status == 422
    assert '<a href="#title">Write a title for the section' in page.html
    assert written(page, "/sections/add", "summary") == "Long thoughts."
    assert keys(app, "sections", PARKS) == []


def test_the_longest_text_in_a_script_of_many_bytes_is_taken(app, officer):
    full = "ঢ" * 200_000
    officer.consultation("sections/add")
    form = officer.page.form("/sections/add")
    data = {name: entries[0] for name, entries in form.fields.items()}
    page = officer.post(
        form.action,
        {**data, "title": "Long", "full": full},
        content_type="multipart/form-data",
    )
    assert page.status == 200
    assert 'enctype="multipart/form-data"' in page.html
    assert item(app, "sections", "long", PARKS)["full"] == full


def test_buttons_move_a_section_and_say_where_it_stands(app, officer):
    for title in ("One", "Two", "Three"):
        add(officer, title)
    page = officer.consultation("sections")
    assert page.html.count(">Move up<") == 2
    page = officer.send("/section/three/move", {"way": "up"})
    assert keys(app, "sections", PARKS) == ["one", "three", "two"]
    assert "⁨Three⁩: now 2 of 3" in page.text
    assert page.response.request.full_path.endswith("/sections?moved=three")
    last = page.response.history[-1].headers["Location"]
    assert last.endswith("#up-three")
    assert 'id="up-three"' in page.html
    page = officer.send("/section/three/move", {"way": "up"})
    assert page.response.history[-1].headers["Location"].endswith("#down-three")
    assert 'id="down-three"' in page.html
    page = officer.send("/section/three/move", {"way": "up"})
    assert keys(app, "sections", PARKS) == ["three", "one", "two"]
    assert "now 1 of 3" in page.text


def test_an_only_section_stays_where_it_is(app, officer):
    add(officer, "One")
    form = officer.consultation("sections").form("/section/one/move")
    page = officer.post(form.action, {"csrf_token": form.fields["csrf_token"][0], "way": "down"})
    assert page.response.history[-1].headers["Location"].endswith("#item-one")
    assert "now 1 of 1" in page.text


def test_moving_what_is_gone_says_so(app, officer):
    add(officer, "One")
    form = officer.consultation("sections").form("/section/one/move")
    data = {name: entries[0] for name, entries in form.fields.items()}
    officer.consultation("section/one/remove")
    officer.send("/remove")
    page = officer.post(form.action, {**data, "way": "up"})
    assert "Somebody had removed it before." in page.text


def test_removing_names_the_questions_that_lose_their_text(app, desk, hire):
    colleague = hire("officer")
    page = colleague.consultation("section/vision/remove")
    assert "Our vision" in page.text
    assert "“Do you agree or disagree with our vision?” is about it" in page.text
    page = colleague.send("/remove")
    assert "It is removed." in page.text
    assert "vision" not in keys(app, "sections")
    page = colleague.consultation("question/vision_agree")
    assert "The section that it was about is gone: choose another, or none" in page.text
    assert '<a class="govuk-link" href="#section">' in page.html


def test_a_list_of_sections_says_where_something_is_left_to_do(app, officer):
    add(officer, "One")
    assert "3 things to do" in officer.consultation("sections").text
    assert "There is no section yet" not in officer.consultation("sections").text


def test_a_consultation_without_sections(app, officer):
    assert "There is no section yet" in officer.consultation("sections").text


def test_there_is_an_end_to_sections(app, officer, monkeypatch):
    from consult.views.staff.editing import sections

    monkeypatch.setattr(sections, "MOST", 1)
    add(officer, "One")
    page = add(officer, "Two")
    assert page.status == 422
    assert "as many sections as there can be" in page.text
    assert len(content_of(app, PARKS)["sections"]) == 1
