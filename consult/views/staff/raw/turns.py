"""How many downloads of raw data run at once: a few, so that pages have somebody to serve them."""

from threading import BoundedSemaphore, Lock

AT_ONCE = 2
"""Downloads in one process. Each keeps one of its threads for as long as its reader takes."""

_free = BoundedSemaphore(AT_ONCE)


class Turn:
    """Leave to download.

    It can be given back twice: when all is sent, and when the connection ends.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_held = True

    def give_back(self) -> None:
        """Let somebody else download."""
        with self._lock:
            if self._is_held:
                self._is_held = False
                _free.release()


def take() -> Turn | None:
    """A turn, if one is free; it has to be given back."""
    return Turn() if _free.acquire(blocking=False) else None
