"""The page that watches a consultation: its figures, for whom they are exact, and their files."""

import csv
import io
import re
import threading
from dataclasses import fields
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from analysis.disclosure import Published
from consult.db import db, unit_of_work
from consult.jobs import watching as work
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import AuditEvent, Job, OutreachAct, Petition, WatchSnapshot
from consult.services import consultations, workspaces
from consult.services.watching import snapshots
from consult.services.watching.disclosed import AT_IT, KNOWN, UNFINISHED, UNKNOWN, Counted, disclose
from tests.support.jobs import FAST
from tests.support.outreach import let_answer
from tests.support.visitors import NOON, SLUG, Visitor, in_session

WATCH = "watch"

RELIGION = {"muslim": 23, "christian": 61, "no_religion": 47, "sikh": 7, "hindu": 3}


def fill(app, key, people):
    """Let people answer one question of the model case, and commit."""
    with in_session(app) as session, unit_of_work(session):
        let_answer(session, consultations.get(session, SLUG), key, people)


@pytest.fixture
def come(app, desk):
    """141 people who said their religion, 7 and 3 of them of small groups; one ward of two."""
    fill(app, "religion", RELIGION)


def figures(app):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        return snapshots.make(session, stored, document, now=NOON), document


def cells(page):
    """What stands in the tables, without markup."""
    found = re.findall(r'<td class="govuk-table__cell[^"]*">(.*?)</td>', page.html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def plain(text):
    """Without the signs that keep directions of writing apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


# What stands on it


def test_a_consultation_that_is_not_open_has_nothing_to_watch(app, hire):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    officer = hire("officer")
    page = officer.visit("consultations/another-one/watch")
    assert "this consultation is not open" in page.text
    for rest in ("figures", "respondents.csv", "population.csv"):
        page = officer.visit(f"consultations/another-one/watch/{rest}")
        assert (page.status, page.path) == (200, officer.address("consultations/another-one/watch"))


def test_before_the_first_response_the_page_says_so(app, desk, hire):
    page = hire("officer").consultation(WATCH)
    assert page.status == 200
    assert "Responses that count 0" in page.text
    assert "No group is flagged as missing." in page.text


def test_who_is_missing_is_said_first_and_what_would_make_the_difference(come, hire):
    text = plain(hire("analyst").consultation(WATCH).text)
    # 23 of 141; 341,811 of 1,075,061 residents who answered.
    assert "Muslim (Religion): 23 of 141 responses (16%), but 32% of residents." in text
    # (23 + m) / (141 + m) reaches 0.8 * 0.31795 at m = 17.3
    assert "18 more responses from this group, if nobody else answered" in text
    assert "7" in cells(hire("analyst").consultation(WATCH))


def test_the_days_of_the_chart_are_those_of_the_consultation(app, desk, hire):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        kathmandu = document.model_copy(update={"timezone": "Asia/Kathmandu"})
        consultations.store(session, kathmandu, actor="test", now=NOON)
        # 18:20 UTC is five past midnight there, where clocks are 5:45 ahead.
        at = NOON.replace(hour=18, minute=20) - timedelta(days=1)
        let_answer(session, stored, "religion", {"sikh": 2}, at=at)
    page = hire("officer").consultation(WATCH)
    assert "2 responses since 1 December 2026. Most came on 1 December 2026: 2." in page.text
    assert "Figures of 17:45 on 1 December 2026." in page.text


def test_time_left_is_told_in_days_of_its_own_zone(app, desk, hire, clock):
    officer = hire("officer")
    closes = consultations_closes(app)
    assert f"Time left {(closes.date() - NOON.date()).days} days" in (
        officer.consultation(WATCH).text
    )
    clock.now = closes - timedelta(hours=1)
    hired = hire("officer")
    assert "Time left closes today" in hired.consultation(WATCH).text
    clock.now = closes + timedelta(days=2)
    hired = hire("officer")
    assert "Time left closed" in hired.consultation(WATCH).text


def consultations_closes(app):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        return consultations.document_of(session, stored).closes


def test_where_people_stopped_is_told_with_what_nobody_knows(app, desk, hire, visitor, clock):
    visitor.visit("answer")
    visitor.answer("who", answer="resident")
    clock.now += timedelta(hours=2)
    text = hire("officer").consultation(WATCH).text
    assert "Begun and not sent: 1." in text
    assert "Who only reads, and answers no question, is not recorded." in text
    assert "Where people stopped: the first question they have not seen" in text


def test_petitions_stand_apart(app, desk, hire):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        session.add(
            Petition(
                consultation_id=stored.id,
                title="Keep <the> trees",
                asks="x",
                organiser="y",
                signatures=1_204,
                received_on=date(2026, 11, 20),
                recorded_by="o",
                recorded_at=NOON,
            )
        )
    page = hire("viewer").consultation(WATCH)
    assert "Responses that count 0" in page.text
    assert "Keep &lt;the&gt; trees" in page.html
    assert {"1,204", "20 November 2026"} <= set(cells(page))


def test_what_was_done_begins_a_stage_that_the_page_names(app, come, hire):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        opened = stored.opens_at.date()
        session.add(
            OutreachAct(
                consultation_id=stored.id,
                what="A morning at the mosque",
                on=max(opened + timedelta(days=1), NOON.date()),
                recorded_by="o",
                recorded_at=NOON,
            )
        )
    text = plain(hire("officer").consultation(WATCH).text)
    assert (
        "Confirmed flags rest on the responses of this stage alone: A morning at the mosque."
        in text
    )


def test_the_page_is_in_the_language_of_its_address(come, hire):
    page = hire("officer", language="ur").consultation(WATCH)
    assert page.status == 200
    assert 'dir="rtl"' in page.html
    assert "مسلم" in page.html


# Who may see what


def test_a_viewer_sees_no_small_number_in_any_table(come, hire):
    viewer = hire("viewer").consultation(WATCH)
    exact = hire("analyst").consultation(WATCH)
    small = {str(number) for number in range(1, 10)}
    assert small & set(cells(exact)), "the sweep has something to find"
    assert small & set(cells(viewer)) == set()
    numbers = [int(c.replace(",", "")) for c in cells(viewer) if re.fullmatch(r"[\d,]+", c)]
    assert numbers
    assert [number for number in numbers if number % 5] == []
    assert "fewer than 10" in cells(viewer)


def test_a_viewer_s_sentences_hold_rounded_numbers(come, hire):
    text = plain(hire("viewer").consultation(WATCH).text)
    assert "Muslim (Religion): 25 of 140 responses (18%), but 32% of residents." in text
    said = re.findall(r"([\d,]+) of ([\d,]+) (?:responses|people)", text)
    assert said
    assert [pair for pair in said if any(int(n.replace(",", "")) % 5 for n in pair)] == []


def test_a_viewer_s_chart_is_drawn_from_rounded_numbers(come, hire):
    viewer = hire("viewer").consultation(WATCH)
    exact = hire("analyst").consultation(WATCH)
    drawn = '<svg x="([^"]+)" y="13"'
    # Of a group of 7 and one of 3 the exact chart has marks, the other none.
    assert len(re.findall(drawn, exact.html)) > len(re.findall(drawn, viewer.html)) > 0


@pytest.mark.parametrize("people", [RELIGION, {"muslim": 9, "christian": 10, "sikh": 1}, {}])
def test_no_published_number_is_exact_and_small(app, desk, people):
    fill(app, "religion", people)
    found, document = figures(app)
    shown = disclose(found, document, is_exact=False)
    for figure in published(shown):
        assert figure.value is None or figure.value == 0 or figure.value >= 5
        assert figure.value is None or figure.value % 5 == 0
    for table in (shown.way, shown.language, shown.home, *shown.groups.values()):
        assert [f.text for f in table.rows.values() if f.value is not None and f.value < 10] == []


def published(shown):
    """Every number of a set of figures."""
    for each in fields(shown):
        value = getattr(shown, each.name)
        if isinstance(value, Published):
            yield value
        if isinstance(value, Counted):
            yield from (*value.rows.values(), value.total)
        if each.name == "groups":
            for table in value.values():
                yield from (*table.rows.values(), table.total)
        if each.name == "standing":
            yield from value.values()


def test_exact_figures_are_exact(app, come):
    found, document = figures(app)
    shown = disclose(found, document, is_exact=True)
    religion = shown.groups["religion"]
    assert [religion[name].value for name in ("sikh", "hindu", KNOWN, UNKNOWN)] == [7, 3, 141, 0]
    assert religion.total.value == 141
    assert (shown.begun[UNFINISHED].value, shown.begun[AT_IT].value) == (0, 0)


def test_one_response_more_changes_nothing_for_a_viewer(app, come, hire):
    viewer, analyst = hire("viewer"), hire("analyst")
    before, exact = viewer.consultation(WATCH), analyst.consultation(WATCH)
    with in_session(app) as session, unit_of_work(session):
        let_answer(session, consultations.get(session, SLUG), "religion", {"sikh": 9})
    assert cells(viewer.consultation(WATCH)) == cells(before)
    assert cells(analyst.consultation(WATCH)) != cells(exact)
    with in_session(app) as session, unit_of_work(session):
        let_answer(session, consultations.get(session, SLUG), "religion", {"sikh": 1})
    assert cells(viewer.consultation(WATCH)) != cells(before)


def test_crossed_groups_are_for_those_who_may_see_exact_numbers(come, hire):
    heading = "Groups that two questions define together"
    assert heading in hire("analyst").consultation(WATCH).text
    assert heading not in hire("viewer").consultation(WATCH).text


# The files


def test_the_files_are_for_analysts_and_the_trail_says_who_took_them(app, come, hire):
    analyst = hire("analyst")
    people = analyst.consultation("watch/respondents.csv")
    rows = list(csv.DictReader(io.StringIO(people.html)))
    assert len(rows) == 141
    assert sum(row["religion"] == "sikh" for row in rows) == 7
    assert set(rows[0]) == {
        "ward", "age", "sex", "gender_identity", "ethnic_group", "religion", "disability",
        "sexual_orientation", "main_language",
    }  # fmt: skip
    assert people.response.headers["Content-Disposition"] == (
        f'attachment; filename="{SLUG}-respondents.csv"'
    )
    assert people.response.headers["Cache-Control"] == "no-store"
    with in_session(app) as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "respondents downloaded")
        ).one()
        assert (event.actor, event.details) == (analyst.email, {"people": 141})


def test_the_population_s_file_names_its_source(come, hire):
    page = hire("analyst").consultation("watch/population.csv")
    row = next(csv.DictReader(io.StringIO(page.html)))
    assert (row["dimension"], row["category"], row["count"]) == ("ward", "E05011118", "26154")
    assert "Census 2021" in row["source"]


@pytest.mark.parametrize("name", ["respondents", "population"])
def test_viewers_are_not_given_the_files(come, hire, name):
    viewer = hire("viewer")
    assert viewer.consultation(f"watch/{name}.csv").status == 403
    assert f"{name}.csv" not in viewer.consultation(WATCH).html


# Quick, and quiet


def test_figures_are_kept_until_something_changes(app, come, hire, monkeypatch):
    officer = hire("officer")
    officer.consultation(WATCH)
    monkeypatch.setattr(snapshots, "make", None)  # it would be called in vain
    assert officer.consultation(WATCH).status == 200


def test_the_fragment_is_the_part_that_changes(come, hire):
    officer = hire("officer")
    whole = officer.consultation(WATCH).html
    answer = officer.client.get(officer.address(f"consultations/{SLUG}/watch/figures"))
    text = answer.get_data(as_text=True)
    assert "<html" not in text
    assert stamp_of(text) == stamp_of(whole)
    assert "Muslim" in text


def stamp_of(html):
    return re.search(r'data-watch-figures data-stamp="([^"]+)"', html)[1]  # type: ignore[index]


def test_the_stamp_of_the_page_changes_with_its_figures(app, come, hire):
    officer = hire("officer")
    before = stamp_of(officer.consultation(WATCH).html)
    assert stamp_of(officer.consultation(WATCH).html) == before
    fill(app, "religion", {"sikh": 1})
    assert stamp_of(officer.consultation(WATCH).html) != before


def test_without_scripts_there_is_a_link_to_refresh(come, hire):
    page = hire("officer").consultation(WATCH)
    assert f'href="/en/staff/consultations/{SLUG}/watch">Refresh</a>' in page.html
    assert "data-watch-pause hidden" in page.html


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(snapshots, "SMALL", 0)


@pytest.fixture
def work_off(app, clock, tmp_path):
    """Let a worker do what waits, at the application's time."""

    def work_off():
        with in_session(app):
            sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
        with Presence(tmp_path / "workers") as presence:
            runner = Runner(
                sessions,
                KINDS,
                app.config["CONSULT_SETTINGS"],
                presence,
                stop=threading.Event(),
                pace=FAST,
                clock=clock,
            )
            while runner.run_next():
                pass

    return work_off


def jobs_of(app):
    with in_session(app) as session:
        return session.scalar(select(func.count(Job.id)).where(Job.kind == work.KIND))


def test_a_large_consultation_is_counted_by_a_job(app, come, large, hire, clock, work_off):
    viewer = hire("viewer")
    page = viewer.consultation(WATCH)
    assert "The first figures are being worked out." in page.text
    viewer.consultation(WATCH)
    assert jobs_of(app) == 1, "one job at a time"
    work_off()
    assert "Responses that count 140" in viewer.consultation(WATCH).text


def test_old_figures_of_a_large_one_are_shown_with_their_time(
    app, come, large, hire, clock, work_off
):
    analyst = hire("analyst")
    analyst.consultation(WATCH)
    work_off()
    assert "new figures are being worked out" not in analyst.consultation(WATCH).text
    fill(app, "religion", {"sikh": 1})
    clock.now += timedelta(minutes=2)
    page = analyst.consultation(WATCH)
    assert "Figures of 12:00 on 1 December 2026." in page.text
    assert "More has come since then: new figures are being worked out." in page.text
    assert "Responses that count 141" in page.text
    assert jobs_of(app) == 1, "not within five minutes of the last"
    clock.now += timedelta(minutes=4)
    analyst.consultation(WATCH)
    assert jobs_of(app) == 2
    work_off()
    assert "Responses that count 142" in analyst.consultation(WATCH).text


def test_a_job_for_a_consultation_that_is_gone_says_so(app, desk, work_off):
    with in_session(app) as session, unit_of_work(session):
        work.ask(session, "gone-meanwhile", now=NOON)
    work_off()
    with in_session(app) as session:
        job = session.scalars(select(Job).where(Job.kind == work.KIND)).one()
        assert (job.state, job.fault) == ("failed", "gone")
        assert session.scalars(select(WatchSnapshot)).all() == []


def test_words_of_questions_that_have_changed_are_shown_at_once(app, come, hire):
    officer = hire("officer")
    officer.consultation(WATCH)
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        question = document.question("religion")
        assert question is not None
        options = tuple(
            o.model_copy(update={"label": "Islam"}) if o.key == "muslim" else o
            for o in question.options
        )
        changed = question.model_copy(update={"options": options})
        questions = tuple(changed if q.key == "religion" else q for q in document.questions)
        consultations.store(
            session, document.model_copy(update={"questions": questions}), actor="t", now=NOON
        )
    text = plain(officer.consultation(WATCH).text)
    assert "Islam (Religion)" in text, text[600:1500]


def test_who_is_signed_out_gets_no_figures(come, visitor: Visitor):
    answer = visitor.client.get(f"/en/staff/consultations/{SLUG}/watch/figures")
    assert answer.status_code == 303
