"""Indexing: where to read or write is data, so memory is reached at random."""

from __future__ import annotations

from typing import Any

from ..workload import workload

ROWS = (1, 16_777_216)
COLUMNS = (1, 65_536)
PICKS = (1, 16_777_216)


@workload(
    family="indexing",
    teaches="Rows read from anywhere: memory's latency is the bound, and no mode changes that.",
    bounds={"rows": ROWS, "columns": COLUMNS, "picks": PICKS},
    bytes_moved=lambda columns, picks, itemsize, **_: picks * (2 * itemsize * columns + 4),
    one_op=True,
)
def gather(*, rows: int = 65_536, columns: int = 64, picks: int = 4096, dtype: str = "float32") -> Any:
    """So many rows picked at random, (rows, columns) to (picks, columns)."""
    import tensorflow as tf

    def step(x: Any, index: Any) -> Any:
        return tf.gather(x, index)

    x = tf.random.normal((rows, columns), dtype=dtype)
    return step, (x, tf.random.uniform((picks,), maxval=rows, dtype=tf.int32))


@workload(
    family="indexing",
    teaches="A functional update copies all to change a few: what owns its buffers can do without.",
    bounds={"rows": ROWS, "columns": COLUMNS, "picks": PICKS},
    flops=lambda columns, picks, **_: picks * columns,
    bytes_moved=lambda rows, columns, picks, itemsize: itemsize * (2 * rows + picks) * columns + 4 * picks,
    one_op=True,
)
def scatter(*, rows: int = 65_536, columns: int = 16, picks: int = 1024, dtype: str = "float32") -> Any:
    """Rows added to rows picked at random of (rows, columns)."""
    import tensorflow as tf

    def step(x: Any, index: Any, updates: Any) -> Any:
        return tf.tensor_scatter_nd_add(x, index, updates)

    x, updates = tf.random.normal((rows, columns), dtype=dtype), tf.random.normal((picks, columns), dtype=dtype)
    return step, (x, tf.random.uniform((picks, 1), maxval=rows, dtype=tf.int32), updates)


@workload(
    family="indexing",
    teaches="The first layer of every language model: a gather, and a mean that can be fused with it.",
    bounds={"vocabulary": ROWS, "width": COLUMNS, "batch": (1, 65_536), "length": (1, 65_536)},
    flops=lambda batch, length, width, **_: batch * length * width,
    bytes_moved=lambda batch, length, width, itemsize, **_: (
        batch * (length * (itemsize * width + 4) + itemsize * width)
    ),
    bytes_unfused=lambda batch, length, width, itemsize, **_: (
        batch * (length * (3 * itemsize * width + 4) + itemsize * width)
    ),
)
def embedding(
    *, vocabulary: int = 30_000, width: int = 128, batch: int = 32, length: int = 64, dtype: str = "float32"
) -> Any:
    """The mean of tokens' embeddings, (batch, length) to (batch, width)."""
    import tensorflow as tf

    table = tf.Variable(tf.random.normal((vocabulary, width), dtype=dtype))

    def step(tokens: Any) -> Any:
        return tf.reduce_mean(tf.nn.embedding_lookup(table, tokens), axis=1)

    return step, (tf.random.uniform((batch, length), maxval=vocabulary, dtype=tf.int32),)


@workload(
    family="indexing",
    teaches="A matrix of noughts, written to pick rows with a product: XLA can see that it need not be there.",
    bounds={"depth": (1, 65_536), "columns": COLUMNS, "picks": (1, 1_048_576)},
    flops=lambda depth, columns, picks: 2 * picks * depth * columns,
    bytes_moved=lambda depth, columns, picks, itemsize: itemsize * (depth + picks) * columns + 4 * picks,
    bytes_unfused=lambda depth, columns, picks, itemsize: (
        itemsize * ((depth + picks) * columns + 2 * picks * depth + 2) + 4 * picks + 4
    ),
)
def one_hot(*, depth: int = 512, columns: int = 64, picks: int = 512, dtype: str = "float32") -> Any:
    """Rows picked by a one-hot product, (picks, depth) @ (depth, columns)."""
    import tensorflow as tf

    def step(x: Any, index: Any) -> Any:
        return tf.matmul(tf.one_hot(index, depth, dtype=x.dtype), x)

    x = tf.random.normal((depth, columns), dtype=dtype)
    return step, (x, tf.random.uniform((picks,), maxval=depth, dtype=tf.int32))


@workload(
    family="indexing",
    teaches="How many are kept is data: XLA, which wants every shape before, makes room for all of them.",
    bounds={"size": PICKS},
)
def boolean_mask(*, size: int = 65_536, dtype: str = "float32") -> Any:
    """The positive elements of (size,), by tf.boolean_mask."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.boolean_mask(x, x > 0)

    return step, (tf.random.normal((size,), dtype=dtype),)
