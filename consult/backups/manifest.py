"""What a backup says of itself."""

from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from consult.backups.errors import damaged

FORMAT = "consult-backup/1"
KEYS_FORMAT = "consult-backup-keys/1"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class TableEntry(_Entry):
    """One table: the kinds of its columns in the order of a line's values, and its rows."""

    columns: dict[str, str]
    rows: int
    sha256: str


class FileEntry(_Entry):
    """One file of the data folder."""

    size: int
    sha256: str


class Manifest(BaseModel):
    """The last member of a backup, so that a backup that was cut off has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str
    product_version: str
    revision: str
    """Of the database's schema."""
    created_at: AwareDatetime
    dialect: str
    tables: dict[str, TableEntry]
    """Parents before their children, as their members follow each other."""
    files: dict[str, FileEntry]
    secret: str | None
    """A fingerprint of the secret key; none where no key was known."""
    keys: dict[str, str]
    """Fingerprints of the files that were written apart, by name."""

    @property
    def row_count(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def made_on(self) -> str:
        """When it was made, for a message."""
        return written(self.created_at)


def read_manifest(path: Path, text: bytes) -> Manifest:
    """The manifest that was read from a backup.

    Raises
    ------
    BackupError
        If it is none.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise damaged(path, "its manifest cannot be read") from error


def written(moment: datetime) -> str:
    """A time for a message."""
    return moment.strftime("%Y-%m-%d %H:%M %Z")
