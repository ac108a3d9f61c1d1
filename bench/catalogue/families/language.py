"""Parts of language models at the sizes they have: an encoder's layer, a decoder's block, one decoded token.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...plan import PRECISIONS, compute_dtype
from ..workload import workload
from .attention import block_bytes, block_elements_unfused, block_flops

BOUNDS = {"batch": (1, 4_096), "length": (1, 32_768), "heads": (1, 128), "head_dim": (1, 512), "hidden": (1, 65_536)}


@workload(
    family="models",
    teaches="BERT's layer as it is: large products, so the dozens of small ops between them weigh less.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=block_flops,
    bytes_moved=block_bytes,
    bytes_unfused=lambda itemsize, **dims: itemsize * block_elements_unfused(**dims),
)
def encoder_layer(
    *,
    batch: int = 1,
    length: int = 128,
    heads: int = 12,
    head_dim: int = 64,
    hidden: int = 3072,
    dtype: str = "float32",
) -> Any:
    """A layer of BERT: Keras attention and MLP, each normalised after."""
    import keras
    import tensorflow as tf

    shape = (batch, length, heads * head_dim)
    attend = keras.layers.MultiHeadAttention(heads, head_dim, dtype=dtype)
    norm1 = keras.layers.LayerNormalization(dtype=dtype)
    expand = keras.layers.Dense(hidden, activation="gelu", dtype=dtype)
    contract = keras.layers.Dense(heads * head_dim, dtype=dtype)
    norm2 = keras.layers.LayerNormalization(dtype=dtype)
    attend.build(shape, shape)
    norm1.build(shape)
    expand.build(shape)
    contract.build((batch, length, hidden))
    norm2.build(shape)

    def step(x: Any) -> Any:
        x = norm1(x + attend(x, x))
        return norm2(x + contract(expand(x)))

    return step, (tf.random.normal(shape, dtype=compute_dtype(dtype)),)


@dataclass(frozen=True)
class Decoder:
    """The weights of a decoder's block: tokens are `width` wide, in `heads` heads; no biases.

    `project` (width, 3 width) makes queries, keys and values, `merge` (width, width) takes the heads together,
    `expand` (width, hidden) and `contract` (hidden, width) are the MLP.
    """

    heads: int
    norm1: Any
    project: Any
    merge: Any
    norm2: Any
    expand: Any
    contract: Any

    def queries_keys_values(self, x: Any) -> Any:
        """Three of (batch, length, heads, head_dim), of x (batch, length, width)."""
        import tensorflow as tf

        batch, length, width = x.shape
        split = tf.split(tf.matmul(normalise(x, self.norm1), self.project), 3, axis=-1)
        return [tf.reshape(each, (batch, length, self.heads, width // self.heads)) for each in split]

    def attend(self, q: Any, keys: Any, values: Any, seen: Any) -> Any:
        """Attention of q (batch, length, heads, head_dim) to keys and values (batch, cached, heads, head_dim), where
        `seen` (length, cached) says so: (batch, length, width).
        """
        import tensorflow as tf

        scores = tf.einsum("blhd,bthd->bhlt", q, keys) * q.shape[-1] ** -0.5
        weights = tf.nn.softmax(tf.where(seen, scores, scores.dtype.min))
        attended = tf.einsum("bhlt,bthd->blhd", weights, values)
        return tf.reshape(attended, (*q.shape[:2], q.shape[2] * q.shape[3]))

    def finish(self, x: Any, attended: Any) -> Any:
        """The block's output: what was attended to is added to x, then what the MLP makes of that."""
        import tensorflow as tf

        x = x + tf.matmul(attended, self.merge)
        hidden = tf.nn.gelu(tf.matmul(normalise(x, self.norm2), self.expand), approximate=True)
        return x + tf.matmul(hidden, self.contract)


def normalise(x: Any, scale: Any) -> Any:
    """Root-mean-square normalisation of the last axis."""
    import tensorflow as tf

    return x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + 1e-3) * scale


def decoder(heads: int, head_dim: int, hidden: int, dtype: str) -> Decoder:
    """A block with random weights."""
    import tensorflow as tf

    def matrix(rows: int, columns: int) -> Any:
        return tf.Variable(tf.random.normal((rows, columns), stddev=rows**-0.5, dtype=dtype))

    width = heads * head_dim
    return Decoder(
        heads=heads,
        norm1=tf.Variable(tf.ones((width,), dtype)),
        project=matrix(width, 3 * width),
        merge=matrix(width, width),
        norm2=tf.Variable(tf.ones((width,), dtype)),
        expand=matrix(width, hidden),
        contract=matrix(hidden, width),
    )


def decoder_weights(width: int, hidden: int) -> int:
    return 4 * width * width + 2 * width * hidden + 2 * width


