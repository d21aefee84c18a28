"""Setting right what a restore that was killed has left."""

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from consult.backups.errors import explaining_database, explaining_files
from consult.backups.places import STAGING, Place, only_one_at
from consult.backups.staging import Staging
from consult.db import make_engine

RESTORED = "data restored"
"""The act in the audit trail by which a database tells that a restore took place."""

_BESIDE = ("", "-wal", "-shm", "-journal")


def recover(place: Place) -> bool:
    """Set right what a restore that was killed has left, when the product starts.

    Returns
    -------
    bool
        Whether the restore had taken place, so that only its traces were left.

    Raises
    ------
    BackupError
        If a restore is at work just now, or nothing can be set right yet.
    """
    if not (place.data_dir / STAGING).exists():
        return False
    with only_one_at(place):
        return go_back(place)


def go_back(place: Place) -> bool:
    """Bring the files back that a restore had moved before it failed or was killed.

    Where the database says that the restore took place, the files stay as it left them.

    Returns
    -------
    bool
        Whether there was such a restore that took place after all.

    Raises
    ------
    BackupError
        If the database cannot be asked, or a file cannot be moved. Nothing is lost then, and
        it can be tried again.
    """
    with explaining_files(place.data_dir):
        staging = Staging(place.data_dir)
        plan = staging.plan()
        took_place = plan is not None and _took_place(place, plan.restore)
        if plan is not None and not took_place:
            staging.undo()
        staging.finish()
        if place.sqlite_file is not None:
            remove_unfinished(place.sqlite_file)
    return took_place


def unfinished(database: Path) -> Path:
    """Where a restored SQLite database is built."""
    return database.with_name(f"{database.name}.restoring.part")


def remove_unfinished(database: Path) -> None:
    """Remove a restored database that was not finished."""
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            unfinished(database).with_name(f"{unfinished(database).name}{suffix}").unlink()


def _took_place(place: Place, restore: str) -> bool:
    file = place.sqlite_file
    if file is not None and not file.exists():
        return False
    trail = sa.table("audit_event", sa.column("action"), sa.column("details", sa.JSON))
    engine = make_engine(place.database_url)
    try:
        with explaining_database(), engine.connect() as connection:
            if not sa.inspect(connection).has_table(trail.name):
                return False
            acts = connection.scalars(sa.select(trail.c.details).where(trail.c.action == RESTORED))
            return any(details.get("restore") == restore for details in acts)
    finally:
        engine.dispose()
