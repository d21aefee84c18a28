"""What the documents show is what happens: Python examples, and commands with their output."""

import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from analysis.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
# A line that is too long for a page may be broken, and what says nothing left out.
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Block(NamedTuple):
    """A fenced block: its language, the line it begins after, and its text."""

    language: str
    line: int
    text: str


class Command(NamedTuple):
    """A command of a console block, and what the document says that it prints."""

    line: int
    words: list[str]
    output: str


def blocks(text: str) -> Iterator[Block]:
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(found[1], text[: found.start(2)].count("\n"), found[2])


def examples(document: Path) -> doctest.DocTest:
    """Return the Python examples of a document as one test; later ones know earlier names."""
    text = document.read_text(encoding="utf-8")
    parser = doctest.DocTestParser()
    found = []
    for block in blocks(text):
        for example in parser.get_examples(block.text, document.name):
            example.lineno += block.line
            found.append(example)
    return doctest.DocTest(found, {"__name__": "__main__"}, document.name, str(document), 0, text)


def commands(document: Path) -> Iterator[Command]:
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.language != "console":
            continue
        for found in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
            line = block.line + block.text[: found.start()].count("\n") + 1
            yield Command(line, shlex.split(found[1]), found[2])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples(document: Path) -> None:
    test = examples(document)
    # None may hide outside of a fenced block, where nobody would run it.
    text = document.read_text(encoding="utf-8")
    assert len(test.examples) == len(re.findall(r"^\s*>>> ", text, re.MULTILINE))
    said: list[str] = []
    results = doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=said.append)
    assert not results.failed, "".join(said)


@pytest.mark.parametrize("name", ["representation.md", "disclosure.md"])
def test_methods_have_examples(name: str) -> None:
    document = ROOT / "docs" / name
    assert len(examples(document).examples) >= 10
    assert len(list(commands(document))) >= 2


@pytest.mark.parametrize(
    "document", [each for each in DOCUMENTS if list(commands(each))], ids=lambda path: path.name
)
def test_commands_print_what_is_shown(
    document: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``cat`` of a file that no command has written makes it: it is the input that is shown."""
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    monkeypatch.chdir(tmp_path)
    for line, words, wanted in commands(document):
        where = f"{document.name}, line {line}"
        if words[0] == "cat":
            file = tmp_path / words[1]
            if not file.exists():
                file.write_text(wanted, encoding="utf-8")
            shown = file.read_text(encoding="utf-8")
        else:
            assert words[:3] == ["python", "-m", "analysis"], where
            status = main(words[3:])
            captured = capsys.readouterr()
            # What went wrong is the last line on standard error; progress stands before it.
            shown = captured.err.splitlines()[-1] if status else captured.out
        assert doctest.OutputChecker().check_output(wanted, shown, OPTIONS), f"{where}:\n{shown}"
