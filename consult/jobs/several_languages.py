"""What kinds of work share that have a machine draft texts of several languages."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from consult.jobs.context import Context, WorkFailed
from consult.jobs.machine_drafts import ASKING, DRAFTING
from consult.jobs.registry import Step
from consult.machine_translation import MachineError, MachineFault, Service, batches

LackingT = TypeVar("LackingT")


def draft_each(
    context: Context,
    service: Service,
    lacking: Sequence[LackingT],
    into: str,
    *,
    language_of: Callable[[LackingT], str],
    text_of: Callable[[LackingT], str],
    draft: Callable[[Sequence[LackingT], str], int],
) -> Step:
    """Draft what lacks a translation, a request's worth of one language at a time.

    What is in a language that the service does not know is counted and passed over.

    Parameters
    ----------
    draft : callable
        Drafts some that are in the language given, keeps the drafts, and says how many it kept.

    Raises
    ------
    WorkFailed
        If the service fails, or knows none of the languages; what was kept before stays.
    """
    context.progress(0, len(lacking), ASKING)
    done = kept = unknown = 0
    try:
        for language, group in groupby(sorted(lacking, key=language_of), key=language_of):
            some = list(group)
            if into not in service.targets(language):
                unknown += len(some)
                continue
            for batch in _batches(some, text_of):
                context.progress(done + unknown, len(lacking), DRAFTING)
                kept += draft(batch, language)
                done += len(batch)
    except MachineError as error:
        raise WorkFailed(error.fault, error.detail) from error
    if lacking and unknown == len(lacking):
        raise WorkFailed(MachineFault.UNKNOWN_LANGUAGE)
    context.progress(len(lacking), len(lacking), DRAFTING)
    return lambda _session: {
        "drafted": kept,
        "passed_over": done - kept,
        "unknown_language": unknown,
    }


def _batches(
    lacking: Sequence[LackingT], text_of: Callable[[LackingT], str]
) -> Iterator[list[LackingT]]:
    numbered = ((str(number), text_of(each)) for number, each in enumerate(lacking))
    for batch in batches(numbered):
        yield [lacking[int(number)] for number, _ in batch]
