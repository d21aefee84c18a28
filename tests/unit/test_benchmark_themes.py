"""The benchmarks of the themes, as far as they go without their texts."""

import csv
import itertools
import json
import os
import sys

import numpy as np
import pytest

from benchmarks import (
    theme_data,
    theme_process,
    theme_quality,
    theme_review,
    theme_rivals,
    theme_speed,
    theme_texts,
    themes,
)
from benchmarks.__main__ import BENCHMARKS
from benchmarks.outcome import CannotRun, Outcome, Table
from benchmarks.theme_data import Corpus

TOPICS = {"bus": "transport", "bench": "parks", "surgery": "health"}
FURTHER = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]


@pytest.fixture
def data(monkeypatch, tmp_path):
    monkeypatch.setenv(theme_data.VARIABLE, str(tmp_path))
    return tmp_path


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def write_nhs(folder, count=60):
    rows = [
        (at, f"{word} {FURTHER[at % 7]} {FURTHER[at % 11]} {at}", TOPICS[word], f"{word} {at % 2}")
        for at, word in zip(range(count), itertools.cycle(TOPICS), strict=False)
    ]
    write(folder / theme_data.NHS, ("row_index", "text", "theme", "subtheme"), rows)


def write_sib(folder, name, languages=("en", "so")):
    rows = [
        (at, language, TOPICS[word], f"{word} {FURTHER[at % 7]} {FURTHER[at % 11]} {language} {at}")
        for at, word in zip(range(30), itertools.cycle(TOPICS), strict=False)
        for language in languages
    ]
    write(folder / name, ("index_id", "lang", "theme", "text"), rows)


def fake_embed(texts, languages):
    """Each topic about its own axis; the text's number turns it a little."""
    rows = np.full((len(texts), 8), 0.01, dtype=np.float32)
    for at, text in enumerate(texts):
        word, *_, last = [part for part in text.split() if part in TOPICS or part.isdigit()]
        rows[at, list(TOPICS).index(word)] = 1
        rows[at, 3 + int(last) % 5] += 0.05
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def no_bertopic(*_):
    raise CannotRun("pip failed: no network")


# --- texts --------------------------------------------------------------------------------


def test_answers_come_with_themes_and_sub_themes(data):
    write_nhs(data, 4)
    corpus = theme_data.read_nhs()
    assert corpus.texts == (
        "bus one one 0",
        "bench two two 1",
        "surgery three three 2",
        "bus four four 3",
    )
    assert set(corpus.languages) == {"en"}
    assert corpus.classes["themes"] == ("transport", "parks", "health", "transport")
    assert corpus.classes["sub-themes"] == ("bus 0", "bench 1", "surgery 0", "bus 1")


def test_an_answer_that_reads_n_a_stays_one(data):
    write(data / theme_data.NHS, ("row_index", "text", "theme", "subtheme"), [(1, "N/A", "a", "")])
    assert theme_data.read_nhs().texts == ("N/A",)


def test_one_language_of_the_parallel_sentences(data):
    write_sib(data, theme_data.PARALLEL)
    corpus = theme_data.read_parallel()
    somali = corpus.only("so", "Somali")
    assert (len(corpus.texts), len(somali.texts), set(somali.languages)) == (60, 30, {"so"})
    assert somali.sentences == corpus.sentences[::2]
    assert somali.classes["themes"] == corpus.classes["themes"][::2]


def test_a_missing_folder_is_said_with_the_mend(monkeypatch, tmp_path):
    monkeypatch.setenv(theme_data.VARIABLE, str(tmp_path / "none"))
    for measure in (themes.run, theme_speed.run):
        with pytest.raises(CannotRun, match=theme_data.VARIABLE):
            measure(tmp_path)


def test_a_file_of_another_kind_is_said(data):
    write(data / theme_data.MIXED, ("index_id", "text"), [(1, "a")])
    with pytest.raises(CannotRun, match="no column lang, theme"):
        theme_data.read_mixed()
    write(data / theme_data.MIXED, ("index_id", "lang", "theme", "text"), [])
    with pytest.raises(CannotRun, match="has no rows"):
        theme_data.read_mixed()


def test_without_the_model_nothing_is_embedded(monkeypatch):
    monkeypatch.setattr(theme_data, "is_usable", lambda: False)
    with pytest.raises(CannotRun, match="fetch-model"):
        theme_data.embed(("a",), ("en",))


def test_both_are_among_the_benchmarks():
    assert BENCHMARKS["themes"] is themes.run
    assert BENCHMARKS["theme-speed"] is theme_speed.run


# --- quality ------------------------------------------------------------------------------


