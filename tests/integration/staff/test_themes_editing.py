"""Working on themes: each act through its page, its undoing, and where it cannot be done."""

from base64 import b64encode
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from consult.db import unit_of_work
from consult.models import Job, StudyEvent, StudyKey, StudySuggestion, StudyUnit
from consult.services.themes import editing, keys, studies
from tests.support.themes import QUESTION, study_of
from tests.support.visitors import NOON, SLUG, in_session

HERE = f"/en/staff/consultations/{SLUG}/themes/{QUESTION}"


@pytest.fixture
def app(themed_app):
    """The model case with its themes."""
    return themed_app


@pytest.fixture
def officer(hire):
    return hire("officer")


@pytest.fixture
def themes(app):
    """Ids of the themes that stand, most statements first."""
    with in_session(app) as session:
        study = study_of(session)
        standing = studies.standing(session, study).state.standing
        count = func.count(StudyKey.key)
        rows = session.execute(
            select(StudyKey.theme, count)
            .where(StudyKey.study_id == study.id, StudyKey.theme.in_(standing))
            .group_by(StudyKey.theme)
            .order_by(count.desc(), StudyKey.theme)
        )
        return [theme for theme, _ in rows]


def state(app):
    with in_session(app) as session:
        return studies.standing(session, study_of(session)).state


