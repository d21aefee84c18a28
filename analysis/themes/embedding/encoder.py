"""BERT-shaped weights as a CTranslate2 model in int8."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """``x @ weight.T + bias``: shapes (out, in) and (out,)."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation: two arrays of shape (hidden,)."""

    gamma: Floats
    beta: Floats


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, each half followed by its norm (post-norm)."""

    query: Linear
    key: Linear
    value: Linear
    attention_output: Linear
    attention_norm: Norm
    up: Linear
    down: Linear
    output_norm: Norm


@dataclass(frozen=True, slots=True)
class BertEncoder:
    """The weights of a BERT or XLM-R encoder.

    Attributes
    ----------
    heads : int
    epsilon : float
        Of every layer normalisation.
    activation : str
        ``gelu``, ``gelu_tanh`` or ``relu``.
    word_blocks : iterable of ndarray of shape (rows, hidden)
        Word embeddings in blocks: in one piece they would be the largest thing in memory.
    positions : ndarray of shape (positions, hidden)
        Position embeddings with the first token type's embedding added: a text of one
        sentence has no other type, so the sum is the same.
    norm : Norm
        Of the summed embeddings.
    layers : sequence of Layer
    """

    heads: int
    epsilon: float
    activation: str
    word_blocks: Iterable[Floats]
    positions: Floats
    norm: Norm
    layers: Sequence[Layer]


def quantise_rows(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return int8 rows and their scales, so that ``rows / scale`` is near the weight.

    Each row's largest value becomes 127. Plain float32 arithmetic, so the bytes are the
    same on every machine.

    Examples
    --------
    >>> rows, scales = quantise_rows(np.array([[0.5, -1.0], [0.0, 0.0]], dtype=np.float32))
    >>> rows.tolist(), scales.tolist()
    ([[64, -127], [0, 0]], [127.0, 1.0])
    """
    largest = np.abs(weight).max(axis=1)
    largest[largest == 0] = 127.0
    scales = (np.float32(127.0) / largest).astype(np.float32)
    return np.rint(weight * scales[:, None]).astype(np.int8), scales


def save_encoder(encoder: BertEncoder, vocabulary: Sequence[str], folder: Path) -> None:
    """Write the encoder as a CTranslate2 model into an existing, empty folder.

    Parameters
    ----------
    encoder : BertEncoder
    vocabulary : sequence of str
        One name per row of the word embeddings.
    folder : Path

    Raises
    ------
    OSError
        If the disk is full or not writable; the folder then holds part of a model.
    ValueError
        If the vocabulary has another size than the word embeddings.
    """
    from ctranslate2.specs import common_spec, transformer_spec

    activations = {
        "gelu": common_spec.Activation.GELU,
        "gelu_tanh": common_spec.Activation.GELUTanh,
        "relu": common_spec.Activation.RELU,
    }
    body = transformer_spec.TransformerEncoderSpec(
        len(encoder.layers),
        encoder.heads,
        pre_norm=False,
        activation=activations[encoder.activation],
        layernorm_embedding=True,
    )
    body.scale_embeddings = False
    blocks = [quantise_rows(block) for block in encoder.word_blocks]
    body.embeddings[0].weight = np.concatenate([rows for rows, _ in blocks])
    body.embeddings[0].weight_scale = np.concatenate([scales for _, scales in blocks])
    body.position_encodings.encodings = encoder.positions.astype(np.float32)
    _set_norm(body.layernorm_embedding, encoder.norm)
    for spec, layer in zip(body.layer, encoder.layers, strict=True):
        parts = (layer.query, layer.key, layer.value)
        fused = Linear(
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.bias for part in parts]),
        )
        _set_linear(spec.self_attention.linear[0], fused)
        _set_linear(spec.self_attention.linear[1], layer.attention_output)
        _set_norm(spec.self_attention.layer_norm, layer.attention_norm)
        _set_linear(spec.ffn.linear_0, layer.up)
        _set_linear(spec.ffn.linear_1, layer.down)
        _set_norm(spec.ffn.layer_norm, layer.output_norm)

    model = transformer_spec.TransformerEncoderModelSpec(body)
    model.register_vocabulary(list(vocabulary))
    model.config.layer_norm_epsilon = float(encoder.epsilon)
    model.validate()
    model.optimize(quantization=None)  # the linear layers are int8 already
    model.save(str(folder))


def _set_linear(spec: Any, linear: Linear) -> None:
    spec.weight, spec.weight_scale = quantise_rows(linear.weight)
    spec.bias = linear.bias.astype(np.float32)


def _set_norm(spec: Any, norm: Norm) -> None:
    spec.gamma = norm.gamma.astype(np.float32)
    spec.beta = norm.beta.astype(np.float32)
