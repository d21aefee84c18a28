"""What a run of themes gives back."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.themes.clustering import ThemeTree
from analysis.themes.counting import Counts, ThemeCount
from analysis.themes.embedding.choose import Choice
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.labelling.labels import ThemeWords
from analysis.themes.prepare import Answers, Indexes, Prepared
from analysis.themes.tracking.assigning import Status
from analysis.themes.tracking.frame import Frame


@dataclass(frozen=True, slots=True)
class Quote:
    """A unit that shows what a theme is about; a suggestion until a person approves it."""

    response: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with all that is said of it.

    Attributes
    ----------
    id : str
        The same for the same units and seed.
    words : ThemeWords
        Suggested label and keywords by language.
    count : ThemeCount
        Respondents, shares with intervals, languages and groups.
    exemplars : tuple of Quote
    stability : float
        0 to 1; NaN where it cannot be told.
    """

    id: str
    words: ThemeWords
    count: ThemeCount
    exemplars: tuple[Quote, ...]
    stability: float


@dataclass(frozen=True, slots=True, eq=False)
class ThemeRun:
    """The result of a run.

    Attributes
    ----------
    answers : Answers
    prepared : Prepared
    themes : tuple of Theme
        Most respondents first, ties by id.
    unit_theme : ndarray of shape (n_units,), int
        Place in ``themes``; -1 for none.
    unit_strength : ndarray of shape (n_units,)
        Cosine to the theme's middle.
    unit_margin : ndarray of shape (n_units,)
        What that is above the highest cosine to another theme's middle.
    unit_status : tuple of Status, length n_units
    vectors : ndarray of shape (n_keys, dimension), float32
        Unit rows of the distinct units, their language taken out.
    counts : Counts
        Bases, and how themes differ between groups; its themes are numbered as ``themes``.
    frame : Frame or None
        For assigning later answers; None without themes.
    tree : ThemeTree or None
        Over the distinct units that founded the themes; None where there were too few.
    keywords : mapping of str to tuple of str
        By language, of all answers together; empty where there are themes to hold them.
    choice : Choice
        The embedder with its reason and notes.
    engine, model_id, means_version : str
        What the vectors came from.
    seed : int
    provisional : bool
        Fewer than 60 distinct units.
    notes : tuple of str
        What a reader should know.
    """

    answers: Answers
    prepared: Prepared
    themes: tuple[Theme, ...]
    unit_theme: Indexes
    unit_strength: NDArray[np.float64]
    unit_margin: NDArray[np.float64]
    unit_status: tuple[Status, ...]
    vectors: Vectors
    counts: Counts
    frame: Frame | None
    tree: ThemeTree | None
    keywords: Mapping[str, tuple[str, ...]]
    choice: Choice
    engine: str
    model_id: str
    means_version: str
    seed: int
    provisional: bool
    notes: tuple[str, ...]
