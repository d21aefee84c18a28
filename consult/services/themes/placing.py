"""Later answers beside the earlier ones: new statements go into the themes as people left them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.progress import Progress
from analysis.themes.clustering import FIRM_UNITS
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.labelling.labels import describe_themes
from analysis.themes.later import centring_report, gather, moved
from analysis.themes.notes import notes_on
from analysis.themes.prepare import (
    Prepared,
    content_languages,
    key_languages,
    prepare,
)
from analysis.themes.run import labelled_units
from analysis.themes.space import Space
from analysis.themes.tracking.assigning import Assignment, assign
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.resolving import edited_frame, resolve
from analysis.themes.tracking.suggesting import Group, suggest
from consult.services.themes.exporting import Table
from consult.services.themes.found import (
    Choose,
    Found,
    KeyRows,
    Known,
    Suggested,
    answer_rows,
    flat,
    unit_rows,
    words,
)
from consult.services.themes.keys import digests


def later(table: Table, known: Known, frame: Frame, choose: Choose, progress: Progress) -> Found:
    """Put new statements into the themes as they stand, and gather what fits none."""
    with progress.stage("Reading", "answers") as report:
        prepared = prepare(table.answers, seed=known.seed, report=report)
    names = tuple(digests(known.salt, prepared.keys))
    choice = choose(content_languages(prepared))
    space = Space(choice.embedder.fit(prepared.key_text))
    with progress.stage("Embedding", "statements") as report:
        place = _Place.of(known, frame, prepared, names, space, report)
    with progress.stage("Clustering"):
        put = assign(
            place.fresh_vectors,
            place.standing,
            texts=[prepared.key_text[at] for at in place.fresh],
            keywords=flat(known.findings.get("words", {})),
        )
        machine = put.ids(place.standing)
        groups = _gathered(known, place, machine, prepared, names)
    with progress.stage("Naming"):
        themes = _theme_of_keys(place, machine, names)
        said = _words_of(themes, place.standing, prepared, space, known.language)
        labels = _labels_of(groups, prepared, names, space, known.language)
    findings = {
        **known.findings,
        "engine": space.embedder.engine,
        "model": space.embedder.model_id,
        "means": space.means_version,
        "embedder": space.embedder.name,
        "reason": choice.reason,
        "quality": dict(choice.notes),
        "notes": list(notes_on(prepared, space.embedder, centring_report(prepared, space))),
        "provisional": int(prepared.seeds.sum()) < FIRM_UNITS,
        "words": {**known.findings.get("words", {}), **said},
    }
    return Found(
        afresh=False,
        frame=place.moved_frame,
        rows=_rows_of(place, put, machine, prepared, names),
        moved_vectors=place.moved_vectors,
        answers=answer_rows(table, prepared),
        units=unit_rows(table, prepared, names),
        suggestions=tuple(
            Suggested(group, label, large)
            for (group, large), label in zip(groups, labels, strict=True)
        ),
        findings=findings,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """The space of a later run, with what is known in it.

    Attributes
    ----------
    fresh : list of int
        Places of the new statements among the prepared keys.
    fresh_vectors : ndarray
    keys, vectors
        The known statements that are still there.
    themes : tuple
        Where they stand.
    standing : Frame
        The themes as people have left them.
    moved_frame, moved_vectors
        Where the space is another one: the machine's themes and the known vectors in it.
    """

    fresh: list[int]
    fresh_vectors: Vectors
    keys: tuple[str, ...]
    vectors: Vectors
    may_seed: NDArray[np.bool_]
    themes: tuple[str | None, ...]
    pinned: frozenset[str]
    standing: Frame
    moved_frame: Frame | None
    moved_vectors: Mapping[str, Vectors] | None

    @classmethod
    def of(
        cls,
        known: Known,
        frame: Frame,
        prepared: Prepared,
        names: Sequence[str],
        space: Space,
        report: Callable[[int, int], None],
    ) -> "_Place":
        before = set(known.keys)
        fresh = [at for at, name in enumerate(names) if name not in before]
        languages = key_languages(prepared)
        same = (space.embedder.model_id, space.means_version) == (
            frame.model_id,
            frame.means_version,
        )
        wanted = fresh if same else list(range(len(names)))
        rows, _ = space.vectors(
            [prepared.key_text[at] for at in wanted], [languages[at] for at in wanted], report
        )
        keys, machine, vectors, may_seed = known.keys, known.machine, known.vectors, known.may_seed
        moved_vectors = None
        if not same:
            at_name = {name: at for at, name in enumerate(names)}
            kept = [at for at, key in enumerate(known.keys) if key in at_name]
            keys = tuple(known.keys[at] for at in kept)
            machine = tuple(known.machine[at] for at in kept)
            may_seed = known.may_seed[kept]
            vectors = rows[[at_name[key] for key in keys]]
            moved_vectors = dict(zip(keys, vectors, strict=True))
            members: dict[str, list[int]] = {}
            for at, theme in enumerate(machine):
                if theme is not None:
                    members.setdefault(theme, []).append(at)
            frame = moved(
                frame,
                members,
                rows if not len(vectors) else vectors,
                model_id=space.embedder.model_id,
                means_version=space.means_version,
            )
            rows = rows[fresh]
        resolved = resolve(known.state, keys, machine, vectors)
        described = {
            theme.id: space.embed_phrases([theme.description], known.language)[0]
            for theme in known.state.themes.values()
            if theme.description
        }
        return cls(
            fresh=fresh,
            fresh_vectors=rows,
            keys=keys,
            vectors=vectors,
            may_seed=may_seed,
            themes=resolved.themes,
            pinned=frozenset(known.state.pins),
            standing=edited_frame(frame, known.state, keys, resolved, vectors, described),
            moved_frame=None if same else frame,
            moved_vectors=moved_vectors,
        )


def _gathered(
    known: Known,
    place: _Place,
    machine: Sequence[str | None],
    prepared: Prepared,
    names: Sequence[str],
) -> list[tuple[Group, bool]]:
    """Groups of all statements, known and new, that fit no theme; with whether it is proposed."""
    fresh_keys = [names[at] for at in place.fresh]
    keys = [*place.keys, *fresh_keys]
    may_seed = [*place.may_seed.tolist(), *(bool(prepared.seeds[at]) for at in place.fresh)]
    themes = [*place.themes, *machine]
    vectors = (
        np.concatenate([place.vectors, place.fresh_vectors])
        if len(place.vectors)
        else place.fresh_vectors
    )
    loose = [
        at
        for at, (key, theme) in enumerate(zip(keys, themes, strict=True))
        if theme is None and key not in place.pinned
    ]
    found = suggest(
        vectors[loose],
        [keys[at] for at in loose],
        frame=place.standing,
        cluster=lambda rows: gather(rows, known.seed),
        seed=known.seed,
        total=len(keys),
        taken=known.state.ids,
        may_seed=[may_seed[at] for at in loose],
    )
    return [(group, True) for group in found.themes] + [(group, False) for group in found.waiting]


def _theme_of_keys(
    place: _Place, machine: Sequence[str | None], names: Sequence[str]
) -> list[str | None]:
    stands = dict(zip(place.keys, place.themes, strict=True))
    stands.update((names[at], theme) for at, theme in zip(place.fresh, machine, strict=True))
    return [stands.get(name) for name in names]


def _words_of(
    themes: Sequence[str | None],
    standing: Frame,
    prepared: Prepared,
    space: Space,
    language: str,
) -> dict[str, dict[str, Any]]:
    """Keywords of the themes as they stand now."""
    if not standing.themes:
        return {}
    at = {theme: number for number, theme in enumerate(standing.ids)}
    numbers = np.array([at.get(theme or "", -1) for theme in themes], dtype=np.intp)
    described = describe_themes(
        labelled_units(numbers, prepared),
        len(standing.themes),
        centroids=np.stack([theme.centroid for theme in standing.themes]),
        embed=space.embed_phrases,
        language=language,
    )
    return {name: words(each) for name, each in zip(standing.ids, described, strict=True)}


def _labels_of(
    groups: Sequence[tuple[Group, bool]],
    prepared: Prepared,
    names: Sequence[str],
    space: Space,
    language: str,
) -> list[str]:
    if not groups:
        return []
    group_of = {key: at for at, (group, _) in enumerate(groups) for key in group.keys}
    numbers = np.array([group_of.get(name, -1) for name in names], dtype=np.intp)
    described = describe_themes(
        labelled_units(numbers, prepared),
        len(groups),
        centroids=np.stack([group.centroid for group, _ in groups]),
        embed=space.embed_phrases,
        language=language,
    )
    return [each.label for each in described]


def _rows_of(
    place: _Place,
    put: Assignment,
    machine: Sequence[str | None],
    prepared: Prepared,
    names: Sequence[str],
) -> KeyRows:
    return KeyRows(
        keys=tuple(names[at] for at in place.fresh),
        vectors=place.fresh_vectors,
        may_seed=tuple(bool(prepared.seeds[at]) for at in place.fresh),
        machine=tuple(machine),
        strength=tuple(put.strength.tolist()),
        margin=tuple(put.margin.tolist()),
        status=tuple(str(each) for each in put.status.tolist()),
    )
