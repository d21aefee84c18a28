"""The list of responses: what counts, what does not and why."""

import re
from datetime import timedelta
from typing import Any

import pytest

from consult.models import ResponseMark, ResponseOrigin
from consult.services import consultations
from consult.services.reading import listing
from consult.services.reading.listing import Fate, Wanted
from tests.support.reading import BUSES, PARKS, SAY, respond, study
from tests.support.visitors import NOON, SLUG, in_session

HOUR = timedelta(hours=1)
EXCLUDED: dict[str, Any] = {
    "excluded_at": NOON,
    "excluded_by": "olga",
    "exclusion_reason": "A test",
}
REFUSED: dict[str, Any] = {
    "timing": "doubtful",
    "timing_decision": "refused",
    "timing_decided_by": "olga",
}
ACCEPTED: dict[str, Any] = {**REFUSED, "timing_decision": "accepted"}


@pytest.fixture
def many(app, desk):
    """One response of every fate; two count."""
    return {
        "plain": respond(app, "More buses to the hospital, please."),
        "accepted": respond(app, "The park is dark at night.", received=NOON - HOUR, **ACCEPTED),
        "waiting": respond(app, "Too few doctors here.", language="ur", timing="doubtful"),
        "refused": respond(app, "Close the roads to cars.", **REFUSED),
        "excluded": respond(app, "Buy my watches now.", channel="paper", **EXCLUDED),
        "withdrawn": respond(app, withdrawn_at=NOON),
        "test": respond(app, "A colleague tries it out.", is_test=True),
    }


def figures(app):
    with in_session(app) as session:
        return listing.figures(session, consultations.get(session, SLUG))


def listed(app, number=1, **wanted):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        return listing.page_of(session, stored, Wanted(**wanted), number)


def test_every_response_has_one_fate_and_they_add_up(app, many):
    found = figures(app)
    assert found.by_fate == {
        Fate.COUNTED: 2,
        Fate.WAITING: 1,
        Fate.REFUSED: 1,
        Fate.EXCLUDED: 1,
        Fate.WITHDRAWN: 1,
    }
    assert found.total == 6


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"fate": Fate.COUNTED}, {"plain", "accepted"}),
        ({"fate": Fate.WAITING}, {"waiting"}),
        ({"fate": Fate.REFUSED}, {"refused"}),
        ({"fate": Fate.EXCLUDED}, {"excluded"}),
        ({"channel": "paper"}, {"excluded"}),
        ({"language": "ur"}, {"waiting"}),
        ({"origin": listing.ON_THE_PAGES, "language": "ur"}, {"waiting"}),
        ({"origin": "letter"}, set()),
        ({}, {"plain", "accepted", "waiting", "refused", "excluded"}),
    ],
)
def test_a_list_holds_what_is_wanted(app, many, wanted, names):
    leaf = listed(app, **wanted)
    assert {line.id for line in leaf.lines} == {many[name] for name in names}
    assert leaf.total == len(names)


def test_the_newest_come_first_and_a_page_beyond_the_end_is_the_last(app, many, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_LENGTH", 1)
    first, last = (listed(app, number, fate=Fate.COUNTED) for number in (1, 99))
    assert [line.id for line in first.lines] == [many["plain"]]
    assert [line.id for line in last.lines] == [many["accepted"]]
    assert (last.number, last.pages) == (2, 2)


def test_marked_ones_are_found_and_still_count(app, many):
    with in_session(app) as session:
        session.add(
            ResponseMark(
                response_id=many["plain"], kind="suspected_spam", reason="many_links",
                marked_by="machine", marked_at=NOON,
            )
        )  # fmt: skip
        session.commit()
    (line,) = listed(app, marked=True).lines
    assert (line.id, line.fate, list(line.marks)) == (
        many["plain"],
        Fate.COUNTED,
        ["suspected_spam"],
    )
    assert figures(app).marked == 1


def test_a_response_from_a_letter_is_found_by_how_it_came(app, many):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        session.add(
            ResponseOrigin(
                response_id=many["plain"], consultation_id=stored.id, kind="letter",
                source="Letter of 3 May", entered_by="olga", entered_at=NOON,
            )
        )  # fmt: skip
        session.commit()
    assert [line.id for line in listed(app, origin="letter").lines] == [many["plain"]]
    assert figures(app).origins == {listing.ON_THE_PAGES: 4, "letter": 1}


def test_long_words_are_cut_at_a_word(app, desk):
    respond(app, "Buses " + "never " * 50)
    (line,) = listed(app).lines
    assert line.first_words.endswith("never …")
    assert len(line.first_words) <= listing.FIRST_WORDS + 2


# The page


def test_the_page_says_what_counts_and_why_not(app, many, hire):
    page = hire("analyst").consultation("responses")
    for sentence in (
        "Count in every figure and every theme",
        "their clocks do not tell whether they came in time",
        "they came too late, as an officer decided",
        "an officer left them out, with a reason",
        "their people took them back, and they are deleted",
    ):
        assert sentence in page.text
    assert "5 responses" in page.text
    assert "A colleague tries it out" not in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("show=waiting", "Too few doctors here."),
        ("show=excluded", "Buy my watches now."),
        ("language=ur&channel=online", "Too few doctors here."),
    ],
)
def test_a_filter_shows_its_responses_and_no_others(app, many, hire, query, words):
    page = hire("analyst").consultation(f"responses?{query}")
    assert words in page.text
    assert page.html.count("consult-response-list__item") == 1


