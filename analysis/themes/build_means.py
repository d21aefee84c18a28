"""Build the language means from the project's own translated strings.

Run from a checkout, when strings or model change: ``python -m analysis.themes.build_means``.
It reads the model consultation, its translations and, of the interface's ``.po`` files, the
messages of the pages that residents meet: they speak of what answers speak of, as the pages for
staff do not. It keeps the lines that every language has, and writes two files of package data:

- ``parallel.json``: the lines, by language in the same order, so that the means of another
  model can be computed where it is used;
- ``e5-small-q4.npz``: the means for multilingual-e5-small, so that nobody has to wait.

``further.json`` beside them is written by hand: forty of the lines in languages that people
answer in but the interface does not have. A line whose English was changed no longer counts.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.themes.centring import MEANS_FOLDER, Means, compute_means, save_means
from analysis.themes.embedding.e5 import E5Embedder
from analysis.themes.embedding.store import sha256

LANGUAGES = ("en", "ur", "pa", "bn", "pl", "ar", "so", "ro")
SOURCE = "en"
# Shorter ones are labels ("Male", "Ward"), whose vectors say more of form than of language.
_LEAST_WORDS = 5
_MOST_WORDS = 60
# A placeholder is the same string in every language and would draw the means together.
_MARKUP = re.compile(r"%\(|[<>{}]|https?:|@")
# Catalogues do not say where a message stands, so these files are read for theirs.
_RESIDENTS_MEET = (
    ("templates/residents/**.html", "jinja2"),
    ("templates/*.html", "jinja2"),
    ("consult/views/residents/**.py", "python"),
    ("consult/views/errors.py", "python"),
    ("consult/forms/faults.py", "python"),
    ("consult/forms/tokens.py", "python"),
    ("consult/i18n.py", "python"),
)
_LINE_START = re.compile(r"^[\s#*-]+")


def parallel_lines(checkout: Path) -> dict[str, list[str]]:
    """Return the lines that every language has, in the same order.

    Parameters
    ----------
    checkout : Path
        Root of a checkout of Consult.

    Returns
    -------
    dict of str to list of str
        One entry per language, all of one length.

    Raises
    ------
    InputError
        If a file is missing.
    """
    texts = {language: _texts(checkout, language) for language in LANGUAGES}
    lines: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    seen = set()
    for key in texts[SOURCE]:
        versions = {language: _lines(texts[language].get(key, "")) for language in LANGUAGES}
        count = len(versions[SOURCE])
        if any(len(version) != count for version in versions.values()):
            continue
        for index, line in enumerate(versions[SOURCE]):
            if line not in seen and _fit(line):
                seen.add(line)
                for language in LANGUAGES:
                    lines[language].append(versions[language][index])
    return lines


def _texts(checkout: Path, language: str) -> dict[str, str]:
    demo = checkout / "consult" / "demo"
    catalogue = checkout / "translations" / language / "LC_MESSAGES" / "messages.po"
    if language == SOURCE:
        found = dict(_flatten(_read_yaml(demo / "consultation.yaml")))
        return found | {key: key for key in _residents_messages(checkout)}
    return dict(_flatten(_read_yaml(demo / "translations" / f"{language}.yaml"))) | _messages(
        catalogue
    )


def _read_yaml(path: Path) -> Any:
    from ruamel.yaml import YAML

    if not path.is_file():
        raise InputError(f"{path} is missing: run this in a checkout of Consult.")
    return YAML(typ="safe", pure=True).load(path)


def _flatten(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield dotted paths and texts; a list's members go by their ``key``."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flatten(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, Sequence):
        for member in node:
            if isinstance(member, Mapping) and "key" in member:
                yield from _flatten(member, f"{path}.{member['key']}")


def _residents_messages(checkout: Path) -> list[str]:
    """Return the English of the messages on residents' pages, in the order of the files."""
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

    root = checkout.absolute()
    found = extract_from_dir(
        root,
        method_map=_RESIDENTS_MEET,
        keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None},
        directory_filter=lambda folder: _may_hold_sources(root, Path(folder)),
    )
    places = sorted(found, key=lambda one: (one[0], one[1]))
    return list(dict.fromkeys(one[2] for one in places if isinstance(one[2], str)))


def _may_hold_sources(root: Path, folder: Path) -> bool:
    parts = folder.relative_to(root).parts
    return parts[0] in {"consult", "templates"} and not parts[-1].startswith((".", "_"))


def _messages(path: Path) -> dict[str, str]:
    from babel.messages.pofile import read_po

    if not path.is_file():
        raise InputError(f"{path} is missing: run this in a checkout of Consult.")
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
        and not message.fuzzy
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [_LINE_START.sub("", line).strip() for line in text.splitlines() if line.strip()]


def _fit(line: str) -> bool:
    return _LEAST_WORDS <= len(line.split()) <= _MOST_WORDS and not _MARKUP.search(line)


def build(checkout: Path, folder: Path, cache: Path | None = None) -> Means:
    """Write both files and return the means.

    Parameters
    ----------
    checkout : Path
    folder : Path
        Where to write; the package data by default.
    cache : Path, optional
        Where the model is, or is prepared.
    """
    lines = parallel_lines(checkout)
    text = json.dumps(lines, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    embedder = E5Embedder(cache)
    further_path = MEANS_FOLDER / "further.json"
    further = json.loads(further_path.read_text(encoding="utf-8"))
    means = compute_means(embedder, lines, further)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "parallel.json").write_text(text, encoding="utf-8")
    save_means(
        means,
        folder / "e5-small-q4.npz",
        made_from={
            "lines": len(lines[SOURCE]),
            "parallel_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "further_sha256": sha256(further_path),
            "files": "consult/demo/consultation.yaml, consult/demo/translations, translations",
            "engine": embedder.engine,
        },
    )
    return means


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.themes.build_means")
    parser.add_argument("--checkout", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--output", type=Path, default=MEANS_FOLDER)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args(arguments)
    try:
        means = build(options.checkout, options.output, options.cache)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{len(means.languages)} languages, {means.lines} shared lines\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
