"""Files that are there whole or not at all."""

import secrets
import shutil
from contextlib import suppress
from os import fsync
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader never finds half of it; what stood there is then replaced.

    Where ``path`` is a link, the file that it leads to is written. Who may read a file that is
    replaced stays as it was.

    Raises
    ------
    OSError
        If the file cannot be written; what stood there before is then unchanged.
    """
    target = path.resolve()
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
