"""What has to happen by itself as days pass."""

from collections.abc import Callable
from typing import Any

from consult.services import (
    contacts,
    drafts,
    invitations,
    jobs,
    lock_out,
    retention,
    sessions,
)

JOBS: dict[str, Callable[..., Any]] = {
    "expired drafts removed": drafts.remove_expired,
    "contacts filed": contacts.file_earlier_days,
    "due data removed": retention.remove_due_data,
    "old jobs removed": jobs.remove_old,
    "old invitations removed": invitations.remove_old,
    "old sessions removed": sessions.remove_old,
    "old failures to sign in removed": lock_out.remove_old,
}
"""By what each does; called with a session and ``now``, in a unit of work of its own."""
