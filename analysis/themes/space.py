"""The space that texts are compared in: an embedder with the language taken out."""

import hashlib
from collections.abc import Sequence

from analysis.progress import Report
from analysis.themes.centring import CentringReport, centre, means_for
from analysis.themes.embedding.cache import CachedEmbedder
from analysis.themes.embedding.protocol import Embedder, Vectors


class Space:
    """An embedder and its means.

    Parameters
    ----------
    embedder : Embedder
        Already fitted, when it is one that fits.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.means = means_for(embedder)

    @property
    def means_version(self) -> str:
        """A digest of the means, or ``none``."""
        if self.means is None:
            return "none"
        data = self.means.middle.tobytes() + self.means.directions.tobytes()
        return hashlib.sha256(data).hexdigest()[:12]

    def vectors(
        self, texts: Sequence[str], languages: Sequence[str], report: Report | None = None
    ) -> tuple[Vectors, CentringReport]:
        """Return centred unit rows of texts, with what was done about their languages.

        Parameters
        ----------
        texts, languages : sequence of str of length n
        report : callable, optional
            Called with texts done and texts in all; once at the end without a cache.

        Returns
        -------
        ndarray of shape (n, dimension), float32
        CentringReport
        """
        if isinstance(self.embedder, CachedEmbedder):
            rows = self.embedder.embed(texts, report)
        else:
            rows = self.embedder.embed(texts)
            if report:
                report(len(texts), len(texts))
        return centre(rows, languages, self.means)

    def embed_phrases(self, phrases: Sequence[str], language: str) -> Vectors:
        """Return centred unit rows of phrases of one language."""
        return centre(self.embedder.embed(phrases), [language] * len(phrases), self.means)[0]