@pytest.mark.parametrize(
    "query", ["show=withdrawn", "show=x", "letter=x", "like=x", "page=x", "channel=%27", "page=-3"]
)
def test_what_cannot_be_asked_for_shows_all(app, many, hire, query):
    assert "5 responses" in hire("analyst").consultation(f"responses?{query}").text


def test_nothing_fits(app, many, hire):
    page = hire("analyst").consultation("responses?language=bn")
    assert "No response fits" in page.text


def test_before_anybody_answered(app, desk, hire):
    assert "There is no response yet" in hire("analyst").consultation("responses").text


def test_the_list_goes_on_another_page(app, many, hire, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_LENGTH", 2)
    officer = hire("officer")
    page = officer.consultation("responses?show=counted")
    assert "Older responses" not in page.text
    page = officer.consultation("responses")
    assert "part 1 of 3" in page.text
    (link,) = re.findall(r'href="([^"]*)" rel="next"', page.html)
    assert "part 2 of 3" in officer.get(link.replace("&amp;", "&")).text


def test_a_viewer_and_others_do_not_read_what_people_wrote(app, many, hire):
    for colleague in (hire("viewer"), hire("partner"), hire(on={SLUG: "viewer"})):
        for place in ("responses", "responses/repeats", f"responses/{many['plain']}"):
            assert colleague.consultation(place).status == 403
    assert hire(on={}).consultation("responses").status == 404


def test_an_analyst_of_this_consultation_reads(app, many, hire):
    assert hire(on={SLUG: "analyst"}).consultation("responses").status == 200


# Letters and repeats


LETTER = "Please keep the leisure centre open because our children learn to swim there."


def test_letters_in_many_copies_are_listed_with_their_responses(app, desk, hire):
    copies = [respond(app, LETTER, received=NOON + place * HOUR) for place in range(3)]
    left_out = respond(app, LETTER, **EXCLUDED)
    other = respond(app, "The bus never comes on time here.")
    study(
        app,
        {**{each: [PARKS] for each in (*copies, left_out)}, other: [BUSES]},
        campaigns=dict.fromkeys((*copies, left_out), 0),
    )
    analyst = hire("analyst")
    page = analyst.consultation("responses/repeats")
    assert "3 copies" in page.text
    assert LETTER in page.text
    page = analyst.consultation(f"responses?letter={SAY}.0")
    assert "4 responses" in page.text
    assert "The bus never comes" not in page.text


def test_equal_responses_are_listed_with_how_many_count(app, desk, hire):
    first = respond(app, LETTER)
    respond(app, LETTER, received=NOON + HOUR)
    respond(app, LETTER, received=NOON + 2 * HOUR, **EXCLUDED)
    respond(app, "The bus never comes on time here.")
    analyst = hire("analyst")
    page = analyst.consultation("responses/repeats")
    assert "3 equal responses" in page.text
    assert "1 of them does not count" in page.text
    assert "2 responses are marked as perhaps repeats" in page.text
    page = analyst.consultation(f"responses?like={first}")
    assert "3 responses" in page.text
    assert "The bus never comes" not in page.text


def test_nothing_came_twice(app, desk, hire):
    respond(app, "The bus never comes on time here.")
    page = hire("analyst").consultation("responses/repeats")
    assert "nobody has asked for that yet" in page.text
    assert "No two responses with words in them say exactly the same" in page.text
