"""What a long run shows: a bar with the time left on a terminal, one line for each stage done."""

import io
import re
import time

import pytest

from analysis.progress import Shown, Silent


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_stage_leaves_one_line_with_amount_and_time():
    stream = io.StringIO()
    with Shown(stream).stage("Reading", "answers") as report:
        report(600, 1200)
        report(1200, 1200)
    assert re.fullmatch(r"Reading: 1,200 answers, \d+\.\d s\n", stream.getvalue())


@pytest.mark.parametrize(
    ("unit", "total", "line"),
    [("", 7, r"Joining: 7, \d+\.\d s\n"), ("groups", 0, r"Joining: \d+\.\d s\n")],
)
def test_what_is_not_known_is_left_out(unit, total, line):
    stream = io.StringIO()
    with Shown(stream).stage("Joining", unit) as report:
        if total:
            report(total, total)
    assert re.fullmatch(line, stream.getvalue())


def test_a_terminal_shows_a_bar_and_clears_it():
    stream = Terminal()
    with Shown(stream).stage("Embedding", "statements") as report:
        assert "Embedding ..." in stream.getvalue()
        time.sleep(0.15)  # it is drawn ten times a second at most
        report(2, 4)
    shown = stream.getvalue()
    assert re.search(r"Embedding:  50 %\|.*\| 2 of 4, \S+ left", shown)
    assert "of ?" not in shown
    assert re.search(r"\r *\rEmbedding: 4 statements, \d+\.\d s\n\Z", shown)


def test_a_stage_that_fails_is_not_said_to_be_done():
    stream = io.StringIO()
    with pytest.raises(KeyboardInterrupt), Shown(stream).stage("Embedding"):
        raise KeyboardInterrupt
    assert stream.getvalue() == ""


def test_progress_goes_beside_a_commands_output(capsys):
    with Shown().stage("Writing"):
        pass
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Writing: ")


def test_nobody_has_to_watch(capsys):
    with Silent().stage("Reading", "answers") as report:
        report(1, 2)
    assert capsys.readouterr() == ("", "")
