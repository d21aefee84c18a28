"""Residents at once, each on the whole way from choosing a language to the receipt code."""

import http.client
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.figures import Spread
from benchmarks.outcome import CannotRun, Outcome, Table
from benchmarks.pages import fill_in
from benchmarks.serving import Installation, Server, install, running_server
from benchmarks.visitor import Reply, Visitor
from consult.db import make_engine
from consult.models import Response
from tests.support.postgres import PostgresUnavailable, running_postgres

JOURNEYS_EACH = {1: 6, 8: 3, 64: 1}
"""How many residents at once, and how many journeys each of them makes."""

LIMIT_SECONDS = 150
"""A journey that is not finished by then is abandoned, and counted apart."""

HEADER = (
    "database",
    "residents",
    "requests/s",
    "journeys/min",
    "p50",
    "p95",
    "p99",
    "POST p50",
    "p95",
    "p99",
    "errors",
    "peak MiB",
    "CPU s",
    "CPU ms/request",
)

MOST_PAGES = 120
SEED = 20250


class WentWrong(Exception):
    """A journey met a page that it should not; the message says where."""


class OutOfTime(Exception):
    """The time of this configuration is over."""


@dataclass(slots=True)
class Crowd:
    """What a number of residents at once met."""

    finished: int = 0
    abandoned: int = 0
    errors: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, int, float]] = field(default_factory=list)
    seconds: float = 0.0
    client_cpu_seconds: float = 0.0


def run(workspace: Path) -> Outcome:
    """Measure on SQLite and on PostgreSQL."""
    outcome = Outcome()
    rows = []
    for name in ("SQLite", "PostgreSQL"):
        try:
            with _installed(name, workspace) as installation:
                for residents, journeys in JOURNEYS_EACH.items():
                    print(f"  {name}, {residents} at once ...", flush=True)
                    figures = _measure(installation, residents, journeys, outcome, name)
                    outcome.figures.setdefault(name, {})[str(residents)] = figures
                    rows.append(_row(name, residents, figures))
        except CannotRun as reason:
            outcome.notes.append(f"{name} was not measured: {reason}")
    outcome.tables.append(
        Table(
            "Times in ms; memory and processor time of the server process, without PostgreSQL's",
            HEADER,
            rows,
        )
    )
    alone = outcome.figures["SQLite"]["1"]["by_page"]
    outcome.tables.append(
        Table(
            "One resident on SQLite, by page (ms)",
            ("page", "requests", "p50", "p95"),
            [(name, s["count"], s["p50_ms"], s["p95_ms"]) for name, s in alone.items()],
        )
    )
    return outcome


def walk(visitor: Visitor, installation: Installation, language: str, chance: random.Random) -> str:
    """Go the whole way once, and return the receipt code.

    Raises
    ------
    WentWrong
        If a page is not as it should be.
    """
    slug = installation.document.slug
    reply = _good(visitor.get(f"/c/{slug}"))
    for resource in visitor.get_resources(reply):
        _good(resource)
    reply = _good(visitor.get(_link(reply, f"/{language}/{slug}/")))
    reply = _good(visitor.get(_link(reply, f"/{language}/{slug}/answer")))
    for _ in range(MOST_PAGES):
        if reply.path.endswith("/receipt"):
            return _receipt_code(reply)
        form = reply.page.main_form()
        reply = _good(visitor.post(form.action, fill_in(form, chance)))
    raise WentWrong(f"no receipt after {MOST_PAGES} pages, but {reply.path}")


def _link(reply: Reply, path: str) -> str:
    if not any(link.href == path for link in reply.page.links):
        raise WentWrong(f"{reply.path} does not lead to {path}")
    return path


def _good(reply: Reply) -> Reply:
    if reply.status != 200:
        raise WentWrong(f"{reply.method} {reply.path}: {reply.status}")
    return reply


def _receipt_code(reply: Reply) -> str:
    code = re.sub(r"\s", "", reply.page.code or "")
    if re.fullmatch(r"[0-9]{16}", code) is None:
        raise WentWrong(f"{reply.path} shows no code of 16 digits")
    return code


@contextmanager
def _installed(name: str, workspace: Path) -> Iterator[Installation]:
    if name == "SQLite":
        yield install(workspace / "sqlite")
        return
    try:
        with running_postgres() as server:
            url = server.url(server.create_database())
            yield install(workspace / "postgresql", database_url=url)
    except PostgresUnavailable as reason:
        raise CannotRun(str(reason)) from reason


