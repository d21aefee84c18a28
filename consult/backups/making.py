"""Making a backup, also while the product is in use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from consult.backups.archive import FILES, MANIFEST_MEMBER, TABLES, ArchiveWriter
from consult.backups.errors import BackupError, explaining_database, explaining_files
from consult.backups.keys import fingerprint, keys_path, read_key_files, write_keys
from consult.backups.locking import is_mine
from consult.backups.manifest import FORMAT, FileEntry, Manifest, TableEntry
from consult.backups.places import Contents, Place, contents_of, only_one_at
from consult.backups.recovering import go_back
from consult.backups.schema import VERSION_TABLE, Table, is_known, revision_of, tables_at
from consult.backups.staging import sync_folder
from consult.backups.tables import lines_of
from consult.db import make_engine


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was made."""

    path: Path
    keys: Path | None
    """The file of the keys, which must be kept in another place."""
    manifest: Manifest
    size: int
    """Bytes."""
    left_out: tuple[str, ...]
    """Links in the data folder, and tables that are not the product's."""
    secret_in_environment: bool

    def lines(self) -> list[str]:
        """What to tell the person who made it."""
        manifest = self.manifest
        lines = [
            f"{self.path}: {manifest.row_count:,} rows of {len(manifest.tables)} tables, files: "
            f"{len(manifest.files):,}, {self.size / 1e6:,.1f} MB. It holds what people wrote: keep "
            "it as you keep the database."
        ]
        if self.keys is not None:
            lines.append(
                f"{self.keys}: the keys. Keep the two files in different places: who has both "
                "can read and forge everything."
            )
        if self.secret_in_environment:
            lines.append(
                "CONSULT_SECRET_KEY is not in the backup. Without it residents' codes do not "
                "work: see to it that it is kept somewhere else."
            )
        lines += [f"Left out: {name}" for name in self.left_out]
        return lines


def back_up(place: Place, target: Path, *, now: datetime) -> Written:
    """Save the database and the files to one new file, and the keys to another.

    All rows are of one moment, whoever writes meanwhile; files are read after that moment.
    The file appears under its name when it is complete and on the disk.

    Raises
    ------
    BackupError
        If there is nothing to save, it cannot be read, or the file cannot be written.
    """
    file = place.sqlite_file
    if file is not None and not (file.exists() and file.stat().st_size):
        raise BackupError(
            f"There is no database at {file}. Check CONSULT_DATA_DIR and CONSULT_DATABASE_URL."
        )
    with only_one_at(place):
        go_back(place)
        with _moment(place.database_url) as connection:
            return write_backup(connection, place, target, now=now)


@contextmanager
def _moment(url: str) -> Iterator[sa.Connection]:
    """A connection that sees the database as it is when it first reads."""
    engine = make_engine(url)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    try:
        with explaining_database(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def write_backup(
    connection: sa.Connection, place: Place, target: Path, *, now: datetime
) -> Written:
    """Save what a connection sees, and the files of the place.

    Raises
    ------
    BackupError
        As for :func:`back_up`.
    """
    target = target.absolute()
    for path in (target, keys_path(target)):
        if os.path.lexists(path):
            raise BackupError(f"{path} exists already. Name a new file: nothing is overwritten.")
    tables, others = _tables_of(connection)
    contents = contents_of(place)
    keys = read_key_files(contents.keys)
    with explaining_files(target), _unfinished(target) as raw:
        with ArchiveWriter.begun(raw, FORMAT, target.parent) as writer:
            manifest = Manifest(
                format=FORMAT,
                product_version=version("resident-consult"),
                revision=revision_of(connection) or "",
                created_at=now.astimezone(UTC),
                dialect=connection.dialect.name,
                tables={table.name: _add_table(writer, connection, table) for table in tables},
                files=dict(_add_files(writer, contents)),
                secret=fingerprint(place.secret) if place.secret else None,
                keys={name: fingerprint(content) for name, content in keys.items()},
            )
            writer.add_bytes(MANIFEST_MEMBER, manifest.model_dump_json(indent=1).encode("utf-8"))
        key_file = _publish_keys(target, keys) if keys else None
        try:
            size = _publish(raw, target)
        except BaseException:
            if key_file is not None:
                key_file.unlink(missing_ok=True)
            raise
    left_out = (*contents.left_out, *(f"the table {name}" for name in others))
    return Written(
        target, key_file, manifest, size, left_out, place.secret_in_environment is not None
    )


def _tables_of(connection: sa.Connection) -> tuple[tuple[Table, ...], list[str]]:
    """The product's tables in a database, and the names of others."""
    revision = revision_of(connection)
    if revision is None:
        raise BackupError("There is nothing to save: the database has no tables of Consult.")
    if not is_known(revision):
        raise BackupError(
            f"The database's schema is at revision {revision}, which this version does not know. "
            "Make the backup with the version of Consult that runs on it."
        )
    tables = tables_at(revision)
    found = set(sa.inspect(connection).get_table_names())
    missing = [table.name for table in tables if table.name not in found]
    if missing:
        raise BackupError(
            f"The database says that it is at revision {revision}, but has no table "
            f"{missing[0]}. Restore it from an earlier backup."
        )
    return tables, sorted(found - {table.name for table in tables} - {VERSION_TABLE})


def _add_table(writer: ArchiveWriter, connection: sa.Connection, table: Table) -> TableEntry:
    rows, sha256 = writer.add_lines(f"{TABLES}{table.name}.jsonl", lines_of(connection, table))
    return TableEntry(columns=table.columns, rows=rows, sha256=sha256)


def _add_files(writer: ArchiveWriter, contents: Contents) -> Iterator[tuple[str, FileEntry]]:
    for name, path in contents.files.items():
        try:
            yield name, writer.add_file(f"{FILES}{name}", path)
        except FileNotFoundError:  # removed since the folder was listed
            continue


def _publish_keys(target: Path, keys: dict[str, bytes]) -> Path:
    path = keys_path(target)
    with _unfinished(path) as raw:
        write_keys(raw, path.parent, keys)
        _publish(raw, path)
    return path


@contextmanager
def _unfinished(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that only this account can read, gone at the end.

    One that a killed backup has left is taken over: nobody holds its lock.
    """
    path = _part(target)
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    with open(handle, "r+b") as raw:  # noqa: PTH123 - a handle has no path
        if not is_mine(handle):
            raise BackupError(f"Another backup to {target} is being written.")
        os.ftruncate(handle, 0)
        os.fchmod(handle, 0o600)
        try:
            yield raw
        finally:
            path.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _publish(raw: IO[bytes], target: Path) -> int:
    """Give a finished file its name, unless the name was taken meanwhile; return its size."""
    raw.flush()
    os.fsync(raw.fileno())
    size = raw.tell()
    part = _part(target)
    try:
        os.link(part, target)
    except FileExistsError:
        raise BackupError(f"{target} exists already. Name a new file.") from None
    except OSError:  # a file system without links
        part.rename(target)
    sync_folder(target.parent)
    return size
