"""Pictures as data: what to draw, a sentence that says it, and a table that says the same.

Page, Word and Excel draw the same from it. Nothing here knows of colours: a mark has a role, so
that whoever draws can tell roles apart by shape and shade too. Labels are the caller's, already
in the reader's language; the sentences are :class:`~.sentences.Message`.

What is drawn can be measured. A public picture is therefore made from published figures: given
them, exact counts and shares of the same groups are not looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.disclosure import Percentage, Published, percentage
from analysis.representation.comparison.gaps import GroupGap
from analysis.representation.telling.picture_parts import (
    ArrivalsPicture,
    Bar,
    Cell,
    Dot,
    GapMark,
    GapPicture,
    Role,
    ThemeMark,
    ThemePicture,
    Tile,
    TilesPicture,
    dot_cells,
    dot_of,
    figure_of,
    message,
    role_counts,
    scale,
    table,
)
from analysis.representation.telling.sentences import Count, Message, Percent

MOST_BARS = 60


def gap_picture(
    gaps: Sequence[GroupGap],
    *,
    labels: Mapping[str, str] | None = None,
    published: Sequence[tuple[Published, Published]] | None = None,
) -> GapPicture:
    """Draw groups beside their shares of the population.

    Parameters
    ----------
    gaps : sequence of GroupGap
    labels : mapping of str to str, optional
        How to call categories.
    published : sequence of (Published, Published), optional
        For a public picture: responses of each group, and of all.

    Raises
    ------
    ValueError
        If there are not as many published figures as gaps.
    """
    called = labels or {}
    marks, rows = [], []
    for at, gap in enumerate(gaps):
        if published is None:
            dot = _exact_dot(gap)
            figure: Cell = Count(gap.respondents)
        else:
            if len(published) != len(gaps):
                raise ValueError(f"{len(published)} published figures for {len(gaps)} groups")
            dot = dot_of(percentage(*published[at]))
            figure = figure_of(published[at][0])
        label = called.get(gap.category, gap.category)
        mark = GapMark(label, dot, gap.population_share, Role(gap.state.value))
        marks.append(mark)
        rows.append(
            (label, figure, *dot_cells(dot), _percent(gap.population_share), _state(mark.role))
        )
    drawn = [mark.dot.high for mark in marks if mark.dot]
    end, ticks = scale([*drawn, *(mark.residents for mark in marks)])
    columns = ("group", "responses", "share", "low", "high", "residents", "state")
    return GapPicture(tuple(marks), end, ticks, _gap_alternative(marks), table(columns, rows))


def _gap_alternative(marks: Sequence[GapMark]) -> Message:
    if not any(mark.dot or mark.role is not Role.TOO_FEW for mark in marks):
        return message("picture.gaps.none")
    values = role_counts([mark.role for mark in marks]) | {"groups": Count(len(marks))}
    below = [
        (mark.dot.share / mark.residents, mark.label)
        for mark in marks
        if mark.dot and mark.residents and mark.role is Role.UNDER
    ]
    if not below:
        return message("picture.gaps.level", **values)
    return message("picture.gaps", **values, lowest=min(below)[1])


def arrivals_picture(
    by_day: Mapping[date, int], *, first: date | None = None, last: date | None = None
) -> ArrivalsPicture:
    """Draw how many responses came, by day or, over more than two months, by week.

    It shows exact counts and is internal: day by day a public one would tell on single people.

    Parameters
    ----------
    by_day : mapping of date to int
        Days without responses may be left out.
    first, last : date, optional
        Of the consultation; by default of the responses. Days outside are drawn too.

    Raises
    ------
    ValueError
        If a count is negative.
    """
    if any(count < 0 for count in by_day.values()):
        raise ValueError("a day with fewer than 0 responses")
    days = sorted({*by_day, *(day for day in (first, last) if day)})
    span = (days[-1] - days[0]).days + 1 if days else 0
    step = 1 if span <= MOST_BARS else 7 * ceil(span / 7 / MOST_BARS)
    bars, total = [], 0
    for start in range(0, span, step):
        of_bar = [days[0] + timedelta(start + offset) for offset in range(step)]
        count = sum(by_day.get(day, 0) for day in of_bar)
        total += count
        bars.append(Bar(of_bar[0], count, total))
    alternative = message("picture.arrivals.none")
    if total:
        busiest = max(bars, key=lambda bar: (bar.responses, -bar.first.toordinal()))
        alternative = message(
            "picture.arrivals" if step == 1 else "picture.arrivals.days",
            days=Count(step),
            responses=Count(total),
            first=days[0].isoformat(),
            last=days[-1].isoformat(),
            busiest=busiest.first.isoformat(),
            most=Count(busiest.responses),
        )
    rows = [(bar.first.isoformat(), Count(bar.responses), Count(bar.total)) for bar in bars]
    columns = ("day" if step == 1 else "days", "responses", "total")
    most = max((bar.responses for bar in bars), default=0)
    return ArrivalsPicture(tuple(bars), step, max(most, 1), alternative, table(columns, rows))


def tiles_picture(
    areas: Sequence[tuple[str, Role, Cell]],
    places: Sequence[tuple[float, float]] | None = None,
) -> TilesPicture:
    """Draw areas as squares.

    Parameters
    ----------
    areas : sequence of (str, Role, Cell)
        Label, role and figure of each: a count, or what is published of it.
    places : sequence of (float, float), optional
        Of each area, how far east and how far north; any unit. Without, areas stand in the
        order of their labels.

    Raises
    ------
    ValueError
        If there is not a place for each area.
    """
    if places is not None and len(places) != len(areas):
        raise ValueError(f"{len(places)} places for {len(areas)} areas")
    # By label, then by place: the order of rows in a file must not move a tile.
    order = sorted(range(len(areas)), key=lambda at: (areas[at][0], places[at] if places else ()))
    columns = ceil(len(areas) ** 0.5)
    rows = ceil(len(areas) / columns) if columns else 0
    spots = [(at // columns, at % columns) for at in range(len(areas))]
    if places is not None and areas:
        spots = _nearest(np.array([places[at] for at in order], dtype=float), rows, columns)
    tiles = tuple(
        Tile(areas[at][0], row, column, areas[at][1], areas[at][2])
        for at, (row, column) in zip(order, spots, strict=True)
    )
    values = role_counts([tile.role for tile in tiles])
    return TilesPicture(
        tiles,
        rows,
        columns,
        message("picture.tiles", areas=Count(len(tiles)), **values),
        table(
            ("area", "responses", "state"),
            [(tile.label, tile.figure, _state(tile.role)) for tile in tiles],
        ),
    )


def _nearest(places: NDArray[np.float64], rows: int, columns: int) -> list[tuple[int, int]]:
    """Give each place a square of its own, moving all together as little as can be."""
    grid = np.array([(row, column) for row in range(rows) for column in range(columns)])
    width, height = np.maximum(np.ptp(places, axis=0), 1e-12)
    east = (places[:, 0] - places[:, 0].min()) / width * (columns - 1)
    south = (places[:, 1].max() - places[:, 1]) / height * (rows - 1)
    moved = (south[:, None] - grid[:, 0]) ** 2 + (east[:, None] - grid[:, 1]) ** 2
    _, chosen = linear_sum_assignment(moved)
    return [(int(row), int(column)) for row, column in grid[chosen]]


def theme_picture(
    themes: Sequence[str],
    groups: Sequence[str],
    shares: Mapping[tuple[str, str], tuple[Percentage, Role]],
) -> ThemePicture:
    """Draw how often groups raise themes.

    Parameters
    ----------
    themes, groups : sequence of str
        In the order to draw.
    shares : mapping of (str, str) to (Percentage, Role)
        By theme and group: the published share, and whether the group raises the theme less
        (under) or more (over) than others. Missing ones are not shown.
    """
    marks, rows = [], []
    for theme in themes:
        for group in groups:
            share, role = shares.get((theme, group), (None, Role.TOO_FEW))
            dot = dot_of(share) if share else None
            marks.append(ThemeMark(theme, group, dot, role))
            shown: tuple[Cell, ...] = dot_cells(dot) if dot else (_HIDDEN, None, None)
            rows.append((theme, group, *shown, _state(role)))
    drawn = [mark for mark in marks if mark.dot]
    end, ticks = scale([mark.dot.high for mark in drawn if mark.dot])
    alternative = message("picture.themes.none")
    if drawn:
        highest = max(drawn, key=lambda mark: mark.dot.share if mark.dot else 0)
        alternative = message(
            "picture.themes",
            groups=Count(len(groups)),
            themes=Count(len(themes)),
            theme=highest.theme,
            group=highest.group,
            share=Percent(highest.dot.share if highest.dot else 0),
        )
    columns = ("theme", "group", "share", "low", "high", "state")
    return ThemePicture(
        tuple(themes), tuple(groups), tuple(marks), end, ticks, alternative, table(columns, rows)
    )


_HIDDEN = message("picture.withheld")


def _exact_dot(gap: GroupGap) -> Dot | None:
    if gap.share is None or gap.interval is None:
        return None
    return Dot(gap.share, gap.interval.low, gap.interval.high)


def _percent(share: float | None) -> Cell:
    return None if share is None else Percent(share)


def _state(role: Role) -> Cell:
    return None if role is Role.PLAIN else message(f"role.{role}")
