"""Acts of the audit trail in words."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext


def action_words(action: str) -> str:
    """An act in words; one that has none is told as the trail holds it."""
    return _words().get(action, action)


def action_choices(chosen: str) -> list[dict[str, str]]:
    """All acts as choices of a form, in the order of their words, and the one chosen."""
    words = _words()
    if chosen:
        words.setdefault(chosen, chosen)
    pairs = sorted(words.items(), key=lambda pair: pair[1].casefold())
    return [{"value": action, "label": label} for action, label in pairs]


def detail_lines(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of an act's details, as the trail holds them."""
    return [(name, _value(value)) for name, value in details.items() if value not in ([], {}, "")]


def _value(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _words() -> dict[str, str]:
    return {
        **_of_accounts(),
        **_of_signing_in(),
        **_of_consultations(),
        **_of_answers(),
        **_of_outreach(),
        **_of_tablets(),
        **_of_paper_and_sound(),
        **_of_reports(),
        **_of_the_rest(),
    }


def _of_accounts() -> dict[str, str]:
    return {
        "account made": gettext("Account made"),
        "account closed": gettext("Account closed"),
        "account opened again": gettext("Account opened again"),
        "invitation made": gettext("Invitation made"),
        "invitation accepted": gettext("Invitation accepted"),
        "invitation withdrawn": gettext("Invitation withdrawn"),
        "roles changed": gettext("Roles changed"),
        "role given": gettext("Role given in one consultation"),
        "role taken away": gettext("Role taken away in one consultation"),
        "password link made": gettext("Link to set a password made"),
        "second factors removed": gettext("Second step of signing in removed"),
        "council sign-in linked": gettext("Council’s sign-in linked"),
        "token made": gettext("Token for a program made"),
        "token taken back": gettext("Token for a program taken back"),
        "council sign-in unlinked": gettext("Council’s sign-in no longer linked"),
    }


def _of_signing_in() -> dict[str, str]:
    return {
        "signed in": gettext("Signed in"),
        "signed out": gettext("Signed out"),
        "session ended": gettext("Signed out of one browser"),
        "sessions ended": gettext("Signed out everywhere"),
        "sign-in slowed down": gettext("Signing in slowed down after wrong tries"),
        "password changed": gettext("Password changed"),
        "password reset": gettext("Password set anew"),
        "recovery codes made": gettext("Recovery codes made"),
        "second factor added": gettext("Second step of signing in added"),
        "second factor removed": gettext("Second step of signing in taken off"),
    }


def _of_consultations() -> dict[str, str]:
    return {
        "setting up began": gettext("Setting up began"),
        "setting up changed": gettext("Setting up changed"),
        "preview link made": gettext("Preview link made"),
        "preview link ended": gettext("Preview link ended"),
        "preview removed": gettext("Preview removed"),
        "readiness answered": gettext("Question of the readiness list answered"),
        "sign-off asked for": gettext("Sign-off asked for"),
        "sign-off agreed": gettext("Signed off"),
        "sign-off declined": gettext("Sign-off declined"),
        "consultation created": gettext("Consultation created"),
        "consultation changed": gettext("Consultation changed"),
        "consultation opened": gettext("Consultation opened"),
        "consultation paused": gettext("Consultation paused"),
        "consultation resumed": gettext("Consultation resumed"),
        "changes published": gettext("Changes published"),
        "consultation extended": gettext("Consultation extended"),
        "consultation closed": gettext("Consultation closed"),
        "translations written": gettext("Translations written"),
        "translations approved": gettext("Translations approved"),
        "translations brought in": gettext("Translations brought in from a file"),
        "approvals of translations taken back": gettext("Approval of translations taken back"),
        "machine translations drafted": gettext("Translations drafted by a machine"),
    }


def _of_answers() -> dict[str, str]:
    return {
        "responses uploaded": gettext("File of responses uploaded"),
        "response file put away": gettext("File of responses put away unused"),
        "responses brought in": gettext("Responses brought in from a file"),
        "responses taken out": gettext("Responses of a file taken out again"),
        "response entered": gettext("Response entered by hand"),
        "respondents downloaded": gettext("Respondents’ groups downloaded"),
        "response marked": gettext("Response marked as perhaps spam or a repeat"),
        "mark taken away": gettext("Mark of a response taken away"),
        "petition recorded": gettext("Petition recorded"),
        "petition changed": gettext("Petition changed"),
        "petition removed": gettext("Petition removed"),
        "themes analysed": gettext("Themes found, or new answers put into them"),
        "theme adopted": gettext("Suggested theme taken on"),
        "words hidden": gettext("Words of an answer hidden"),
        "words shown again": gettext("Words of an answer shown again"),
        "quote approved": gettext("Quote approved"),
        "quote withdrawn": gettext("Quote approved no more"),
        "answers downloaded": gettext("Answers downloaded"),
        "group talk removed": gettext("What a table said removed"),
        "raw data downloaded": gettext("Raw data downloaded"),
        "raw data read": gettext("Raw data read by a program"),
        "answers sent out": gettext("Answers sent out for translation"),
        "answer translations brought in": gettext("Translations of answers brought in"),
    }


def _of_outreach() -> dict[str, str]:
    return {
        "partner recorded": gettext("Partner organisation written down"),
        "partner changed": gettext("Partner organisation changed"),
        "partner removed": gettext("Partner organisation removed"),
        "outreach recorded": gettext("Outreach written down"),
        "outreach taken back": gettext("Outreach taken back"),
        "digest wished": gettext("E-mails about confirmed flags asked for"),
        "digest ended": gettext("E-mails about confirmed flags ended"),
    }


def _of_tablets() -> dict[str, str]:
    return {
        "session planned": gettext("Session of a partner planned"),
        "session changed": gettext("Session of a partner changed"),
        "session called off": gettext("Session of a partner called off"),
        "session told of": gettext("Told how a session of a partner went"),
        "partner's person added": gettext("Somebody named for a partner organisation"),
        "partner's person removed": gettext("Somebody taken out of a partner organisation"),
        "tablet enrolled": gettext("Tablet enrolled for a partner organisation"),
        "tablet revoked": gettext("Tablet revoked"),
        "keys of tablets changed": gettext("New keys made for what tablets send"),
        "item from a tablet accepted": gettext("Something from a tablet that waited was taken"),
        "item from a tablet refused": gettext("Something from a tablet that waited was refused"),
    }


def _of_paper_and_sound() -> dict[str, str]:
    return {
        "paper forms printed": gettext("Paper forms printed"),
        "paper form entered": gettext("Paper form typed in"),
        "recording attached": gettext("Recording of a text attached"),
        "recording removed": gettext("Recording of a text removed"),
    }


def _of_reports() -> dict[str, str]:
    return {
        "report layout changed": gettext("Parts of the report changed"),
        "report texts written": gettext("Texts of the report written"),
        "report version made": gettext("Version of the report made"),
        "report published": gettext("Report published"),
        "report taken down": gettext("Published report taken down"),
        "internal report downloaded": gettext("Internal report downloaded"),
    }


def _of_the_rest() -> dict[str, str]:
    return {
        "response changed": gettext("Response changed by the resident"),
        "response withdrawn": gettext("Response withdrawn by the resident"),
        "response excluded": gettext("Response left out of the results"),
        "response included again": gettext("Response taken into the results again"),
        "late response accepted": gettext("Late response accepted"),
        "late response refused": gettext("Late response refused"),
        "answers deleted": gettext("Answers deleted on the promised day"),
        "answers anonymised": gettext("Answers made anonymous on the promised day"),
        "data restored": gettext("Data brought back from a backup"),
        "job asked for": gettext("Job asked for"),
        "job cancelled": gettext("Job cancelled"),
        "job tried again": gettext("Job tried again"),
        "look changed": gettext("Council’s name or colours changed"),
        "logo set": gettext("Logo set"),
        "logo removed": gettext("Logo removed"),
    }
