"""Areas, who lives here, and the figures of the population."""

import io

import pytest

from tests.support.editing import PARKS, content_of, item, on, written
from tests.support.visitors import SLUG


@pytest.fixture
def officer(app, parks, hire):
    return on(hire("officer"), PARKS)


@pytest.fixture
def on_model(desk, hire):
    return hire("officer")


def save_areas(colleague, text):
    colleague.consultation("areas")
    return colleague.send("/areas", {"areas": text})


def upload(colleague, form_name, content, name="list.csv", **typed):
    form = colleague.page.form(form_name)
    data = {field: entries[0] for field, entries in form.fields.items() if entries}
    return colleague.post(
        form.action,
        {**data, **typed, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize(
    "text",
    [
        "E1,East\nE2,West",
        " code , name \r\n\r\nE1,East\r\nE2 , West,\r\n",
        "E1\tEast\nE2\tWest",
        "E1;East\nE2;West",
        'Code;Ward\nE1;"East"\nE2;West',
    ],
)
def test_areas_are_pasted_in_any_shape_that_spreadsheets_make(app, officer, text):
    page = save_areas(officer, text)
    assert "Saved" in page.text
    assert content_of(app, PARKS)["areas"] == [
        {"code": "E1", "name": "East"},
        {"code": "E2", "name": "West"},
    ]
    assert written(page, "/areas", "areas") == "E1,East\nE2,West"
    assert "2 areas are listed." in page.text


def test_names_with_commas_and_of_other_scripts_come_back(app, officer):
    page = save_areas(officer, 'E1,"Heath, Upper"\nE2,Heath, Lower\nE3,مشرق')
    names = [area["name"] for area in content_of(app, PARKS)["areas"]]
    assert names == ["Heath, Upper", "Heath, Lower", "مشرق"]
    officer.send("/areas")
    assert [area["name"] for area in content_of(app, PARKS)["areas"]] == names
    assert '"Heath, Upper"' in written(page, "/areas", "areas")


def test_lines_that_are_no_areas_are_named_and_all_is_kept(app, officer):
    text = f"E1,East\nnonsense\nE 3,West\nE1,North\nE4,{'x' * 121}\n,Nameless\nE9,"
    page = save_areas(officer, text)
    assert page.status == 422
    assert "Line 2: write a code, a comma and a name" in page.text
    assert "Line 3: “E 3” is no code" in page.text
    assert "Line 4: the code E1 stands in line 1 already" in page.text
    assert "Line 5: this is too long, at most 120 characters are taken" in page.text
    assert "Line 6: write a code" in page.text
    assert "And 1 more line like these." in page.text
    assert written(page, "/areas", "areas") == text
    assert "areas" not in content_of(app, PARKS)


def test_a_file_takes_the_place_of_the_list(app, officer):
    for content in (b"\xef\xbb\xbfE1,East", "E1\tÉast".replace("É", "E").encode("utf-16")):
        officer.consultation("areas")
        page = upload(officer, "/areas", content, areas="X,Old")
        assert page.status == 200
        assert content_of(app, PARKS)["areas"] == [{"code": "E1", "name": "East"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04...", "This is a spreadsheet file. Save it as “CSV UTF-8”"),
        (b"E1,Caf\xe9", "We cannot read this file as text"),
        (b"\x00\x00", "We cannot read this file as text"),
        (b"", "We cannot read this file as text"),
    ],
)
def test_a_file_that_is_no_list_is_explained(app, officer, content, message):
    officer.consultation("areas")
    page = upload(officer, "/areas", content, areas="X,Typed")
    assert page.status == 422
    assert '<a href="#file">' in page.html
    assert message in page.text
    assert written(page, "/areas", "areas") == "X,Typed"
    assert "areas" not in content_of(app, PARKS)


def test_who_lives_here_is_chosen_in_two_steps(app, on_model):
    page = on_model.consultation("residents")
    assert page.form("/residents").fields["any_of"] == ["resident"]
    page = on_model.send("/residents", {"question": "age", "show_answers": "1"})
    assert page.form("/residents").values["any_of"][0] == "age_16_24"
    assert content_of(app)["residents"]["question"] == "who"
    page = on_model.send("/residents", {"any_of": [], "show_answers": None})
    assert "The answers of people who live here: write this" in page.text
    on_model.send("/residents", {"any_of": ["age_16_24", "nonsense"]})
    assert content_of(app)["residents"] == {"question": "age", "any_of": ["age_16_24"]}
    on_model.send("/residents", {"question": ""})
    assert content_of(app)["residents"] is None


def test_a_question_that_is_none_is_refused(app, on_model):
    on_model.consultation("residents")
    page = on_model.send("/residents", {"question": "vision_say"})
    assert page.status == 422
    assert content_of(app)["residents"]["question"] == "who"


def test_figures_of_the_model_case_come_back_as_they_were(app, on_model):
    before = content_of(app)
    page = on_model.consultation("population")
    assert "How old are you?" in page.text
    for key in ("ward", "age", "gender_identity", "main_language"):
        page = on_model.consultation(f"population/{key}")
        assert page.status == 200
        on_model.send(f"/population/{key}")
        assert content_of(app) == before, key


def test_census_figures_are_filled_in_and_saved_by_another_button(app, on_model):
    before = content_of(app)
    on_model.consultation("population/gender_identity")
    page = on_model.send(
        "/population/gender_identity", {"offered": "Westminster/gender_identity", "fill_in": "1"}
    )
    assert "Not saved yet" in page.text
    assert content_of(app) == before
    page = on_model.send("/population/gender_identity", {"fill_in": None})
    entry = next(
        e for e in content_of(app)["reference_population"] if e["dimension"] == "gender_identity"
    )
    # The census has four categories of those who are different: 659, 253, 233 and 184.
    same = "Gender identity the same as sex registered at birth"
    assert entry["counts"] == {same: 159_772, "different": 1_329}
    assert entry["base"] == "usual residents aged 16 and over who answered the question"
    assert entry["as_of"] == "2021-03-21"
    assert "Open Government Licence v3.0" in entry["source"]
    options = item(app, "questions", "gender_identity")["options"]
    assert [(o["key"], o["category"]) for o in options] == [("same", same), ("different", None)]
    assert "Still to do" not in page.text


def test_census_figures_of_wards_are_found_by_the_names_of_areas(app, officer):
    save_areas(officer, "a1,acocks green\na2,Somewhere else")
    officer.consultation("questions/add/fields?kind=ward&part=monitoring")
    officer.send("questions/add/fields", {"label": "Ward?"})
    officer.consultation("population/ward")
    page = officer.send("/population/ward", {"offered": "Birmingham/ward", "fill_in": "1"})
    assert written(page, "/population/ward", "counts") == "a1,20053"
    assert "These figures say nothing about: Somewhere else" in page.text
    officer.send("/population/ward", {"fill_in": None})
    assert content_of(app, PARKS)["reference_population"][0]["counts"] == {"a1": 20053}
    assert item(app, "questions", "ward", PARKS)["dimension"] == "ward"


def test_census_figures_without_any_of_the_areas_say_so(officer):
    officer.consultation("questions/add/fields?kind=ward&part=monitoring")
    officer.send("questions/add/fields", {"label": "Ward?"})
    officer.consultation("population/ward")
    page = officer.send("/population/ward", {"offered": "Bury/ward", "fill_in": "1"})
    assert page.status == 422
    assert "None of your areas is called like an area of these figures" in page.text
    page = officer.send("/population/ward", {"offered": "Atlantis/ward", "fill_in": "1"})
    assert page.status == 422
    assert "Choose figures of the list" in page.text


OWN = {
    "base": "people with a library card",
    "source": "our own register",
    **{"as_of-day": "1", "as_of-month": "4", "as_of-year": "2026"},
}


def age_question(colleague):
    colleague.consultation("questions/add/fields?kind=single_choice&part=monitoring")
    labels = {"option-1-label": "Young", "option-2-label": "Old", "option-3-label": "Ageless"}
    colleague.send("questions/add/fields", {"label": "Age group?", **labels})


def test_own_figures_are_pasted_read_and_given_to_answers(app, officer):
    age_question(officer)
    page = officer.consultation("population/age_group")
    assert "There are no figures yet, so nothing is compared" in page.text
    counts = "Category,Count\nyoung,1,200\nElderly people,800"
    page = officer.send("/population/age_group", {**OWN, "counts": counts, "read_list": "1"})
    fields = page.form("/population/age_group").fields
    chosen = [fields[f"category-{key}"][0] for key in ("young", "old", "ageless")]
    assert chosen == ["young", "-", "-"]
    assert content_of(app, PARKS).get("reference_population") is None
    page = officer.send(
        "/population/age_group", {"category-old": "Elderly people", "read_list": None}
    )
    assert "Saved" in page.text
    content = content_of(app, PARKS)
    assert content["reference_population"] == [
        {
            "dimension": "age_group",
            "base": "people with a library card",
            "source": "our own register",
            "as_of": "2026-04-01",
            "area": None,
            "counts": {"young": 1200, "Elderly people": 800},
        }
    ]
    question = item(app, "questions", "age_group", PARKS)
    assert question["dimension"] == "age_group"
    assert [o["category"] for o in question["options"]] == [None, "Elderly people", None]
    assert "“⁨Ageless⁩” has no category in the figures" in page.text
    page = officer.consultation("population")
    assert "“⁨Ageless⁩” has no category in the figures of “⁨age_group⁩”" in page.text
    assert "our own register" in page.text


def test_a_category_that_nobody_can_choose_is_named(officer):
    age_question(officer)
    officer.consultation("population/age_group")
    page = officer.send(
        "/population/age_group", {**OWN, "counts": "Young,1\nOld,2\nAgeless,3\nUnborn,4"}
    )
    assert "Nobody can choose “⁨Unborn⁩”" in page.text


def test_a_total_among_the_categories_is_pointed_at(officer):
    age_question(officer)
    officer.consultation("population/age_group")
    page = officer.send(
        "/population/age_group", {**OWN, "counts": "Young,400\nOld,600\nEverybody,1000"}
    )
    assert "“Everybody” counts as many people as all other categories together" in page.text


def test_lines_that_are_no_counts_are_named_and_all_is_kept(app, officer):
    age_question(officer)
    officer.consultation("population/age_group")
    counts = "Young,many\nOld,-3\nOld\nAgeless,5\nAgeless,6\nHalf,1.5"
    page = officer.send("/population/age_group", {**OWN, "counts": counts, "as_of-day": "32"})
    assert page.status == 422
    for line in (1, 2, 3, 6):
        assert f"Line {line}: write a category, a comma and a whole number" in page.text
    assert "Line 5: “Ageless” stands in line 4 already" in page.text
    assert "There is no such day" in page.text
    assert written(page, "/population/age_group", "counts") == counts
    assert written(page, "/population/age_group", "base") == "people with a library card"
    assert content_of(app, PARKS).get("reference_population") is None


def test_an_uploaded_list_of_figures_is_shown_before_it_is_saved(app, officer):
    age_question(officer)
    officer.consultation("population/age_group")
    page = upload(officer, "/population/age_group", b"Young,7\nOld,8\nAgeless,9", **OWN)
    assert "Not saved yet" in page.text
    assert written(page, "/population/age_group", "counts") == "Young,7\nOld,8\nAgeless,9"
    officer.send("/population/age_group")
    counts = content_of(app, PARKS)["reference_population"][0]["counts"]
    assert counts == {"Young": 7, "Old": 8, "Ageless": 9}


def test_figures_are_removed_after_asking(app, on_model):
    on_model.consultation("population/age/remove")
    page = on_model.send("/remove")
    assert "It is removed." in page.text
    dimensions = [e["dimension"] for e in content_of(app)["reference_population"]]
    assert "age" not in dimensions
    assert len(dimensions) == 8
    assert "⁨age⁩” has no figures" in page.text
    assert on_model.consultation("population/age/remove").status == 404


def test_figures_that_somebody_changed_are_not_removed_unseen(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    omar.consultation("population/age/remove")
    anna.consultation("population/age")
    anna.send("/population/age", {"base": "Anna's people"})
    page = omar.send("/remove")
    assert page.status == 409
    assert "changed it while you were looking" in page.text
    omar.send("/remove")
    assert len(content_of(app)["reference_population"]) == 8
    page = omar.get(f"/en/staff/consultations/{SLUG}/population")
    assert page.status == 200


def test_figures_that_no_question_asks_for_are_listed(app, on_model):
    on_model.consultation("question/age/remove")
    on_model.send("/remove")
    page = on_model.consultation("population")
    assert "There are figures of “⁨age⁩”, and no question asks for it." in page.text


def test_only_questions_with_answers_to_choose_are_compared(on_model):
    assert on_model.consultation("population/vision_say").status == 404
