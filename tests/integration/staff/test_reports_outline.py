"""The report's parts: order, own paragraphs, what must be considered. Nothing typed is lost."""

import pytest

from consult.db import unit_of_work
from consult.models import Consultation
from consult.reports.data import CHARACTERISTICS, SECTIONS
from consult.services import consultations
from consult.services.reporting import layouts, texts
from tests.support.editing import written
from tests.support.visitors import SLUG, in_session


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer")


def printed(app):
    with in_session(app) as session:
        return layouts.outline(session, consultations.get(session, SLUG)).printed


def said(app, key, language="en"):
    with in_session(app) as session:
        row = texts.rows(session, consultations.get(session, SLUG)).get((key, language))
        return None if row is None else row.text


def add(colleague, text="We thank everybody.", **fields):
    colleague.consultation("report/paragraphs/add")
    return colleague.send("/paragraphs/add", {"text": text, **fields})


def own(app):
    return [key for key in printed(app) if key.startswith("own:")]


def test_the_report_lists_its_parts_in_their_order(officer):
    page = officer.consultation("report")
    places = [
        page.text.index(words)
        for words in ("Summary", "What we asked", "Who is missing", "An appendix: each protected")
    ]
    assert places == sorted(places)
    assert "Left out" not in page.text


def test_the_consultations_page_leads_to_the_report_once_it_is_open(app, officer, parks):
    page = officer.consultation()
    assert page.text.index("Listen") < page.text.index("What the report says")
    for rest in ("report", "report/languages", "report/versions"):
        assert f'href="{officer.address(f"consultations/{SLUG}/{rest}")}"' in page.html
    officer.slug = "parks"
    assert "What the report says" not in officer.consultation().text


def test_before_opening_there_is_no_report_yet(app, parks, hire):
    colleague = hire("officer")
    colleague.slug = "parks"
    assert "Nobody can answer yet" in colleague.consultation("report").text
    assert "Nobody can answer yet" in colleague.consultation("report/equality").text


def test_a_preview_has_no_report(app, officer):
    with in_session(app) as session, unit_of_work(session):
        consultations.get(session, SLUG).is_preview = True
    assert "Nobody can answer yet" in officer.consultation("report").text


def test_a_part_moves_and_the_page_says_where_to(app, officer):
    officer.consultation("report")
    page = officer.send("/parts/asked/move", {"way": "up"})
    assert printed(app)[:2] == ("asked", "summary")
    assert "now 1 of 12" in page.text
    page = officer.send("/parts/asked/move", {"way": "down"})
    assert "now 2 of 12" in page.text
    assert printed(app) == SECTIONS


def test_after_moving_the_focus_is_on_a_button_that_is_there(app, officer):
    officer.consultation("report")
    form = officer.page.form("/parts/asked/move")
    data = {"csrf_token": form.fields["csrf_token"], "way": "up"}
    answer = officer.client.post(form.action, data=data)
    assert answer.location.endswith("#down-asked"), "it is the first: it has no way up"
    answer = officer.client.post(form.action, data={**data, "way": "down"})
    assert answer.location.endswith("#down-asked")


def test_a_section_is_left_out_and_printed_again(app, officer):
    officer.consultation("report")
    page = officer.send("/parts/missing/switch")
    assert "missing" not in printed(app)
    assert "Left out" in page.text
    page = officer.send("/parts/missing/switch")
    assert printed(app) == SECTIONS
    assert "Left out" not in page.text


def test_everything_can_be_left_out_and_the_page_says_so(app, officer):
    page = officer.consultation("report")
    for key in SECTIONS:
        page = officer.send(f"/parts/{key}/switch")
    assert printed(app) == ()
    assert "the report would be empty" in page.text


@pytest.mark.parametrize(
    ("part", "status"), [("weather/switch", 404), ("own:000000000000/move", 200)]
)
def test_a_part_that_is_not_there(officer, part, status):
    officer.consultation("report")
    form = officer.page.form("/parts/asked/move")
    action = form.action.replace("asked/move", part)
    page = officer.post(action, {"csrf_token": form.fields["csrf_token"], "to": "on"})
    assert page.status == status
    if status == 200:
        assert "Somebody had removed it before." in page.text


def test_an_own_paragraph_is_added_where_it_is_wanted(app, officer):
    page = add(officer, title="Our view", after="asked")
    assert "It is added." in page.text
    assert "Our view" in page.text
    (key,) = own(app)
    assert printed(app)[:3] == ("summary", "asked", key)
    assert said(app, f"{key}:text") == "We thank everybody."


def test_an_empty_paragraph_is_refused_and_its_title_kept(app, officer):
    page = add(officer, " ", title="Our view")
    assert page.status == 422
    assert '<a href="#text">Write what the paragraph says' in page.html
    assert written(page, "/paragraphs/add", "title") == "Our view"
    assert own(app) == []


def test_a_text_that_cannot_be_kept_is_refused_and_all_is_kept(app, officer):
    page = add(officer, "Long " * 4_001, title="Our view")
    assert page.status == 422
    assert "This text has 20004 characters" in page.text
    assert written(page, "/paragraphs/add", "text") == "Long " * 4_001
    page = add(officer, "Fine", title="a\x07b")
    assert page.status == 422
    assert "U+0007" in page.text
    assert own(app) == []


