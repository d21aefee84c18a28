"""Files with slow tests come first.

Processes take one file after another, and what is begun last should be short: the others wait
for it. Quick files stand at the end of the collection by themselves, in tests/unit.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files before all others in which a test is marked as slow."""
    slow = {
        item.path
        for item in items
        if any(item.get_closest_marker(name) for name in ("slow", "wheel"))
    }
    items.sort(key=lambda item: item.path not in slow)
