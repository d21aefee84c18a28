"""What the public gets of a report's figures: those that its sections print, and no others.

Files of data hold all figures of a version. What an officer left out must not come out there.
"""

from typing import Any, Final

from consult.reports.data import Audience, ReportData, Talk, Weights

_NO_WEIGHTS: Final = Weights(
    applied=False, by=(), effective=None, largest=None, headline=False, reasons=()
)


def printed(data: ReportData) -> ReportData:
    """A public report without the figures of sections that are left out.

    Figures stay as long as one section tells them: the equality appendix tells those of residents
    and the steps to reach people as well. An internal report stays whole.
    """
    if data.audience is not Audience.PUBLIC:
        return data
    sections = frozenset(data.layout.sections)
    changes: dict[str, Any] = {
        "arrived": data.arrived.model_copy(update=_arrived(sections)),
        "representation": data.representation.model_copy(update=_representation(sections)),
        "talk": _talk(data.talk, sections),
    }
    if "closed" not in sections:
        changes |= {"closed": (), "weights": _NO_WEIGHTS, "ways": ()}
    if "talks" not in sections:
        changes["group_talks"] = None
    if "equality" not in sections:
        changes["layout"] = data.layout.model_copy(update={"considered": {}})
    return data.model_copy(update=changes)


def _arrived(sections: frozenset[str]) -> dict[str, Any]:
    """How many responses count stays: no share can be read without it."""
    gone: dict[str, Any] = {}
    if "answered" not in sections:
        gone |= dict.fromkeys(("by_channel", "by_language", "by_area", "by_week"), ())
        gone |= {"first_on": None, "last_on": None}
    if "left_out" not in sections:
        gone |= dict.fromkeys(("by_standing", "petitions"), ())
    return gone


def _representation(sections: frozenset[str]) -> dict[str, Any]:
    gone: dict[str, Any] = {}
    if not sections & {"missing", "equality"}:
        gone |= {"dimensions": (), "not_compared": None}
    if not sections & {"reached", "equality"}:
        gone["acts"] = ()
    return gone


def _talk(talks: tuple[Talk, ...], sections: frozenset[str]) -> tuple[Talk, ...]:
    """Without themes there are still answers that are in none, which a section of its own tells."""
    if not sections & {"themes", "left_out"}:
        return ()
    gone: dict[str, Any] = {}
    if "themes" not in sections:
        gone |= {"themes": (), "small_themes": 0, "campaigns": None, "checked": None}
    if "left_out" not in sections:
        gone["not_translated"] = ()
    return tuple(talk.model_copy(update=gone) for talk in talks)
