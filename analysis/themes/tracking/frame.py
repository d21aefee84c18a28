"""The themes of a consultation as they stand, kept so that they can be assigned to again."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.errors import InputError
from analysis.themes.embedding.protocol import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class FrozenTheme:
    """A theme as the machine sees it.

    Attributes
    ----------
    id, label : str
    centroid : ndarray of shape (dimension,), float32
        Of any length above zero; a copy that cannot be written to.
    threshold : float
        Least cosine of a unit that belongs to the theme, from 0 to 1.
    cohesion : float or None
        :func:`~analysis.themes.tracking.assigning.cohesion` of its members when it was frozen.
    retired : bool
        Found by an earlier clustering and not by the last one. It keeps what a person put
        into it; the machine puts nothing there.
    """

    id: str
    label: str
    centroid: Vectors
    threshold: float
    cohesion: float | None = None
    retired: bool = False

    def __post_init__(self) -> None:
        centroid = np.array(self.centroid, dtype=np.float32)
        if centroid.ndim != 1 or not np.isfinite(centroid).all() or not centroid.any():
            raise ValueError(f"theme {self.id}: a centroid is one finite row and not all zeros")
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"theme {self.id}: threshold {self.threshold} outside 0 to 1")
        centroid.setflags(write=False)
        object.__setattr__(self, "centroid", centroid)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; the centroid keeps every bit."""
        return {
            "id": self.id,
            "label": self.label,
            "centroid": base64.b64encode(self.centroid.astype("<f4").tobytes()).decode("ascii"),
            "threshold": self.threshold,
            "cohesion": self.cohesion,
            "retired": self.retired,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "FrozenTheme":
        """Return what :meth:`to_dict` wrote."""
        content = base64.b64decode(data["centroid"], validate=True)
        cohesion = data["cohesion"]
        return cls(
            id=str(data["id"]),
            label=str(data["label"]),
            centroid=np.frombuffer(content, dtype="<f4").astype(np.float32),
            threshold=float(data["threshold"]),
            cohesion=None if cohesion is None else float(cohesion),
            retired=bool(data["retired"]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The themes of a consultation, with all that assigning to them again needs.

    Attributes
    ----------
    themes : tuple of FrozenTheme
        Retired ones too: no theme is ever deleted.
    model_id, means_version : str
        Whose vectors the centroids belong to.
    seed : int
    locked : bool
        The machine proposes no further themes.
    """

    themes: tuple[FrozenTheme, ...]
    model_id: str
    means_version: str
    seed: int
    locked: bool = False

    def __post_init__(self) -> None:
        if len({theme.id for theme in self.themes}) != len(self.themes):
            raise ValueError("two themes of one id")
        if len({theme.centroid.size for theme in self.themes}) > 1:
            raise ValueError("centroids of different lengths")

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in the order of the themes."""
        return tuple(theme.id for theme in self.themes)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "themes": [theme.to_dict() for theme in self.themes],
            "model_id": self.model_id,
            "means_version": self.means_version,
            "seed": self.seed,
            "locked": self.locked,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Frame":
        """Return what :meth:`to_dict` wrote.

        Raises
        ------
        InputError
            If something is missing or damaged.
        """
        try:
            return cls(
                themes=tuple(FrozenTheme.from_dict(theme) for theme in data["themes"]),
                model_id=str(data["model_id"]),
                means_version=str(data["means_version"]),
                seed=int(data["seed"]),
                locked=bool(data["locked"]),
            )
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise InputError(
                f"The stored themes are damaged ({error}): restore a backup or run the themes again"
            ) from error
