"""Fixtures of the staff's pages; what they need lives in ``tests/support``."""

from tests.support.editing import parks

__all__ = ["parks"]
