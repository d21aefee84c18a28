"""Taking a version along as a file."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from consult.db import db, unit_of_work
from consult.reports.data import Audience
from consult.reports.formats import FORMATS
from consult.services import access
from consult.services.reporting import versions
from consult.telling.report import files
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.reports.at_hand import report_at_hand
from consult.views.staff.reports.version import chosen_of, version_or_404


@for_staff("/consultations/<slug>/report/versions/<int:number>/file", roles=access.READERS)
def report_file(number: int) -> ResponseReturnValue:
    """A file of a version in the language, form and format that the address names."""
    found = report_at_hand()
    version = version_or_404(found, number)
    name = request.args.get("format", "docx")
    if name not in FORMATS:
        abort(404)
    format_of = FORMATS[name]
    chosen = chosen_of(versions.data_of(db.session, version), request.args)
    file_name = files.name_of(found.stored.slug, version, chosen.form, chosen.language, name)
    content = files.file_of(db.session, version, chosen.form, chosen.language, name, now=now())
    if version.audience == Audience.INTERNAL.value:
        with unit_of_work(db.session):
            versions.note_download(
                db.session, found.stored, version, file_name, actor=actor(), now=now()
            )
    answer = Response(content, mimetype=format_of.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
