"""A model of the user's own."""

import json
import pickle

import numpy as np
import pytest
from safetensors.numpy import save_file

from analysis.errors import InputError
from analysis.themes.embedding.folder import FolderEmbedder
from tests.unit.analysis.embedding_models import HIDDEN, unit, write_folder


@pytest.mark.parametrize(("kind", "first"), [("bert", 0), ("xlm-roberta", 2)])
def test_rows_agree_with_bert_written_out(tmp_path, kind, first):
    bert, words = write_folder(tmp_path / "own", kind)
    embedder = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    rows = embedder.embed(["tree park bus", "bus"])
    assert embedder.dimension == HIDDEN
    for row, text in zip(rows, [["tree", "park", "bus"], ["bus"]], strict=True):
        ids = [0, *(words[word] for word in text), 1]
        assert row @ unit(bert.forward(ids, first).mean(0)) > 0.999


def test_prefix_and_first_token(tmp_path):
    bert, words = write_folder(tmp_path / "own")
    (tmp_path / "own" / "consult.json").write_text('{"prefix": "park ", "pooling": "first"}')
    row = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1).embed(["tree"])[0]
    assert row @ unit(bert.forward([0, words["park"], words["tree"], 1])[0]) > 0.999


def test_sentence_transformers_files_are_asked(tmp_path):
    bert, words = write_folder(tmp_path / "own")
    (tmp_path / "own" / "1_Pooling").mkdir()
    (tmp_path / "own" / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    (tmp_path / "own" / "config_sentence_transformers.json").write_text(
        '{"prompts": {"query": "bus "}, "default_prompt_name": "query"}'
    )
    row = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1).embed(["tree"])[0]
    assert row @ unit(bert.forward([0, words["bus"], words["tree"], 1])[0]) > 0.999


def test_no_text_is_cut_whatever_the_tokenizer_is_set_to(tmp_path):
    write_folder(tmp_path / "own")  # its tokenizer cuts at 4 tokens
    embedder = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    long = " ".join(["tree"] * 10 + ["bus"])
    rows = embedder.embed([long, long.replace("bus", "park")])
    assert not np.array_equal(rows[0], rows[1])
    assert embedder.long_texts(["tree", " ".join(["tree"] * 15)]) == (1,)


def test_a_special_token_in_an_answer_is_only_text(tmp_path):
    bert, words = write_folder(tmp_path / "own")
    tokenizer = json.loads((tmp_path / "own" / "tokenizer.json").read_text())
    tokenizer["added_tokens"] = [
        {"id": 1, "content": "[SEP]", "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
    ]  # fmt: skip
    (tmp_path / "own" / "tokenizer.json").write_text(json.dumps(tokenizer))
    embedder = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    row = embedder.embed(["treex[SEP]park"])[0]
    assert row @ unit(bert.forward([0, words["[UNK]"], 1]).mean(0)) > 0.999


def test_a_ctranslate2_folder_runs_where_it_is(tmp_path):
    write_folder(tmp_path / "own")
    converted = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    rows = converted.embed(["tree park"])
    (model,) = (tmp_path / "cache").iterdir()
    (model / "consult.json").write_text('{"max_tokens": 16}')
    direct = FolderEmbedder(model, tmp_path / "unused", threads=1)
    assert direct.embed(["tree park"]).tobytes() == rows.tobytes()
    assert direct.long_texts([" ".join(["tree"] * 15)]) == (0,)
    assert not (tmp_path / "unused").exists()


def test_converted_once_and_the_id_follows_the_content(tmp_path):
    write_folder(tmp_path / "own")
    embedder = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    rows = embedder.embed(["tree"])
    again = pickle.loads(pickle.dumps(embedder))
    assert again.embed(["tree"]).tobytes() == rows.tobytes()
    assert again.model_id == embedder.model_id
    assert embedder.fit([]) is embedder
    assert embedder.name == "own"
    assert "int8" in embedder.engine
    (tmp_path / "own" / "consult.json").write_text('{"prefix": "bus "}')
    other = FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)
    assert other.model_id != embedder.model_id
    assert not np.array_equal(other.embed(["tree"]), rows)


def remove(name):
    return lambda folder: (folder / name).unlink()


def write(name, content):
    return lambda folder: (folder / name).write_text(content)


def only_pickled(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def without_bias(folder):
    from safetensors.numpy import load_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["bert.encoder.layer.1.output.dense.bias"]
    save_file(tensors, folder / "model.safetensors")


def other_weights(folder):
    save_file({"weight": np.zeros((2, 2), np.float32)}, folder / "model.safetensors")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (remove("tokenizer.json"), "no tokenizer.json"),
        (remove("model.safetensors"), r"neither model.bin \(CTranslate2\) nor model.safetensors"),
        (only_pickled, "it can run code"),
        (remove("config.json"), "a model of type None"),
        (write("config.json", "{"), "not valid JSON"),
        (write("config.json", "[]"), "a model of type None"),
        (write("tokenizer.json", "{}"), "cannot be read as a tokenizer"),
        (write("model.safetensors", "nothing"), "cannot be read"),
        (write("model.bin", "nothing"), "not hold a CTranslate2 encoder"),
        (write("consult.json", '{"pooling": "max"}'), "pooling is mean or first"),
        (without_bias, "lacks encoder.layer.1.output.dense.bias"),
        (other_weights, "no word embeddings"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, spoil, message):
    write_folder(tmp_path / "own")
    spoil(tmp_path / "own")
    with pytest.raises(InputError, match=message) as error:
        FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1).embed(["tree"])
    assert "\n" not in str(error.value)
    assert not list((tmp_path).glob("cache/*"))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"hidden_act": "silu"}, "activation 'silu'"),
        ({"position_embedding_type": "relative_key"}, "absolute positions"),
    ],
)
def test_a_kind_of_model_that_is_not_read(tmp_path, config, message):
    write_folder(tmp_path / "own", **config)
    with pytest.raises(InputError, match=message):
        FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1).embed(["tree"])