def test_scores_are_means_over_the_seeds():
    # The second run has one theme and a half of noise: AMI and ARI 0, B-cubed as below.
    score = theme_quality.score(["a", "a", "b", "b"], [np.array([0, 0, 1, 1]), np.full(4, -1)])
    assert score.ami == pytest.approx(0.5)
    assert score.ari == pytest.approx(0.5)
    # All in one: precision 1/2, recall 1, F1 2/3; the first run has 1.
    assert score.b_cubed_f1 == pytest.approx(5 / 6)
    assert score.ami_spread == pytest.approx(0.5)
    assert score.noise == pytest.approx(0.5)
    assert score.themes == pytest.approx(1.0)


def test_what_is_not_behind_ours_is_named():
    means = {
        theme_quality.OURS: {"ami": 0.3, "ari": 0.2},
        "k-means": {"ami": 0.2, "ari": 0.2},
        "NMF": {"ami": 0.1, "ari": 0.1},
    }
    assert theme_quality.missed_by(means) == [
        "goal missed: k-means has ari 0.200 on the mean, ours 0.200"
    ]
    assert theme_quality.missed_by({"k-means": {"ami": 0.2}}) == []


def test_every_set_and_method_is_in_the_table(data, monkeypatch, tmp_path):
    write_nhs(data)
    write_sib(data, theme_data.MIXED)
    write_sib(data, theme_data.PARALLEL)
    monkeypatch.setattr(theme_data, "embed", fake_embed)
    monkeypatch.setattr(theme_rivals, "bertopic", no_bertopic)
    outcome = theme_quality.run(tmp_path)
    scores, language, translations = outcome.tables
    assert scores.header == (
        "method",
        "NHS answers, 3 themes",
        "NHS answers, 6 sub-themes",
        "SIB-200, languages mixed, 3 themes",
        "SIB-200, English, 3 themes",
        "mean",
        "noise",
    )
    assert [row[0] for row in scores.rows][:2] == [theme_quality.OURS, theme_quality.K_MEANS]
    assert scores.rows[0][1] == "1.000 1.000 1.000"  # the topics lie far apart
    assert outcome.figures["sets"]["NHS answers, 3 themes"][theme_quality.OURS]["themes"] == 3
    assert len(language.rows) == 4
    assert translations.rows[0] == ("so", "1.000", "1.000")
    assert translations.rows[-2] == ("mean", "1.000", "1.000")
    assert outcome.figures["translations"][theme_quality.OURS]["mean"] == 1
    assert "NHS answers: pip failed: no network" in outcome.notes
    assert json.dumps(outcome.figures)


def test_sets_that_are_missing_are_left_out(data, monkeypatch, tmp_path):
    write_nhs(data)
    monkeypatch.setattr(theme_data, "embed", fake_embed)
    monkeypatch.setattr(theme_rivals, "bertopic", no_bertopic)
    outcome = theme_quality.run(tmp_path)
    assert len(outcome.tables) == 1
    assert sum(theme_data.PARALLEL in note for note in outcome.notes) == 2
    assert sum(theme_data.MIXED in note for note in outcome.notes) == 1


# --- rivals -------------------------------------------------------------------------------


def test_topics_come_back_by_kind_and_number(monkeypatch, tmp_path):
    def run(name, command, limit, variables):
        assert variables["PYTHONPATH"] == str(theme_rivals.HOME)
        assert command[-2:] == ["3", "4"]
        assert json.loads((tmp_path / "b" / "texts.json").read_text()) == ["a", "b"]
        assert np.load(tmp_path / "b" / "vectors.npy").shape == (2, 3)
        labels = {"own/0/0": [-1, 0], "own/0/1": [0, 0], "reduced/3/0": [1, 0]}
        (tmp_path / "b" / "labels.json").write_text(json.dumps(labels))

    monkeypatch.setattr(theme_rivals, "_install_bertopic", lambda: None)
    monkeypatch.setattr(theme_rivals, "_run", run)
    vectors = np.zeros((2, 3), dtype=np.float32)
    topics = theme_rivals.bertopic(["a", "b"], vectors, [3, 4], tmp_path / "b")
    assert {key: [list(run) for run in runs] for key, runs in topics.items()} == {
        ("own", 0): [[-1, 0], [0, 0]],
        ("reduced", 3): [[1, 0]],
    }


def test_what_pip_says_is_passed_on(monkeypatch, tmp_path):
    monkeypatch.setattr(theme_rivals, "HOME", tmp_path)
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(CannotRun, match="pip failed: nothing said"):
        theme_rivals.bertopic(["a"], np.zeros((1, 3), dtype=np.float32), [2], tmp_path / "b")
    assert not (tmp_path / theme_rivals.INSTALLED).exists()


def test_what_is_installed_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(theme_rivals, "HOME", tmp_path)
    asked = []
    monkeypatch.setattr(theme_rivals, "_run", lambda _, command, *__: asked.append(command))
    theme_rivals._install_bertopic()
    theme_rivals._install_bertopic()
    assert len(asked) == 2
    assert "--no-deps" in asked[0]
    assert all(str(tmp_path) in command for command in asked)


