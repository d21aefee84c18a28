"""The key file of the keys of tablets: put back where it belongs, and tried in a rehearsal."""

import os
from collections.abc import Mapping

import sqlalchemy as sa

from consult.backups.errors import BackupError, explaining_database, explaining_files
from consult.backups.places import TABLETS_KEY, Place
from consult.db import make_engine
from consult.services.assisting.keys import KeyFileProblem, Keys

_SERVER_KEY = sa.table("server_key", sa.column("id"), sa.column("private_sealed"))


def put_outside(place: Place, key_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write the key file to where ``CONSULT_KEY_FILE`` says; return the other keys.

    It is written before anything else changes: one that is there too many does no harm.

    Raises
    ------
    BackupError
        If another key lies there, which is never overwritten, or it cannot be written.
    """
    rest = dict(key_files)
    if place.key_file is None or TABLETS_KEY not in rest:
        return rest
    content = rest.pop(TABLETS_KEY)
    with explaining_files(place.key_file):
        if place.key_file.exists():
            if place.key_file.read_bytes().strip() != content.strip():
                raise BackupError(
                    f"{place.key_file} holds another key than the backup. Move it to a safe place, "
                    "then restore again."
                )
            return rest
        place.key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(place.key_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return rest


def rehearse(place: Place) -> str:
    """Open every key of tablets that a restored database holds, and say what came of it.

    Raises
    ------
    BackupError
        If the key file does not open them.
    """
    sealed = _sealed(place)
    if not sealed:
        return ""
    path = place.data_dir / TABLETS_KEY
    if not path.exists():
        return (
            "The keys of tablets were not tried: name the file with the keys with --keys. Without "
            "them nothing opens what tablets have sealed."
        )
    try:
        Keys(path).check(sealed)
    except KeyFileProblem:
        raise BackupError(
            "The key file of this backup does not open the keys of tablets in its database. Keep "
            "an earlier backup with its keys, and make new keys with `consult rotate-keys`."
        ) from None
    return f"The key file opens the keys of tablets: {len(sealed)}."


def _sealed(place: Place) -> list[tuple[str, str]]:
    engine = make_engine(place.database_url)
    try:
        with explaining_database(), engine.connect() as connection:
            rows = connection.execute(
                sa.select(_SERVER_KEY).where(_SERVER_KEY.c.private_sealed.is_not(None))
            )
            return [(row.id, row.private_sealed) for row in rows]
    finally:
        engine.dispose()
