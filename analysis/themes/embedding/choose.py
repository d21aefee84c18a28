"""Which embedder a run uses, and what that costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError
from analysis.themes.embedding.e5 import E5Embedder, is_usable
from analysis.themes.embedding.folder import FolderEmbedder
from analysis.themes.embedding.lsa import LsaEmbedder
from analysis.themes.embedding.protocol import ANY_LANGUAGE, Embedder


@dataclass(frozen=True, slots=True)
class Choice:
    """An embedder with the reason for it.

    Attributes
    ----------
    embedder : Embedder
    reason : str
        One line for the run's record and its summary.
    notes : dict of str to str
        What to expect, by language present.
    """

    embedder: Embedder
    reason: str
    notes: dict[str, str]


def choose(
    name: str = "auto",
    *,
    languages: Iterable[str] = (),
    folder: Path | None = None,
    threads: int | None = None,
) -> Choice:
    """Return the embedder that a name asks for.

    Parameters
    ----------
    name : str
        ``auto``, ``e5``, ``lsa``, or the path of a model folder.
    languages : iterable of str
        Those of the texts, for the notes.
    folder : Path, optional
        Cache folder for prepared models, by default the user's.
    threads : int, optional
        By default one per processor.

    Raises
    ------
    InputError
        If the name is none of these, or its model is not here.
    """
    present = sorted(set(languages))
    embedder: Embedder
    if name == "auto":
        embedder, reason = _automatic(present, folder, threads)
    elif name == "e5":
        if not is_usable(folder):
            raise InputError(
                "The multilingual model is not here. Fetch it once with "
                "`python -m analysis fetch-model`, or use `--embedder lsa`."
            )
        embedder, reason = E5Embedder(folder, threads), "e5, as asked."
    elif name == "lsa":
        embedder, reason = LsaEmbedder(), "lsa, as asked."
    elif Path(name).is_dir():
        embedder = FolderEmbedder(Path(name), cache=folder, threads=threads)
        reason = f"the model in {name}, as asked."
    else:
        raise InputError(f"{name!r} is neither auto, e5, lsa nor a model folder.")
    notes = {language: _note(embedder, language) for language in present}
    return Choice(embedder, reason, notes)


def _note(embedder: Embedder, language: str) -> str:
    base, _, subtag = language.partition("-")
    # A region is the same language to a model (pt-BR); another script is not (ur-Latn).
    known = language if len(subtag) == 4 else base
    return embedder.quality.get(known, embedder.quality[ANY_LANGUAGE])


def _automatic(
    languages: list[str], folder: Path | None, threads: int | None
) -> tuple[Embedder, str]:
    if is_usable(folder):
        return E5Embedder(folder, threads), "e5, the multilingual model."
    reason = "lsa: the multilingual model is not here (`python -m analysis fetch-model` gets it)."
    if len(languages) > 1:
        reason += f" Themes in {len(languages)} languages will each stay within one of them."
    return LsaEmbedder(), reason
