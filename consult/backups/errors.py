"""What goes wrong with a backup, each in one line that says what to do."""

import errno
import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError


class BackupError(Exception):
    """A backup cannot be made, read or restored. The message is one line and says what to do."""


@contextmanager
def explaining_files(path: Path) -> Iterator[None]:
    """Say in one line what the system reports about a file.

    Raises
    ------
    BackupError
        In place of an :class:`OSError`.
    """
    try:
        yield
    except OSError as error:
        raise BackupError(_said_of(error, path)) from error


@contextmanager
def explaining_archive(path: Path) -> Iterator[None]:
    """Say in one line what is wrong with a file that is read as an archive.

    Raises
    ------
    BackupError
        If it is cut off, damaged or cannot be read.
    """
    with explaining_files(path):
        try:
            yield
        except EOFError as error:
            raise BackupError(f"{path} is cut off: its end is missing. {_OTHER}") from error
        except (gzip.BadGzipFile, zlib.error, tarfile.TarError) as error:
            raise damaged(path, "it cannot be unpacked") from error


@contextmanager
def explaining_database() -> Iterator[None]:
    """Say in one line what the database reports, without any row's contents.

    Raises
    ------
    BackupError
        In place of what the driver raises.
    """
    try:
        yield
    except DBAPIError as error:
        # The lines that follow the first can quote rows.
        said = str(error.orig).strip().partition("\n")[0] or type(error.orig).__name__
        raise BackupError(f"The database cannot be used: {said}") from error


def damaged(path: Path, what: str) -> BackupError:
    """The error of a file that is not as it was written."""
    return BackupError(f"{path} is damaged: {what}. {_OTHER}")


_OTHER = "Use another copy of it, or an earlier backup."


def _said_of(error: OSError, path: Path) -> str:
    where = error.filename if isinstance(error.filename, str) else path
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return f"{where}: the disk is full. Make room there, or choose another place."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{where}: this account may not use it. Check who owns it and its permissions."
    if error.errno == errno.ENOENT:
        return f"{where}: there is no such file or folder."
    return f"{where}: {error.strerror or error}."
