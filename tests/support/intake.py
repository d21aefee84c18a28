"""Files of responses brought in as an officer does it, page after page."""

import io
import threading
from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from consult.db import db
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Answer, AuditEvent, Response, ResponseImport, ResponseOrigin
from tests.support.jobs import FAST
from tests.support.staff import Colleague
from tests.support.visitors import Page, in_session

HEADINGS = "Response ID,Submitted,Your email,In what capacity?,Do you agree with the vision?,Why?"


def send_file(
    officer: Colleague, part: str, content: bytes, name: str = "export.csv", **fields: Any
) -> Page:
    """Send the form whose action contains a text, with a file in it."""
    assert officer.page is not None
    form = officer.page.form(part)
    data: dict[str, Any] = {each: values[0] for each, values in form.fields.items()}
    data.update(fields)
    data["file"] = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart(data)
    return officer.post(form.action, body, content_type=f"multipart/form-data; boundary={boundary}")


def upload(officer: Colleague, content: str | bytes, name: str = "export.csv") -> Page:
    """Upload a file to the consultation at hand."""
    officer.consultation("responses/import")
    raw = content.encode() if isinstance(content, str) else content
    return send_file(officer, "responses/import", raw, name)


def check(officer: Colleague, columns: dict[str, str], **more: str) -> Page:
    """Say what the columns are, and have the file checked."""
    officer.send("/columns", {**columns, **more, "do": "save"})
    return officer.send("/values", {"do": "check"})


def work(app: Flask) -> bool:
    """Let a worker do one job that waits."""
    settings = app.config["CONSULT_SETTINGS"]
    with app.app_context():
        sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
    with Presence(settings.data_dir / "workers") as presence:
        runner = Runner(
            sessions,
            KINDS,
            settings,
            presence,
            stop=threading.Event(),
            pace=FAST,
            clock=app.config["CONSULT_CLOCK"],
        )
        return runner.run_next()


def bring_in(app: Flask, officer: Colleague) -> Page:
    """Have the checked file brought in, and look at its page."""
    page = officer.send("/bring-in")
    assert page.status == 200, page.text
    assert work(app)
    return officer.get(page.path)


def responses(app: Flask) -> Sequence[Response]:
    """All responses, the earliest row first, with their answers."""
    with in_session(app) as session:
        found = session.scalars(
            select(Response)
            .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
            .order_by(ResponseOrigin.row, Response.received_at)
        ).all()
        for each in found:
            _ = [answer.value for answer in each.answers], each.marks
        return found


def count(app: Flask, table: type[Any]) -> int:
    """How many rows a table has."""
    with in_session(app) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def answers_of(response: Response) -> dict[str, Any]:
    """A response's answers by question."""
    return {answer.question_key: answer.value for answer in response.answers}


def trail(app: Flask, action: str) -> list[dict[str, Any]]:
    """Details of all acts of a name."""
    with in_session(app) as session:
        found = session.scalars(
            select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.at)
        )
        return [event.details for event in found]


def imports(app: Flask) -> Sequence[ResponseImport]:
    """All files, the one uploaded first at the top."""
    with in_session(app) as session:
        return session.scalars(select(ResponseImport).order_by(ResponseImport.uploaded_at)).all()


__all__ = [
    "HEADINGS",
    "Answer",
    "answers_of",
    "bring_in",
    "check",
    "count",
    "imports",
    "responses",
    "send_file",
    "trail",
    "upload",
    "work",
]
