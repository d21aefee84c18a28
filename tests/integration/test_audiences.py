"""Who each address is for: all of them are listed, and everybody else is kept out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from consult.config import Settings
from consult.db import unit_of_work
from consult.models import ROLES
from consult.services import access, account_changes, accounts, workspaces
from consult.views.api.current import GUARDS
from consult.views.staff.audience import AUDIENCES, Audience
from tests.support.visitors import NOON, SLUG, Visitor, in_session

SIGNED_IN = Audience((), of_consultation=False)
ADMINS = Audience(("admin",), of_consultation=False)
OFFICERS = Audience(("officer",), of_consultation=False)
ADMINS_HERE = Audience(("admin",), of_consultation=True)
OFFICERS_HERE = Audience(("officer",), of_consultation=True)
ANALYSTS_HERE = Audience(("officer", "analyst"), of_consultation=True)
READERS_HERE = Audience(("officer", "analyst", "viewer"), of_consultation=True)

STAFF: dict[Audience, str] = {
    SIGNED_IN: """
        cancel_job end_my_session home job job_progress jobs link_sign_in linked_sign_in
        make_token my_account my_tokens retry_job revoke_token save_my_name second_factor
        sign_out_everywhere signed_in_again unlink_sign_in
        call_my_session_off change_my_session confirm_calling_mine_off how_it_went
        my_session my_sessions new_session_of_mine plan_session_of_mine save_my_session
        send_copy take_copy tell_how_it_went
        enter_session_paper forms_session_paper look_up_session_paper
        number_session_paper print_session_paper save_session_paper
    """,
    ADMINS: """
        accounts audit_trail change_roles close_account council_page download_audit_trail
        end_account_sessions give_membership invite make_invitation make_password_link
        one_account open_account remove_second_factors save_council save_logo
        start_housekeeping take_membership withdraw_invitation
    """,
    OFFICERS: """
        begin_consultation new_consultation retention_report
    """,
    ADMINS_HERE: """
        withdraw_invitation_here
    """,
    OFFICERS_HERE: """
        add_person add_petition add_question add_response add_section add_standard_questions
        answer_readiness answer_sign_off apply_translations approve_translations
        ask_for_sign_off begun bring_in_responses change_kind choose_kind choose_languages
        choose_other_kind close_consultation confirm_removing_figures
        confirm_removing_question confirm_removing_section confirm_undoing_import
        decide_timing draft_translations duplicate_question edit_petition end_preview_link
        exclude_response extend_consultation import_columns import_values include_response
        make_preview_link move_question move_section new_question new_section
        open_to_residents pause_consultation people publish_changes put_import_away
        remove_figures remove_person remove_question remove_section resume_consultation
        save_areas save_contact save_dates save_figures save_import_columns
        save_import_values save_petition save_privacy save_question save_residents
        save_response save_section save_translations save_words standard_questions
        translation_import undo_import upload_responses upload_translations
        add_organisation confirm_removing_organisation new_organisation organisation
        record_act remove_act remove_organisation save_organisation
        add_report_paragraph confirm_publishing_report confirm_removing_report_paragraph
        confirm_taking_report_down draft_report_texts make_report move_report_part
        new_report_paragraph publish_report remove_report_paragraph report_paragraph
        save_report_considered save_report_paragraph save_report_texts
        switch_report_section take_report_down
        remove_talk
        attach_recording enter_paper forms_paper look_up_paper number_paper print_paper
        recording recordings remove_recording save_paper
        accept_arrival add_member arrivals call_off_session change_session
        confirm_calling_off confirm_revoking new_session one_arrival plan_session
        refuse_arrival remove_member revoke_tablet save_session session_partners
    """,
    ANALYSTS_HERE: """
        add_review_theme adopt_theme agreement answer_sheet answer_translations
        approve_quote audit_figures begin_double bring_back_answers code_audit code_double
        create_theme describe_theme download_codebook download_raw_data
        download_theme_answers download_themes draft_answers
        fewer_themes find_themes find_themes_again hide_theme hide_words import_responses
        judge_statements lock_list lock_theme mark_response merge_theme more_themes
        new_review_theme new_theme one_import one_theme petitions question_themes
        quote_approval quotes raw_data redact_answer rename_theme repeats response responses review
        review_audit review_double send_out_answers set_audit_size show_words split_theme
        split_theme_as_proposed split_theme_as_ticked split_theme_by_hand take_answer_sheet
        take_mark take_review theme_answers theme_history themes themes_again undo_review
        undo_theme_edit watch_population watch_respondents withdraw_quote
        organisations outreach print_outreach save_digest
        assisted_session assisted_sessions session_talk watch_ways
        report_languages report_texts
    """,
    READERS_HERE: """
        consultation edit_areas edit_contact edit_dates edit_figures edit_privacy
        edit_question edit_residents edit_section edit_words export_translations handout
        handouts languages opening_page population preview_link preview_page preview_typed
        questions readiness_list readiness_questions routing sections sign_off
        translation_files translations watch watch_figures
        report report_considered report_file report_version report_versions
    """,
}
"""Pages behind a sign-in, without ``staff.``; a new one needs its name here."""

OTHERS: dict[str, str] = {
    "everyone": "healthz look_logo look_sheet report_schema static",
    "residents": """
        choose_language residents.about_you residents.answer
        residents.change_response residents.check residents.clear_device
        residents.confirm_withdrawal residents.device_cleared residents.download_copy
        residents.draft_in_one residents.draft_overview residents.draft_section
        residents.enter_code residents.front
        residents.go_on_about_you residents.help_page residents.make_code residents.my_response
        residents.news residents.news_done residents.news_form residents.open_link
        residents.privacy residents.question residents.receipt residents.results
        residents.results_chart residents.results_file residents.results_part
        residents.results_version residents.save
        residents.save_question residents.send residents.start residents.use_code
        residents.withdraw_response root
    """,
    "programs, without a token": """
        api.consultation api.consultations api.description api.nowhere api.questions
        api.results
    """,
    "programs with an analyst's token": "api.question_themes api.responses api.themes",
    "whoever opens the tablet's app": """
        tablet.icon tablet.manifest tablet.shell tablet.words tablet.worker
    """,
    "whoever was told of a recording": "tablet.clip",
    "whoever holds a tablet, and who enrols it": "tablet.me tablet.enrol tablet.sign_out",
    "tablets that are enrolled": "tablet.owe tablet.pack tablet.send tablet.sessions",
    "whoever has a preview's link": "preview",
    "whoever has an invitation": """
        staff.accept_invitation staff.invitation staff.join staff.join_with_council
    """,
    "whoever signs in": """
        openid_callback security.forgot_password security.login security.mf_recovery
        security.reset_password security.tf_select security.two_factor_rescue
        security.two_factor_token_validation security.wan_signin security.wan_signin_response
        staff.openid_begin staff.openid_failed
    """,
    "staff at their own account": """
        security.change_password security.logout security.mf_recovery_codes
        security.two_factor_setup security.two_factor_setup_validate security.verify
        security.wan_delete security.wan_register security.wan_register_response
        security.wan_verify security.wan_verify_response
    """,
}
"""All other addresses; what each needs is tested where it is built."""


@dataclass(frozen=True)
class Door:
    """One address as somebody would ask for it."""

    endpoint: str
    method: str
    path: str
    has_more: bool
    """Whether the address names more than the language and the consultation."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def names(text: str) -> set[str]:
    return set(text.split())


