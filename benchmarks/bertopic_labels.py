"""Topics by BERTopic on given vectors. Runs as a process of its own.

BERTopic and what it needs are installed apart from the product (theme_rivals.py); the
product's packages are not imported here. Its own steps and settings: UMAP to 5 columns,
HDBSCAN with at least 10 a topic. Only the seed of UMAP is fixed.

    python -P bertopic_labels.py FOLDER K [K ...]

The folder holds ``texts.json`` and ``vectors.npy``; ``labels.json`` is written there.
"""

import copy
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SEEDS = (0, 1, 2)


def main() -> None:
    """Fit once a seed; reduce to each number of topics asked for."""
    folder, sizes = Path(sys.argv[1]), [int(size) for size in sys.argv[2:]]
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "vectors.npy")
    labels: dict[str, Sequence[int]] = {}
    for seed in SEEDS:
        model = _model(seed)
        topics, _ = model.fit_transform(texts, vectors)
        labels[f"own/0/{seed}"] = topics
        labels[f"own_dealt/0/{seed}"] = _dealt_out(model, texts, vectors)
        for size in sizes:
            reduced = copy.deepcopy(model)
            # BERTopic counts the noise as a topic; we ask for so many beside it.
            noise = int(-1 in topics)
            reduced.reduce_topics(texts, nr_topics=size + noise)
            labels[f"reduced/{size}/{seed}"] = reduced.topics_
            labels[f"reduced_dealt/{size}/{seed}"] = _dealt_out(reduced, texts, vectors)
    whole = {name: [int(topic) for topic in topics] for name, topics in labels.items()}
    (folder / "labels.json").write_text(json.dumps(whole), encoding="utf-8")


def _model(seed: int) -> Any:
    bertopic = importlib.import_module("bertopic")
    umap = importlib.import_module("umap")
    backend = importlib.import_module("bertopic.backend")
    return bertopic.BERTopic(
        # Without one it would look for sentence-transformers, and so for torch.
        embedding_model=backend.BaseEmbedder(),
        umap_model=umap.UMAP(
            n_neighbors=15,
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            low_memory=False,
            random_state=seed,
        ),
    )


def _dealt_out(model: Any, texts: list[str], vectors: Any) -> list[int]:
    """Give each text of the noise the topic whose mean vector is nearest."""
    if -1 not in model.topics_ or set(model.topics_) == {-1}:
        return list(model.topics_)
    return list(
        model.reduce_outliers(texts, model.topics_, strategy="embeddings", embeddings=vectors)
    )


if __name__ == "__main__":
    main()
