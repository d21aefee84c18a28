"""LibreOffice without a window, for files that people open with it."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.missing import missing

Convert = Callable[[Path, str], Path]
"""Takes a file and the kind to make of it, such as ``pdf``; returns the new file beside it."""

LONGEST = 120
"""Seconds that a conversion may take on a busy machine."""


@pytest.fixture(scope="session")
def soffice(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert files, in a profile of our own that no other LibreOffice holds."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing(
            pytestconfig,
            "libreoffice",
            "there is no soffice on the path",
            required_by="CONSULT_REQUIRE_LIBREOFFICE",
        )
    profile = tmp_path_factory.mktemp("libreoffice").as_uri()

    def convert(file: Path, kind: str) -> Path:
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={profile}",
                "--headless",
                *("--convert-to", kind),
                *("--outdir", str(file.parent)),
                str(file),
            ],
            check=True,
            capture_output=True,
            timeout=LONGEST,
        )
        made = file.with_suffix(f".{kind.partition(':')[0]}")
        assert made.is_file(), f"{file.name} was not converted"
        return made

    return convert