def address(app: Flask, rule: Rule, slug: str) -> str:
    """An address of a rule, with stand-ins for what it names."""
    known = {"language": "en", "slug": slug}
    values = {
        name: known[name] if name in known else stand_in(type(converter).__name__, converter)
        for name, converter in rule._converters.items()
    }
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def stand_in(kind: str, converter: object) -> object:
    if kind == "UUIDConverter":
        from uuid import UUID

        return UUID(int=0)
    if kind == "AnyConverter":
        return sorted(getattr(converter, "items"))[0]  # noqa: B009 - the type does not say it
    return 1 if kind == "IntegerConverter" else "x"


def doors(app: Flask, slug: str = SLUG) -> Iterator[Door]:
    """Every staff address with a stated audience, in every way it can be asked for."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in AUDIENCES:
            for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
                more = set(rule.arguments) - {"language", "slug"}
                yield Door(rule.endpoint, method, address(app, rule, slug), bool(more))


def ask(visitor: Visitor, door: Door, token: str | None = None) -> int:
    """The status of the answer; ``token`` is what a form would carry."""
    fields = {"words": "kept, whatever happens"}
    if token is not None:
        fields["csrf_token"] = token
    data = None if door.method == "GET" else fields
    answer = visitor.client.open(door.path, method=door.method, data=data)
    answer.get_data()
    return answer.status_code


def token_of(colleague: Visitor) -> str:
    return colleague.get("/en/staff/").form("/logout").fields["csrf_token"][0]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With the council's own sign-in: its pages are there where it is set up."""
    return replace(
        settings, oidc_issuer="https://login.council.example.org", oidc_client_id="consult"
    )


# The list


def test_every_address_is_listed_once(app):
    listed = [name for text in OTHERS.values() for name in names(text)]
    listed += [f"staff.{name}" for text in STAFF.values() for name in names(text)]
    assert len(listed) == len(set(listed))
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(listed)


@pytest.mark.parametrize("audience", list(STAFF), ids=str)
def test_the_audience_of_each_page_is_the_one_listed(app, audience):
    stated = {name.removeprefix("staff.") for name, found in AUDIENCES.items() if found == audience}
    assert stated == names(STAFF[audience])


