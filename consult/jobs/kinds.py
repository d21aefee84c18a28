"""All kinds of work that the product knows."""

from consult.jobs import housekeeping, machine_drafts
from consult.jobs.registry import Registry

KINDS = Registry()
housekeeping.register(KINDS)
machine_drafts.register(KINDS)
