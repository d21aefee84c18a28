"""The files that a comparison is written to."""

import json
from pathlib import Path
from typing import Any

from analysis.output import write_files
from analysis.representation.run import Comparison, GroupResult, Representation
from analysis.representation.telling.summary import left_out_messages, summarise

NOTICE = (
    "Internal: exact counts of personal characteristics. Apply `python -m analysis disclose` "
    "before anything of it is published."
)


def as_data(result: Representation) -> dict[str, Any]:
    """Return a comparison as it stands in ``representation.json``.

    Figures keep full precision and counts are exact; what cannot be said is None. The order
    is the population's.
    """
    return {
        "internal": True,
        "notice": NOTICE,
        "materiality": result.materiality,
        "dimensions": {part.reference.name: _dimension(part) for part in result.wholes},
        "groups": [
            _group(part, each) for part in (*result.wholes, *result.areas) for each in part.groups
        ],
        "not_compared": {
            "respondents": list(result.only_respondents),
            "population": list(result.only_population),
            "notes": [str(said) for said in left_out_messages(result)],
        },
    }


def write_results(result: Representation, folder: Path) -> None:
    """Write ``representation.json`` and ``summary.md``, both or neither.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    data = json.dumps(as_data(result), ensure_ascii=False, indent=1, allow_nan=False)
    write_files(folder, {"representation.json": f"{data}\n", "summary.md": summarise(result)})


def _dimension(part: Comparison) -> dict[str, Any]:
    whole = part.overall
    return {
        "similarity": whole.similarity if whole else None,
        "similarity_by_chance": whole.similarity_by_chance if whole else None,
        "known": part.counted.known,
        "unknown": part.counted.unknown,
        "outside": dict(part.counted.outside),
        "several_answers": part.counted.several,
        "base": part.reference.base,
        "source": part.reference.source,
        "date": part.reference.date,
    }


def _group(part: Comparison, result: GroupResult) -> dict[str, Any]:
    gap = result.gap
    monitored = result.monitored if gap.untested is None else None
    return {
        "dimension": part.reference.name,
        "category": gap.category,
        "area": part.reference.area,
        "respondents": gap.respondents,
        "known": gap.known,
        "share": gap.share,
        "share_low": gap.interval.low if gap.interval else None,
        "share_high": gap.interval.high if gap.interval else None,
        "population_share": gap.population_share,
        "ratio": gap.ratio,
        "state": str(gap.state),
        "tier": str(result.tier),
        "p_value": monitored.p_value if monitored else None,
        "q_value": monitored.q_value if monitored else None,
        "e_value": monitored.e_value if monitored else None,
        "needed": gap.needed,
    }
