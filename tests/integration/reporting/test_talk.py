"""What people wrote, as a report tells it: exact inside the council, by the one rule outside."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from analysis.disclosure import RULE
from analysis.suppression.attacker import Attacker
from analysis.suppression.releases import Decision, release_from_json, release_to_json
from analysis.themes.counting import State
from consult.db import unit_of_work
from consult.document.model import Part, QuestionKind
from consult.models import Answer, Coding, Response
from consult.reports.data import Audience
from consult.services import consultations
from consult.services.reading import redacting, translating_answers
from consult.services.reading.redacting import Hiding
from consult.services.reporting import talk_tables, texts
from consult.services.reporting.talk_tables import Names
from consult.services.reviewing import auditing
from consult.services.reviewing.lineup import lineup
from consult.services.themes import editing, figures, studies
from tests.support import report_attack
from tests.support.reading import BUSES, PARKS, SAY, answer_id, respond, study
from tests.support.report_attack import attack_releases
from tests.support.talk import told
from tests.support.themes import study_of
from tests.support.visitors import NOON, SLUG, in_session

SCALE = "change_say"
"""A question that a scale goes with."""


# --- Inside the council ----------------------------------------------------------------------


def test_an_internal_report_has_the_figures_of_the_pages(themed_app):
    with in_session(themed_app) as session:
        talks, _ = told(session, Audience.INTERNAL)
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        asked = [question.key for question in studies.text_questions(document)]
        assert list(talks) == asked
        for question in asked:
            talk, overview = talks[question], figures.overview(session, study_of(session, question))
            assert [
                each.value
                for each in (
                    talk.asked,
                    talk.answering,
                    talk.no_content,
                    talk.unclear,
                    talk.without_theme,
                    talk.not_yet_analysed,
                    talk.in_campaigns,
                    talk.voices,
                )
            ] == [
                overview.asked,
                overview.answering,
                overview.no_content,
                overview.unclear,
                overview.without_theme,
                overview.not_yet_analysed,
                overview.in_campaigns,
                overview.voices,
            ]
            assert (talk.campaigns, talk.small_themes) == (overview.campaigns, 0)
            assert (talk.engine, talk.model) == (overview.engine, overview.model)
            assert (talk.analysed_at, talk.is_provisional) == (
                overview.analysed_at,
                overview.is_provisional,
            )
            assert [each.id for each in talk.themes] == [each.id for each in overview.themes]
            for one, other in zip(talk.themes, overview.themes, strict=True):
                assert one.label == {"en": other.label}
                assert (one.responses.value, one.share.value) == (other.responses, other.share)
                assert (one.share.low, one.share.high) == pytest.approx((other.low, other.high))
                assert one.responses_without_campaigns.value == other.responses_without_campaigns
                assert one.share_without_campaigns.value == other.share_without_campaigns
                assert {line.key: line.count.value for line in one.languages} == other.languages
                assert (one.stability, one.reviewed_share) == (
                    other.stability,
                    other.reviewed_share,
                )


def test_sides_and_differences_are_those_of_the_pages(themed_app):
    with in_session(themed_app) as session:
        talks, _ = told(session, Audience.INTERNAL)
        looked_at = 0
        for question, talk in talks.items():
            for theme in talk.themes:
                detail = figures.theme_detail(session, study_of(session, question), theme.id)
                assert detail is not None
                if detail.stance is None:
                    assert theme.stance is None
                else:
                    sides = detail.stance.sides
                    assert theme.stance is not None
                    assert theme.stance.question == detail.stance_question
                    assert theme.stance.known.value == sides.known
                    assert theme.stance.support.value == sides.support_share
                    assert theme.stance.oppose.value == sides.oppose_share
                    assert theme.stance.differs is detail.stance.balance_differs
                clear = {
                    (column.question_key, group.value): group
                    for column in detail.columns
                    for group in column.groups
                    if group.comparison.state in (State.MORE, State.LESS)
                }
                assert {(each.dimension, each.group) for each in theme.differences} == set(clear)
                for each in theme.differences:
                    compared = clear[each.dimension, each.group].comparison
                    assert each.state == ("more" if compared.state is State.MORE else "less")
                    assert (each.share.value, each.rest.value) == (
                        compared.share,
                        compared.rest_share,
                    )
                    assert each.label["en"]
                looked_at += sum(len(column.groups) for column in detail.columns)
        assert talks[SCALE].themes[0].stance is not None
        # Whether any is clear hangs on the machine's themes; test_talk_differences has some.
        assert looked_at


def test_a_question_that_nobody_analysed_is_not_told_of(answered_app):
    with in_session(answered_app) as session:
        assert told(session, Audience.INTERNAL)[0] == {}


# --- Outside ---------------------------------------------------------------------------------


def test_a_public_report_has_nothing_that_the_rule_does_not_let_through(themed_app):
    with in_session(themed_app) as session:
        talks, _ = told(session, Audience.PUBLIC)
        for question, talk in talks.items():
            overview = figures.overview(session, study_of(session, question))
            exact = {theme.id: theme for theme in overview.themes}
            large = {name for name, theme in exact.items() if theme.responses >= 10}
            assert large
            assert {theme.id for theme in talk.themes} == large
            assert talk.small_themes == len(exact) - len(large)
            for theme in talk.themes:
                count = exact[theme.id].responses
                assert theme.responses.value in (None, 5 * round(count / 5 + 1e-9))
                assert theme.responses.low <= count
                if theme.responses.value is not None:
                    assert theme.share.value == round(
                        theme.responses.value / (talk.answering.value or 1), 2
                    )
                assert theme.stability is None or round(10 * theme.stability, 6) % 1 == 0
            counts = [theme.responses.value or 0 for theme in talk.themes]
            assert counts == sorted(counts, reverse=True)
            numbers = [
                talk.asked,
                talk.answering,
                talk.without_theme,
                *(line.count for line in talk.not_translated),
                *(line.count for theme in talk.themes for line in theme.languages),
                *(theme.responses_without_campaigns for theme in talk.themes),
                *(theme.stance.known for theme in talk.themes if theme.stance is not None),
            ]
            for number in numbers:
                assert number.value is None or (number.value % 5 == 0 and number.value >= 10)


def test_nobody_whom_answers_name_is_in_a_public_report(themed_app):
    with in_session(themed_app) as session:
        talks, _ = told(session, Audience.PUBLIC)
    whole = "".join(talk.model_dump_json() for talk in talks.values())
    for planted in ("07700", "0121 496", "example.org", "Tolland", "Achebe", "Exemplaru", "فرضی"):
        assert planted not in whole


def test_few_letters_are_not_told_and_not_given_away(themed_app):
    with in_session(themed_app) as session:
        inside, _ = told(session, Audience.INTERNAL)
        outside, settled = told(session, Audience.PUBLIC)
    assert (inside[SCALE].campaigns, inside[SCALE].in_campaigns.value) == (1, 8)
    talk = outside[SCALE]
    assert talk.campaigns is None
    assert (talk.in_campaigns.value, talk.in_campaigns.high) == (None, None)
    # 82 people less 8, and the letter once: whoever reads that knows of the 8.
    assert talk.voices.value is None
    assert all(theme.responses_without_campaigns.value is None for theme in talk.themes)
    assert talk_tables.Names(SCALE).voices not in settled


def test_what_is_hidden_stays_hidden_over_two_reports(themed_app):
    with in_session(themed_app) as session:
        people = session.scalars(select(Response).order_by(Response.id).limit(24)).all()
        for one in people:
            one.excluded_at, one.excluded_by, one.exclusion_reason = NOON, "olga", "spam"
        session.flush()
        _, before = told(session, Audience.PUBLIC)
        for one in people:
            one.excluded_at = one.excluded_by = one.exclusion_reason = None
        session.flush()
        assert before.release is not None
        first = release_from_json(release_to_json(before.release))
        _, after = told(session, Audience.PUBLIC, earlier=[first])
        session.rollback()
    assert after.release is not None
    decisions = [each for table in after.release.tables for each in table.decisions]
    assert {Decision.NEW, Decision.KEPT} <= set(decisions)
    found = attack_releases([first, after.release])
    assert len(found) > 50
    assert [each for each in found if not each.is_safe] == []


def test_who_knows_how_tables_of_different_people_hang_together_learns_no_more(
    themed_app, monkeypatch
):
    class Knowing(Attacker):
        """Knows also what the tables do not say of each other."""

        def intervals(self, keys):
            def key(universe, *about):
                return (0, (universe, frozenset(about)))

            for names in map(Names, talks):
                for theme in talks[names.question].themes:
                    raised = (names.theme, theme.id)
                    whole = key(names.universe, raised)
                    self.learn(key(f"{names.universe}: {theme.id}"))
                    self.adds_up([key(f"{names.universe}: {theme.id}")], whole)
                    for table in settled.tables:
                        if table.universe != f"{names.universe}: {theme.id}":
                            continue
                        (axis,) = table.axes
                        everybody = names.by(axis.name.rpartition(" by ")[2])
                        if axis.name.endswith(": languages"):
                            everybody = names.languages
                        for group in axis.categories:
                            if not group.startswith("others:"):
                                self.at_most(
                                    key(table.universe, (axis.name, group)),
                                    key(everybody, (everybody, group)),
                                )
                    known = key(names.stance, raised)
                    if known in self:
                        self.at_most(known, key(names.universe, raised))
                for language in ("ur", "pa", "bn", "pl", "ar", "so", "ro", "other"):
                    self.at_most(
                        key(names.languages, (names.languages, language)), key(names.universe)
                    )
                    untranslated = key(
                        names.untranslated(language), (names.untranslated(language), language)
                    )
                    assert untranslated in self
                    self.at_most(untranslated, key(names.languages, (names.languages, language)))
                self.at_most(key(names.universe), key(names.asked))
                self.at_most(key(names.asked), key("counted"))
            return super().intervals(keys)

    with in_session(themed_app) as session:
        talks, settled = told(session, Audience.PUBLIC)
    assert settled.release is not None
    alone = len(attack_releases([settled.release]))
    monkeypatch.setattr(report_attack, "Attacker", Knowing)
    found = attack_releases([settled.release])
    assert len(found) == alone
    assert [each for each in found if not each.is_safe] == []


def test_crossings_are_those_of_the_questionnaire_whatever_people_said(themed_app):
    with in_session(themed_app) as session:
        document = consultations.document_of(session, consultations.get(session, SLUG))
        talks, settled = told(session, Audience.PUBLIC)
    asked = {
        question.key
        for question in document.questions
        if question.part is Part.MONITORING
        and question.kind in (QuestionKind.SINGLE_CHOICE, QuestionKind.WARD)
    }
    assert {"ward", "age", "religion"} < asked
    tables = {table.name: table for table in settled.tables}
    for each in talks:
        for dimension in asked:
            (axis,) = tables[Names(each).by(dimension)].axes
            # Groups are there whether anybody is in them or not.
            question = next(each for each in document.questions if each.key == dimension)
            expected = [option.key for option in question.options]
            if dimension == "ward":
                expected = [*(area.code for area in document.areas), "outside_area"]
            assert list(axis.categories) == [*expected, talk_tables.UNKNOWN]


@pytest.mark.parametrize(
    ("counts", "bases", "expected"),
    [
        # Nobody is left to protect.
        ({"a": 20, "b": 10}, {"a": 40, "b": 40}, {"a": 20, "b": 10}),
        # Who is in no answer at all is no group.
        ({"a": 20, "b": 10}, {"a": 40, "b": 40, "c": 0}, {"a": 20, "b": 10}),
        # One that nobody of the theme is in could be told from the sum.
        ({"a": 20, "b": 11}, {"a": 40, "b": 40, "c": 5}, {"a": 20, "others: b c": 11}),
        # Two small ones are enough for each other.
        (
            {"a": 20, "b": 6, "c": 4},
            {"a": 40, "b": 40, "c": 5},
            {"a": 20, "others: b c": 10},
        ),
        # All of "b" raise it: ten others must be among those that it is told with.
        (
            {"a": 30, "b": 25, "c": 12, "d": 3},
            {"a": 60, "b": 25, "c": 30, "d": 9},
            {"a": 30, "others: b c d": 40},
        ),
        # Nothing is left to tell.
        ({"a": 10, "b": 3}, {"a": 20, "b": 20}, {}),
    ],
)
def test_groups_too_small_to_be_told_go_together(counts, bases, expected):
    assert talk_tables.told_groups(counts, bases, RULE) == expected


# --- Themes made by hand ---------------------------------------------------------------------


def people(app, groups, *, words="The {} are bad at stop {}.", **changes):
    """Answers of so many people each: how many, which themes they raise, and their age."""
    given: dict[UUID, list[str]] = {}
    for many, themes, age in groups:
        for _ in range(many):
            number = len(given)
            said = " ".join(words.format(NAMES[theme], number) for theme in themes)
            answers = {"age": {"choice": age}} if age else {}
            given[respond(app, said, answers=answers, **changes)] = themes
    return given


NAMES = {BUSES: "buses", PARKS: "parks"}
OLD, YOUNG = "age_65_74", "age_25_34"


@pytest.fixture
def eighty(app, desk):
    """40 old people, 36 of them on buses; 40 young ones, 16 on buses; the others on parks."""
    given = people(
        app, [(36, [BUSES], OLD), (4, [PARKS], OLD), (16, [BUSES], YOUNG), (24, [PARKS], YOUNG)]
    )
    study(app, given)
    return list(given)


def hand(app, audience, earlier=()):
    with in_session(app) as session:
        return told(session, audience, earlier=earlier)[0][SAY]


def edit(app, act, *values):
    with in_session(app) as session, unit_of_work(session):
        act(session, made_by_hand(session).id, *values, actor="olga", now=NOON)


def made_by_hand(session):
    return studies.all_of(session, consultations.get(session, SLUG))[0]


def themes_of(talk):
    return {theme.id: theme for theme in talk.themes}


def test_a_hidden_theme_is_in_no_report(app, eighty):
    edit(app, editing.hide, PARKS)
    inside, outside = (hand(app, audience) for audience in reversed(Audience))
    for talk in (inside, outside):
        assert list(themes_of(talk)) == [BUSES]
        assert talk.small_themes == 0
        assert "parks" not in talk.model_dump_json().casefold()
    # 28 wrote of parks alone: they raise none of the report's themes.
    assert inside.without_theme.value == 28
    assert outside.without_theme.value == 30


def test_groups_differ_in_public_where_the_published_numbers_say_so(app, desk):
    given = people(
        app,
        [
            (51, [BUSES], OLD),
            (9, [PARKS], OLD),
            (18, [BUSES], YOUNG),
            (42, [PARKS], YOUNG),
            (10, [BUSES], ""),
            (2, [PARKS], ""),
        ],
    )
    study(app, given)
    inside = themes_of(hand(app, Audience.INTERNAL))[BUSES]
    assert [(d.group, d.state, d.share.value, d.rest.value) for d in inside.differences] == [
        (YOUNG, "less", 0.3, 0.85),
        (OLD, "more", 0.85, 0.3),
    ]
    outside = themes_of(hand(app, Audience.PUBLIC))
    # Told are 50 of 60 old people and 20 of 60 young ones, and 80 of 130 in all.
    found = {d.group: (d.state, d.share.value, d.rest.value) for d in outside[BUSES].differences}
    assert found == {OLD: ("more", 0.83, 0.43), YOUNG: ("less", 0.33, 0.86)}
    labels = {d.group: d.label["en"] for d in outside[BUSES].differences}
    assert labels == {OLD: "65 to 74", YOUNG: "25 to 34"}
    # The 9 old people are too few to be told: they go with the 2 who did not say.
    (found_parks,) = outside[PARKS].differences
    assert (found_parks.group, found_parks.state) == (YOUNG, "more")
    assert (found_parks.share.value, found_parks.rest.value) == (0.67, 0.21)  # 40 of 60, 15 of 70


def test_a_theme_with_few_people_is_counted_and_not_listed(app, desk):
    study(app, people(app, [(30, [BUSES], ""), (9, [PARKS], "")]))
    talk = hand(app, Audience.PUBLIC)
    assert (list(themes_of(talk)), talk.small_themes) == ([BUSES], 1)
    assert PARKS not in talk.model_dump_json()
    assert talk.without_theme.text == "fewer than 10"
    inside = hand(app, Audience.INTERNAL)
    assert (list(themes_of(inside)), inside.small_themes) == ([BUSES, PARKS], 0)


def test_a_machines_name_is_public_when_ten_people_used_its_words(app, desk):
    given = people(app, [(12, [BUSES], "")])
    given |= people(app, [(12, [PARKS], "")], words="Green places, number {1}.")
    given |= people(app, [(9, [PARKS], "")], words="{0} {1}")
    study(app, given)
    outside = themes_of(hand(app, Audience.PUBLIC))
    assert outside[BUSES].label == {"en": "Buses"}
    assert outside[PARKS].label == {}  # nine people wrote "parks"
    assert themes_of(hand(app, Audience.INTERNAL))[PARKS].label == {"en": "Parks"}
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        for key, language, text in (
            (texts.theme_label(SAY, PARKS), "ur", "پارک"),
            (texts.theme_description(SAY, PARKS), "ur", "سبز جگہیں"),
        ):
            texts.write(session, stored, key, language, text, author=texts.Author("olga"), now=NOON)
    assert themes_of(hand(app, Audience.PUBLIC))[PARKS].label == {}
    edit(app, editing.rename, PARKS, "Parks")
    edit(app, editing.describe, PARKS, "Green places")
    found = themes_of(hand(app, Audience.PUBLIC))[PARKS]
    assert (found.label, found.label_by) == ({"en": "Parks", "ur": "پارک"}, "person")
    assert found.description == {"en": "Green places", "ur": "سبز جگہیں"}


def test_words_of_answers_in_which_something_is_hidden_do_not_name_a_theme(app, desk):
    given = people(app, [(10, [BUSES], "")])
    study(app, given)
    assert themes_of(hand(app, Audience.PUBLIC))[BUSES].label == {"en": "Buses"}
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, next(iter(given))))
        redacting.hide(session, answer, [Hiding(4, 9, "name")], actor="olga", now=NOON)
    assert themes_of(hand(app, Audience.PUBLIC))[BUSES].label == {}


def test_no_name_and_no_number_of_anybody_is_in_a_public_report(app, desk):
    words = "Mrs Kettlewell of the {} said ring 07700 900123, {}."
    study(app, people(app, [(15, [BUSES], "")], words=words))
    with in_session(app) as session, unit_of_work(session):
        made = made_by_hand(session)
        frame = dict(made.frame or {})
        frame["themes"] = [
            {**theme, "label": "Mrs Kettlewell" if theme["id"] == BUSES else theme["label"]}
            for theme in frame["themes"]
        ]
        made.frame = frame
        made.revision += 1
    talk = hand(app, Audience.PUBLIC)
    assert themes_of(talk)[BUSES].label == {}
    for planted in ("Kettlewell", "07700", "900123"):
        assert planted not in talk.model_dump_json()
    assert "Kettlewell" in hand(app, Audience.INTERNAL).model_dump_json()


def test_a_theme_that_others_went_into_is_another_one(app, eighty):
    with in_session(app) as session:
        _, before = told(session, Audience.PUBLIC)
    assert before.release is not None
    edit(app, editing.merge, BUSES, PARKS)
    (merged,) = hand(app, Audience.PUBLIC, earlier=[before.release]).themes
    # The figure of the first report, 50 of buses, would stand had the theme kept its name.
    assert (merged.id, merged.responses.value) == (BUSES, 80)


def test_with_few_newcomers_the_figures_of_the_last_report_stand(app, eighty):
    with in_session(app) as session:
        talks, before = told(session, Audience.PUBLIC)
    assert before.release is not None
    with in_session(app) as session, unit_of_work(session):
        for one in eighty[:5]:
            session.get_one(Response, one).withdrawn_at = NOON
    again = hand(app, Audience.PUBLIC, earlier=[before.release])
    assert again.answering == talks[SAY].answering
    assert [theme.responses for theme in again.themes] == [
        theme.responses for theme in talks[SAY].themes
    ]
    assert hand(app, Audience.INTERNAL).answering.value == 75


def test_letters_that_many_sent_are_told_and_counted_once(app, desk):
    given = people(app, [(30, [BUSES], ""), (20, [PARKS], "")])
    study(app, given, campaigns=dict.fromkeys(list(given)[:12], 0))
    inside, outside = (hand(app, audience) for audience in reversed(Audience))
    assert (inside.campaigns, inside.in_campaigns.value, inside.voices.value) == (1, 12, 39)
    assert (outside.campaigns, outside.in_campaigns.value, outside.voices.value) == (1, 10, 40)
    # 18 wrote of buses by themselves, and the letter is one voice more: 19 of 39.
    assert themes_of(inside)[BUSES].responses_without_campaigns.value == 19
    found = themes_of(outside)[BUSES]
    assert (found.responses.value, found.responses_without_campaigns.value) == (30, 20)
    assert (found.share.value, found.share_without_campaigns.value) == (0.6, 0.5)


def test_answers_without_a_translation_are_counted_by_language(app, desk):
    given = people(app, [(20, [BUSES], "")])
    polish = people(app, [(13, [BUSES], "")], words="Autobusy numer {1}.", language="pl")
    study(app, {**given, **polish})
    inside = hand(app, Audience.INTERNAL)
    assert [(line.key, line.count.value) for line in inside.not_translated] == [("pl", 13)]
    one, other, third = list(polish)[:3]
    for each in (one, other):
        translate(app, answer_id(app, each), "Buses.")
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, other))
        later = NOON + timedelta(hours=1)
        redacting.hide(session, answer, [Hiding(0, 1, "other")], actor="olga", now=later)
        session.get_one(Response, third).withdrawn_at = NOON
    # One is translated, one is withdrawn; the translation of one is older than what was hidden.
    inside = hand(app, Audience.INTERNAL)
    assert [(line.key, line.count.value) for line in inside.not_translated] == [("pl", 11)]
    outside = {line.key: line.count for line in hand(app, Audience.PUBLIC).not_translated}
    assert set(outside) == {"ur", "pa", "bn", "pl", "ar", "so", "ro", "other"}
    assert (outside["pl"].value, outside["ur"].text) == (10, "fewer than 10")


def translate(app, answer, text):
    with in_session(app) as session, unit_of_work(session):
        translating_answers.write(
            session,
            answer,
            "en",
            text,
            origin=translating_answers.PERSON,
            translator="Ola",
            actor="olga",
            now=NOON,
        )


def test_what_readers_found_corrects_shares(app, eighty):
    with in_session(app) as session, unit_of_work(session):
        made = made_by_hand(session)
        made.audit_size = 60
        session.flush()
        found = lineup(session, made)
        for at in found.at_random[:52]:
            response = found.responses[at]
            themes = [BUSES] if eighty.index(response) % 2 else [BUSES, PARKS]
            session.add(
                Coding(
                    study_id=made.id,
                    response_id=response,
                    answer_id=found.answers[at],
                    coder="olga",
                    purpose="audit",
                    themes=themes,
                    offered=[BUSES, PARKS],
                    coded_at=NOON,
                )
            )
    with in_session(app) as session:
        audited = auditing.audited(session, made_by_hand(session))
    exact = {option.id: each.estimate for option, each in audited.themes}
    inside, outside = (hand(app, audience).checked for audience in reversed(Audience))
    assert inside is not None
    assert outside is not None
    assert (inside.read, outside.read) == (52, 50)
    assert (inside.agreement, outside.agreement) == (None, None)
    for theme in (BUSES, PARKS):
        estimate = exact[theme]
        assert estimate is not None
        assert inside.corrected[theme].value == estimate.share
        shown = outside.corrected[theme]
        # In steps of five people of 80, as whole numbers of a hundred.
        assert shown.value in {round(5 * step / 80, 2) for step in range(17)}
        assert shown.low is not None
        assert shown.high is not None
        assert shown.low <= max(estimate.interval.low, 0)
        assert shown.high >= min(estimate.interval.high, 1)


def test_nobody_has_read_anything(app, eighty):
    assert hand(app, Audience.INTERNAL).checked is None
