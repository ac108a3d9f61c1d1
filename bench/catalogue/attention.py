"""Attention, alone and inside a transformer.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from typing import Any

from .workload import workload

BOUNDS = {"batch": (1, 4_096), "length": (1, 32_768), "heads": (1, 128), "head_dim": (1, 512), "hidden": (1, 65_536)}


@workload(
    family="attention",
    teaches="Between two products, passes over the (length, length) scores: those are what XLA can fuse.",
    bounds=BOUNDS,
    flops=lambda batch, heads, length, head_dim: 4 * batch * heads * length * length * head_dim,
    bytes_moved=lambda batch, heads, length, head_dim, itemsize: 4 * itemsize * batch * heads * length * head_dim,
)
def attention(*, batch: int = 4, heads: int = 8, length: int = 128, head_dim: int = 64, dtype: str = "float32") -> Any:
    """softmax(q kᵀ / √head_dim) v, each (batch, heads, length, head_dim)."""
    import tensorflow as tf

    def step(q: Any, k: Any, v: Any) -> Any:
        scores = tf.matmul(q, k, transpose_b=True) * head_dim**-0.5
        return tf.matmul(tf.nn.softmax(scores), v)

    shape = (batch, heads, length, head_dim)
    return step, tuple(tf.random.normal(shape, dtype=dtype) for _ in range(3))


def block_flops(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    tokens, width = batch * length, heads * head_dim
    projections = 2 * tokens * 4 * width * width
    return projections + 4 * tokens * length * width + 4 * tokens * width * hidden


def block_bytes(*, batch: int, length: int, heads: int, head_dim: int, hidden: int, itemsize: int) -> int:
    width = heads * head_dim
    projections = 4 * (width * width + width)
    feed_forward = 2 * width * hidden + hidden + width
    norms = 2 * 2 * width
    return itemsize * (2 * batch * length * width + projections + feed_forward + norms)


@workload(
    family="attention",
    teaches="A real model's mix: products that gain nothing, and dozens of small ops that eager pays for one by one.",
    bounds=BOUNDS,
    flops=block_flops,
    bytes_moved=block_bytes,
)
def transformer_block(
    *, batch: int = 4, length: int = 64, heads: int = 4, head_dim: int = 32, hidden: int = 512, dtype: str = "float32"
) -> Any:
    """Keras attention and MLP on (batch, length, heads × head_dim)."""
    import keras
    import tensorflow as tf

    shape = (batch, length, heads * head_dim)
    norm1 = keras.layers.LayerNormalization(dtype=dtype)
    attend = keras.layers.MultiHeadAttention(heads, head_dim, dtype=dtype)
    norm2 = keras.layers.LayerNormalization(dtype=dtype)
    expand = keras.layers.Dense(hidden, activation="gelu", dtype=dtype)
    contract = keras.layers.Dense(heads * head_dim, dtype=dtype)
    norm1.build(shape)
    attend.build(shape, shape)
    norm2.build(shape)
    expand.build(shape)
    contract.build((batch, length, hidden))

    def step(x: Any) -> Any:
        y = norm1(x)
        x = x + attend(y, y)
        return x + contract(expand(norm2(x)))

    return step, (tf.random.normal(shape, dtype=dtype),)
