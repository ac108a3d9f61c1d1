"""Attention, alone and inside a transformer.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...plan import PRECISIONS, compute_dtype
from .. import traffic
from ..workload import workload

BOUNDS = {"batch": (1, 4_096), "length": (1, 32_768), "heads": (1, 128), "head_dim": (1, 512), "hidden": (1, 65_536)}


@workload(
    family="attention",
    teaches="Between two products, passes over the (length, length) scores: those are what XLA can fuse.",
    bounds=BOUNDS,
    flops=lambda batch, heads, length, head_dim: 4 * batch * heads * length * length * head_dim,
    bytes_moved=lambda batch, heads, length, head_dim, itemsize: 4 * itemsize * batch * heads * length * head_dim,
    # The scores are written by the product, read and written twice, read by the other product.
    bytes_unfused=lambda batch, heads, length, head_dim, itemsize: (
        itemsize * (batch * heads * length * (4 * head_dim + 6 * length) + 1)
    ),
)
def attention(*, batch: int = 4, heads: int = 8, length: int = 128, head_dim: int = 64, dtype: str = "float32") -> Any:
    """softmax(q kᵀ / √head_dim) v, each (batch, heads, length, head_dim)."""
    import tensorflow as tf

    def step(q: Any, k: Any, v: Any) -> Any:
        scores = tf.matmul(q, k, transpose_b=True) * head_dim**-0.5
        return tf.matmul(tf.nn.softmax(scores), v)

    shape = (batch, heads, length, head_dim)
    return step, tuple(tf.random.normal(shape, dtype=dtype) for _ in range(3))


@workload(
    family="attention",
    teaches="The mask is one more pass over the scores, unless it is fused; half of the products are thrown away.",
    bounds=BOUNDS,
    flops=lambda batch, heads, length, head_dim: 4 * batch * heads * length * length * head_dim,
    # A byte for each of the mask's.
    bytes_moved=lambda batch, heads, length, head_dim, itemsize: (
        4 * itemsize * batch * heads * length * head_dim + length * length
    ),
    bytes_unfused=lambda batch, heads, length, head_dim, itemsize: (
        itemsize * (batch * heads * length * (4 * head_dim + 8 * length) + 2) + length * length
    ),
)
def causal_attention(
    *, batch: int = 4, heads: int = 8, length: int = 128, head_dim: int = 64, dtype: str = "float32"
) -> Any:
    """Attention to what came before, each (batch, heads, length, head_dim)."""
    import tensorflow as tf

    def step(q: Any, k: Any, v: Any, seen: Any) -> Any:
        scores = tf.matmul(q, k, transpose_b=True) * head_dim**-0.5
        return tf.matmul(tf.nn.softmax(tf.where(seen, scores, scores.dtype.min)), v)

    shape = (batch, heads, length, head_dim)
    q, k, v = (tf.random.normal(shape, dtype=dtype) for _ in range(3))
    return step, (q, k, v, tf.linalg.band_part(tf.ones((length, length), tf.bool), -1, 0))


def layer_flops(*, batch: int, length: int, heads: int, head_dim: int) -> int:
    width = heads * head_dim
    return batch * length * (8 * width * width + 4 * length * width)


def layer_bytes(*, batch: int, length: int, heads: int, head_dim: int, itemsize: int, weight_itemsize: int) -> int:
    width = heads * head_dim
    return itemsize * 2 * batch * length * width + weight_itemsize * 4 * (width * width + width)


@workload(
    family="attention",
    teaches="What a Keras layer adds to attention: four products, and Python around every op.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=layer_flops,
    bytes_moved=layer_bytes,
    bytes_unfused=lambda batch, length, heads, head_dim, itemsize: (
        itemsize * traffic.attention(batch, length, heads, head_dim)
    ),
)
def multi_head_attention(
    *, batch: int = 4, length: int = 64, heads: int = 4, head_dim: int = 32, dtype: str = "float32"
) -> Any:
    """Keras MultiHeadAttention on (batch, length, heads × head_dim)."""
    import keras
    import tensorflow as tf

    shape = (batch, length, heads * head_dim)
    attend = keras.layers.MultiHeadAttention(heads, head_dim, dtype=dtype)
    attend.build(shape, shape)

    def step(x: Any) -> Any:
        return attend(x, x)

    return step, (tf.random.normal(shape, dtype=compute_dtype(dtype)),)


def block_flops(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    tokens, width = batch * length, heads * head_dim
    projections = 2 * tokens * 4 * width * width
    return projections + 4 * tokens * length * width + 4 * tokens * width * hidden


def block_bytes(
    *, batch: int, length: int, heads: int, head_dim: int, hidden: int, itemsize: int, weight_itemsize: int
) -> int:
    width = heads * head_dim
    projections = 4 * (width * width + width)
    feed_forward = 2 * width * hidden + hidden + width
    norms = 2 * 2 * width
    return itemsize * 2 * batch * length * width + weight_itemsize * (projections + feed_forward + norms)


def block_elements_unfused(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    """Numbers read and written by every op of a block, whether it normalises before or after."""
    tokens, width = batch * length, heads * head_dim
    feed_forward = traffic.dense(tokens, width, hidden) + traffic.gelu(tokens * hidden)
    feed_forward += traffic.dense(tokens, hidden, width)
    around = 2 * (traffic.layer_norm(tokens, width) + traffic.add(tokens * width))
    return traffic.attention(batch, length, heads, head_dim) + feed_forward + around


@workload(
    family="attention",
    teaches="A real model's mix: products that gain nothing, and dozens of small ops that eager pays for one by one.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=block_flops,
    bytes_moved=block_bytes,
    bytes_unfused=lambda itemsize, **dims: itemsize * block_elements_unfused(**dims),
)
def transformer_block(
    *, batch: int = 4, length: int = 64, heads: int = 4, head_dim: int = 32, hidden: int = 512, dtype: str = "float32"
) -> Any:
    """Keras attention and MLP on (batch, length, heads × head_dim)."""
    import tensorflow as tf

    shape = (batch, length, heads * head_dim)
    block, _ = build_block(shape, heads, head_dim, hidden, dtype)

    def step(x: Any) -> Any:
        return block(x)

    return step, (tf.random.normal(shape, dtype=compute_dtype(dtype)),)


def build_block(
    shape: tuple[int, int, int], heads: int, head_dim: int, hidden: int, policy: str
) -> tuple[Callable[[Any], Any], list[Any]]:
    """A block of Keras layers, each normalised before, on tokens of `shape`; and its weights. `policy` is Keras's."""
    import keras

    norm1 = keras.layers.LayerNormalization(dtype=policy)
    attend = keras.layers.MultiHeadAttention(heads, head_dim, dtype=policy)
    norm2 = keras.layers.LayerNormalization(dtype=policy)
    expand = keras.layers.Dense(hidden, activation="gelu", dtype=policy)
    contract = keras.layers.Dense(heads * head_dim, dtype=policy)
    norm1.build(shape)
    attend.build(shape, shape)
    norm2.build(shape)
    expand.build(shape)
    contract.build((*shape[:2], hidden))

    def block(x: Any) -> Any:
        y = norm1(x)
        x = x + attend(y, y)
        return x + contract(expand(norm2(x)))

    return block, [weight for layer in (norm1, attend, norm2, expand, contract) for weight in layer.trainable_variables]
