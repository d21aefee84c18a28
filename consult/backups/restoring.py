"""Restoring a backup: everything is checked first, and then everything changes at once."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.backups import schema, tablet_keys
from consult.backups.archive import ArchiveReader
from consult.backups.checking import check, check_names
from consult.backups.databases import Held, has_rows, held
from consult.backups.errors import BackupError, damaged, explaining_files
from consult.backups.keys import keys_for
from consult.backups.loading import fill
from consult.backups.making import Written, write_backup
from consult.backups.manifest import Manifest
from consult.backups.places import Contents, Place, contents_of, only_one_at
from consult.backups.recovering import RESTORED, go_back
from consult.backups.staging import Staging
from consult.db import make_engine
from consult.services import audit


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that took place, or was rehearsed."""

    manifest: Manifest
    revision: str
    """Of the schema, after the upgrade."""
    keys: tuple[str, ...]
    """Names of the key files that were put in place."""
    saved: Written | None
    """The backup of what was there before."""
    seconds: float
    rehearsed: bool = False
    tablet_keys: str = ""
    """What a rehearsal found of the keys of tablets."""

    def lines(self) -> list[str]:
        """What to tell the person who restored it."""
        manifest = self.manifest
        did = "Rehearsed" if self.rehearsed else "Restored"
        lines = [
            f"{did} the backup of {manifest.made_on} in {self.seconds:.1f} seconds: "
            f"{manifest.row_count:,} rows of {len(manifest.tables)} tables, files: "
            f"{len(manifest.files):,}, keys: {len(self.keys):,}. Every row was read back and "
            "compared."
        ]
        if self.revision != manifest.revision:
            lines.append(f"Schema upgraded from {manifest.revision} to {self.revision}.")
        if self.tablet_keys:
            lines.append(self.tablet_keys)
        if self.rehearsed:
            return [*lines, "It was restored to a temporary folder, which is gone again."]
        if self.saved is not None:
            lines.append(f"What was here before: {self.saved.path}")
        if self.saved is not None and self.saved.keys is not None:
            lines.append(f"Its keys: {self.saved.keys}")
        lines.append(
            "What was withdrawn, deleted or signed out since the backup was made is back as it "
            "was then. docs/keeping-data-safe.md says what to do about it."
        )
        return lines


def restore(
    backup: Path,
    place: Place,
    *,
    now: datetime,
    keys: Path | None = None,
    replace: bool = False,
    without_keys: bool = False,
) -> Restored:
    """Put a backup's database, files and keys in place.

    The rows go into the schema that they were saved from, which is then upgraded. Until all
    is stored and read back nothing is changed; what a restore that was killed has moved is
    moved back when the next backup or restore begins.

    Parameters
    ----------
    keys
        The file with the keys; the one beside the backup where none is named.
    replace
        Whether to replace what is there. It is saved first, beside the backup.
    without_keys
        Whether to go on where the keys are missing or others, so that residents' codes will
        not work.

    Raises
    ------
    BackupError
        If anything stands against it; then everything is as it was.
    """
    began = time.monotonic()
    with ArchiveReader.opened(backup) as archive:
        manifest = check(archive)
        with only_one_at(place):
            go_back(place)
            key_files = keys_for(manifest, place, backup, keys, without=without_keys)
            check_names(backup, place, manifest, key_files)
            saved: Written | None = None
            try:
                with held(place) as database:
                    contents = contents_of(place)
                    if _is_occupied(place, database, contents, key_files):
                        _refuse_unless(replace, place)
                        saved = _save(backup, place, database, now)
                    done = _Done(backup, manifest, now, replaced=saved is not None)
                    inside = tablet_keys.put_outside(place, key_files)
                    _exchange(archive, place, database, contents, inside, done)
            except BaseException:
                _tidy_up(place, saved)
                raise
            with suppress(OSError):  # what cannot be removed now is removed at the next start
                Staging(place.data_dir).finish()
    seconds = time.monotonic() - began
    return Restored(manifest, schema.head(), tuple(key_files), saved, seconds)


