"""The page on which words of an answer are hidden."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consult.db import unit_of_work
from consult.models import Quote, Response
from consult.services import responses
from consult.services.reading.redacted import redactions_of
from tests.support.reading import BUSES, SAY, acts, answer_id, respond, study, unit_ids
from tests.support.visitors import NOON, SLUG, in_session

WORDS = "My name is Asha Patel, ring 07700 900123. Asha waits for the number 8 bus."


@pytest.fixture
def given(app, desk):
    return respond(app, WORDS)


@pytest.fixture
def analyst(app, given, hire):
    colleague = hire("analyst")
    colleague.consultation(f"responses/{given}/answers/{SAY}")
    return colleague


def hidden(app, response_id):
    with in_session(app) as session:
        answer = answer_id(app, response_id)
        return [
            (row.start, row.end, row.reason, row.made_by)
            for row in redactions_of(session, [answer]).get(answer, [])
        ]


def test_the_machine_suggests_and_a_person_accepts_some(app, given, analyst):
    page = analyst.page
    assert page is not None
    for words in ("Asha Patel (Name)", "07700 900123 (Phone number)", "It misses many names"):
        assert words in page.text
    page = analyst.send(f"answers/{SAY}", {"suggestion": "28-40"})
    assert "1 place is hidden." in page.text
    assert "[contact details removed]" in page.text
    assert hidden(app, given) == [(28, 40, "contact", analyst.email)]
    assert "07700 900123 (Phone number)" not in page.text


def test_nothing_ticked_hides_nothing(app, given, analyst):
    page = analyst.send(f"answers/{SAY}", {"suggestion": ["1-2", "x"]})
    assert (page.status, "Tick what you want to hide" in page.text) == (422, True)
    assert hidden(app, given) == []


def send_words(colleague, given, **fields):
    page = colleague.page
    token = page.form(f"answers/{SAY}").fields["csrf_token"][0]
    address = colleague.address(f"consultations/{SLUG}/responses/{given}/answers/{SAY}")
    return colleague.post(address, {"csrf_token": token, **fields})


def test_typed_words_are_hidden_wherever_they_stand(app, given, analyst):
    page = send_words(analyst, given, words=" asha ", reason="name")
    assert "2 places are hidden." in page.text
    assert [row[:3] for row in hidden(app, given)] == [(11, 15, "name"), (42, 46, "name")]
    assert f"Hidden by {analyst.email}" in page.text


def test_selected_words_are_hidden_in_their_very_place(app, given, analyst):
    assert WORDS[62:65] == "umb"
    send_words(analyst, given, words="umb", reason="other", start="62", end="65")
    assert [row[:2] for row in hidden(app, given)] == [(62, 65)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "  ", "reason": "name"}, "Write or copy the words to hide"),
        ({"words": "Asha", "reason": "dull"}, "Choose why the words are hidden"),
        ({"words": "Omar", "reason": "name"}, "These words do not stand in the answer"),
        ({"words": "Omar", "reason": "name", "start": "²", "end": "9"}, "do not stand in"),
        ({"words": "Omar", "reason": "name", "start": "9" * 12, "end": "9"}, "do not stand in"),
    ],
)
def test_what_cannot_be_hidden_is_explained_and_kept(app, given, analyst, fields, sentence):
    page = send_words(analyst, given, **fields)
    assert (page.status, sentence in page.text) == (422, True)
    assert page.html.count(f">\n{fields['words']}</textarea>") == 1
    assert hidden(app, given) == []


def test_words_are_shown_again_by_a_colleague(app, given, analyst, hire):
    send_words(analyst, given, words="Patel", reason="name")
    officer = hire("officer")
    officer.consultation(f"responses/{given}/answers/{SAY}")
    officer.send("/show/")
    assert hidden(app, given) == []
    assert acts(app, given) == sorted(
        [
            (analyst.email, "words hidden"),
            (officer.email, "words shown again"),
        ]
    )
    page = analyst.send("/show/")
    assert "before you did" in page.text


def test_hidden_already(app, given, analyst):
    send_words(analyst, given, words="Patel", reason="name")
    page = send_words(analyst, given, words="Patel", reason="name")
    assert "All of this was hidden already." in page.text


def test_a_quote_that_holds_the_words_is_told(app, given, analyst):
    made = study(app, {given: [BUSES, BUSES]})
    with in_session(app) as session, unit_of_work(session):
        session.add(
            Quote(
                study_id=made, theme=BUSES, unit_id=unit_ids(app, given)[1], response_id=given,
                text="Asha waits for the number 8 bus.", language="en",
                approved_by="olga", approved_at=NOON,
            )
        )  # fmt: skip
    page = analyst.consultation(f"responses/{given}/answers/{SAY}")
    assert "1 statement of this answer is approved as a quote" in page.text
    page = send_words(analyst, given, words="Asha", reason="name")
    assert "1 approved quote held these words and is approved no more." in page.text


def test_what_is_not_there_is_not_found(app, given, analyst):
    for place in (
        f"{uuid4()}/answers/{SAY}",
        f"{given}/answers/vision_say",
        f"{given}/answers/who",
        f"{given}/answers/nothing",
    ):
        assert analyst.consultation(f"responses/{place}").status == 404


def test_an_answer_withdrawn_meanwhile_is_not_found(app, given, analyst, clock):
    clock.now = NOON + timedelta(minutes=5)
    page = analyst.page
    with in_session(app) as session, unit_of_work(session):
        responses.withdraw(session, session.get_one(Response, given), now=clock.now)
    analyst.page = page
    assert send_words(analyst, given, words="Asha", reason="name").status == 404


def test_a_viewer_sees_no_original_and_hides_nothing(app, given, hire):
    viewer = hire("viewer")
    place = f"responses/{given}/answers/{SAY}"
    assert viewer.consultation(place).status == 403
    token = viewer.visit("").form("/logout").fields["csrf_token"][0]
    for act in (place, f"{place}/show/{uuid4()}"):
        address = viewer.address(f"consultations/{SLUG}/{act}")
        data = {"csrf_token": token, "words": "Asha", "reason": "name"}
        assert viewer.client.post(address, data=data).status_code == 403
    assert hidden(app, given) == []
