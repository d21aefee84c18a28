"""How Python looks for objects that only refer to each other, in a process as large as a test's."""

import gc

# Each application leaves many thousand objects behind; looking every 700 finds none of them.
_NEW_OBJECTS = 20_000


def pytest_collection_finish() -> None:
    """Leave aside what stays to the end: libraries, the tests themselves.

    There are some million objects of them. To look through them takes a quarter of a second,
    which otherwise comes upon every second or third test.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
