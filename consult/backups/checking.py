"""Checking a backup from end to end before anything is touched."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from consult.backups import schema
from consult.backups.archive import (
    FILES,
    LARGEST_MANIFEST,
    MANIFEST_MEMBER,
    TABLES,
    ArchiveReader,
)
from consult.backups.errors import BackupError, damaged
from consult.backups.loading import tables_of
from consult.backups.manifest import FileEntry, Manifest, read_manifest
from consult.backups.places import Place, is_reserved
from consult.backups.tables import digest_of

_CHUNK = 1 << 20

Found = tuple[int, str] | FileEntry
"""What a member is: a table's number of rows and digest, or a file."""


def check(archive: ArchiveReader) -> Manifest:
    """Read a whole backup and compare it with its manifest.

    Raises
    ------
    BackupError
        If anything is missing, too much or not as it was written, or this version cannot
        restore it.
    """
    found: dict[str, Found] = {}
    manifest: Manifest | None = None
    for name, content in archive.members():
        if name == MANIFEST_MEMBER:
            manifest = read_manifest(archive.path, content.read(LARGEST_MANIFEST))
        else:
            found[name] = digest_of(content) if name.startswith(TABLES) else _file(content)
    if manifest is None:
        raise damaged(archive.path, "its end with the manifest is missing")
    _compare(archive.path, manifest, found)
    if not schema.is_known(manifest.revision):
        raise BackupError(
            f"{archive.path} was made by version {manifest.product_version} of Consult, whose "
            f"schema {manifest.revision} this version does not know. Restore it with that version "
            "or a later one."
        )
    tables_of(manifest)
    return manifest


def _file(content: IO[bytes]) -> FileEntry:
    size, digest = 0, hashlib.sha256()
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return FileEntry(size=size, sha256=digest.hexdigest())


def _compare(path: Path, manifest: Manifest, found: Mapping[str, Found]) -> None:
    wanted: dict[str, Found] = {
        f"{TABLES}{name}.jsonl": (entry.rows, entry.sha256)
        for name, entry in manifest.tables.items()
    }
    wanted |= {f"{FILES}{name}": entry for name, entry in manifest.files.items()}
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            raise damaged(path, f"{name} is missing")
        if name not in wanted:
            raise damaged(path, f"its manifest does not name {name}")
        here, there = found[name], wanted[name]
        if here == there:
            continue
        if isinstance(here, tuple) and isinstance(there, tuple) and here[1] == there[1]:
            raise damaged(path, f"{name} has {here[0]} rows, and its manifest says {there[0]}")
        raise damaged(path, f"{name} is not as it was written")


def check_names(
    path: Path, place: Place, manifest: Manifest, key_files: Mapping[str, bytes]
) -> None:
    """Refuse files that would overwrite the database or, from among the files, a key.

    Raises
    ------
    BackupError
        If there is one: no backup holds such a file.
    """
    for name in manifest.files:
        if is_reserved(place, name, is_key=False):
            raise damaged(path, f"it holds a file {name}, which no backup holds")
    for name in key_files:
        if is_reserved(place, name, is_key=True):
            raise damaged(path, f"its keys hold a file {name}, which is no key")