def _measure(
    installation: Installation, residents: int, journeys: int, outcome: Outcome, name: str
) -> dict[str, Any]:
    stored_before = _stored(installation)
    with running_server(installation) as server:
        cpu_before = server.cpu_seconds()
        crowd = _let_loose(server, installation, residents, journeys)
        cpu_after = server.cpu_seconds()
        peak = server.memory_mib("VmHWM")
        logged = server.errors_logged()
    stored = _stored(installation) - stored_before
    where = f"{name}, {residents} at once"
    if stored != crowd.finished:
        outcome.faults.append(f"{where}: {crowd.finished} receipts, but {stored} responses stored")
    outcome.faults.extend(f"{where}: {error}" for error in crowd.errors[:5])
    outcome.faults.extend(f"{where}: the server said: {line}" for line in logged[:3])
    if crowd.abandoned:
        outcome.notes.append(f"{where}: {crowd.abandoned} journeys were not finished in time")
    cpu = None if cpu_before is None or cpu_after is None else cpu_after - cpu_before
    count = len(crowd.requests)
    return {
        "residents": residents,
        "seconds": round(crowd.seconds, 2),
        "requests": count,
        "requests_per_second": round(count / crowd.seconds, 1),
        "journeys_finished": crowd.finished,
        "journeys_abandoned": crowd.abandoned,
        "journeys_per_minute": round(60 * crowd.finished / crowd.seconds, 1),
        "responses_stored": stored,
        "errors": len(crowd.errors),
        "all": asdict(Spread.of([r[3] for r in crowd.requests])),
        "posts": asdict(Spread.of([r[3] for r in crowd.requests if r[0] == "POST"])),
        "by_page": _by_page(crowd.requests),
        "server_peak_memory_mib": peak,
        "server_cpu_seconds": None if cpu is None else round(cpu, 2),
        "server_cpu_ms_per_request": None if cpu is None else round(1000 * cpu / count, 2),
        "client_cpu_seconds": round(crowd.client_cpu_seconds, 2),
    }


def _let_loose(server: Server, installation: Installation, residents: int, journeys: int) -> Crowd:
    crowd = Crowd()
    lock = threading.Lock()
    gate = threading.Barrier(residents + 1)
    threads = [
        threading.Thread(
            target=_resident,
            args=(server.port, installation, number, journeys, crowd, lock, gate),
            daemon=True,
        )
        for number in range(residents)
    ]
    for thread in threads:
        thread.start()
    gate.wait()
    began, cpu_began = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    crowd.seconds = time.perf_counter() - began
    crowd.client_cpu_seconds = time.process_time() - cpu_began
    return crowd


def _resident(
    port: int,
    installation: Installation,
    number: int,
    journeys: int,
    crowd: Crowd,
    lock: threading.Lock,
    gate: threading.Barrier,
) -> None:
    chance = random.Random(SEED + number)  # noqa: S311 - made-up answers
    languages = installation.document.languages
    gate.wait()
    until = time.perf_counter() + LIMIT_SECONDS
    for journey in range(journeys):
        language = languages[(number + journey) % len(languages)]
        finished, abandoned, error = False, False, None
        with _HurriedVisitor(port, until) as visitor:
            try:
                walk(visitor, installation, language, chance)
                finished = True
            except OutOfTime:
                abandoned = True
            except (WentWrong, LookupError, OSError, http.client.HTTPException) as found:
                error = f"{type(found).__name__}: {found}"
        with lock:
            crowd.finished += finished
            crowd.abandoned += abandoned
            crowd.errors.extend([error] if error else [])
            crowd.requests.extend(visitor.requests)


class _HurriedVisitor(Visitor):
    """Stops before a page when the time is over; never between sending and the receipt."""

    def __init__(self, port: int, until: float) -> None:
        super().__init__(port)
        self._until = until

    def get(self, path: str) -> Reply:
        self._look_at_the_clock()
        return super().get(path)

    def post(self, path: str, fields: Any) -> Reply:
        self._look_at_the_clock()
        return super().post(path, fields)

    def _look_at_the_clock(self) -> None:
        if time.perf_counter() > self._until:
            raise OutOfTime


def _by_page(requests: list[tuple[str, str, int, float]]) -> dict[str, dict[str, Any]]:
    grouped: dict[str, list[float]] = defaultdict(list)
    for method, path, _status, seconds in requests:
        grouped[f"{method} {_page_name(path)}"].append(seconds)
    return {name: asdict(Spread.of(times)) for name, times in sorted(grouped.items())}


def _page_name(path: str) -> str:
    parts = path.strip("/").split("/")
    if parts[0] == "static":
        return "style sheet, script or icon"
    if parts[0] == "c":
        return "choice of a language"
    return parts[2] if len(parts) > 2 else "start"


def _stored(installation: Installation) -> int:
    engine = make_engine(installation.database_url)
    try:
        with engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Response)) or 0
    finally:
        engine.dispose()


def _row(name: str, residents: int, f: dict[str, Any]) -> tuple[Any, ...]:
    every, posts = f["all"], f["posts"]
    return (
        name,
        residents,
        f["requests_per_second"],
        f["journeys_per_minute"],
        *(every[p] for p in ("p50_ms", "p95_ms", "p99_ms")),
        *(posts[p] for p in ("p50_ms", "p95_ms", "p99_ms")),
        f["errors"],
        f["server_peak_memory_mib"],
        f["server_cpu_seconds"],
        f["server_cpu_ms_per_request"],
    )
