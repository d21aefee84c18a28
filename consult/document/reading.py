"""Read consultation files, with messages that name the line and the mend."""

import codecs
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from consult.document.explaining import did_you_mean, explain
from consult.document.model import Consultation
from consult.document.problems import ConsultationFileError, Problem, shown
from consult.document.texts import texts_of
from consult.document.yaml_tree import Node, Place, load_tree

__all__ = [
    "ConsultationFileError",
    "Problem",
    "decode",
    "parse_consultation",
    "read_consultation",
]

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""

_UTF_8_MEND = "Save the file as UTF-8 (plain text), and check letters with accents."


def read_consultation(path: Path) -> Consultation:
    """Read a consultation and its translation files, which stand beside it.

    Raises
    ------
    ConsultationFileError
        If a file cannot be read or is not a valid consultation.
    """
    return parse_consultation(
        decode(_bytes_of(path, path.name), path.name), name=path.name, folder=path.parent
    )


def parse_consultation(text: str, *, name: str, folder: Path | None = None) -> Consultation:
    """Read a consultation from YAML text.

    Parameters
    ----------
    text
        The YAML.
    name
        What messages call the file.
    folder
        Where translation files are looked for; none can be named where it is ``None``.

    Raises
    ------
    ConsultationFileError
        If the text, or a translation file, is not valid.
    """
    if len(text) > MAX_BYTES:
        raise ConsultationFileError((_too_large(name),))
    root, problems = load_tree(text, name)
    if root is None:
        raise ConsultationFileError(tuple(problems))
    if root.kind != "mapping":
        problems.append(_not_a_mapping(root, "a consultation", '"title: Our plan"'))
        raise ConsultationFileError(tuple(problems))
    problems += _load_translation_files(root, folder)
    consultation: Consultation | None = None
    try:
        consultation = Consultation.model_validate(root.plain())
    except ValidationError as error:
        explained = (explain(details, root) for details in error.errors(include_url=False))
        problems += [problem for problem in explained if problem is not None]
    problems += _translation_problems(root, consultation)
    if consultation is None or problems:
        problems.sort(key=lambda problem: (problem.file != name, problem.file, problem.line or 0))
        raise ConsultationFileError(tuple(problems))
    return consultation


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problem = Problem(
            None, None, "", "There is no such file.", "Check its name and folder.", name
        )
    except IsADirectoryError:
        problem = Problem(
            None, None, "", "This is a folder.", "Name the YAML file inside it.", name
        )
    except (OSError, ValueError) as error:
        reason = shown(getattr(error, "strerror", None) or str(error))
        problem = Problem(
            None,
            None,
            "",
            f"The file cannot be opened ({reason}).",
            "Check its name and who may read it.",
            name,
        )
    else:
        if len(content) <= MAX_BYTES:
            return content
        problem = _too_large(name)
    raise ConsultationFileError((problem,))


def _too_large(name: str) -> Problem:
    return Problem(
        None,
        None,
        "",
        f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.",
        "Check that it is the right file, and leave out what is no text.",
        name,
    )


def decode(content: bytes, name: str) -> str:
    """The text of a file that is saved as UTF-8.

    Raises
    ------
    ConsultationFileError
        If it is saved as anything else.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (
        len(content) >= 2 and content[:2].count(0) == 1
    ):
        raise ConsultationFileError(
            (
                Problem(
                    None,
                    None,
                    "",
                    "The file is saved as UTF-16 (Windows calls it Unicode).",
                    _UTF_8_MEND,
                    name,
                ),
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte order mark is left out of the bytes that the position counts.
        bad = bytes(error.object)
        line = bad.count(b"\n", 0, error.start) + 1
        start = bad.rfind(b"\n", 0, error.start) + 1
        column = len(bad[start : error.start].decode("utf-8", "replace")) + 1
        problem = Problem(
            line,
            column,
            "",
            f"The byte 0x{bad[error.start]:02X} here is not UTF-8; "
            "the file may be saved as Windows-1252 or Latin-1.",
            _UTF_8_MEND,
            name,
        )
        raise ConsultationFileError((problem,)) from None


def _not_a_mapping(root: Node, what: str, example: str) -> Problem:
    message = {
        "nothing": "The file holds nothing.",
        "list": f"The file holds a list, not {what}.",
    }.get(root.kind, f"The file holds one text, not {what}.")
    mend = f"Begin every line at the left with the name of a field and a colon, such as {example}."
    return Problem(root.place.line, root.place.column, "", message, mend, root.place.file)


def _load_translation_files(root: Node, folder: Path | None) -> list[Problem]:
    """Put the content of translation files where they are named."""
    problems: list[Problem] = []
    translations = root.entries.get("translations")
    if translations is None or translations.value.kind != "mapping":
        return problems
    for language, entry in translations.value.entries.items():
        named = entry.value
        if named.kind != "text":
            continue
        entry.value = Node("unknown", named.place)
        path = f"translations.{shown(language)}"
        if words := _unusable_name(named.text, folder):
            problems.append(_at(named.place, path, *words))
            continue
        assert folder is not None  # noqa: S101 - without one, it was refused above
        try:
            text = decode(_bytes_of(folder / named.text, named.text), named.text)
        except ConsultationFileError as error:
            for problem in error.problems:
                if problem.line is None:
                    message = f"{shown(named.text)}: {problem.message}"
                    problems.append(_at(named.place, path, message, problem.mend))
                else:
                    problems.append(problem)
            continue
        tree, found = load_tree(text, named.text)
        problems += found
        if tree is not None and tree.kind == "mapping":
            entry.value = tree
        elif tree is not None:
            problems.append(_not_a_mapping(tree, "translations", '"title: ..."'))
    return problems


def _unusable_name(name: str, folder: Path | None) -> tuple[str, str] | None:
    if folder is None:
        return (
            "A translation file cannot be named here, as only one file was given.",
            "Write the translations below the language, each as path: translation.",
        )
    pure = PurePosixPath(name)
    if pure.suffix not in {".yaml", ".yml"}:
        return (
            f'"{shown(name)}" is not the name of a YAML file.',
            "Name a file that ends in .yaml, or write the translations below the language.",
        )
    inside = (
        not pure.is_absolute()
        and ".." not in pure.parts
        and not set(name) & set('\\:*?"<>|')
        and (folder / name).resolve().is_relative_to(folder.resolve())
    )
    if not inside:
        return (
            f'"{shown(name)}" does not lie in the folder of the consultation file.',
            "Put the file there, and name it such as translations/ur.yaml, with forward slashes.",
        )
    return None


def _at(place: Place, path: str, message: str, mend: str) -> Problem:
    return Problem(place.line, place.column, path, message, mend, place.file)


def _translation_problems(root: Node, consultation: Consultation | None) -> list[Problem]:
    """Report empty translations, and those of texts that the consultation does not have."""
    problems: list[Problem] = []
    translations = root.entries.get("translations")
    if translations is None:
        return problems
    known = None if consultation is None else list(texts_of(consultation))
    for language, group in translations.value.entries.items():
        for name, entry in group.value.entries.items():
            path = f"translations.{shown(language)}.{shown(name, 100)}"
            if known is not None and name not in known:
                mend = did_you_mean(name, known) or (
                    "Remove it, or name the text as in questions.KEY.label. "
                )
                problems.append(
                    _at(entry.place, path, "The consultation has no such text.", mend.strip())
                )
            elif entry.value.kind == "text" and not entry.value.text.strip():
                problems.append(
                    _at(
                        entry.place,
                        path,
                        "The translation is empty.",
                        "Write it, or remove the line: residents then read the source text.",
                    )
                )
    return problems
