"""Model folders: written whole or not at all, and checked before use."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.themes.embedding.runner import Recipe

_DESCRIPTION = "consult-model.json"
_FORMAT = 1
_STALE_SECONDS = 24 * 3600


def default_folder() -> Path:
    """Return this user's cache folder for models: ``XDG_CACHE_HOME/consult`` or its like."""
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "consult"


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def clear_disk_errors(doing: str, folder: Path) -> Iterator[None]:
    """Turn a full disk or a missing permission into one line for a person.

    Raises
    ------
    InputError
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise InputError(f"The disk is full: {doing} needs more room in {folder}.") from error
        raise InputError(f"{doing} failed in {folder}: {error.strerror or error}.") from error


def write_model(final: Path, source: str, recipe: Recipe, write: Callable[[Path], None]) -> Path:
    """Make a model folder beside its final place, then move it there in one step.

    Two processes may do so at once: the first to finish wins and the other takes its folder.

    Parameters
    ----------
    final : Path
        Where the model shall be.
    source : str
        Checksum of what it is made from.
    recipe : Recipe
    write : callable
        Fills an empty folder with the model's files.

    Raises
    ------
    InputError
        If the disk is full or not writable. Nothing is left behind.
    """
    with clear_disk_errors("Preparing the language model", final.parent):
        final.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(final)
        draft = Path(tempfile.mkdtemp(prefix=f".{final.name}.", dir=final.parent))
        try:
            write(draft)
            files = {path.name: sha256(path) for path in sorted(draft.iterdir())}
            description = {
                "format": _FORMAT, "source": source, "recipe": asdict(recipe), "files": files,
            }  # fmt: skip
            text = json.dumps(description, indent=1, sort_keys=True)
            (draft / _DESCRIPTION).write_text(text, encoding="utf-8")
            if final.exists() and read_model(final, source) is None:
                shutil.rmtree(final)
            # mkdtemp's folder is its owner's alone; a service may run as another user.
            draft.chmod(0o755)
            try:
                draft.rename(final)
            except OSError:
                if read_model(final, source) is None:
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return final


def read_model(folder: Path, source: str) -> Recipe | None:
    """Return the recipe of a whole model folder made from the source, else None.

    Every file is read and compared with its checksum (0.2 s for 140 MB).
    """
    try:
        description: dict[str, Any] = json.loads(
            (folder / _DESCRIPTION).read_text(encoding="utf-8")
        )
        if description["format"] != _FORMAT or description["source"] != source:
            return None
        if any(sha256(folder / name) != sum_ for name, sum_ in description["files"].items()):
            return None
        recipe = description["recipe"]
        recipe["characters"] = {int(key): value for key, value in recipe["characters"].items()}
        return Recipe(**recipe)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remove_stale(final: Path) -> None:
    """Remove what a killed process left, once no process can still be writing it."""
    for draft in final.parent.glob(f".{final.name}.*"):
        if draft.stat().st_mtime < time.time() - _STALE_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)