def test_no_more_paragraphs_than_a_report_takes(app, officer, monkeypatch):
    monkeypatch.setattr(layouts, "MOST_OWN", 1)
    add(officer)
    page = add(officer, "One more")
    assert page.status == 422
    assert "takes up to 1 paragraphs" in page.text
    assert written(page, "/paragraphs/add", "text") == "One more"


def test_a_paragraph_is_changed_and_moved(app, officer):
    add(officer, title="Our view", after="asked")
    (key,) = own(app)
    officer.consultation(f"report/paragraphs/{key}")
    assert written(officer.page, f"/paragraphs/{key}", "after") == "asked"
    officer.send(f"/paragraphs/{key}", {"text": "We listened.", "after": "start"})
    assert said(app, f"{key}:text") == "We listened."
    assert said(app, f"{key}:title") == "Our view"
    assert printed(app)[0] == key
    officer.consultation(f"report/paragraphs/{key}")
    page = officer.send(f"/paragraphs/{key}", {"text": ""})
    assert page.status == 422
    assert said(app, f"{key}:text") == "We listened."
    page = officer.send(f"/paragraphs/{key}", {"text": "x\x00y", "title": "Kept"})
    assert page.status == 422
    assert written(page, f"/paragraphs/{key}", "title") == "Kept"


def test_two_who_change_a_paragraph_both_see_both(app, officer, hire):
    add(officer, title="Our view")
    (key,) = own(app)
    other = hire("officer", email="bilal@council.example.org")
    other.consultation(f"report/paragraphs/{key}")
    officer.consultation(f"report/paragraphs/{key}")
    officer.send(f"/paragraphs/{key}", {"text": "Theirs."})
    page = other.send(f"/paragraphs/{key}", {"text": "Mine.", "title": "A new title"})
    assert page.status == 409
    assert "Theirs." in page.text
    assert written(page, f"/paragraphs/{key}", "text") == "Mine."
    assert (said(app, f"{key}:text"), said(app, f"{key}:title")) == ("Theirs.", "A new title")
    other.send(f"/paragraphs/{key}")
    assert said(app, f"{key}:text") == "Mine."


def test_words_for_a_paragraph_that_a_colleague_removed_can_be_added_anew(app, officer):
    add(officer)
    (key,) = own(app)
    officer.consultation(f"report/paragraphs/{key}")
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        layouts.remove_own(session, stored, key, actor="bilal", now=stored.opens_at)
    page = officer.send(f"/paragraphs/{key}", {"text": "Long thoughts."})
    assert page.status == 409
    assert "A colleague has removed this paragraph" in page.text
    officer.send("/paragraphs/add")
    (new,) = own(app)
    assert new != key
    assert said(app, f"{new}:text") == "Long thoughts."


def test_a_paragraph_is_removed_after_asking(app, officer):
    add(officer, title="Our view")
    (key,) = own(app)
    page = officer.consultation(f"report/paragraphs/{key}/remove")
    assert "Our view" in page.text
    page = officer.send(f"/paragraphs/{key}/remove")
    assert "It is removed." in page.text
    assert own(app) == []
    assert officer.consultation(f"report/paragraphs/{key}").status == 404
    assert officer.consultation("report/paragraphs/asked").status == 404


def test_what_must_be_considered_is_saved_by_characteristic(app, officer):
    page = officer.consultation("report/equality")
    assert all(f'name="{each}"' in page.html for each in CHARACTERISTICS)
    page = officer.send("/report/equality", {"sex": "Night buses.", "age": "Benches."})
    assert "Your words are saved." in page.text
    assert said(app, "considered:sex") == "Night buses."
    assert written(page, "/report/equality", "age") == "Benches."


def test_two_who_write_what_must_be_considered(app, officer, hire):
    other = hire("officer")
    other.consultation("report/equality")
    officer.consultation("report/equality")
    officer.send("/report/equality", {"sex": "Theirs."})
    page = other.send("/report/equality", {"sex": "Mine.", "age": "Benches."})
    assert page.status == 409
    assert "Theirs." in page.text
    assert said(app, "considered:age") == "Benches."
    other.send("/report/equality")
    assert said(app, "considered:sex") == "Mine."


def test_what_cannot_be_kept_of_it_is_told_at_its_field(app, officer):
    officer.consultation("report/equality")
    page = officer.send("/report/equality", {"sex": "a\x00b", "age": "Benches."})
    assert page.status == 422
    assert '<a href="#sex">' in page.html
    assert written(page, "/report/equality", "age") == "Benches."
    assert said(app, "considered:age") is None


def test_viewers_look_and_change_nothing(app, desk, hire, officer):
    add(officer, title="Our view")
    (key,) = own(app)
    viewer = hire(on={SLUG: "viewer"})
    page = viewer.consultation("report")
    assert "Our view" in page.text
    assert not [form for form in page.forms if "/report/" in form.action]
    assert not [
        form for form in viewer.consultation("report/equality").forms if "/report/" in form.action
    ]
    assert viewer.consultation(f"report/paragraphs/{key}").status == 403


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_pages_in_other_languages(app, desk, hire, language):
    colleague = hire("officer", language=language)
    for rest in ("report", "report/equality", "report/paragraphs/add", "report/languages"):
        assert colleague.consultation(rest).status == 200
    with in_session(app) as session:
        assert session.query(Consultation).count() == 1
