"""A study's arrays, cut down to the responses that count, and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from analysis.themes.counting import Counts, count_themes, incidence
from consult.models import Study
from consult.services.themes import holding, studies
from consult.services.themes.holding import Counting, Flags, Places, Said, Stands
from consult.services.themes.studies import Stamp, Standing


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """A study's arrays, cut down to the responses that count."""

    study: Study
    stamp: Stamp
    standing: Standing
    said: Said
    stands: Stands
    names: tuple[str, ...]
    """The themes that stand, in the order of the counts."""
    counts_now: Flags
    """Which of the answers count."""
    unit_counts: Flags
    unit_theme: Places
    """By place in ``names``; -1 for none."""
    responses: Counting

    @classmethod
    def of(cls, session: Session, study: Study) -> "Base":
        stamp = studies.stamp(session, study)
        standing = studies.standing(session, study)
        said = holding.said(session, study, stamp)
        stands = holding.stands(session, study, stamp, said)
        responses = holding.counting(session, study)
        counts_now = np.ones(len(said.place), dtype=np.bool_)
        counts_now[[said.place[each] for each in responses.left_out if each in said.place]] = False
        present = set(stands.theme) - {None}
        names = tuple(
            dict.fromkeys([*standing.state.standing, *sorted(str(name) for name in present)])
        )
        at: dict[str | None, int] = {name: number for number, name in enumerate(names)}
        at[None] = -1
        key_theme = np.array([at[theme] for theme in stands.theme], dtype=np.intp)
        return cls(
            study=study,
            stamp=stamp,
            standing=standing,
            said=said,
            stands=stands,
            names=names,
            counts_now=counts_now,
            unit_counts=counts_now[said.unit_place],
            unit_theme=key_theme[said.unit_key],
            responses=responses,
        )

    @property
    def left_out(self) -> frozenset[UUID]:
        """Responses that do not count."""
        return self.responses.left_out

    def found(self, theme: str) -> str | None:
        """The theme that a theme is in now; nothing where none of that id stands."""
        state = self.standing.state
        here = state.follow(theme) if theme in state.themes else None
        return here if here in self.names else None

    @property
    def rows(self) -> Places:
        """Places of the answers that count."""
        return np.flatnonzero(self.counts_now)

    def raised(self) -> Flags:
        """Who of those that count raises what."""
        place = np.cumsum(self.counts_now) - 1
        return incidence(
            place[self.said.unit_place[self.unit_counts]],
            self.unit_theme[self.unit_counts],
            int(self.counts_now.sum()),
            len(self.names),
        )

    def counts(self, groups: Mapping[str, Sequence[str]] | None = None) -> Counts:
        """The figures, as the command line has them."""
        rows = self.rows
        cut = {name: [values[at] for at in rows] for name, values in (groups or {}).items()}
        content = self.said.has_content[rows]
        return count_themes(
            self.raised(),
            content=content,
            campaigns=self.said.campaign[rows],
            languages=[
                self.said.languages[at] if has else ""
                for at, has in zip(rows, content, strict=True)
            ],
            groups=cut,
        )
