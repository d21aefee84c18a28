"""A report as one web page that needs no other file, and prints well."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from consult.folders import templates_folder
from consult.reports.formats import blocks
from consult.reports.paper import Paper, plain


def write(paper: Paper) -> bytes:
    """Write the page, with its charts drawn in it and the looks that it needs."""
    style, policy = _style()
    page = (
        _environment()
        .get_template("reports/file.html")
        .render(paper=paper, title=_title(paper), style=style, policy=policy)
    )
    return page.encode()


def _title(paper: Paper) -> str:
    return " – ".join(filter(None, (plain(paper.title), plain(paper.subtitle))))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(blocks.GLOBALS)
    return environment


@cache
def _style() -> tuple[Markup, str]:
    """The looks, and a policy by which a browser takes them and nothing else."""
    text = (templates_folder() / "reports" / "file.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return Markup(text), policy  # noqa: S704 - our own file
