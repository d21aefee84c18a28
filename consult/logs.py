"""Logs as JSON lines, with nothing that leads to a person.

A line names the route, never the address: addresses can hold codes. There is no network
address, no browser name, no form field.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

logger = logging.getLogger("consult")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception is told by its type and places, not by its values."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


class StandardError(logging.Handler):
    """Writes to standard error as it is now, wherever it was led meanwhile."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201
        except Exception:
            self.handleError(record)


def init_app(app: Flask) -> None:
    """Log each request when it ends, and faults where they happen."""
    app.logger.handlers.clear()
    app.logger.propagate = False
    for log in (logger, app.logger, logging.getLogger("waitress")):
        if not any(isinstance(handler, StandardError) for handler in log.handlers):
            handler = StandardError()
            handler.setFormatter(JsonLines())
            log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    app.before_request(_start_clock)
    app.after_request(_log_request)


def _start_clock() -> None:
    g.request_started = time.perf_counter()


def _log_request(response: Response) -> Response:
    if request.endpoint in {"static", "healthz"} and response.status_code < 400:
        return response
    seconds = time.perf_counter() - g.get("request_started", time.perf_counter())
    facts = {
        "route": request.endpoint or "none",
        "method": request.method,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "request": g.get("request_id"),
    }
    logger.info("request", extra={"facts": facts})
    return response


def _places(trace: Any) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