# --- review -------------------------------------------------------------------------------


def test_clusters_are_named_by_what_is_known_of_them():
    clusters = np.array([0, 0, 0, 1, 1, 2])
    classes = np.array(["a", "b", "b", "a", "c", "c"])
    # Known: a and b of cluster 0 (a tie, first by name), c of cluster 1; of cluster 2 nothing.
    named = theme_review.named(clusters, classes, np.array([0, 1, 4]))
    assert list(named) == ["a", "a", "a", "c", "c", "a"]
    assert theme_review.micro_f1(classes, named) == pytest.approx(2 / 6)


def test_the_curve_begins_without_and_learns_what_is_easy(data, monkeypatch, tmp_path):
    write_nhs(data, 120)
    monkeypatch.setattr(theme_data, "embed", fake_embed)
    for name, value in {"SEEDS": (0, 1), "CONFIRMED": (30,), "GOAL_AT": 30}.items():
        monkeypatch.setattr(theme_review, name, value)
    outcome = theme_review.run(tmp_path)
    assert [row[0] for row in outcome.tables[0].rows] == [0, 30]
    assert outcome.figures["always_the_commonest"] == pytest.approx(1 / 3, abs=1e-4)
    assert outcome.figures["micro_f1"]["30"]["mean"] == 1
    assert outcome.notes == []
    assert json.dumps(outcome.figures)


# --- speed --------------------------------------------------------------------------------


def test_texts_of_ten_words_are_distinct():
    texts = theme_texts.ten_word_texts(["a b c d e f", "g h i j", "k " * 30, "l " * 10], 3)
    assert texts == ["a b c d e f g h i j", "k k k k k k k k k k", "l l l l l l l l l l"]
    with pytest.raises(CannotRun, match="only 1 texts"):
        theme_texts.ten_word_texts(["a " * 25], 2)


def test_responses_are_made_of_two_texts_in_one_language(tmp_path):
    answers = Corpus("", ("one two three", "four five six"), ("en", "en"), ("", ""), {})
    sentences = Corpus(
        "",
        ("一二三四五六七八九十一二三四", "a b c d e f g h", "in English"),
        ("zh", "so", "en"),
        ("", "", ""),
        {},
    )
    made = list(itertools.islice(theme_texts.responses(answers, sentences, 0), 300))
    assert {text for language, text in made if language == "en"} == {
        "one two two three", "one two five six", "four five two three", "four five five six",
    }  # fmt: skip
    assert {pair for pair in made if pair[0] != "en"} == {
        ("zh", "一二三四五六七八九十一二三四五六七八九十一二三四"),
        ("so", "a b c d e f c d e f g h"),
    }
    assert made == list(itertools.islice(theme_texts.responses(answers, sentences, 0), 300))
    theme_texts.write_responses(tmp_path / "r.csv", 3, answers, sentences)
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id", "language", "text"]
    assert [tuple(row[1:]) for row in rows[1:]] == made[:3]


def test_vectors_around_real_ones_stay_near_and_differ():
    real = np.eye(384, dtype=np.float32)[:5]
    made = theme_speed.around(real, 200, seed=1)
    assert made.shape == (200, 384)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.all((made @ real.T).max(axis=1) > 0.8)
    assert len(np.unique(made, axis=0)) == 200
    assert made.tobytes() == theme_speed.around(real, 200, seed=1).tobytes()


def test_stages_are_read_from_what_the_command_says():
    output = "Reading: 1,000 answers, 4.7 s\nNote: 5 people.\nMeasuring stability: 3.2 s\n12 themes"
    assert theme_speed.stages(output) == {"Reading": 4.7, "Measuring stability": 3.2}


def test_a_process_is_run_to_its_end():
    code = "import sys, time; x = bytearray(50_000_000); print('done'); time.sleep(.3); sys.exit(3)"
    done = theme_process.finish("it", [sys.executable, "-c", code], os.environ, 30)
    assert (done.status, done.last_line) == (3, "done")
    assert done.peak_mb > 50
    assert done.seconds > 0.3


def test_a_process_without_end_is_ended():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(CannotRun, match="Sleeping took more than 0 s"):
        theme_process.finish("Sleeping", command, os.environ, 0)


# --- together -----------------------------------------------------------------------------


def test_one_part_may_be_missing(monkeypatch, tmp_path):
    def measured(folder):
        assert folder.is_dir()
        return Outcome({"x": 1}, [Table("t", ("a",), [])], ["fault"], ["note"])

    parts = {"clusters": no_bertopic, "review": measured}
    monkeypatch.setattr(themes, "PARTS", parts)
    outcome = themes.run(tmp_path)
    assert outcome.figures == {"review": {"x": 1}}
    assert (len(outcome.tables), outcome.faults) == (1, ["fault"])
    assert outcome.notes == ["clusters not measured: pip failed: no network", "note"]
