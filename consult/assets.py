"""The addresses of built files."""

import json
from functools import cache
from pathlib import Path

from flask import url_for

from consult.folders import static_folder


class AssetsNotBuilt(RuntimeError):
    """The style sheets and scripts were not built, or not this one."""


class Assets:
    """Names of built files, from the manifest that the build wrote.

    Built files carry a hash of their content in their names, so that browsers may keep them.
    The manifest is read again when it changes, so a server picks up a new build.
    """

    def __init__(self, static: Path) -> None:
        self.static = static
        self._files: dict[str, str] = {}
        self._read_at_ns: int | None = None

    def path(self, name: str) -> str:
        """A built file's path inside the static folder, e.g. ``built/app.3f2a1b.css``.

        Raises
        ------
        AssetsNotBuilt
            If there is no build, or it has no file of this name.
        """
        manifest = self.static / "built" / "manifest.json"
        try:
            written_at_ns = manifest.stat().st_mtime_ns
            if written_at_ns != self._read_at_ns:
                self._files = json.loads(manifest.read_text(encoding="utf-8"))
                self._read_at_ns = written_at_ns
        except FileNotFoundError:
            raise AssetsNotBuilt(
                f"The style sheets and scripts are not built: {manifest} does not exist."
                " Run `make setup`."
            ) from None
        if name not in self._files:
            raise AssetsNotBuilt(
                f"The build has no file {name!r}, only {', '.join(sorted(self._files))}."
                " Run `make setup` if it is new."
            )
        return f"built/{self._files[name]}"


def asset_url(name: str) -> str:
    """Address of a built file by its plain name, for templates: ``asset('app.css')``.

    Raises
    ------
    AssetsNotBuilt
        If there is no build, or it has no file of this name.
    """
    return url_for("static", filename=_assets().path(name))


def asset_path(name: str) -> str:
    """A built file's path inside the static folder.

    Raises
    ------
    AssetsNotBuilt
        As for :func:`asset_url`.
    """
    return _assets().path(name)


@cache
def _assets() -> Assets:
    return Assets(static_folder())
