"""Files that a command writes: all of them, or none."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.errors import InputError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What a spreadsheet would run as a formula; the full-width forms in East Asian ones.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Aston")
    ("'=1+1", 'Aston')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def check_folder(folder: Path) -> None:
    """Tell, before a long run, whether its results could be written to a folder.

    Nothing is made: a run that fails later leaves no empty folder behind.

    Raises
    ------
    InputError
        If the folder, or the nearest one above it that is there, is a file or not writable.
    """
    with _clear_errors(folder):
        nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{nearest} is no folder")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts to a folder, by file name.

    Each is written in full under another name first, and files that are there already are
    put back when one cannot be replaced (a spreadsheet may hold it open), so that old and
    new results never lie side by side. Internal results name people's answers: only their
    owner can read them.

    Raises
    ------
    InputError
        If the folder cannot be made or written to, or the disk is full.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        with _clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                handle, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
                drafts.append((Path(draft), folder / name))
                with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            _replace(drafts)
    finally:
        for path, _ in drafts:
            path.unlink(missing_ok=True)


def _replace(drafts: Sequence[tuple[Path, Path]]) -> None:
    """Move all drafts to their final names, or none."""
    kept: list[tuple[Path, Path]] = []
    replaced: list[Path] = []
    try:
        for draft, final in drafts:
            if final.exists():
                old = draft.with_name(f"{draft.name}.old")
                kept.append((old, final))
                # A copy, so that at no moment the file is missing.
                shutil.copy2(final, old)
        for draft, final in drafts:
            draft.replace(final)
            replaced.append(final)
    except BaseException:
        backups = {final: old for old, final in kept}
        for final in replaced:
            with suppress(OSError):
                if final in backups:
                    backups[final].replace(final)
                else:
                    final.unlink()
        raise
    finally:
        for old, _ in kept:
            old.unlink(missing_ok=True)


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise InputError(f"The disk is full: nothing was written to {folder}.") from error
        raise InputError(f"{folder} cannot be written to: {error.strerror or error}.") from error