def test_programs_without_a_token_get_what_is_listed(app, desk):
    program = app.test_client()
    listed = {
        audience: names(text)
        for audience, text in OTHERS.items()
        if audience.startswith("programs")
    }
    needed = {name for name, guard in GUARDS.items() if guard.scope is not None}
    assert needed == listed["programs with an analyst's token"]
    assert all(GUARDS[name].roles == access.ANALYSTS for name in needed)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in GUARDS:
            status = program.get(address(app, rule, SLUG)).status_code
            assert (status == 401) == (rule.endpoint in needed), rule.endpoint


def test_only_admins_see_accounts_and_the_trail():
    guarded = {name for name, audience in AUDIENCES.items() if audience == ADMINS}
    assert {"staff.accounts", "staff.one_account", "staff.invite", "staff.audit_trail"} <= guarded


# Who is kept out


@pytest.fixture
def elsewhere(app, desk):
    """The name of another consultation."""
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    return "another-one"


def test_who_is_signed_out_is_asked_to_sign_in(app, desk, visitor):
    wrong = []
    for door in doors(app):
        answer = visitor.client.open(door.path, method=door.method, data={"words": "kept words"})
        if door.method == "GET":
            leads = answer.status_code == 303 and "/en/staff/account/login" in answer.location
        else:
            leads = answer.status_code == 401 and "kept words" in answer.get_data(as_text=True)
        if not leads:
            wrong.append((str(door), answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(app, desk, hire, role):
    colleague = hire(role)
    token = token_of(colleague)
    wrong = []
    for door in doors(app):
        audience = AUDIENCES[door.endpoint]
        if audience.roles and not access.allows({role}, audience.roles):
            found = {
                ask(colleague, door, token),
                ask(colleague, door, "forged"),
                ask(colleague, door),
            }
            right = found == {403}
        elif door.method == "POST":
            found = {ask(colleague, door, "forged"), ask(colleague, door)}
            right = found == {400}
        else:
            found = {ask(colleague, door)}
            right = found.isdisjoint({401, 403, 500}) and (door.has_more or 404 not in found)
        if not right:
            wrong.append((str(door), found))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_in_one_consultation_opens_nothing_of_another(app, elsewhere, hire, role):
    colleague = hire(on={elsewhere: role})
    token = token_of(colleague)
    wrong = []
    for door in doors(app):
        audience = AUDIENCES[door.endpoint]
        if audience.of_consultation or audience.roles:
            found = {ask(colleague, door, token), ask(colleague, door, "forged")}
            if found != {404 if audience.of_consultation else 403}:
                wrong.append((str(door), found))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_in_one_consultation_opens_its_pages_there(app, elsewhere, hire, role):
    colleague = hire(on={elsewhere: role})
    wrong = []
    for door in doors(app, slug=elsewhere):
        audience = AUDIENCES[door.endpoint]
        if not audience.of_consultation:
            continue
        found = ask(colleague, door, "forged")
        if not access.allows({role}, audience.roles):
            right = found == 403
        elif door.method == "POST":
            right = found == 400
        else:
            right = found not in {401, 403, 500} and (door.has_more or found != 404)
        if not right:
            wrong.append((str(door), found))
    assert wrong == []


def test_a_consultation_that_is_not_there_is_not_found_by_an_admin(app, hire):
    admin = hire("admin")
    wrong = [
        str(door)
        for door in doors(app, slug="unheard-of")
        if AUDIENCES[door.endpoint].of_consultation and ask(admin, door, "forged") != 404
    ]
    assert wrong == []


def test_a_role_that_was_taken_away_opens_nothing_any_more(app, desk, hire):
    colleague = hire("officer")
    assert colleague.visit(f"consultations/{SLUG}/people").status == 200
    with in_session(app) as session, unit_of_work(session):
        found = accounts.find(session, colleague.email)
        assert found is not None
        account_changes.set_roles(
            session, found.id, [], seen=["officer"], held=["admin"], actor="test", now=NOON
        )
    token = colleague.visit("").form("/logout").fields["csrf_token"][0]
    kept_out = {
        ask(colleague, door, token)
        for door in doors(app)
        if AUDIENCES[door.endpoint].of_consultation
    }
    assert kept_out == {404}


@pytest.mark.parametrize("endpoint", sorted(names(OTHERS["staff at their own account"])))
def test_ways_of_signing_in_are_changed_by_their_owner_only(app, visitor, endpoint):
    for rule in app.url_map.iter_rules(endpoint):
        path = address(app, rule, SLUG)
        for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
            answer = visitor.client.open(path, method=method)
            assert answer.status_code in {302, 303, 400, 401, 403}, (method, path)
            if answer.status_code in {302, 303}:
                assert "/en/staff/account/login" in answer.location, (method, path)
