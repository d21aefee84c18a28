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
    tokens,
)
from consult.services.assisting import forgetting, keys
from consult.services.intake import holding
from consult.services.reading import sheets
from consult.services.themes import asking
from consult.services.watching import digests, flags

JOBS: dict[str, Callable[..., Any]] = {
    "expired drafts removed": drafts.remove_expired,
    "contacts filed": contacts.file_earlier_days,
    "due data removed": retention.remove_due_data,
    "old jobs removed": jobs.remove_old,
    "old invitations removed": invitations.remove_old,
    "old sessions removed": sessions.remove_old,
    "old failures to sign in removed": lock_out.remove_old,
    "old tokens removed": tokens.remove_old,
    "old response files removed": holding.forget_waiting,
    "old answer sheets removed": sheets.forget_old,
    "items of no consultation removed": forgetting.forget_unplaced,
    "old keys of tablets removed": keys.remove_unneeded,
    "flags looked for": flags.ask_due,
    "digests asked for": digests.ask_due,
    "new answers given to the themes": asking.ask_where_new,
}
"""By what each does; called with a session and ``now``, in a unit of work of its own."""
