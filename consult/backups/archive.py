"""The file itself: a gzipped tar whose first member says what it is."""

import gzip
import hashlib
import io
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Self

from consult.backups.errors import BackupError, damaged, explaining_archive
from consult.backups.manifest import FORMAT, KEYS_FORMAT, FileEntry

FORMAT_MEMBER = "FORMAT"
MANIFEST_MEMBER = "manifest.json"
TABLES = "tables/"
FILES = "files/"

LARGEST_MANIFEST = 64_000_000
"""Bytes; a backup of a million files has about that much."""

_GZIP_LEVEL = 6
_CHUNK = 1 << 20
_FORMATS = (FORMAT, KEYS_FORMAT)


class ArchiveWriter:
    """Writes members one after another; what it is comes first."""

    def __init__(self, archive: tarfile.TarFile, spool_in: Path) -> None:
        self._tar = archive
        self._spool_in = spool_in

    @classmethod
    @contextmanager
    def begun(cls, raw: IO[bytes], mark: str, spool_in: Path) -> Iterator[Self]:
        """Write an archive to an open file. At the end it is complete, unless an error came."""
        packed = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_GZIP_LEVEL, mtime=0)
        try:
            with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
                writer = cls(archive, spool_in)
                writer.add_bytes(FORMAT_MEMBER, f"{mark}\n".encode("ascii"))
                yield writer
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell
                packed.close()
            raise
        packed.close()

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a short member."""
        self._add(name, io.BytesIO(data), len(data))

    def add_lines(self, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
        """Add a member of unknown length; return how many lines it has, and its SHA-256.

        A tar says a member's length before the member, so the lines wait in a file without a
        name, which a killed process does not leave behind.
        """
        count = 0
        with tempfile.TemporaryFile(dir=self._spool_in) as spool:
            for line in lines:
                spool.write(line)
                count += 1
            size = spool.tell()
            spool.seek(0)
            return count, self._add(name, spool, size)

    def add_file(self, name: str, source: Path) -> FileEntry:
        """Add a file as it is now."""
        with source.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            try:
                return FileEntry(size=size, sha256=self._add(name, file, size))
            except OSError as error:
                if error.errno is not None:
                    raise
                raise BackupError(f"{source} changed while it was read. Try again.") from error

    def _add(self, name: str, file: IO[bytes], size: int) -> str:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashing = _Hashing(file)
        self._tar.addfile(member, hashing)
        return hashing.digest.hexdigest()


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class ArchiveReader:
    """Reads members one after another, as often as wanted, from one open file."""

    def __init__(self, path: Path, raw: IO[bytes], mark: str) -> None:
        self.path = path
        self._raw = raw
        self._mark = mark

    @classmethod
    @contextmanager
    def opened(cls, path: Path, mark: str = FORMAT) -> Iterator[Self]:
        """Open a file; what is wrong with it is said in one line, also while it is read.

        Raises
        ------
        BackupError
            If it is not there, may not be read, or is no archive of that mark.
        """
        with explaining_archive(path), path.open("rb") as raw:
            reader = cls(path, raw, mark)
            for _member in reader.members():
                break
            yield reader

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Names and contents of all members but the first, each to be read before the next.

        Raises
        ------
        BackupError
            If a member is no plain file, or its name leads outside or occurs twice.
        """
        self._raw.seek(0)
        with gzip.GzipFile(fileobj=self._raw, mode="rb") as unpacked:
            archive = self._tar(unpacked)
            seen: set[str] = set()
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None or not is_safe(member.name) or member.name in seen:
                    raise damaged(self.path, "it holds something that no backup holds")
                seen.add(member.name)
                if len(seen) == 1:
                    self._check_mark(member, content)
                    continue
                yield member.name, content
            while unpacked.read(_CHUNK):  # gzip checks its own sum at the very end
                pass

    def _tar(self, unpacked: gzip.GzipFile) -> tarfile.TarFile:
        try:
            return tarfile.open(fileobj=unpacked, mode="r|")
        except (gzip.BadGzipFile, tarfile.ReadError) as error:
            raise self._no_backup() from error

    def _check_mark(self, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        said = content.read(100).decode("utf-8", "replace").strip()
        if member.name != FORMAT_MEMBER or not said.startswith("consult-backup"):
            raise self._no_backup()
        if said == self._mark:
            return
        if said == KEYS_FORMAT:
            raise BackupError(
                f"{self.path} holds the keys of a backup. Name the backup itself, and this file "
                "with --keys."
            )
        if said == FORMAT:
            raise BackupError(f"{self.path} is a backup. Name the file with its keys here.")
        raise BackupError(
            f"{self.path} is a backup of a newer format ({said}). Use the version of Consult that "
            "made it, or a later one."
        )

    def _no_backup(self) -> BackupError:
        return BackupError(
            f"{self.path} is not a backup. Name a file that `consult backup` has written."
        )


def is_safe(name: str) -> bool:
    """Whether a member's name leads to a place inside of where it is put."""
    path = PurePosixPath(name)
    return (
        name == str(path)
        and not path.is_absolute()
        and ".." not in path.parts
        and name != "."
        and "\\" not in name
        and "\0" not in name
    )


def is_archive(path: Path) -> bool:
    """Whether a file is a backup, or the keys of one, by how it begins."""
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
            first = archive.next()
            content = archive.extractfile(first) if first is not None else None
            return (
                first is not None
                and content is not None
                and first.name == FORMAT_MEMBER
                and content.read(100).startswith(b"consult-backup")
            )
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        return False
