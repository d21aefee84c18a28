"""Where one installation keeps its data, and which of its files go where."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import make_url

from consult.backups.archive import is_archive
from consult.backups.errors import BackupError, explaining_files
from consult.backups.locking import is_mine
from consult.config import KEY_FILE, KEYS_FOLDER, PREFIX, Settings, make_secret

SECRET_FILE = "secret.key"
TABLETS_KEY = f"{KEYS_FOLDER}/{KEY_FILE}"
"""What the key file is called in a backup, wherever it lies."""
_DEFAULT_DATABASE = "consult.sqlite3"
"""Lies in the data folder also after a move to another database."""
STAGING = ".restore"
"""Holds what a restore is about to put in place, and what it has put aside."""

_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}|.*\.(tmp|part)|.*~")
_LARGEST_WITH_SECRET = 1_000_000
_NOT_KEPT = ("lost+found", "workers")
"""Folders of the file system's own, and of what tells which workers live."""


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder, a database, the secret key where the environment holds it, the key file."""

    data_dir: Path
    database_url: str
    secret_in_environment: str | None = field(default=None, repr=False)
    key_file: Path | None = None
    """The key file of the keys of tablets, where it lies outside of the data folder."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The place that the settings name. A secret is not needed to save or restore it.

        Raises
        ------
        consult.config.ConfigurationError
            If a setting cannot be used.
        """
        env = dict(os.environ if environment is None else environment)
        name = f"{PREFIX}SECRET_KEY"
        secret = env.get(name) or None
        settings = Settings.from_environment({**env, name: secret or make_secret()})
        return cls(settings.data_dir, settings.database_url, secret, _outside(settings))

    @property
    def secret(self) -> str | None:
        """The secret key in use: the environment's, or a demonstration's in its folder."""
        if self.secret_in_environment:
            return self.secret_in_environment
        path = self.data_dir / SECRET_FILE
        with explaining_files(path):
            return path.read_text(encoding="utf-8").strip() if path.is_file() else None

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an SQLite database; none for another database.

        Raises
        ------
        BackupError
            If the address names no plain file.
        """
        url = make_url(self.database_url)
        if url.get_backend_name() != "sqlite":
            return None
        if not url.database or url.database.startswith((":memory:", "file:")):
            raise BackupError(
                "CONSULT_DATABASE_URL names no file that could be saved. Write it as "
                "sqlite:////folder/consult.sqlite3."
            )
        return Path(url.database).absolute()


@dataclass(slots=True)
class Contents:
    """The files of a data folder, by their names in it."""

    files: dict[str, Path] = field(default_factory=dict)
    keys: dict[str, Path] = field(default_factory=dict)
    """What must never lie beside the data that it protects."""
    left_out: list[str] = field(default_factory=list)


def contents_of(place: Place) -> Contents:
    """What a data folder holds, apart from the database, temporary files and other backups.

    A file that holds the secret key counts as a key, whatever its name. Links are not
    followed; they are named, so that nobody believes them saved, and so is an SQLite database
    that is not in use any more.

    Raises
    ------
    BackupError
        If a folder may not be read.
    """
    found = Contents()
    if place.data_dir.is_dir():
        secret = place.secret
        with explaining_files(place.data_dir):
            for path in _walk(place.data_dir.resolve(), top=True):
                name = path.relative_to(place.data_dir.resolve()).as_posix()
                if _is_database(place, path) or is_archive(path):
                    continue
                if path.is_symlink() or name.startswith(_DEFAULT_DATABASE):
                    found.left_out.append(name)
                elif is_key_name(name) or _holds(path, secret):
                    found.keys[name] = path
                else:
                    found.files[name] = path
    if place.key_file is not None and place.key_file.is_file():
        found.keys[TABLETS_KEY] = place.key_file
    return found


def _outside(settings: Settings) -> Path | None:
    """The key file, unless it lies where a backup finds it anyway."""
    inside = (settings.data_dir / TABLETS_KEY).absolute()
    path = settings.key_path.absolute()
    return None if path.resolve() == inside.resolve() else path


def _is_database(place: Place, path: Path) -> bool:
    """Whether a file is the database, or one of those that SQLite keeps beside it."""
    file = place.sqlite_file
    return file is not None and str(path).startswith(str(file.resolve()))


def _walk(folder: Path, *, top: bool = False) -> Iterator[Path]:
    """Files and links below a folder, in the order of their names."""
    for path in sorted(folder.iterdir()):
        if _TEMPORARY.fullmatch(path.name) or (top and path.name in (STAGING, *_NOT_KEPT)):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file() or path.is_symlink():
            yield path


def is_key_name(name: str) -> bool:
    """Whether a file of this name in the data folder is a key."""
    return name == SECRET_FILE or name.startswith(f"{KEYS_FOLDER}/")


def _holds(path: Path, secret: str | None) -> bool:
    if not secret or path.stat().st_size > _LARGEST_WITH_SECRET:
        return False
    return secret.encode("utf-8") in path.read_bytes()


def is_reserved(place: Place, name: str, *, is_key: bool) -> bool:
    """Whether no file of a backup may have this name in the data folder."""
    first = name.partition("/")[0]
    if first == STAGING or name.startswith(_DEFAULT_DATABASE):
        return True
    if is_key_name(name) and not is_key:
        return True
    return _is_database(place, place.data_dir.resolve() / name)


@contextmanager
def only_one_at(place: Place) -> Iterator[None]:
    """Let one backup or restore work on a data folder at a time; a dead one holds nothing.

    Raises
    ------
    BackupError
        If another is at work, or the folder cannot be used.
    """
    with explaining_files(place.data_dir):
        place.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(place.data_dir, os.O_RDONLY)
    try:
        if not is_mine(handle):
            raise BackupError(
                f"Another backup or restore is at work on {place.data_dir}. Wait for its end."
            )
        yield
    finally:
        os.close(handle)