def rehearse(backup: Path, *, now: datetime, keys: Path | None = None) -> Restored:
    """Restore a backup into a temporary folder, to know that it can be restored.

    The keys are restored with it where they are named or lie beside it, and are tried.

    Raises
    ------
    BackupError
        If it cannot be restored, or its keys do not open what they should.
    """
    with tempfile.TemporaryDirectory(prefix="consult-rehearsal-") as folder:
        data = Path(folder) / "data"
        place = Place(data, f"sqlite:///{data / 'consult.sqlite3'}")
        done = restore(backup, place, now=now, keys=keys, without_keys=keys is None)
        found = tablet_keys.rehearse(place)
    return replace(done, rehearsed=True, tablet_keys=found)


@dataclass(frozen=True, slots=True)
class _Done:
    """What the audit trail is told."""

    backup: Path
    manifest: Manifest
    now: datetime
    replaced: bool

    def note(self, connection: sa.Connection, restore_id: str) -> None:
        with Session(connection) as session:
            audit.record(
                session,
                actor=audit.COMMAND_LINE,
                action=RESTORED,
                subject=self.backup.name[:200],
                now=self.now,
                restore=restore_id,
                made_at=self.manifest.created_at.isoformat(),
                rows=self.manifest.row_count,
                replaced=self.replaced,
            )
            session.commit()


def _is_occupied(
    place: Place, database: Held, contents: Contents, key_files: Mapping[str, bytes]
) -> bool:
    """Whether anything would be lost."""
    with explaining_files(place.data_dir):
        other_keys = any(
            name in contents.keys
            and contents.keys[name] != place.key_file
            and contents.keys[name].read_bytes() != content
            for name, content in key_files.items()
        )
    return bool(contents.files) or other_keys or has_rows(database.connection)


def _refuse_unless(replace: bool, place: Place) -> None:
    if not replace:
        raise BackupError(
            f"There is data here already, in {place.data_dir} or in the database. Restore into an "
            "empty folder and database, or with --replace: what is here is then saved first."
        )


def _save(backup: Path, place: Place, database: Held, now: datetime) -> Written:
    """Save what is about to be replaced, beside the backup that replaces it."""
    target = backup.absolute().with_name(f"{backup.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    if database.connection is not None and schema.revision_of(database.connection) is not None:
        return write_backup(database.connection, place, target, now=now)
    with _empty_database() as connection:
        return write_backup(connection, place, target, now=now)


@contextmanager
def _empty_database() -> Iterator[sa.Connection]:
    """Stands for a database that is not there where only files are saved."""
    engine = make_engine("sqlite://")
    try:
        with engine.connect() as connection:
            schema.migrate(connection)
            yield connection
    finally:
        engine.dispose()


def _tidy_up(place: Place, saved: Written | None) -> None:
    """Bring back what was moved; what cannot be brought back now waits for the next start."""
    with suppress(BackupError, OSError):
        if go_back(place) or saved is None:
            return
        saved.path.unlink()  # everything in it is still where it was
        if saved.keys is not None:
            saved.keys.unlink()


def _exchange(
    archive: ArchiveReader,
    place: Place,
    database: Held,
    contents: Contents,
    key_files: Mapping[str, bytes],
    done: _Done,
) -> None:
    """Build everything out of sight, move the files, and let the database decide."""
    restore_id = uuid4().hex
    manifest = done.manifest
    staging = Staging(place.data_dir)

    def add_file(name: str, content: IO[bytes]) -> None:
        with explaining_files(place.data_dir):
            if staging.add(name, content) != manifest.files.get(name):
                raise damaged(archive.path, f"{name} changed while it was read")

    with explaining_files(place.data_dir):
        staging.begin()
    with database.building(manifest.revision) as build:
        fill(build.connection, archive, manifest, add_file)
        build.upgrade()
        done.note(build.connection, restore_id)
        with explaining_files(place.data_dir):
            for name, content in key_files.items():
                staging.add(name, BytesIO(content))
            staging.swap(restore_id, [*contents.files, *(contents.keys.keys() & key_files)])
        build.publish()