def prompt_flops(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    width = heads * head_dim
    return batch * length * (8 * width * width + 4 * width * hidden + 4 * length * width)


def prompt_bytes(*, batch: int, length: int, heads: int, head_dim: int, hidden: int, itemsize: int) -> int:
    width = heads * head_dim
    # The tokens come in; they, their keys and their values go out; a byte for each of the mask's.
    return itemsize * (4 * batch * length * width + decoder_weights(width, hidden)) + length * length


def decoder_elements_unfused(tokens: int, width: int, hidden: int) -> int:
    # For each of a token's numbers: norms 7 and 7, projection 4, split 6, attention 4, merge 2, sums 6, MLP 2; for each
    # of its hidden ones a product's output, eighteen of GELU and another product's input.
    return tokens * (38 * width + 20 * hidden + 12) + decoder_weights(width, hidden)


def prompt_bytes_unfused(*, batch: int, length: int, heads: int, head_dim: int, hidden: int, itemsize: int) -> int:
    elements = decoder_elements_unfused(batch * length, heads * head_dim, hidden)
    # Scores are written, then scaled, masked and normalised, then read.
    return itemsize * (elements + 8 * batch * heads * length * length) + length * length


@workload(
    family="models",
    teaches="A prompt fills the cache: large products and fused passes over the scores, as in training.",
    bounds=BOUNDS,
    flops=prompt_flops,
    bytes_moved=prompt_bytes,
    bytes_unfused=prompt_bytes_unfused,
)
def gpt_block(
    *,
    batch: int = 1,
    length: int = 128,
    heads: int = 12,
    head_dim: int = 64,
    hidden: int = 3072,
    dtype: str = "float32",
) -> Any:
    """A GPT's block on a prompt; keys and values come out for the cache."""
    import tensorflow as tf

    block = decoder(heads, head_dim, hidden, dtype)

    def step(x: Any, seen: Any) -> Any:
        q, k, v = block.queries_keys_values(x)
        return block.finish(x, block.attend(q, k, v, seen)), k, v

    x = tf.random.normal((batch, length, heads * head_dim), dtype=dtype)
    return step, (x, tf.linalg.band_part(tf.ones((length, length), tf.bool), -1, 0))


def token_flops(*, batch: int, cached: int, heads: int, head_dim: int, hidden: int) -> int:
    width = heads * head_dim
    return batch * (8 * width * width + 4 * width * hidden + 4 * cached * width)


def token_bytes(*, batch: int, cached: int, heads: int, head_dim: int, hidden: int, itemsize: int) -> int:
    width = heads * head_dim
    # The caches come in and go out; a byte for each place of the mask, and the place to write to.
    return itemsize * (batch * width * (2 + 4 * cached) + decoder_weights(width, hidden)) + cached + 4


def token_bytes_unfused(*, batch: int, cached: int, heads: int, head_dim: int, hidden: int, itemsize: int) -> int:
    width = heads * head_dim
    elements = decoder_elements_unfused(batch, width, hidden)
    # The caches are read and written by the update, and read by attention; twelve bytes a place say where to write.
    return itemsize * (elements + 6 * batch * cached * width + 8 * batch * heads * cached) + 12 * cached


@workload(
    family="models",
    teaches="One token: every weight is read for a few products, so it is bound by memory, and by starting its ops.",
    bounds={**{name: BOUNDS[name] for name in ("batch", "heads", "head_dim", "hidden")}, "cached": (1, 131_072)},
    flops=token_flops,
    bytes_moved=token_bytes,
    bytes_unfused=token_bytes_unfused,
)
def decode_step(
    *,
    batch: int = 1,
    cached: int = 256,
    heads: int = 12,
    head_dim: int = 64,
    hidden: int = 3072,
    dtype: str = "float32",
) -> Any:
    """One token through a GPT's block, with a cache of keys and values."""
    import tensorflow as tf

    block = decoder(heads, head_dim, hidden, dtype)

    def step(x: Any, keys: Any, values: Any, place: Any, seen: Any) -> Any:
        q, k, v = block.queries_keys_values(x)
        here = tf.equal(tf.range(cached), place)[None, :, None, None]
        keys, values = tf.where(here, k, keys), tf.where(here, v, values)
        return block.finish(x, block.attend(q, keys, values, seen)), keys, values

    shape = (batch, cached, heads, head_dim)
    x = tf.random.normal((batch, 1, heads * head_dim), dtype=dtype)
    keys, values = tf.random.normal(shape, dtype=dtype), tf.random.normal(shape, dtype=dtype)
    place = cached // 2
    return step, (x, keys, values, tf.constant(place), tf.range(cached)[None] <= place)
