"""Calls whose arguments change: what a trace and a compile are good for, and what they are not.

There are no formulas: every call is of another size, or next to nothing.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload

CALLS = (2, 1_000)


@workload(
    family="retracing",
    teaches="One trace serves every number of rows, but XLA compiles for each: pad, or keep to a few shapes.",
    bounds={"shapes": CALLS, "columns": (1, 65_536), "repeats": (1, 100)},
)
def dynamic_shapes(*, shapes: int = 30, columns: int = 64, repeats: int = 4, dtype: str = "float32") -> Any:
    """Standardises and squashes rows; calls have 1 to `shapes` of them."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((None, columns), dtype)])  # type: ignore[untyped-decorator]
    def step(x: Any) -> Any:
        for _ in range(repeats):
            x = x - tf.reduce_mean(x, axis=-1, keepdims=True)
            x = tf.tanh(x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + 1e-3))
        return x

    return step, [(tf.random.normal((rows, columns), dtype=dtype),) for rows in range(1, shapes + 1)]


@workload(
    family="retracing",
    teaches="A Python number is a constant of the graph, so each one is traced and compiled anew; a tensor is not.",
    bounds={"numbers": CALLS, "size": (1, 268_435_456)},
)
def python_number(*, numbers: int = 30, size: int = 1024, dtype: str = "float32") -> Any:
    """relu(x) * 0.99**n on (size,); calls have a Python n of 1 to `numbers`."""
    import tensorflow as tf

    def step(x: Any, n: int) -> Any:
        return tf.nn.relu(x) * 0.99**n

    x = tf.random.normal((size,), dtype=dtype)
    return step, [(x, n) for n in range(1, numbers + 1)]


@workload(
    family="retracing",
    teaches="A stream of sentences as they come: each new length is a new program to XLA.",
    bounds={"batches": CALLS, "batch": (1, 4_096), "longest": (2, 8_192), "width": (1, 16_384)},
)
def uneven_batches(
    *, batches: int = 20, batch: int = 8, longest: int = 128, width: int = 64, dtype: str = "float32"
) -> Any:
    """Batches as long as their longest sentence: a dense layer, pooled."""
    return pooling(batch, longest, width, dtype, [(length, length) for length in lengths(batches, longest)])


@workload(
    family="retracing",
    teaches="The same stream, padded to one length: more arithmetic, and one program for all.",
    bounds={"batches": CALLS, "batch": (1, 4_096), "longest": (2, 8_192), "width": (1, 16_384)},
)
def padded_batches(
    *, batches: int = 20, batch: int = 8, longest: int = 128, width: int = 64, dtype: str = "float32"
) -> Any:
    """The batches of uneven_batches, padded to one length and masked."""
    return pooling(batch, longest, width, dtype, [(length, longest) for length in lengths(batches, longest)])


def lengths(batches: int, longest: int) -> list[int]:
    """Different lengths from half of the longest on, where there are so many, in an order that is no order."""
    least = max(longest - batches, longest // 2)
    return [least + 1 + (7 * batch) % (longest - least) for batch in range(batches)]


def pooling(batch: int, longest: int, width: int, dtype: str, sizes: list[tuple[int, int]]) -> Any:
    """A dense layer on (batch, padded, width), then the masked mean; `sizes`: for each call, its length and what it is
    padded to.
    """
    import tensorflow as tf

    w = tf.Variable(tf.random.normal((width, width), stddev=width**-0.5, dtype=dtype))

    @tf.function(  # type: ignore[untyped-decorator]
        input_signature=[tf.TensorSpec((batch, None, width), dtype), tf.TensorSpec((batch, None, 1), dtype)]
    )
    def step(x: Any, there: Any) -> Any:
        hidden = tf.nn.gelu(tf.einsum("btw,wv->btv", x, w)) * there
        return tf.reduce_sum(hidden, axis=1) / tf.reduce_sum(there, axis=1)

    tokens = tf.random.normal((batch, longest, width), dtype=dtype)
    return step, [
        (tokens[:, :padded], tf.cast(tf.range(padded) < length, dtype)[None, :, None] * tf.ones((batch, 1, 1), dtype))
        for length, padded in sizes
    ]
