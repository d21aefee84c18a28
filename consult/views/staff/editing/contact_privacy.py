"""How people get help, and what the law asks to be settled before answers are collected."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from consult.document.model import DeletionMode
from consult.forms.editing.fields import Fields
from consult.forms.editing.parts import ContactForm, PrivacyForm, deletion_words
from consult.services import access
from consult.views.staff.audience import for_staff
from consult.views.staff.current import page, settings, workspace
from consult.views.staff.editing.live_preview import preview_of
from consult.views.staff.editing.saving import Editor, save, show, show_again, typed_fields


@for_staff("/consultations/<slug>/contact", roles=access.READERS)
def edit_contact() -> ResponseReturnValue:
    """The ways to get help as they are written so far."""
    return show(_contact())


@for_staff("/consultations/<slug>/contact", roles=access.EDITORS, methods=("POST",))
def save_contact() -> ResponseReturnValue:
    """Save the ways to get help."""
    return save(_contact())


@for_staff("/consultations/<slug>/privacy", roles=access.READERS)
def edit_privacy() -> ResponseReturnValue:
    """What is settled so far."""
    return show(_privacy())


@for_staff("/consultations/<slug>/privacy", roles=access.EDITORS, methods=("POST",))
def save_privacy() -> ResponseReturnValue:
    """Save it, or fill in a text that was offered."""
    editor = _privacy()
    texts = offered_texts(_offer_language())
    offer = request.form.get("offer", "")
    if offer not in {*texts, "delete_on"}:
        return save(editor)
    fields = typed_fields()
    if offer in texts:
        fields.fill(offer, texts[offer])
    else:
        _fill_deletion_date(fields)
    return show_again(editor, fields)


def offered_texts(language: str) -> dict[str, str]:
    """Texts that councils can take over, in the language that the consultation is written in.

    They say what councils usually rely on. Whether it holds is for the council to judge.
    """
    with force_locale("en_GB" if language == "en" else language):
        return {
            "lawful_basis_article_6": gettext(
                "We use your answers to carry out a task in the public interest: to hear what "
                "people think before we decide. The law calls this a public task. It is Article "
                "6(1)(e) of the UK GDPR."
            ),
            "lawful_basis_article_9": gettext(
                "Some questions are about private things, such as your health, your religion or "
                "your ethnic group. We use those answers to see whether we treat everybody "
                "fairly. The law calls this substantial public interest. It is Article 9(2)(g) of "
                "the UK GDPR, with Schedule 1, paragraph 8 of the Data Protection Act 2018 "
                "(equality of opportunity or treatment)."
            ),
            "who_sees": gettext(
                "A small team at the council reads the answers. We do not ask for your name. "
                "Reports hold totals and short quotations. We leave out what could show who you "
                "are, and small numbers."
            ),
        }


def _fill_deletion_date(fields: Fields) -> None:
    """A year after the last answers are taken."""
    last = workspace().content.get("late_until") or workspace().content.get("closes_at")
    try:
        day = date.fromisoformat(str(last)[:10])
    except ValueError:
        fields.refuse(
            "delete_on",
            gettext("Write the dates of the consultation first, on the page of dates"),
            "delete_on-day",
        )
        return
    # The 29 February has no day a year later; the first of March is as good.
    later = date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else None
    fields.show_day("delete_on", (later or day.replace(year=day.year + 1)).isoformat())


def _offer_language() -> str:
    """The language that texts are offered in: the consultation's own, where we speak it."""
    source = str(workspace().content["source_language"])
    return source if source in settings().languages else "en"


def _contact() -> Editor:
    return Editor(
        ContactForm(),
        "staff/editing/contact.html",
        gettext("Help, and other ways to answer"),
        page("edit_contact"),
        preview_of("help"),
    )


def _privacy() -> Editor:
    language = _offer_language()
    return Editor(
        PrivacyForm(),
        "staff/editing/privacy.html",
        gettext("Privacy"),
        page("edit_privacy"),
        preview_of("privacy"),
        {
            "offered": offered_texts(language),
            "offer_language": language,
            "deletions": [
                {"value": mode.value, "label": deletion_words(mode)} for mode in DeletionMode
            ],
        },
    )
