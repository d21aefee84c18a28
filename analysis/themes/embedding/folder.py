"""A sentence model of the user's own, from a folder.

Either a CTranslate2 encoder (``model.bin``) or a BERT or XLM-R model as ``safetensors``,
with its ``tokenizer.json``. Nothing in the folder is executed or unpickled, and nothing is
written there: a ``safetensors`` model is converted into the cache folder on first use.
"""

import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.themes.embedding.encoder import BertEncoder, Layer, Linear, Norm, save_encoder
from analysis.themes.embedding.protocol import ANY_LANGUAGE, Vectors
from analysis.themes.embedding.runner import Pooling, Recipe, Runner, engine, load_tokenizer
from analysis.themes.embedding.store import default_folder, read_model, sha256, write_model

_SMALL_FILES = (
    "config.json", "tokenizer.json", "1_Pooling/config.json",
    "config_sentence_transformers.json", "consult.json",
)  # fmt: skip
_ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}
_PREFIXES = ("", "bert.", "roberta.", "model.", "0.auto_model.")
_DEFAULT_TOKENS = 512

QUALITY: Mapping[str, str] = MappingProxyType({ANY_LANGUAGE: "A model of your own: not measured."})


class FolderEmbedder:
    """A model folder, run in int8.

    ``consult.json`` beside the model may say ``{"prefix": "query: ", "pooling": "mean"}``;
    otherwise the sentence-transformers files are asked, else no prefix and the mean.

    Parameters
    ----------
    folder : Path
    cache : Path, optional
        Where a converted model is kept, by default the user's cache folder.
    threads : int, optional
        By default one per processor. It does not change a byte of the result.

    Raises
    ------
    InputError
        If the folder holds no such model.
    """

    quality = QUALITY

    def __init__(self, folder: Path, cache: Path | None = None, threads: int | None = None) -> None:
        self.folder = folder.resolve()
        self.cache = cache
        self.threads = threads
        self._weights = _weights_in(self.folder)
        if not (self.folder / "tokenizer.json").is_file():
            raise InputError(f"{self.folder} has no tokenizer.json.")

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @functools.cached_property
    def model_id(self) -> str:
        """Checksum of all files that a row depends on."""
        whole = hashlib.sha256(sha256(self._weights).encode())
        for small in _SMALL_FILES:
            path = self.folder / small
            whole.update(small.encode() + (path.read_bytes() if path.is_file() else b""))
        return f"folder/{whole.hexdigest()}/1"

    @property
    def engine(self) -> str:
        """Library and instruction set."""
        return engine()

    @property
    def dimension(self) -> int:
        """Columns of a row."""
        return int(self._runner.dimension)

    def fit(self, texts: Sequence[str]) -> "FolderEmbedder":
        """Return itself: the model learns nothing from the texts."""
        return self

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows of shape (n_texts, dimension), float32."""
        return self._runner.embed(texts)

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Return where texts are that the model takes in several windows."""
        return tuple(at for at, text in enumerate(texts) if self._runner.window_count(text) > 1)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_runner"}

    @functools.cached_property
    def _runner(self) -> Runner:
        threads = self.threads or os.cpu_count() or 1
        config = _json(self.folder / "config.json")
        if self._weights.name == "model.bin":
            return Runner(self.folder, _recipe(self.folder, config, None), threads)
        source = self.model_id
        final = (self.cache or default_folder()) / f"folder-{source.split('/')[1][:16]}"
        recipe = read_model(final, source)
        if recipe is None:
            load_tokenizer(self.folder / "tokenizer.json")  # before anything is written
            weights = _Safetensors(self._weights, config)
            recipe = _recipe(self.folder, config, weights.max_tokens)
            write_model(final, source, recipe, functools.partial(self._write, weights))
        return Runner(final, recipe, threads)

    def _write(self, weights: "_Safetensors", draft: Path) -> None:
        encoder = weights.encoder()
        save_encoder(encoder, [f"<{index}>" for index in range(weights.rows)], draft)
        (draft / "tokenizer.json").write_bytes((self.folder / "tokenizer.json").read_bytes())


def _weights_in(folder: Path) -> Path:
    for name in ("model.bin", "model.safetensors"):
        if (folder / name).is_file():
            return folder / name
    pickled = (folder / "pytorch_model.bin").is_file()
    raise InputError(
        f"{folder} has neither model.bin (CTranslate2) nor model.safetensors."
        + (" pytorch_model.bin is not read: it can run code. Save as safetensors." * pickled)
    )


