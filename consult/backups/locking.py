"""A lock that the system lets go of when its process ends, in whatever way."""

import sys

if sys.platform == "win32":

    def is_mine(handle: int) -> bool:
        """Whether nobody else holds a file; here nobody can tell."""
        return True

else:
    import fcntl

    def is_mine(handle: int) -> bool:
        """Take a file or folder for this process; whether nobody else holds it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
