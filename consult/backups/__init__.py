"""Keeping data safe: backups that another database can take in, and restoring them.

A backup is one file, a gzipped tar, with a line of JSON for each row, the files of the data
folder, and a manifest with a checksum of everything. The keys are written to a second file.
"""

from consult.backups.errors import BackupError
from consult.backups.making import Written, back_up
from consult.backups.places import Place
from consult.backups.recovering import recover
from consult.backups.restoring import Restored, rehearse, restore

__all__ = [
    "BackupError",
    "Place",
    "Restored",
    "Written",
    "back_up",
    "recover",
    "rehearse",
    "restore",
]
