"""Putting restored files in place of others, so that a kill leaves the ones or the others."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from consult.backups.manifest import FileEntry
from consult.backups.places import STAGING

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Which files go and which come. Written down before the first one moves."""

    restore: str
    """The id of the restore, which the database knows once it is done."""
    aside: list[str]
    placed: list[str]


class Staging:
    """A folder in the data folder: new files wait in it, old ones are put aside in it.

    Whether a restore took place is for the database to say. Until it does, :meth:`undo` brings
    everything back, from wherever the moving had come to.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._root = data_dir / STAGING
        self._new = self._root / "new"
        self._old = self._root / "old"
        self._plan = self._root / "plan.json"

    def begin(self) -> None:
        """Make the folder."""
        self.finish()
        for folder in (self._root, self._new, self._old):
            folder.mkdir(mode=0o700)

    def add(self, name: str, content: IO[bytes]) -> FileEntry:
        """Let a file wait, and say what it is."""
        path = self._new / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
            _to_disk(file)
            return FileEntry(size=file.tell(), sha256=digest.hexdigest())

    def swap(self, restore: str, aside: Iterable[str]) -> None:
        """Put files aside, and those that wait in their places."""
        waiting = [
            path.relative_to(self._new).as_posix()
            for path in sorted(self._new.rglob("*"))
            if path.is_file()
        ]
        plan = Plan(restore, list(aside), waiting)
        draft = self._plan.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(
                {"restore": plan.restore, "aside": plan.aside, "placed": plan.placed},
                file,
                ensure_ascii=False,
            )
            _to_disk(file)
        draft.replace(self._plan)
        sync_folder(self._root)
        for name in plan.aside:
            self._move(self._data_dir, self._old, name)
        for name in plan.placed:
            self._move(self._new, self._data_dir, name)
        sync_folder(self._data_dir)

    def plan(self) -> Plan | None:
        """What a restore had planned that came to no end, if it had come as far as moving."""
        if not self._plan.exists():
            return None
        return Plan(**json.loads(self._plan.read_text(encoding="utf-8")))

    def undo(self) -> None:
        """Bring back what was put aside; may itself be interrupted and done again."""
        plan = self.plan()
        if plan is None:
            return
        for name in plan.placed:
            if not (self._new / name).exists():
                self._move(self._data_dir, self._new, name)
        for name in plan.aside:
            self._move(self._old, self._data_dir, name)
        sync_folder(self._data_dir)

    def finish(self) -> None:
        """Remove the folder with what is in it."""
        if self._root.exists():
            self._plan.unlink(missing_ok=True)  # from here on nothing is to be undone
            shutil.rmtree(self._root)

    def _move(self, source: Path, target: Path, name: str) -> None:
        """Move one file, and remove the folders that this leaves empty."""
        if not (source / name).exists():
            return
        (target / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (source / name).rename(target / name)
        for folder in (source / name).parents:
            if folder == source or any(folder.iterdir()):
                break
            folder.rmdir()


def _to_disk(file: IO[bytes] | IO[str]) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
