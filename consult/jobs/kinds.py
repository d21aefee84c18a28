"""All kinds of work that the product knows."""

from consult.jobs import (
    answer_drafts,
    digests,
    housekeeping,
    importing_responses,
    machine_drafts,
    report_drafts,
    reporting,
    theming,
    watching,
)
from consult.jobs.registry import Registry

KINDS = Registry()
digests.register(KINDS)
housekeeping.register(KINDS)
machine_drafts.register(KINDS)
answer_drafts.register(KINDS)
watching.register(KINDS)
importing_responses.register(KINDS)
theming.register(KINDS)
report_drafts.register(KINDS)
reporting.register(KINDS)
