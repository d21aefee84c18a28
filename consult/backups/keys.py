"""The keys: written apart from the data that they protect, and recognised without being told."""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from consult.backups.archive import ArchiveReader, ArchiveWriter
from consult.backups.errors import BackupError, damaged, explaining_files
from consult.backups.manifest import KEYS_FORMAT, Manifest
from consult.backups.places import SECRET_FILE, TABLETS_KEY, Place

_ABOUT = b"consult-backup: which key is this?"
LARGEST_KEY = 1_000_000


def fingerprint(key: str | bytes) -> str:
    """Tells keys apart without telling the key: 32 hexadecimal digits."""
    plain = (key.encode("utf-8") if isinstance(key, str) else key).strip()
    return hmac.new(plain, _ABOUT, hashlib.sha256).hexdigest()[:32]


def keys_path(backup: Path) -> Path:
    """Where the keys of a backup are written."""
    return backup.with_name(f"{backup.name}.keys")


def read_key_files(found: Mapping[str, Path]) -> dict[str, bytes]:
    """Contents of key files by name.

    Raises
    ------
    BackupError
        If one may not be read.
    """
    contents = {}
    for name, path in found.items():
        with explaining_files(path):
            contents[name] = path.read_bytes()
    return contents


def write_keys(raw: IO[bytes], spool_in: Path, contents: Mapping[str, bytes]) -> None:
    """Write the file that holds the keys."""
    with ArchiveWriter.begun(raw, KEYS_FORMAT, spool_in) as writer:
        for name, content in contents.items():
            writer.add_bytes(name, content)


def keys_for(
    manifest: Manifest, place: Place, backup: Path, given: Path | None, *, without: bool
) -> dict[str, bytes]:
    """The key files that have to be put in place with a backup, checked to be its own.

    Parameters
    ----------
    given
        The file that holds them; where none is named, the one that was written beside the
        backup is looked for.
    without
        Whether it is accepted that the backup is used with other keys or none.

    Raises
    ------
    BackupError
        If they are missing or others.
    """
    path = given or keys_path(backup)
    contents = _read(path, manifest) if given or (manifest.keys and path.exists()) else {}
    if not without:
        _check_secret(manifest, place, contents)
        wanted = set(manifest.keys) - set(contents) - {SECRET_FILE} - _in_place(manifest, place)
        if wanted:
            raise BackupError(
                f"The keys of this backup are not at {path}: {', '.join(sorted(wanted))}. Name "
                "their file with --keys, or accept with --without-keys that what they protect "
                "cannot be used."
            )
    return contents


def _in_place(manifest: Manifest, place: Place) -> set[str]:
    """The key file, where it lies outside of the data folder and is the backup's own."""
    path = place.key_file
    if path is None or not path.is_file():
        return set()
    with explaining_files(path):
        is_own = fingerprint(path.read_bytes()) == manifest.keys.get(TABLETS_KEY)
    return {TABLETS_KEY} if is_own else set()


def _read(path: Path, manifest: Manifest) -> dict[str, bytes]:
    contents = {}
    with ArchiveReader.opened(path, KEYS_FORMAT) as archive:
        for name, file in archive.members():
            contents[name] = file.read(LARGEST_KEY + 1)
            if len(contents[name]) > LARGEST_KEY:
                raise damaged(path, "it holds something that is no key")
    if {name: fingerprint(content) for name, content in contents.items()} != manifest.keys:
        raise BackupError(
            f"{path} holds the keys of another backup. Name with --keys those that were written "
            f"with the backup of {manifest.made_on}, or later ones if no key was changed since."
        )
    return contents


def _check_secret(manifest: Manifest, place: Place, contents: Mapping[str, bytes]) -> None:
    """Refuse to go on where the codes that residents hold would not work afterwards."""
    kept = contents.get(SECRET_FILE)
    secret = place.secret_in_environment or (kept.decode("utf-8") if kept else place.secret)
    if manifest.secret is None or (secret and fingerprint(secret) == manifest.secret):
        return
    if secret:
        problem = "This database was used with another CONSULT_SECRET_KEY."
    else:
        problem = "No CONSULT_SECRET_KEY is set, and no keys were found beside the backup."
    raise BackupError(
        f"{problem} Without the right one, residents' codes and everybody's sessions do not work. "
        "Set the right one or name the keys with --keys, or accept that with --without-keys."
    )