def units_in(app, theme, count):
    """Ids of statements of a theme, each of another wording."""
    with in_session(app) as session:
        rows = session.execute(
            select(StudyUnit.id, StudyUnit.key)
            .join(
                StudyKey,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .where(StudyKey.study_id == study_of(session).id, StudyKey.theme == theme)
            .order_by(StudyUnit.key)
        )
        by_key = {key: unit for unit, key in rows}
        return [str(unit) for unit in list(by_key.values())[:count]]


def theme_of(app, unit):
    with in_session(app) as session:
        return session.execute(
            select(StudyKey.theme, StudyKey.decided_by)
            .join(
                StudyUnit,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .where(StudyUnit.id == UUID(unit))
        ).one()


def edit(app, act, *args, actor="colleague@council.example.org"):
    """What a colleague does in the same moment."""
    with in_session(app) as session, unit_of_work(session):
        return act(session, study_of(session).id, *args, actor=actor, now=NOON)


def press(colleague, rest, **fields):
    """Send one of the forms of the page that is open, by the end of its address."""
    assert colleague.page is not None
    form = next(form for form in colleague.page.forms if form.action.endswith(rest))
    data = {name: list(values) for name, values in form.fields.items()}
    return colleague.post(form.action, {**data, **fields})


def test_a_theme_is_renamed_and_the_name_taken_back(app, officer, themes):
    before = state(app).themes[themes[0]].label
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/label", label="  Damp   homes ")
    assert "A theme was renamed to “\u2068Damp homes\u2069”." in page.text
    assert state(app).themes[themes[0]].label == "Damp homes"
    page = press(officer, "/undo")
    assert "Undone: A theme was renamed" in page.text
    assert state(app).themes[themes[0]].label == before
    page = press(officer, "/undo")
    assert "Done again: A theme was renamed" in page.text
    assert state(app).themes[themes[0]].label == "Damp homes"


@pytest.mark.parametrize(
    ("typed", "said"),
    [(" ", "Write what the theme is called"), ("x" * 201, "can have 200 characters")],
    ids=["blank", "too long"],
)
def test_a_name_that_cannot_be_stays_in_its_field(app, officer, themes, typed, said):
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/label", label=typed)
    assert page.status == 422
    assert said in page.text
    assert page.form("/label").fields["label"] == [typed]
    assert state(app).history == ()


def test_the_same_name_again_changes_nothing(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    press(officer, "/label", label="Damp homes")
    page = press(officer, "/label", label="Damp homes")
    assert "nothing had to be changed" in page.text
    assert len(state(app).history) == 1


def test_a_description_is_written_and_one_too_long_is_kept(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/description", description="Mould, and cold rooms.")
    assert "was described anew" in page.text
    assert state(app).themes[themes[0]].description == "Mould, and cold rooms."
    page = press(officer, "/description", description="x" * 2001)
    assert page.status == 422
    assert "x" * 2001 in page.html
    assert state(app).themes[themes[0]].description == "Mould, and cold rooms."


def test_themes_are_merged_and_parted_again(app, officer, themes):
    keep, gone = themes[:2]
    unit = units_in(app, gone, 1)[0]
    officer.get(f"{HERE}/theme/{gone}")
    page = press(officer, "/merge", keep=keep)
    assert page.path.endswith(f"/theme/{keep}")
    assert "was merged into" in page.text
    assert theme_of(app, unit).theme == keep
    page = officer.get(f"{HERE}/theme/{gone}")  # an address that a colleague had kept
    assert page.path.endswith(f"/theme/{keep}")
    assert "was merged into this one" in page.text
    officer.get(f"{HERE}/history")
    press(officer, "/undo")
    assert theme_of(app, unit).theme == gone


def test_merging_asks_for_the_other_theme(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/merge", keep="")
    assert page.status == 422
    assert "Choose the theme that it goes into" in page.text
    assert state(app).redirects == {}


def test_merging_with_a_theme_that_was_merged_meanwhile_says_so(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    edit(app, editing.merge, themes[0], themes[1])
    page = press(officer, "/merge", keep=themes[1])
    assert page.status == 409
    assert "one theme already" in page.text


def test_a_locked_theme_is_not_renamed_and_nothing_typed_is_lost(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    edit(app, editing.lock, themes[0])
    page = press(officer, "/label", label="Something carefully thought out")
    assert page.status == 409
    assert "is locked. Unlock it first." in page.text
    assert page.form("/label").fields["label"] == ["Something carefully thought out"]
    press(officer, "/lock")
    page = press(officer, "/label", label="Something carefully thought out")
    assert "A theme was renamed" in page.text


def test_a_theme_is_hidden_and_shown_again(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/hide")
    assert state(app).hidden == {themes[0]}
    assert "Show it again" in page.text
    press(officer, "/hide")
    assert state(app).hidden == frozenset()


def test_the_list_is_locked_and_unlocked(app, officer):
    officer.get(HERE)
    page = press(officer, f"{QUESTION}/lock")
    assert "proposes no further themes" in page.text
    assert state(app).locked
    press(officer, f"{QUESTION}/lock")
    assert not state(app).locked


# Ticked statements


def judge(officer, units, act, **fields):
    assert officer.page is not None
    form = officer.page.form("/statements")
    data = {name: list(values) for name, values in form.fields.items()}
    return officer.post(form.action, {**data, "unit": units, "act": act, **fields})


def test_ticked_statements_are_moved_together_and_back(app, officer, themes):
    units = units_in(app, themes[0], 2)
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, units, "move", to=themes[1])
    assert page.path.endswith(f"/theme/{themes[0]}")
    assert "2 statements were moved to" in page.text
    assert [tuple(theme_of(app, unit)) for unit in units] == [(themes[1], "person")] * 2
    press(officer, "/undo")
    assert [tuple(theme_of(app, unit)) for unit in units] == [(themes[0], "machine")] * 2


def test_ticked_statements_fit_no_theme(app, officer, themes):
    unit = units_in(app, themes[0], 1)
    officer.get(f"{HERE}/answers?theme={themes[0]}")
    page = judge(officer, unit, "none")
    assert "1 statement was said to fit no theme" in page.text
    assert tuple(theme_of(app, unit[0])) == (None, "person")


def test_ticked_statements_are_confirmed(app, officer, themes):
    unit = units_in(app, themes[0], 1)
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, unit, "confirm")
    assert "1 statement was confirmed where it is" in page.text
    assert tuple(theme_of(app, unit[0])) == (themes[0], "person")


def test_nothing_ticked_is_told(app, officer, themes):
    officer.get(f"{HERE}/answers")
    page = judge(officer, [], "confirm")
    assert "Tick one statement or more first" in page.text
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, ["no id"], "confirm")
    assert "Tick one statement or more first" in page.text
    assert state(app).history == ()


def test_moving_asks_where_to_and_keeps_the_ticks(app, officer, themes):
    units = units_in(app, themes[0], 2)
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, units, "move", to="")
    assert page.status == 422
    assert "Choose the theme that they belong to" in page.text
    for unit in units:
        assert f'value="{unit}" checked' in page.html
    page = judge(officer, units, "move", to=themes[1])
    assert "2 statements were moved" in page.text
    assert page.path.endswith(f"/theme/{themes[0]}")


def test_a_target_that_was_split_meanwhile_leads_to_its_parts(app, officer, themes):
    units = units_in(app, themes[0], 1)
    officer.get(f"{HERE}/theme/{themes[0]}")
    with in_session(app) as session:
        parts = editing.propose_split(session, study_of(session), themes[1])
    edit(app, editing.split, themes[1], parts, ["One half", "Other half"])
    page = judge(officer, units, "move", to=themes[1])
    assert page.status == 409
    assert "was split into “\u2068One half\u2069” and “\u2068Other half\u2069”" in page.text
    assert f'value="{units[0]}" checked' in page.html
    assert theme_of(app, units[0]).decided_by == "machine"


def test_statements_that_are_gone_are_told(app, officer, themes):
    units = units_in(app, themes[0], 1)
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, [*units, str(uuid4())], "confirm")
    assert "1 ticked statement was left out" in page.text
    page = judge(officer, [str(uuid4())], "confirm")
    assert page.status == 409
    assert "not there any more" in page.text


def test_a_page_that_is_out_of_date_says_that_somebody_was_there(app, officer, themes):
    units = units_in(app, themes[0], 1)
    officer.get(f"{HERE}/theme/{themes[0]}")
    edit(app, editing.rename, themes[0], "A colleague's name for it")
    page = judge(officer, units, "move", to=themes[1])
    assert "1 statement was moved" in page.text
    assert "Somebody else has changed the themes since you opened the page" in page.text
    assert state(app).themes[themes[0]].label == "A colleague's name for it"


def test_ones_own_edit_in_another_window_is_nobody_elses(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    edit(app, editing.rename, themes[0], "My own name for it", actor=officer.email)
    page = press(officer, "/description", description="What I mean by it.")
    assert "was described anew" in page.text
    assert "Somebody else" not in page.text


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example", "//elsewhere.example", "/en/staff/accounts", "\\\\x", ""],
)
def test_a_form_leads_nowhere_else(officer, themes, back):
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = press(officer, "/label", label="Damp homes", back=back)
    assert page.path == HERE


# New themes


def test_a_theme_is_made_of_ticked_statements(app, officer, themes):
    units = units_in(app, themes[0], 2)
    officer.get(f"{HERE}/theme/{themes[0]}")
    page = judge(officer, units, "new")
    assert "2 statements go into it" in page.text
    page = press(officer, "/new", label=" ", unit=units)
    assert page.status == 422
    assert "Write what the theme is called" in page.text
    assert f'value="{units[1]}" checked' in page.html
    page = press(officer, "/new", label="Stairwells", unit=units)
    made = set(state(app).standing) - set(themes)
    assert [state(app).themes[each].label for each in made] == ["Stairwells"]
    assert page.path.endswith(f"/theme/{made.copy().pop()}")
    assert {theme_of(app, unit).theme for unit in units} == made
    assert "Made by a person" in page.text


def test_a_theme_is_made_of_a_description(app, officer, themes):
    officer.get(f"{HERE}/new")
    page = press(officer, "/new", label="Noise")
    assert page.status == 422
    assert "Say what the theme is about" in page.text
    assert page.form("/new").fields["label"] == ["Noise"]
    page = press(officer, "/new", label="Noise", description="x" * 2001)
    assert page.status == 422
    page = press(officer, "/new", label="x" * 201, description="Loud roads at night.")
    assert page.status == 422
    assert "can have 200 characters" in page.text
    press(officer, "/new", label="Noise", description="Loud roads at night.")
    made = (set(state(app).standing) - set(themes)).pop()
    assert state(app).themes[made].description == "Loud roads at night."


# Splitting


def test_a_theme_is_split_as_the_machine_proposes(app, officer, themes):
    page = officer.get(f"{HERE}/theme/{themes[0]}/split")
    ticked = {name: values for name, values in page.form("/split").fields.items() if "in-" in name}
    assert sorted(ticked) == ["in-1", "in-2"]
    page = press(officer, "/split", **{"label-1": "Cold rooms"})
    assert page.status == 422
    assert "Write what each part is called" in page.text
    assert page.form("/split").fields["label-1"] == ["Cold rooms"]
    page = press(officer, "/split", **{"label-1": "Cold rooms", "label-2": "Mould"})
    assert "was split into: “\u2068Cold rooms\u2069” and “\u2068Mould\u2069”." in page.text
    assert "This theme was split." in page.text
    parts = state(app).groups[themes[0]]
    assert {theme_of(app, unit).theme for unit in ticked["in-1"]} == {parts[0]}
    assert {theme_of(app, unit).theme for unit in ticked["in-2"]} == {parts[1]}
    press(officer, "/undo")
    assert themes[0] in state(app).standing


def test_what_is_unticked_does_not_found_a_part(app, officer, themes):
    page = officer.get(f"{HERE}/theme/{themes[0]}/split?parts=2")
    ticked = page.form("/split").fields["in-1"]
    labels = {"label-1": "Cold rooms", "label-2": "Mould"}
    page = press(officer, "/split", **labels, **{"in-1": []})
    assert page.status == 422
    assert "Each theme needs one statement or more" in page.text
    assert f'value="{ticked[0]}" checked' not in page.html
    press(officer, "/split", **labels, **{"in-1": ticked[:1]})
    assert len(state(app).themes[state(app).groups[themes[0]][0]].seeds) == 1


def test_a_theme_is_split_by_hand(app, officer, themes):
    page = officer.get(f"{HERE}/theme/{themes[0]}/split/by-hand")
    names = [name for name in page.form("/by-hand").values if name.startswith("part-")]
    labels = {"label-1": "Cold rooms", "label-2": "Mould"}
    page = press(officer, "/by-hand", **labels, **{names[0]: "1"})
    assert page.status == 422
    assert "Put at least one statement into one part, and one into another" in page.text
    assert page.form("/by-hand").fields[names[0]] == ["1"]
    page = press(officer, "/by-hand", **{"label-2": "", names[1]: "2"})
    assert page.status == 422
    assert page.form("/by-hand").fields["label-1"] == ["Cold rooms"]
    page = press(officer, "/by-hand", **labels, **{"label-3": "Rats"})
    assert page.status == 422
    assert "No statement is in part 3" in page.text
    press(officer, "/by-hand", **labels, **{"label-3": ""})
    parts = state(app).groups[themes[0]]
    assert [state(app).themes[part].label for part in parts] == ["Cold rooms", "Mould"]
    found = [theme_of(app, name.removeprefix("part-")).theme for name in names[:2]]
    assert found == list(parts)


def test_a_theme_of_one_statement_cannot_be_split(app, officer, themes):
    unit = units_in(app, themes[0], 1)[0]
    with in_session(app) as session:
        key = session.get_one(StudyUnit, UUID(unit)).key
    edit(app, editing.create, "Alone", "", [key])
    alone = theme_of(app, unit).theme
    page = officer.get(f"{HERE}/theme/{alone}/split")
    assert page.status == 409
    assert "too few different statements" in page.text


# What the machine proposes


def test_more_themes_leads_to_a_split(officer):
    page = officer.get(f"{HERE}/more")
    assert page.path.endswith("/split")
    assert "are least like each other" in page.text


def test_fewer_themes_shows_the_closest_two(app, officer, themes):
    page = officer.get(f"{HERE}/fewer")
    assert len([form for form in page.forms if form.action.endswith("/merge")]) == 2
    press(officer, "/merge")
    assert len(state(app).standing) == len(themes) - 1


@pytest.fixture
def suggestion(app, themes):
    """A theme that the machine suggests, of three statements that fit no theme."""
    with in_session(app) as session, unit_of_work(session):
        study = study_of(session)
        rows = session.scalars(
            select(StudyKey)
            .where(StudyKey.study_id == study.id, StudyKey.theme == themes[0])
            .order_by(StudyKey.key)
            .limit(3)
        ).all()
        for row in rows:
            row.theme = row.machine_theme = None
        vectors = keys.from_bytes([row.vector for row in rows])
        middle = vectors.mean(axis=0)
        session.add(
            StudySuggestion(
                study_id=study.id,
                theme="t-suggested",
                is_large_enough=True,
                label="lifts out of order",
                content={
                    "keys": sorted(row.key for row in rows),
                    "centroid": b64encode(middle.astype("<f4").tobytes()).decode(),
                    "threshold": 0.5,
                    "cohesion": 0.5,
                },
            )
        )
        study.revision += 1
    return "t-suggested"


def test_a_suggested_theme_is_taken_on(app, officer, suggestion):
    page = officer.get(HERE)
    assert "lifts out of order" in page.text
    page = press(officer, "/adopt", label="")
    assert page.status == 422
    assert "Write what the theme is called" in page.text
    press(officer, "/adopt", label="Broken lifts")
    assert "Broken lifts" in {each.label for each in state(app).themes.values()}


def test_a_suggestion_that_is_gone_is_told(app, officer, suggestion):
    officer.get(HERE)
    page = press(officer, "/adopt", suggestion="t-other", label="Broken lifts")
    assert page.status == 409
    assert "This suggestion is not there any more" in page.text


# History


def test_history_tells_who_did_what_and_why_something_cannot_be_undone(app, officer, themes):
    page = officer.get(f"{HERE}/history")
    assert "Nobody has changed anything yet" in page.text
    with in_session(app) as session:
        parts = editing.propose_split(session, study_of(session), themes[0])
    split = edit(app, editing.split, themes[0], parts, ["Cold rooms", "Mould"])
    part = state(app).groups[themes[0]][0]
    edit(app, editing.merge, part, themes[1])
    page = officer.get(f"{HERE}/history")
    assert "colleague@council.example.org" in page.text
    assert "Cannot be undone before the later changes that build on it" in page.text
    page = press(officer, "/undo", sequence=str(split))
    assert page.status == 409
    assert "later changes build on it" in page.text
    for sequence, said in ((99, "There is no such change"), ("x", "There is no such change")):
        officer.get(f"{HERE}/history")
        page = press(officer, "/undo", sequence=str(sequence))
        assert page.status == 409
        assert said in page.text


def test_undoing_twice_is_told(app, officer, themes):
    sequence = edit(app, editing.rename, themes[0], "Damp homes")
    officer.get(f"{HERE}/history")
    edit(app, editing.undo, sequence)
    page = press(officer, "/undo")
    assert page.status == 409
    assert "undone already" in page.text


def test_history_is_read_page_by_page(app, officer, themes):
    for number in range(51):
        edit(app, editing.rename, themes[0], f"Name {number}")
    page = officer.get(f"{HERE}/history")
    assert "Name 50" in page.text
    assert "“\u2068Name 0\u2069”" not in page.text
    page = officer.get(f"{HERE}/history?before=2")
    assert "“\u2068Name 0\u2069”" in page.text
    page = officer.get(f"{HERE}/history?before=1")
    assert "There is nothing older" in page.text
    page = officer.get(f"{HERE}/history?before=9999")
    assert (page.status, "Name 50" in page.text) == (200, True)
    assert officer.get(f"{HERE}?done=9999").status == 200


# Analysing


def test_all_over_again_asks_first_and_then_leads_to_the_job(app, officer):
    page = officer.get(f"{HERE}/again")
    assert "Everything that people did" in page.text
    for typed in ("0", "201", "many", "٣x"):
        page = press(officer, "/again", themes=typed)
        assert page.status == 422
        assert page.form("/again").fields["themes"] == [typed]
    page = press(officer, "/again", themes="12")
    assert "/jobs/" in page.path
    with in_session(app) as session:
        job = session.scalars(select(Job).where(Job.kind == "themes", Job.state == "waiting")).one()
        assert job.parameters["all_over_again"] is True
        assert job.parameters["themes"] == 12
    assert "being analysed just now" in officer.get(HERE).text


def test_edits_are_in_the_log_alone(app, officer, themes):
    officer.get(f"{HERE}/theme/{themes[0]}")
    press(officer, "/label", label="Damp homes")
    with in_session(app) as session:
        row = session.scalars(select(StudyEvent)).one()
        assert (row.kind, row.author) == ("rename", officer.email)
