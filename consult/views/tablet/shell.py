"""The app itself: its page, its words, its manifest and its worker. No data of anybody is in it.

The bytes are the same for everybody, so the browser can keep them for when there is no network.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import resvg_py
from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from consult import assets
from consult.folders import static_folder
from consult.languages import LANGUAGES
from consult.security import let_play_recordings
from consult.telling import tablet_words
from consult.views.clock import settings
from consult.views.tablet.current import as_json, blueprint

FILES = ("tablet.css", "tablet.js", "favicon.svg")
WORKER = "tablet-worker.js"
PICTURES = ("food", "heart", "mind", "move", "shield", "tree", "home", "people", "start", "old")
COLOUR = "#0e5157"
NAME = "Consult"
ICON_SIZES = (192, 512)
"""Pixels: what browsers ask of an app for the home screen."""


@blueprint.get("/")
def shell() -> ResponseReturnValue:
    """The page that the app lives in."""
    let_play_recordings()
    return _page()


@blueprint.get("/words.json")
def words() -> ResponseReturnValue:
    """The words of the app in all languages of the interface."""
    return as_json(_words())


@blueprint.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What makes it an app on the home screen."""
    content = {
        "name": NAME,
        "short_name": NAME,
        "start_url": url_for("tablet.shell"),
        "scope": url_for("tablet.shell"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [
            {
                "src": url_for("tablet.icon", size=size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any",
            }
            for size in ICON_SIZES
        ],
    }
    return Response(json.dumps(content), content_type="application/manifest+json")


@blueprint.get("/icon-<int:size>.png")
def icon(size: int) -> ResponseReturnValue:
    """The app's sign for the home screen."""
    if size not in ICON_SIZES:
        abort(404)
    return Response(_icon(size), content_type="image/png")


@blueprint.get("/worker.js")
def worker() -> ResponseReturnValue:
    """The worker that keeps the app at hand, told what belongs to it."""
    files = [*(assets.asset_url(name) for name in FILES)]
    files += [assets.asset_url(f"picture-{name}.svg") for name in PICTURES]
    files += [url_for("tablet.words"), url_for("tablet.manifest")]
    files += [url_for("tablet.icon", size=size) for size in ICON_SIZES]
    text = json.dumps([files, _page(), _words()], sort_keys=True)
    version = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    app = {"version": version, "shell": url_for("tablet.shell"), "files": files}
    source = _source(static_folder() / assets.asset_path(WORKER))
    return Response(
        f"const APP = {json.dumps(app)};\n{source}",
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": url_for("tablet.shell")},
    )


def _page() -> str:
    return render_template(
        "tablet/shell.html", name=NAME, pictures=PICTURES, colour=COLOUR, **_words()
    )


def _words() -> dict[str, object]:
    offered = settings().languages
    return {
        "languages": [
            {
                "code": code,
                "name": LANGUAGES[code].native_name,
                "direction": LANGUAGES[code].direction,
            }
            for code in offered
        ],
        "words": tablet_words.words_in(offered),
    }


@cache
def _icon(size: int) -> bytes:
    drawing = (static_folder() / assets.asset_path("favicon.svg")).read_text(encoding="utf-8")
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size))


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")
