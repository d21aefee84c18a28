"""Areas inside areas: one hierarchy, protected as one table."""

from collections.abc import Iterable

from analysis.suppression.tables import Axis, Kind


def nested_axis(name: str, areas: Iterable[tuple[str, str]]) -> Axis:
    """Return an axis of areas at several levels, e.g. wards in constituencies.

    An area's count must be the sum of its parts, so people whose ward is not known need an
    area of their own. Two hierarchies over the same people (wards by constituency and wards
    by police district) differ by slivers that a reader could subtract; publish one.

    Parameters
    ----------
    name : str
    areas : iterable of tuple of str
        Each area with the one it is part of, blank at the top.

    Raises
    ------
    ValueError
        If an area is in two others, in one that is not listed, or within itself.

    Examples
    --------
    >>> axis = nested_axis("area", [("North", ""), ("Aston", "North"), ("Oscott", "North")])
    >>> axis.parents
    ('', 'North', 'North')
    """
    parent: dict[str, str] = {}
    for area, inside in areas:
        if parent.setdefault(area, inside) != inside:
            raise ValueError(
                f"{area} is in {parent[area]} and in {inside}: publish one hierarchy of areas"
            )
    for area in parent:
        met, at = {area}, parent[area]
        while at:
            if at not in parent:
                raise ValueError(f"{area} is in {at}, which is not among the areas")
            if at in met:
                raise ValueError(f"{area} is within itself")
            met.add(at)
            at = parent[at]
    return Axis(name, tuple(parent), Kind.GROUP, parents=tuple(parent.values()))
