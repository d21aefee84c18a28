"""Recordings of the texts, read out: attached for each language, listened to, removed."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.forms.editing.fields import Fields
from consult.forms.translating_words import language_name
from consult.security import let_play_recordings
from consult.services import access
from consult.services.assisting import clips
from consult.views.sounds import sound
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.sessions.plan_forms import document_of

LARGEST_REQUEST = clips.LARGEST + 50_000
"""Bytes: a recording, and the form around it."""


@for_staff("/consultations/<slug>/recordings", roles=access.EDITORS)
def recordings() -> ResponseReturnValue:
    """All recordings, by language."""
    document = document_of(workspace())
    return _page(document, Fields({"language": [_language_at_first(document)]}))


@for_staff(
    "/consultations/<slug>/recordings",
    roles=access.EDITORS,
    methods=("POST",),
    largest=LARGEST_REQUEST * 2,
)
def attach_recording() -> ResponseReturnValue:
    """Attach one."""
    document = document_of(workspace())
    fields = Fields({name: request.form.getlist(name) for name in request.form})
    language, target = fields.typed("language"), fields.typed("target")
    if language not in document.languages:
        fields.refuse("language", gettext("Choose the language that is spoken."))
    if target not in clips.targets_of(document):
        fields.refuse("target", gettext("Choose what is read out."))
    file = request.files.get("recording")
    content = b"" if file is None else file.read(clips.LARGEST + 1)
    if not content:
        fields.refuse("recording", gettext("Choose a recording."))
    if fields.errors:
        return _page(document, fields), 422
    try:
        with unit_of_work(db.session):
            clips.attach(
                db.session,
                workspace(),
                document,
                language=language,
                target=target,
                content=content,
                actor=actor(),
                now=now(),
            )
    except clips.TooLarge:
        fields.refuse(
            "recording",
            gettext(
                "This recording is too large: we can take up to 1 MB. Save it as MP3 or Ogg with "
                "64 kbit/s, or read more briefly."
            ),
        )
    except clips.NotARecording:
        fields.refuse(
            "recording",
            gettext(
                "This file is no recording that we can play. Choose MP3, Ogg, M4A, WAV or WebM."
            ),
        )
    if fields.errors:
        return _page(document, fields), 422
    flash(gettext("The recording is attached. Tablets get it when they next load the questions."))
    return redirect(page("recordings", in_language=language), 303)


@for_staff(
    "/consultations/<slug>/recordings/<uuid:clip_id>/remove",
    roles=access.EDITORS,
    methods=("POST",),
)
def remove_recording(clip_id: UUID) -> ResponseReturnValue:
    """Remove one."""
    try:
        with unit_of_work(db.session):
            clips.remove(db.session, workspace(), clip_id, actor=actor(), now=now())
    except clips.NoSuchClip:
        flash(gettext("The recording was removed before, so nothing was changed."))
    else:
        flash(gettext("The recording is removed. The text is read out by the tablet’s own voice."))
    return redirect(page("recordings"), 303)


@for_staff("/consultations/<slug>/recordings/<uuid:clip_id>/sound", roles=access.EDITORS)
def recording(clip_id: UUID) -> ResponseReturnValue:
    """One recording, to listen to."""
    try:
        return sound(clips.find(db.session, workspace(), clip_id))
    except clips.NoSuchClip:
        abort(404)


def _language_at_first(document: Document) -> str:
    wanted = request.args.get("in_language", "")
    return wanted if wanted in document.languages else document.source_language


def _page(document: Document, fields: Fields) -> str:
    let_play_recordings()
    found = clips.listed(db.session, workspace())
    targets = clips.targets_of(document)
    order = {target: place for place, target in enumerate(targets)}
    return render_template(
        "staff/recordings.html",
        page_title=gettext("Recordings to listen to"),
        fields=fields,
        errors=fields.error_list(),
        languages=[{"value": code, "label": language_name(code)} for code in document.languages],
        targets=[{"value": each, "label": _target_words(document, each)} for each in targets],
        by_language=[
            (
                code,
                language_name(code),
                sorted(
                    (clip for clip in found if clip.language == code),
                    key=lambda clip: (order.get(clip.target, len(order)), clip.target),
                ),
            )
            for code in document.languages
            if any(clip.language == code for clip in found)
        ],
        words_of=lambda target: _target_words(document, target),
        total=sum(clip.size for clip in found),
        wanted=len(targets),
        size_words=_size_words,
    )


def _target_words(document: Document, target: str) -> str:
    """What is read out, in words."""
    kind, _, key = target.partition(":")
    if kind == "section" and (section := document.section(key)) is not None:
        return gettext("Part of the draft: %(title)s", title=section.title)
    if kind == "question" and (question := document.question(key)) is not None:
        return gettext("Question: %(question)s", question=question.label)
    if kind == clips.CONSENT:
        return gettext("What people agree to before they start")
    # Translators: a recording of a question or part that the consultation no longer has
    return gettext("Something that is not asked any more")


def _size_words(size: int) -> str:
    # Translators: the size of a file, in kilobytes
    return gettext("%(size)s kB", size=max(1, round(size / 1_000)))
