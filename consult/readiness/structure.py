"""What is not written yet, and what does not fit together."""

from collections.abc import Iterator

from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, blocks
from consult.readiness.places import part_of


def structure(case: Case) -> Iterator[Finding]:
    """Everything without which there is no consultation to open, one finding a part and kind.

    What the pages of the parts list is taken over. Whatever else had to be stood in for or left
    out is found too, so that nothing opens that is not whole.
    """
    for part, left in case.facts.unfinished.items():
        if left.missing or not left.other_count:
            yield blocks(Code.MISSING, part, fields=left.missing)
        if left.other_count:
            yield blocks(Code.UNFIT, part, count=left.other_count)
    for part in dict.fromkeys(part_of(gap) for gap in case.gaps):
        if part not in case.facts.unfinished:
            yield blocks(Code.CONTRADICTS, part)
