"""The parts that are written as they stand: words, dates, contact, privacy."""

from sqlalchemy import select

from consult.models import AuditEvent
from tests.support.editing import PARKS, content_of, on, written
from tests.support.visitors import SLUG, in_session


def test_what_is_written_stands_in_the_form_and_saving_it_changes_nothing(app, desk, hire):
    before = content_of(app)
    colleague = hire("officer")
    for part in ("words", "dates", "contact", "privacy", "areas", "residents"):
        assert colleague.consultation(part).status == 200
        assert "Saved" in colleague.send(f"/{part}").text
        assert content_of(app) == before, part


def test_words_are_saved_and_noted(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("words")
    page = colleague.send(
        "/words", {"title": "  A bolder\ncity ", "introduction": "One.\r\n\r\nTwo. "}
    )
    assert "Saved" in page.text
    content = content_of(app)
    assert content["title"] == "A bolder city"
    assert content["introduction"] == "One.\n\nTwo."
    with in_session(app) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.at.desc())).all()
    changes = [event for event in last if event.action == "setting up changed"]
    assert [(event.actor, event.details) for event in changes] == [
        (colleague.email, {"part": "words"})
    ]


def test_what_is_missing_is_left_to_do_and_refuses_nothing(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    page = colleague.consultation("words")
    assert "Still to do on this page" in page.text
    assert "Who asks: write this, it is still empty" in page.text
    assert '<a class="govuk-link" href="#asked_by">' in page.html
    page = colleague.send("/words", {"asked_by": "Riverton Council"})
    assert page.status == 200
    assert "Who asks: write this" not in page.text
    assert "What is asked, and why: write this" in page.text
    assert content_of(app, PARKS)["asked_by"] == "Riverton Council"
    assert "introduction" not in content_of(app, PARKS)


def test_what_is_taken_out_is_gone(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("words")
    page = colleague.send("/words", {"title": " "})
    assert "title" not in content_of(app)
    assert "Title: write this, it is still empty" in page.text


def test_too_long_a_text_is_kept_and_said_to_be(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("contact")
    page = colleague.send("/contact", {"phone": "0" * 63, "email": "parks@example.org"})
    assert "Phone number: shorten this by 3 characters, it can have 60" in page.text
    assert content_of(app, PARKS)["contact"]["phone"] == "0" * 63


def test_more_than_a_request_may_hold_is_explained(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("words")
    page = colleague.send("/words", {"introduction": "x" * 1_000_001})
    assert page.status == 413
    assert "too much at once" in page.text


def test_text_from_right_to_left_scripts_and_markup_come_back_as_they_were(app, parks, hire):
    words = "<script>alert('x')</script> & \"quotes\" \u200f مزید بینچ لگائیں {{ 7 * 7 }} 🌳"
    colleague = on(hire("officer", language="ur"), PARKS)
    colleague.consultation("words")
    page = colleague.send("/words", {"title": words, "introduction": words})
    assert content_of(app, PARKS)["title"] == words
    assert written(page, "/words", "introduction") == words
    assert "<script>alert" not in page.html
    frame = colleague.consultation("as-residents/start/-")
    assert words in frame.text
    assert "<script>alert" not in frame.html


def test_characters_that_nobody_can_see_are_left_out_and_that_is_said(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("words")
    page = colleague.send("/words", {"introduction": "One\x0btwo\x00\x07 three\x9f"})
    assert "Characters that nobody can see were left out" in page.text
    assert content_of(app, PARKS)["introduction"] == "One\ntwo three"
    page = colleague.send("/words")
    assert "nobody can see" not in page.text


DATES = {
    **{"opens_at-day": "1", "opens_at-month": "3", "opens_at-year": "2027"},
    **{"closes_at-day": "12", "closes_at-month": "4", "closes_at-year": "2027"},
    **{"opens_at-time": "09:00", "closes_at-time": "23.59"},
}


def test_dates_are_written_in_their_own_time_zone(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    page = colleague.consultation("dates")
    assert "Europe/London" in page.text
    page = colleague.send("/dates", DATES)
    content = content_of(app, PARKS)
    assert content["opens_at"] == "2027-03-01T09:00:00"
    assert content["closes_at"] == "2027-04-12T23:59:00"
    assert (content["grace_minutes"], content["minimum_age"]) == (30, 16)
    assert page.form("/dates").fields["closes_at-time"] == ["23:59"]
    assert "Late answers are taken until: write this" in page.text


def test_digits_of_any_script_make_a_date(app, parks, hire):
    colleague = on(hire("officer", language="ur"), PARKS)
    colleague.consultation("dates")
    typed = {"opens_at-day": "۱", "opens_at-month": "۳", "opens_at-year": "۲۰۲۷"}
    colleague.send("/dates", {**typed, "opens_at-time": "۰۹:۳۰"})
    assert content_of(app, PARKS)["opens_at"] == "2027-03-01T09:30:00"


REFUSED = [
    ({"closes_at-day": "31"}, "There is no such day", "closes_at-day"),
    ({"closes_at-month": "May"}, "Write the date in digits", "closes_at-month"),
    ({"closes_at-month": ""}, "Write the day, the month and the year", "closes_at-month"),
    ({"closes_at-year": "27"}, "Write the year with four digits", "closes_at-year"),
    ({"closes_at-time": "25:00"}, "Write the time with hours and minutes", "closes_at-time"),
    ({"closes_at-time": ""}, "Write the time with hours and minutes", "closes_at-time"),
    (
        {"closes_at-day": "28", "closes_at-month": "3", "closes_at-time": "01:30"},
        "There is no such time on that day",
        "closes_at-time",
    ),
    (
        {"closes_at-day": "", "closes_at-month": "", "closes_at-year": ""},
        "Write the day, the month and the year",
        "closes_at-day",
    ),
    ({"grace_minutes": "half an hour"}, "Write a whole number", "grace_minutes"),
    ({"minimum_age": "99999999999"}, "Write a whole number", "minimum_age"),
]


def test_a_date_or_number_that_is_none_is_refused_and_all_is_kept(app, parks, hire):
    before = content_of(app, PARKS)
    colleague = on(hire("officer"), PARKS)
    for typed, message, field in REFUSED:
        colleague.consultation("dates")
        sent = {**DATES, "draft_days": "17", **typed}
        page = colleague.send("/dates", sent)
        assert page.status == 422, typed
        assert f'<a href="#{field}">{message}' in page.html, typed
        kept = page.form("/dates").fields
        assert {name: kept[name][0] for name in sent} == sent
    assert content_of(app, PARKS) == before


def test_times_in_the_wrong_order_are_left_to_do(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("dates")
    page = colleague.send(
        "/dates",
        {
            **DATES,
            **{"closes_at-month": "2", "late_until-day": "12", "late_until-month": "2"},
            **{"late_until-year": "2027", "late_until-time": "23:59", "draft_days": "400"},
        },
    )
    assert "It closes before it opens" in page.text
    assert "Late answers must be taken for at least 30 minutes after closing" in page.text
    assert "Days that saved answers are kept: write 365 or less" in page.text


def test_times_that_are_offered_are_filled_in_and_not_saved(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("dates")
    page = colleague.send("/dates", {**DATES, "offer": "late_7_days"})
    fields = page.form("/dates").fields
    shown = [fields[f"late_until-{part}"][0] for part in ("day", "month", "year", "time")]
    assert shown == ["19", "4", "2027", "23:59"]
    assert "Not saved yet" in page.text
    assert "opens_at" not in content_of(app, PARKS)
    page = colleague.send("/dates", {"offer": "closes_6_weeks"})
    fields = page.form("/dates").fields
    shown = [fields[f"closes_at-{part}"][0] for part in ("day", "month", "year", "time")]
    assert shown == ["12", "4", "2027", "23:59"]
    colleague.send("/dates")
    assert content_of(app, PARKS)["late_until"] == "2027-04-19T23:59:00"


def test_an_offer_needs_the_time_that_it_counts_from(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("dates")
    page = colleague.send("/dates", {"offer": "late_7_days"})
    assert page.status == 422
    assert '<a href="#closes_at-day">Write when it closes first' in page.html


def test_dates_that_residents_know_say_so(app, desk, hire):
    assert "Residents know these dates already" in hire("officer").consultation("dates").text


def test_nobody_to_ask_is_left_to_do(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    assert "Give a phone number or an e-mail address" in colleague.consultation("contact").text
    page = colleague.send("/contact", {"email": "parks@council.example.org"})
    assert "Give a phone number" not in page.text
    assert content_of(app, PARKS)["contact"] == {
        "phone": None,
        "phone_hours": None,
        "email": "parks@council.example.org",
        "paper": None,
        "large_print": None,
        "sign_language": None,
    }


def test_an_e_mail_address_that_is_none_is_refused(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    for typed in ("parks", "@", "two@example.org three@example.org"):
        colleague.consultation("contact")
        page = colleague.send("/contact", {"email": typed, "paper": "Ask in any library."})
        assert page.status == 422
        assert written(page, "/contact", "paper") == "Ask in any library."
        assert written(page, "/contact", "email") == typed


def test_a_form_that_was_left_empty_writes_nothing(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    for part in ("contact", "privacy"):
        colleague.consultation(part)
        colleague.send(f"/{part}")
    assert "contact" not in content_of(app, PARKS) or content_of(app, PARKS)["contact"] is None
    assert content_of(app, PARKS).get("privacy") is None


def test_lawful_bases_are_offered_and_taken_over_by_a_button_only(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    page = colleague.consultation("privacy")
    assert "6(1)(e)" in page.text
    assert "Article 9(2)(g)" in page.text
    assert written(page, "/privacy", "lawful_basis_article_6") == ""
    page = colleague.send("/privacy", {"controller": "Riverton", "offer": "lawful_basis_article_6"})
    assert "6(1)(e)" in written(page, "/privacy", "lawful_basis_article_6")
    assert written(page, "/privacy", "controller") == "Riverton"
    assert written(page, "/privacy", "lawful_basis_article_9") == ""
    assert content_of(app, PARKS).get("privacy") is None
    page = colleague.send("/privacy", {"offer": "lawful_basis_article_9"})
    colleague.send("/privacy")
    privacy = content_of(app, PARKS)["privacy"]
    assert "paragraph 8" in privacy["lawful_basis_article_9"]
    assert privacy["deletion"] == "delete"


def test_texts_are_offered_in_the_consultation_s_language(app, parks, hire):
    page = on(hire("officer", language="ur"), PARKS).consultation("privacy")
    assert "6(1)(e) of the UK GDPR" in page.text
    assert 'lang="en" dir="auto"' in page.html


def test_the_deletion_date_is_offered_and_held_against_the_dates(app, parks, hire):
    colleague = on(hire("officer"), PARKS)
    colleague.consultation("privacy")
    page = colleague.send("/privacy", {"offer": "delete_on"})
    assert page.status == 422
    assert "Write the dates of the consultation first" in page.text
    colleague.consultation("dates")
    late = {"late_until-day": "29", "late_until-month": "2", "late_until-year": "2028"}
    colleague.send("/dates", {**DATES, **late, "late_until-time": "12:00"})
    colleague.consultation("privacy")
    page = colleague.send("/privacy", {"offer": "delete_on"})
    fields = page.form("/privacy").fields
    assert [fields[f"delete_on-{p}"][0] for p in ("day", "month", "year")] == ["1", "3", "2029"]
    page = colleague.send(
        "/privacy",
        {"delete_on-day": "29", "delete_on-month": "2", "delete_on-year": "2028", "offer": None},
    )
    assert "must come after the last late answers, so after 29 February 2028" in page.text
    assert content_of(app, PARKS)["privacy"]["delete_on"] == "2028-02-29"


POSTS = [
    *("words", "dates", "contact", "privacy", "areas", "residents"),
    *("section/food", "section/food/move", "section/food/remove", "sections/add"),
    *("question/age", "question/age/kind", "question/age/move", "question/age/remove"),
    *("question/age/copy", "questions/add/fields", "questions/standard"),
    *("population/age", "population/age/remove"),
]
GETS = [
    *("words", "dates", "contact", "privacy", "areas", "residents", "sections", "section/food"),
    *("questions", "question/age", "routing", "population", "population/age"),
    "as-residents/question/age",
]


def test_a_viewer_changes_nothing(app, desk, hire):
    before = content_of(app)
    colleague = hire(on={SLUG: "viewer"})
    token = colleague.visit().form("logout").fields["csrf_token"][0]
    for rest in POSTS:
        address = colleague.address(f"consultations/{SLUG}/{rest}")
        assert colleague.post(address, {"csrf_token": token}).status == 403, rest
    assert content_of(app) == before


def test_a_viewer_looks_at_everything_and_finds_no_way_to_change_it(app, desk, hire):
    colleague = hire(on={SLUG: "viewer"})
    for rest in GETS:
        page = colleague.consultation(rest)
        assert page.status == 200, rest
        assert "Save</button>" not in page.html, rest
        assert "/move" not in page.html, rest
        assert "/remove" not in page.html, rest
    assert "You may look at this, and not change it" in colleague.consultation("words").text


def test_other_people_s_consultations_are_not_there(app, desk, hire):
    colleague = hire(on={})
    token = colleague.visit().form("logout").fields["csrf_token"][0]
    for rest in (*GETS, *POSTS):
        address = colleague.address(f"consultations/{SLUG}/{rest}")
        assert colleague.get(address).status == 404, rest
        assert colleague.post(address, {"csrf_token": token}).status in {404, 405}, rest


def test_a_forged_form_is_not_taken_and_its_words_are_kept(app, desk, hire):
    before = content_of(app)
    colleague = hire("officer")
    for rest in POSTS:
        page = colleague.post(
            colleague.address(f"consultations/{SLUG}/{rest}"),
            {"csrf_token": "forged", "title": "Planted words"},
        )
        assert page.status == 400, rest
        assert "Planted words" in page.text, rest
    assert content_of(app) == before


def test_a_session_that_ended_in_the_middle_keeps_the_words(app, desk, hire):
    colleague = hire("officer")
    colleague.consultation("section/food")
    form = colleague.page.form("/section/food")
    colleague.client.delete_cookie("consult")
    typed = {name: entries[0] for name, entries in form.fields.items()}
    page = colleague.post(form.action, {**typed, "summary": "Long thoughts about food."})
    assert page.status == 401
    assert "Long thoughts about food." in page.text
    again = page.form("/section/food")
    assert again.fields["summary"] == ["Long thoughts about food."]
    assert again.fields["seen"] == form.fields["seen"]


def test_what_is_not_there_is_not_found(app, desk, hire):
    colleague = hire("officer")
    for rest in ("section/no", "question/no", "population/no", "as-residents/no/-"):
        assert colleague.consultation(rest).status == 404, rest
