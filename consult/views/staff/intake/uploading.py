"""Files of responses: the list of those that came, and a new one taken in."""

from contextlib import closing
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.drafting.kinds import MEGABYTE
from consult.response_files.faults import ResponseFileError
from consult.response_files.reading import LARGEST_UPLOAD, open_table
from consult.response_files.survey import look
from consult.services import access
from consult.services.intake import holding, places
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, workspace
from consult.views.staff.intake import words
from consult.views.staff.intake.at_hand import file_at_hand, stored

Errors = list[tuple[str | None, str]]


@for_staff("/consultations/<slug>/responses/import", roles=access.ANALYSTS)
def import_responses() -> ResponseReturnValue:
    """The files that came, and the form for another."""
    return upload_page()


@for_staff(
    "/consultations/<slug>/responses/import",
    roles=access.EDITORS,
    methods=("POST",),
    largest=LARGEST_UPLOAD + MEGABYTE,
)
def upload_responses() -> ResponseReturnValue:
    """Look a file through, and keep it until somebody has said what its columns are."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return upload_page([("file", gettext("Choose a file."))]), 422
    with closing(file):  # a large one lies in a temporary file
        content = file.stream.read(LARGEST_UPLOAD + 1)
    try:
        import_id = take_in(workspace().slug, file.filename, content)
    except ResponseFileError as error:
        return upload_page([("file", words.fault_sentence(error))]), 422
    return redirect(page("import_columns", import_id=import_id), 303)


@for_staff(
    "/consultations/<slug>/responses/import/<uuid:import_id>/put-away",
    roles=access.EDITORS,
    methods=("POST",),
)
def put_import_away(import_id: UUID) -> ResponseReturnValue:
    """Forget a file of which nothing was brought in."""
    place, _held = file_at_hand(import_id)
    try:
        with unit_of_work(db.session):
            holding.put_away(db.session, place, import_id, actor=actor(), now=now())
    except holding.IsRunning:
        flash(gettext("A job is reading the file just now. Cancel it first."))
        return redirect(page("one_import", import_id=import_id), 303)
    except holding.AlreadyApplied:
        flash(gettext("Responses of this file are here. Take them out instead."))
        return redirect(page("one_import", import_id=import_id), 303)
    flash(gettext("The file is put away. Nothing was brought in."))
    return redirect(page("import_responses"), 303)


def take_in(slug: str, name: str, content: bytes) -> UUID:
    """Look a file through and keep it.

    Raises
    ------
    ResponseFileError
        If it cannot be read.
    """
    survey = look(open_table(name, content, largest=LARGEST_UPLOAD))
    with unit_of_work(db.session):
        place = places.prepare(db.session, slug, actor=actor(), now=now())
        held = holding.hold(
            db.session, place, name=name, content=content, survey=survey, actor=actor(), now=now()
        )
        return held.id


def upload_page(errors: Errors | None = None) -> str:
    """The list of files, with the form for another."""
    return render_template(
        "staff/intake/files.html",
        page_title=gettext("Responses from a file"),
        errors=errors or [],
        error_of=dict(errors or []),
        files=holding.listing(db.session, stored()),
        megabytes=LARGEST_UPLOAD // MEGABYTE,
        may_edit=may(*access.EDITORS),
    )
