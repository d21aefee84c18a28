"""The small report made by hand, with one thing changed."""

from consult.reports.data import (
    Closed,
    Count,
    GroupLine,
    Option,
    ReportData,
    Share,
)
from tests.support.reports import HIDDEN, NO_SHARE, count, sample_data

WITHHELD = Count(text="not shown", value=None, low=0, high=None, reason="withheld")


def with_talk(data: ReportData, **fields: object) -> ReportData:
    return data.model_copy(update={"talk": (data.talk[0].model_copy(update=fields),)})


def with_theme(**fields: object) -> ReportData:
    data = sample_data()
    theme = data.talk[0].themes[0].model_copy(update=fields)
    return with_talk(data, themes=(theme,))


def with_closed(*answers: Closed, **weights: object) -> ReportData:
    data = sample_data()
    return data.model_copy(
        update={"closed": answers, "weights": data.weights.model_copy(update=weights)}
    )


def option(key: str, people: Count, part_of_all: Share, **fields: object) -> Option:
    return Option.model_validate(
        {
            "key": key,
            "label": {},
            "count": people,
            "share": part_of_all,
            "weighted": None,
            "change_notable": False,
            "majority_flips": False,
            **fields,
        }
    )


def closed(*options: Option, answered: Count | None = None, several: bool = False) -> Closed:
    return Closed(
        question="vision_agree",
        answered=answered or count(130),
        not_answered=count(10),
        several=several,
        options=options,
    )


def with_dimension(**fields: object) -> ReportData:
    data = sample_data()
    found = data.representation.dimensions[0].model_copy(update=fields)
    representation = data.representation.model_copy(update={"dimensions": (found,)})
    return data.model_copy(update={"representation": representation})


def group(**fields: object) -> GroupLine:
    return GroupLine.model_validate(
        {
            "key": "Muslim",
            "label": {"en": "Muslim"},
            "respondents": HIDDEN,
            "share": NO_SHARE,
            "population_share": 0.299,
            "state": "under",
            "tier": "confirmed",
            "missing": None,
            **fields,
        }
    )
