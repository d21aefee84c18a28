"""Error pages, in the language of the page that failed, saying what to do."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from consult.db import UNAVAILABLE, db
from consult.logs import logger

RETRY_AFTER_SECONDS = "30"


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(CSRFError, _forged_form)
    app.register_error_handler(HTTPException, _http_error)
    for unavailable in UNAVAILABLE:
        app.register_error_handler(unavailable, _database_gone)
    app.register_error_handler(Exception, _fault)


def _page(
    status: int, title: str, text: str, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    page = render_template("error.html", page_title=title, text=text, status=status)
    return page, status, headers or {}


def _forged_form(error: CSRFError) -> ResponseReturnValue:
    return _page(
        400,
        gettext("Please try again"),
        gettext(
            "The page had been open for too long, or your browser does not allow cookies for "
            "this site. Go back, load the page again, and press the button once more. "
            "Nothing that you saved is lost."
        ),
    )


def _http_error(error: HTTPException) -> ResponseReturnValue | HTTPException:
    status = error.code or 500
    if status in {301, 302, 303, 307, 308}:
        return error
    if status == 404:
        return _page(
            404,
            gettext("Page not found"),
            gettext(
                "If you typed the address, check it. If you followed a link, tell the people "
                "who gave it to you."
            ),
        )
    if status == 413:
        return _page(
            413,
            gettext("That was too much at once"),
            gettext(
                "What you sent is larger than we can take. Make it shorter, and send it again."
            ),
        )
    if status == 405 and request.method == "GET":
        return _page(
            404,
            gettext("Page not found"),
            gettext("This address is for sending a form. Start from the first page."),
        )
    if status < 500:
        return _page(
            status,
            gettext("That did not work"),
            gettext(
                "Your browser sent something that we do not understand. Go back and try again."
            ),
        )
    return _page(status, *_fault_words())


def _database_gone(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("database unavailable", extra={"facts": {"kind": type(error).__name__}})
    return _page(
        503,
        gettext("We cannot reach our records just now"),
        gettext("What you saved before is safe. Wait a minute, then load this page again."),
        {"Retry-After": RETRY_AFTER_SECONDS},
    )


def _fault(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("fault", exc_info=error)
    return _page(500, *_fault_words())


def _fault_words() -> tuple[str, str]:
    return (
        gettext("Sorry, something went wrong here"),
        gettext(
            "It is our fault, not yours. What you saved before is safe. Go back and try again; "
            "if it happens again, use the phone number or e-mail address on the help page."
        ),
    )


def let_go() -> None:
    """Give up what the session was doing, also where its connection is dead."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.invalidate()
