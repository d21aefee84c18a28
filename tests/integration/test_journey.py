"""The resident's way through the pages, without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.languages import LANGUAGES
from consult.models import Answer, Contact, ContactIntake, Draft, Response
from consult.services.codes import parse_code
from tests.support.visitors import SLUG, Clock, Visitor, in_session, put

CODE = re.compile(r"data-code>([\d ]{19})<")


def code_on(page) -> str:
    found = CODE.search(page.html)
    assert found is not None, page.text
    return found.group(1)


def count(app: Flask, table) -> int:
    with in_session(app) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_language_is_chosen_by_native_name_and_the_browsers_is_first(visitor: Visitor) -> None:
    page = visitor.get(f"/c/{SLUG}", headers={"Accept-Language": "ur-PK,ur;q=0.9,en;q=0.5"})
    assert '<html class="govuk-template" lang="ur" dir="rtl">' in page.html
    names = re.findall(r'consult-language-choice__button"[^>]*>([^<]+)</a>', page.html)
    assert names[0] == "اردو"
    assert sorted(names) == sorted(language.native_name for language in LANGUAGES.values())


def test_unknown_browser_language_gets_english(visitor: Visitor) -> None:
    page = visitor.get("/", headers={"Accept-Language": "fr"})
    assert 'lang="en"' in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way_works_in_every_language(app: Flask, language: str) -> None:
    visitor = Visitor(app.test_client(), language)
    page = visitor.visit()
    assert f'lang="{language}" dir="{LANGUAGES[language].direction}"' in page.html
    page = visitor.send_all("میرا جواب 🌳")
    assert page.path == visitor.address("receipt")
    parse_code(code_on(page))
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert response.language == language
        assert response.channel == "online"
        assert {answer.language for answer in response.answers} == {language}
        texts = {a.question_key: a.value.get("text") for a in response.answers}
        assert texts["vision_say"] == "میرا جواب 🌳"


def test_progress_is_said_in_words(visitor: Visitor) -> None:
    assert "Question 1 of 16" in visitor.visit("question/who").text
    page = visitor.answer("who", answer="organisation")
    assert "Question 2 of 17" in page.text
    assert "name of your group" in page.text


def test_skipping_goes_on_and_takes_no_answer(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    page = visitor.send("/question/vision_agree", {"skip": "1"})
    assert page.path.endswith("/question/vision_say")
    assert "Not answered" in visitor.visit("check").text


def test_a_required_question_cannot_be_skipped(visitor: Visitor) -> None:
    visitor.visit("question/who")
    page = visitor.send("/question/who", {"skip": "1"})
    assert page.status == 422
    assert "Choose an answer" in page.text


def test_skipping_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("question/vision_say")
    visitor.send("/question/vision_say", {"answer": "half a thought", "skip": "1"})
    assert "half a thought" in visitor.visit("question/vision_say").html
    assert "half a thought" not in visitor.visit("check").html


def test_back_leads_to_the_question_before(visitor: Visitor) -> None:
    page = visitor.answer("who", answer="resident")
    assert f'govuk-back-link" href="{visitor.address("question/who")}"' in page.html


def test_an_over_long_answer_is_explained_and_kept(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    words = "ش" * 5_007
    page = visitor.answer("vision_say", answer=words)
    assert page.status == 422
    assert "too long by 7 characters" in page.text
    assert "<title>Error: " in page.html
    assert 'href="#answer"' in page.html
    assert words in page.html
    assert words in visitor.visit("question/vision_say").html


def test_changing_the_language_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("question/vision_say")
    page = visitor.send("/question/vision_say", {"answer": "not yet saved", "to_language": "bn"})
    assert page.path == f"/bn/{SLUG}/question/vision_say"
    assert "not yet saved" in page.html


def test_changing_the_language_keeps_even_an_invalid_entry(visitor: Visitor) -> None:
    visitor.visit("question/walk_days")
    page = visitor.send("/question/walk_days", {"answer": "many", "to_language": "ur"})
    assert page.path == f"/ur/{SLUG}/question/walk_days"
    assert 'value="many"' in page.html


def test_answers_in_two_languages_remember_each(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.answer("vision_say", answer="English words")
    visitor.language = "pl"
    visitor.answer("change_say", answer="Polskie słowa")
    visitor.visit("about-you")
    visitor.send("about-you", {"skip": "1"})
    for key in ("vision_agree", "food_agree", "mental_agree", "active_agree", "green_agree"):
        visitor.answer(key, answer="agree")
    for key in ("protect_agree", "gap_agree"):
        visitor.answer(key, answer="dont_know")
    for key in (
        "priorities",
        "life_stages",
        "help_most",
        "barriers_say",
        "walk_days",
        "good_place",
    ):
        visitor.answer(key, skip="1")
    visitor.visit("check")
    visitor.send("/send")
    with in_session(app) as session:
        languages = {a.question_key: a.language for a in session.scalars(select(Answer))}
    assert languages["vision_say"] == "en"
    assert languages["change_say"] == "pl"


def test_monitoring_has_its_own_page_that_explains(visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    page = visitor.visit("about-you")
    assert "You can skip every one of these questions" in page.text
    page = visitor.visit("question/religion")
    assert "I prefer not to say" in page.text
    assert "About you: question" in page.text


def test_all_monitoring_can_be_skipped_at_once(app: Flask, visitor: Visitor) -> None:
    page = visitor.visit("answer")
    while not page.path.endswith("about-you"):
        who = {"answer": "resident"} if "/who" in page.path else {"skip": "1"}
        page = visitor.send("/question/", who)
    page = visitor.send("about-you", {"skip": "1"})
    assert page.path.endswith("/check")
    assert visitor.send("/send").path.endswith("/receipt")
    with in_session(app) as session:
        assert [a.question_key for a in session.scalars(select(Answer))] == ["who"]


def test_changing_from_the_check_comes_back_to_it(visitor: Visitor) -> None:
    visitor.answer_everything()
    visitor.visit("question/vision_agree?from_check=1")
    page = visitor.send("/question/vision_agree", {"answer": "disagree"})
    assert page.path.endswith("/check")
    assert "Disagree" in page.text


def test_a_newly_needed_question_is_asked_before_the_check(visitor: Visitor) -> None:
    visitor.answer_everything()
    visitor.visit("question/who?from_check=1")
    page = visitor.send("/question/who", {"answer": "organisation"})
    assert page.path.endswith("/question/organisation_name")


def test_sending_twice_stores_one_response_and_shows_the_same_code(
    app: Flask, visitor: Visitor
) -> None:
    visitor.answer_everything()
    assert visitor.page is not None
    form = visitor.page.form("/send")
    first = visitor.post(form.action, form.fields)
    again = visitor.post(form.action, form.fields)
    assert code_on(first) == code_on(again)
    assert count(app, Response) == 1
    assert visitor.visit("answer").path.endswith("/receipt")
    assert visitor.visit("check").path.endswith("/receipt")


def test_going_back_after_sending_and_saving_changes_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.visit("question/who")
    assert visitor.page is not None
    old = visitor.page.form("/question/who")
    visitor.send_all()
    page = visitor.post(old.action, {**old.fields, "answer": "organisation"})
    with in_session(app) as session:
        values = {a.question_key: a.value for a in session.scalars(select(Answer))}
    assert values["who"] == {"choice": "resident"}
    assert page.path.endswith("/receipt")
    assert count(app, Draft) == 1
    assert visitor.visit("question/who").path.endswith("/receipt")


def test_receipt_code_opens_changes_and_withdraws(app: Flask, visitor: Visitor) -> None:
    code = code_on(visitor.send_all("first words"))
    other = Visitor(app.test_client(), "ur")
    other.visit("code")
    page = other.send("/code", {"code": code})
    assert page.path.endswith("/my-response")
    assert "first words" in page.text

    other.send("/change")
    other.visit("question/vision_say?from_check=1")
    other.send("/question/vision_say", {"answer": "second words"})
    assert "first words" in visitor.visit("my-response").text  # until it is sent again
    page = other.send("/send")
    assert page.path.endswith("/receipt")
    assert "data-code" not in page.html
    page = visitor.visit("my-response")
    assert "second words" in page.text
    assert count(app, Response) == 1

    other.visit("my-response/withdraw")
    page = other.send("/withdraw")
    assert "second words" not in page.html
    assert count(app, Answer) == 0
    assert count(app, Draft) == 1  # the first visitor's, empty
    page = visitor.visit("my-response")
    assert "You withdrew your answers on 1 December 2026" in page.text


def test_a_copy_can_be_downloaded(visitor: Visitor) -> None:
    visitor.send_all("keep this")
    response = visitor.client.get(visitor.address("my-response/copy.json"))
    assert response.mimetype == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    answers = {a["question"]: a["answer"] for a in response.get_json()["answers"]}
    assert answers["vision_say"] == {"text": "keep this"}


def test_without_a_code_nothing_of_a_response_is_shown(app: Flask, visitor: Visitor) -> None:
    visitor.send_all("secret words")
    stranger = Visitor(app.test_client())
    for rest in ("my-response", "my-response/withdraw", "my-response/copy.json"):
        page = stranger.visit(rest)
        assert page.path.endswith("/code")
        assert "secret words" not in page.html


def test_saved_answers_open_on_another_device_in_another_language(
    app: Flask, visitor: Visitor
) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("question/vision_say")
    page = visitor.send("/question/vision_say", {"answer": "half done", "save_later": "1"})
    assert page.path.endswith("/save")
    page = visitor.send("/save")
    code = code_on(page)
    assert "31 December 2026" in page.text
    assert "<svg" in page.html

    other = Visitor(app.test_client(), "ur")
    other.visit("code")
    urdu_digits = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    other.send("/code", {"code": f" {urdu_digits} "})
    assert "half done" in other.visit("question/vision_say").html


def test_a_link_opens_nothing_until_a_person_sends_it(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("save")
    code = code_on(visitor.send("/save"))
    other = Visitor(app.test_client())
    page = other.visit(f"code/{code.replace(' ', '')}")
    assert "lets the next person" not in page.text
    assert f'value="{code}"' in page.html
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert other.send("/code").path.endswith("/question/vision_agree")


def test_a_new_code_replaces_the_old(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("save")
    form = visitor.page.form("/save")  # type: ignore[union-attr]
    old = code_on(visitor.post(form.action, form.fields))
    new = code_on(visitor.post(form.action, form.fields))
    other = Visitor(app.test_client())
    other.visit("code")
    assert other.send("/code", {"code": old}).status == 422
    assert other.send("/code", {"code": new}).status == 200


def test_drafts_expire_when_they_said(app: Flask, visitor: Visitor, clock: Clock) -> None:
    visitor.answer("who", answer="resident")
    clock.now += timedelta(days=30, seconds=1)
    assert visitor.visit("answer").path.endswith("/question/who")


def test_clearing_the_device_leaves_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.answer("vision_say", answer="mine")
    response = visitor.client.post(
        visitor.address("clear-device"),
        data={"csrf_token": visitor.visit().form("clear-device").fields["csrf_token"][0]},
    )
    assert '"storage"' in response.headers["Clear-Site-Data"]
    assert count(app, Draft) == 0
    assert "mine" not in visitor.visit("question/vision_say").html


def test_clearing_the_device_keeps_what_has_a_code(app: Flask, visitor: Visitor) -> None:
    visitor.answer("vision_say", answer="mine")
    visitor.visit("save")
    code = code_on(visitor.send("/save"))
    visitor.send("clear-device")
    assert visitor.visit("question/vision_say").html.count("mine") == 0
    visitor.visit("code")
    visitor.send("/code", {"code": code})
    assert "mine" in visitor.visit("question/vision_say").html


def test_news_by_email_is_stored_apart(app: Flask, visitor: Visitor) -> None:
    visitor.send_all()
    visitor.visit("news")
    page = visitor.send("/news", {"email": " someone@example.org "})
    assert page.path.endswith("/news/done")
    with in_session(app) as session:
        intake = session.scalars(select(ContactIntake)).one()
        assert intake.email == "someone@example.org"
        assert intake.given_on.isoformat() == "2026-12-01"
    assert count(app, Contact) == 0


def test_a_wrong_email_is_explained_and_kept(visitor: Visitor) -> None:
    visitor.visit("news")
    page = visitor.send("/news", {"email": "someone at example"})
    assert page.status == 422
    assert 'value="someone at example"' in page.html
    assert "Write an e-mail address" in page.text


@pytest.mark.parametrize(
    ("now", "sentence", "button"),
    [
        (datetime(2026, 10, 1, tzinfo=UTC), "You can answer from 09:00 on 2 November 2026", False),
        (datetime(2026, 12, 1, tzinfo=UTC), "You can answer until 23:59 on 17 January 2027", True),
        (datetime(2027, 2, 1, tzinfo=UTC), "closed at 23:59 on 17 January 2027", False),
    ],
)
def test_the_first_page_knows_the_time(
    app: Flask, clock: Clock, now: datetime, sentence: str, button: bool
) -> None:
    clock.now = now
    visitor = Visitor(app.test_client())
    page = visitor.visit()
    assert sentence in page.text
    assert (">Start answering</a>" in page.html) == button
    page = visitor.visit("answer")
    assert ("/question/who" in page.path) == button


def test_times_are_local_in_summer_too(app: Flask, clock: Clock, model_document) -> None:
    put(
        app,
        model_document.model_copy(
            update={
                "opens_at": datetime(2026, 6, 1, 9, 0),
                "closes_at": datetime(2026, 7, 1, 17, 0),
            }
        ),
    )
    clock.now = datetime(2026, 7, 1, 15, 59, tzinfo=UTC)  # 16:59 in Birmingham
    visitor = Visitor(app.test_client())
    assert "until 17:00 on 1 July 2026" in visitor.visit().text
    assert visitor.visit("answer").path.endswith("/question/who")
    clock.now = datetime(2026, 7, 1, 16, 1, tzinfo=UTC)
    assert "closed" in Visitor(app.test_client()).visit("answer").text


def test_who_began_in_time_may_finish_in_the_grace(
    app: Flask, visitor: Visitor, clock: Clock
) -> None:
    clock.now = datetime(2027, 1, 17, 23, 50, tzinfo=UTC)
    visitor.answer_everything()
    late_comer = Visitor(app.test_client())
    clock.now = datetime(2027, 1, 18, 0, 15, tzinfo=UTC)
    assert "closed" in late_comer.visit("answer").text
    assert visitor.send("/send").path.endswith("/receipt")
    with in_session(app) as session:
        assert session.scalars(select(Response)).one().timing == "on_time"


def test_after_the_grace_the_device_time_counts_until_late_until(
    app: Flask, visitor: Visitor, clock: Clock
) -> None:
    clock.now = datetime(2027, 1, 17, 23, 50, tzinfo=UTC)
    visitor.answer_everything()
    clock.now = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
    page = visitor.send("/send", {"finished_at_device": "2027-01-17T23:58:00.000Z"})
    assert page.path.endswith("/receipt")
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert response.timing == "late"
        assert response.finished_at_device == datetime(2027, 1, 17, 23, 58, tzinfo=UTC)
        assert response.received_at == clock.now


def test_too_late_says_so_and_loses_nothing(app: Flask, visitor: Visitor, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 17, 23, 50, tzinfo=UTC)
    visitor.answer_everything()
    clock.now = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
    page = visitor.send("/send")
    assert page.status == 409
    assert "did not send" in page.text
    assert count(app, Response) == 0
    assert count(app, Draft) == 1


def test_paused_keeps_everything(
    app: Flask, visitor: Visitor, clock: Clock, model_document
) -> None:
    visitor.answer_everything("before the pause")
    put(app, model_document.model_copy(update={"paused": True}))
    assert "paused" in visitor.send("/send").text
    assert "paused" in visitor.visit("answer").text
    put(app, model_document)
    visitor.visit("check")
    assert visitor.send("/send").path.endswith("/receipt")


def test_a_receipt_works_after_closing_but_changes_nothing(
    app: Flask, visitor: Visitor, clock: Clock
) -> None:
    visitor.send_all("said in time")
    clock.now = datetime(2027, 2, 1, tzinfo=UTC)
    page = visitor.visit("my-response")
    assert "said in time" in page.text
    assert not any("change" in form.action for form in page.forms)
    token = page.form("clear-device").fields["csrf_token"][0]
    page = visitor.post(visitor.address("my-response/change"), {"csrf_token": token})
    assert page.status == 409
    visitor.visit("my-response/withdraw")
    visitor.send("/withdraw")
    assert count(app, Answer) == 0


def test_a_question_changed_meanwhile_is_shown_again_with_what_was_typed(
    app: Flask, visitor: Visitor, model_document
) -> None:
    visitor.send_all()  # so that the question has answers, and gets a new version
    other = Visitor(app.test_client())
    other.answer("who", answer="resident")
    other.visit("question/vision_say")
    questions = tuple(
        q.model_copy(update={"label": "What would you add?"}) if q.key == "vision_say" else q
        for q in model_document.questions
    )
    put(app, model_document.model_copy(update={"questions": questions}))
    page = other.send("/question/vision_say", {"answer": "to the old question"})
    assert page.status == 409
    assert "What would you add?" in page.text
    assert "to the old question" in page.html
    page = other.send("/question/vision_say")
    assert page.path.endswith("/question/food_agree")


def test_an_answer_to_an_old_version_is_looked_at_before_sending(
    app: Flask, visitor: Visitor, model_document
) -> None:
    Visitor(app.test_client()).send_all()
    visitor.answer_everything()
    questions = tuple(
        q.model_copy(update={"label": "What would you add?"}) if q.key == "vision_say" else q
        for q in model_document.questions
    )
    put(app, model_document.model_copy(update={"questions": questions}))
    page = visitor.send("/send")
    assert page.status == 422
    assert "What would you add?" in page.text
    assert "look at this question again" in page.text


def test_ward_is_found_by_postcode_and_the_postcode_is_forgotten(
    app: Flask, visitor: Visitor, model_document
) -> None:
    from consult.models import PostcodeArea

    ward = model_document.areas[3]
    with in_session(app) as session:
        session.add(PostcodeArea(postcode="B11BB", area_code=ward.code))
        session.commit()
    visitor.answer("who", answer="resident")
    visitor.visit("about-you")
    visitor.send("about-you")
    visitor.visit("question/ward")
    page = visitor.send("/question/ward", {"postcode": "b1 1bb", "find_ward": "1"})
    assert f'value="{ward.code}" checked' in page.html
    assert "B1 1BB" not in page.html.upper().replace("SUCH AS B1 1BB", "")
    page = visitor.send("/question/ward")
    assert page.path.endswith("/question/age")
    visitor.visit("question/ward")
    page = visitor.send("/question/ward", {"postcode": "B1 1BB", "answer": None})  # Enter
    assert "We found your ward" in page.text
    for postcode, sentence in (("nonsense", "full postcode"), ("B2 2BB", "do not know where")):
        visitor.visit("question/ward")
        page = visitor.send("/question/ward", {"postcode": postcode, "find_ward": "1"})
        assert page.status == 422
        assert sentence in page.text


def test_draft_reads_in_three_depths_and_on_one_page(visitor: Visitor, model_document) -> None:
    assert visitor.visit("draft").status == 200
    for section in model_document.sections:
        for depth in ("short", "easy", "full"):
            page = visitor.visit(f"draft/{section.key}/{depth}")
            assert str(section.title) in page.text
    page = visitor.visit("draft.html")
    for section in model_document.sections:
        assert section.easy_read.splitlines()[0] in page.text
    assert visitor.visit("draft/nothing").status == 404
    assert visitor.visit("draft/food/deepest").status == 404


def test_help_and_privacy_say_what_the_law_wants(visitor: Visitor) -> None:
    page = visitor.visit("privacy")
    for words in ("controller", "Article 6(1)(e)", "Article 9(2)(g)", "DPIA-EXAMPLE-2026-014"):
        assert words in page.text
    assert "31 January 2028" in page.text
    page = visitor.visit("help")
    for words in ("By phone", "On paper", "In large print", "British Sign Language"):
        assert words in page.text


def test_front_page_lists_consultations(app: Flask, visitor: Visitor, clock: Clock) -> None:
    assert "Open until 17 January 2027" in visitor.get("/en/").text
    clock.now = datetime(2027, 3, 1, tzinfo=UTC)
    assert "Closed on 17 January 2027" in visitor.get("/en/").text


def test_no_consultation_yet_is_said(make_app, settings) -> None:
    visitor = Visitor(make_app(settings).test_client())
    assert "no consultation here yet" in visitor.get("/en/").text


def test_a_forged_send_sends_nothing_and_keeps_everything(app: Flask, visitor: Visitor) -> None:
    visitor.answer_everything("still mine")
    page = visitor.send("/send", {"csrf_token": "forged"})
    assert page.status == 400
    assert "still mine" in page.text
    assert count(app, Response) == 0
    assert visitor.send("/send").path.endswith("/receipt")


def test_a_draft_s_code_leads_to_the_receipt_code_once_sent(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("save")
    code = code_on(visitor.send("/save"))
    visitor.send_all()
    other = Visitor(app.test_client())
    other.visit("code")
    page = other.send("/code", {"code": code})
    assert page.status == 422
    assert "Use the receipt code" in page.text


@pytest.mark.parametrize("rest", ["question/vision_say", "about-you", "check", "answer"])
def test_no_page_of_the_way_is_open_while_paused(
    app: Flask, visitor: Visitor, model_document, rest: str
) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("about-you")
    assert visitor.page is not None
    form = visitor.page.form("about-you")
    put(app, model_document.model_copy(update={"paused": True}))
    page = visitor.visit(rest)
    assert page.status == 200
    assert "Answers that you saved are safe" in page.text
    assert visitor.post(form.action, form.fields).status == 409


def test_withdrawing_is_asked_once_more_and_only_once(visitor: Visitor) -> None:
    visitor.send_all()
    page = visitor.visit("my-response/withdraw")
    assert "Every word is deleted at once" in page.text
    form = page.form("/withdraw")
    visitor.send("/withdraw")
    assert visitor.visit("my-response/withdraw").path.endswith("/my-response")
    assert "You withdrew your answers" in visitor.post(form.action, form.fields).text
    token = visitor.visit().form("clear-device").fields["csrf_token"][0]
    page = visitor.post(visitor.address("my-response/change"), {"csrf_token": token})
    assert page.path.endswith("/code")


def test_sending_an_unfinished_way_names_the_question(visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("check")
    page = visitor.send("/send")
    assert page.status == 422
    assert "look at this question again: Do you agree or disagree with our vision?" in page.text


def test_a_withdrawal_beats_a_change_in_progress(app: Flask, visitor: Visitor) -> None:
    code = code_on(visitor.send_all("to be gone"))
    other = Visitor(app.test_client())
    other.visit("code")
    other.send("/code", {"code": code})
    other.send("/change")
    assert other.page is not None
    form = other.page.form("/send")
    visitor.visit("my-response/withdraw")
    visitor.send("/withdraw")
    page = other.post(form.action, form.fields)
    assert "to be gone" not in page.html
    assert count(app, Answer) == 0


def test_the_code_s_page_can_be_loaded_again_and_in_another_language(visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("save")
    code = code_on(visitor.send("/save"))
    assert code_on(visitor.visit("save")) == code
    visitor.language = "ur"
    assert code_on(visitor.visit("save")) == code
    visitor.send("clear-device")
    assert code.replace(" ", "") not in visitor.visit("save").html.replace(" ", "")


def test_changing_twice_at_once_makes_one_draft(app: Flask, visitor: Visitor) -> None:
    visitor.send_all()
    for _ in range(3):
        visitor.visit("my-response")
        visitor.send("/change")
    assert count(app, Draft) == 2  # the one that was sent, and one change


def test_the_next_person_on_a_shared_phone_is_told_to_clear_it(visitor: Visitor) -> None:
    visitor.send_all()
    page = visitor.visit()
    assert "the next person starts afresh" in page.text
    assert "Start answering" not in page.text
    visitor.send("clear-device")
    assert "Start answering" in visitor.visit().text


def test_clearing_also_removes_drafts_that_another_took_the_place_of(
    app: Flask, visitor: Visitor
) -> None:
    other = Visitor(app.test_client())
    other.answer("who", answer="resident")
    other.visit("save")
    code = code_on(other.send("/save"))
    visitor.answer("vision_say", answer="the first person's")
    visitor.visit("code")
    visitor.send("/code", {"code": code})
    visitor.send("clear-device")
    assert count(app, Draft) == 1  # the one that has a code


def test_withdrawn_words_leave_the_disk(app: Flask, visitor: Visitor, settings) -> None:
    from pathlib import Path

    folder = Path(settings.database_url.removeprefix("sqlite:///")).parent

    def copies() -> int:
        return sum(
            path.read_bytes().count(b"ZEBRAUNIQUETEXT") for path in folder.glob("*.sqlite3*")
        )

    visitor.send_all("ZEBRAUNIQUETEXT")
    assert copies() > 0
    visitor.visit("my-response/withdraw")
    visitor.send("/withdraw")
    assert copies() == 0


def test_only_languages_of_this_installation_are_offered(
    make_app, settings, model_database
) -> None:
    from dataclasses import replace
    from pathlib import Path

    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(model_database)
    app = make_app(replace(settings, languages=("en", "ur", "bn")))
    page = Visitor(app.test_client()).visit()
    assert sorted(re.findall(r'hreflang="(\w+)"', page.html)) == ["bn", "ur"]


def test_a_consultation_in_other_languages_is_listed_with_a_way_in(
    app: Flask, visitor: Visitor, model_document
) -> None:
    put(app, model_document.model_copy(update={"languages": ("en", "ur"), "translations": {}}))
    page = visitor.get("/pl/")
    assert f'href="/c/{SLUG}"' in page.html


def test_news_after_the_deletion_date_is_not_taken(
    app: Flask, visitor: Visitor, clock: Clock
) -> None:
    from consult.services import retention

    clock.now = datetime(2028, 2, 1, tzinfo=UTC)
    with in_session(app) as session:
        retention.remove_due_data(session, now=clock.now)
        session.commit()
    visitor.visit("news")
    page = visitor.send("/news", {"email": "someone@example.org"})
    assert page.path == visitor.address()
    assert count(app, ContactIntake) == 0


@pytest.mark.parametrize(("rest", "name"), [("code", "code"), ("news", "email")])
def test_changing_the_language_keeps_what_other_forms_hold(
    visitor: Visitor, rest: str, name: str
) -> None:
    visitor.visit(rest)
    page = visitor.send(f"/{rest}", {name: "typed by hand", "to_language": "ur"})
    assert page.path == f"/ur/{SLUG}/{rest}"
    assert 'value="typed by hand"' in page.html
    assert "typed by hand" not in visitor.visit(rest).html
