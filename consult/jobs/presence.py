"""Whether a worker of this machine still lives: it holds a lock that dies with its process."""

import os
import secrets
import socket
import sys
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from consult.logs import logger

LONGEST_HOST_NAME = 100


class Presence:
    """A worker's name, and a locked file in the data folder while it lives.

    The system lets go of the lock when the process ends in whatever way. So another worker
    on the same machine and data folder knows at once that this one is gone, and needs not
    wait for its heartbeat to stand still. Where that cannot be told, on another machine, on
    another folder or on Windows, only the heartbeat counts.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"{_host()}:{os.getpid()}:{secrets.token_hex(8)}"
        """Host, process and a random part: no two workers ever share it."""
        self._folder = folder
        self._path = _file_of(folder, self.name)
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = _hold(self._path)
        except OSError as error:
            facts = {"kind": type(error).__name__}
            logger.warning("worker has no file to show that it lives", extra={"facts": facts})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def is_gone(self, worker: str) -> bool:
        """Whether a worker is certainly gone; false also where nobody can tell."""
        return worker.split(":")[0] == _host() and _is_free(_file_of(self._folder, worker))

    def tidy(self, workers: Collection[str]) -> None:
        """Remove what workers have left that are gone, other than these, who hold jobs still."""
        kept = {_file_of(self._folder, worker) for worker in workers}
        for path in self._folder.glob("*.lock"):
            if path not in kept and _is_free(path):
                path.unlink(missing_ok=True)


def _host() -> str:
    return socket.gethostname().replace(":", "-")[:LONGEST_HOST_NAME]


def _file_of(folder: Path, worker: str) -> Path:
    return folder / f"{worker.rsplit(':', 1)[-1]}.lock"


if sys.platform == "win32":

    def _hold(path: Path) -> int | None:
        return None

    def _is_free(path: Path) -> bool:
        return False

else:
    import fcntl

    def _hold(path: Path) -> int | None:
        """Make a file and lock it, again if somebody tidied it away in between."""
        while True:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if path.exists():
                return descriptor
            os.close(descriptor)

    def _is_free(path: Path) -> bool:
        """Whether a lock file is there and nobody holds it."""
        try:
            descriptor = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        else:
            return True
        finally:
            os.close(descriptor)