def _recipe(folder: Path, config: Mapping[str, Any], max_tokens: int | None) -> Recipe:
    own = _json(folder / "consult.json")
    prompts = _json(folder / "config_sentence_transformers.json")
    prompt = prompts.get("prompts", {}).get(prompts.get("default_prompt_name") or "", "")
    first = _json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token", False)
    pooling: Pooling = "first" if first else "mean"
    pooling = own.get("pooling", pooling)
    if pooling not in {"mean", "first"}:
        raise InputError(f"{folder}/consult.json: pooling is mean or first, not {pooling!r}.")
    tokens = own.get("max_tokens") or max_tokens or config.get("max_position_embeddings")
    return Recipe(own.get("prefix", prompt), pooling, int(tokens or _DEFAULT_TOKENS), {})


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}") from error
    return found if isinstance(found, dict) else {}


class _Safetensors:
    """BERT or XLM-R weights under the names that transformers gives them."""

    def __init__(self, path: Path, config: Mapping[str, Any]) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        self.path = path
        kind = config.get("model_type")
        if kind not in {"bert", "xlm-roberta", "roberta"}:
            raise InputError(f"{path.parent}: a model of type {kind!r}; BERT and XLM-R are read.")
        if config.get("position_embedding_type", "absolute") != "absolute":
            raise InputError(f"{path.parent}: only absolute positions are supported.")
        if config.get("hidden_act") not in _ACTIVATIONS:
            raise InputError(f"{path.parent}: activation {config.get('hidden_act')!r} is not read.")
        self.config = config
        # RoBERTa's first positions are padding's: real ones begin after them.
        self.first_position = 0 if kind == "bert" else int(config.get("pad_token_id", 1)) + 1
        try:
            self._tensors: dict[str, NDArray[Any]] = load_file(path)
        except (SafetensorError, OSError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                f"{path} cannot be read: {error}. Weights must be float32 or float16."
            ) from error
        names = self._tensors.keys()
        self._prefix = next(
            (p for p in _PREFIXES if f"{p}embeddings.word_embeddings.weight" in names), None
        )
        if self._prefix is None:
            raise InputError(f"{path} has no word embeddings of a BERT or XLM-R model.")
        self.rows = len(self._get("embeddings.word_embeddings.weight"))
        positions = len(self._get("embeddings.position_embeddings.weight"))
        self.max_tokens = positions - self.first_position

    def encoder(self) -> BertEncoder:
        """Return the weights as an encoder."""
        types = self._get("embeddings.token_type_embeddings.weight")
        positions = self._get("embeddings.position_embeddings.weight")
        return BertEncoder(
            heads=int(self.config["num_attention_heads"]),
            epsilon=float(self.config.get("layer_norm_eps", 1e-12)),
            activation=_ACTIVATIONS[self.config["hidden_act"]],
            word_blocks=[self._get("embeddings.word_embeddings.weight")],
            positions=positions[self.first_position :] + types[0],
            norm=self._norm("embeddings.LayerNorm"),
            layers=[self._layer(at) for at in range(int(self.config["num_hidden_layers"]))],
        )

    def _layer(self, index: int) -> Layer:
        at = f"encoder.layer.{index}"
        return Layer(
            query=self._linear(f"{at}.attention.self.query"),
            key=self._linear(f"{at}.attention.self.key"),
            value=self._linear(f"{at}.attention.self.value"),
            attention_output=self._linear(f"{at}.attention.output.dense"),
            attention_norm=self._norm(f"{at}.attention.output.LayerNorm"),
            up=self._linear(f"{at}.intermediate.dense"),
            down=self._linear(f"{at}.output.dense"),
            output_norm=self._norm(f"{at}.output.LayerNorm"),
        )

    def _linear(self, name: str) -> Linear:
        return Linear(self._get(f"{name}.weight"), self._get(f"{name}.bias"))

    def _norm(self, name: str) -> Norm:
        return Norm(self._get(f"{name}.weight"), self._get(f"{name}.bias"))

    def _get(self, name: str) -> NDArray[np.float32]:
        try:
            return self._tensors[f"{self._prefix}{name}"].astype(np.float32)
        except KeyError as error:
            raise InputError(f"{self.path} lacks {name}.") from error
