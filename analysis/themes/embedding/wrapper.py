"""What every embedder that wraps another one says of itself: what the one within says."""

from collections.abc import Mapping

from analysis.themes.embedding.protocol import Embedder


class Wrapper:
    """Passes on what the embedder within is; a subclass changes how it is used."""

    embedder: Embedder

    @property
    def name(self) -> str:
        """Of the embedder within."""
        return self.embedder.name

    @property
    def model_id(self) -> str:
        """Of the embedder within."""
        return self.embedder.model_id

    @property
    def engine(self) -> str:
        """Of the embedder within."""
        return self.embedder.engine

    @property
    def dimension(self) -> int:
        """Of the embedder within."""
        return self.embedder.dimension

    @property
    def quality(self) -> Mapping[str, str]:
        """Of the embedder within."""
        return self.embedder.quality
