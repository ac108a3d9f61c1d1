"""Loops whose every step needs the last one's result.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from typing import Any

from ...plan import PRECISIONS, compute_dtype
from ..workload import workload


def run_cell(make_cell: Any, units: int, shape: tuple[int, int, int], dtype: str) -> Any:
    """A cell of Keras's over inputs (batch, length, features)."""
    import keras
    import tensorflow as tf

    # The default initialiser factorises a matrix: slow where units are many, and not possible in bfloat16.
    cell = make_cell(units, recurrent_initializer="glorot_uniform", dtype=dtype)
    # Not keras.layers.LSTM or GRU: on a GPU these call cuDNN, which XLA cannot compile.
    layer = keras.layers.RNN(cell, dtype=dtype)
    layer.build(shape)

    def step(x: Any) -> Any:
        return layer(x)

    return step, (tf.random.normal(shape, dtype=compute_dtype(dtype)),)


@workload(
    family="recurrent",
    teaches="Twenty small ops a time step: eager pays Python for each of them, a compiled loop for none.",
    bounds={"batch": (1, 16_384), "length": (1, 4_096), "features": (1, 16_384), "units": (1, 16_384)},
    dtypes=PRECISIONS,
    # Four gates, each a product with the input and one with the state.
    flops=lambda batch, length, features, units: 8 * batch * length * (features + units) * units,
    bytes_moved=lambda batch, length, features, units, itemsize, weight_itemsize: (
        itemsize * batch * (length * features + units) + weight_itemsize * 4 * units * (features + units + 1)
    ),
    # In each step the input, all weights, and 59 numbers a unit: what becomes of its gates.
    bytes_unfused=lambda batch, length, features, units, itemsize: (
        itemsize * length * (batch * (5 * features + 59 * units) + 4 * units * (features + units + 1))
    ),
)
def lstm(*, batch: int = 8, length: int = 16, features: int = 32, units: int = 64, dtype: str = "float32") -> Any:
    """Keras LSTM without cuDNN, (batch, length, features) to (batch, units)."""
    import keras

    return run_cell(keras.layers.LSTMCell, units, (batch, length, features), dtype)


@workload(
    family="recurrent",
    teaches="A loop whose step does little: eager runs it in Python, graph op by op, XLA as one program.",
    bounds={"steps": (1, 10_000), "batch": (1, 16_384), "width": (1, 16_384)},
    flops=lambda steps, batch, width: 2 * steps * batch * width * width,
    bytes_moved=lambda batch, width, itemsize, **_: itemsize * (2 * batch * width + width * width),
    # A product, a sum and a tanh.
    bytes_unfused=lambda steps, batch, width, itemsize: itemsize * steps * (7 * batch * width + width * width),
)
def while_loop(*, steps: int = 100, batch: int = 8, width: int = 32, dtype: str = "float32") -> Any:
    """h = tanh(x + h w) in a tf.while_loop, h (batch, width), w square."""
    import tensorflow as tf

    def step(x: Any, w: Any) -> Any:
        def more(i: Any, _: Any) -> Any:
            return i < steps

        def body(i: Any, h: Any) -> Any:
            return i + 1, tf.tanh(x + tf.matmul(h, w))

        return tf.while_loop(more, body, (tf.constant(0), x))[1]

    x = tf.random.normal((batch, width), dtype=dtype)
    # Small weights, so that rounding errors fade instead of growing with every step.
    return step, (x, tf.random.normal((width, width), stddev=0.5 * width**-0.5, dtype=dtype))


@workload(
    family="recurrent",
    teaches="Like LSTM, with three gates: what is won is what a call of an op costs, times ops, times steps.",
    bounds={"batch": (1, 16_384), "length": (1, 4_096), "features": (1, 16_384), "units": (1, 16_384)},
    dtypes=PRECISIONS,
    # Three gates, each a product with the input and one with the state.
    flops=lambda batch, length, features, units: 6 * batch * length * (features + units) * units,
    bytes_moved=lambda batch, length, features, units, itemsize, weight_itemsize: (
        itemsize * batch * (length * features + units) + weight_itemsize * 3 * units * (features + units + 2)
    ),
    bytes_unfused=lambda batch, length, features, units, itemsize: (
        itemsize * length * (batch * (5 * features + 66 * units) + 3 * units * (features + units + 6))
    ),
)
def gru(*, batch: int = 8, length: int = 16, features: int = 32, units: int = 64, dtype: str = "float32") -> Any:
    """Keras GRU without cuDNN, (batch, length, features) to (batch, units)."""
    import keras

    return run_cell(keras.layers.GRUCell, units, (batch, length, features), dtype)


@workload(
    family="recurrent",
    teaches="tf.scan keeps every step's result: a tensor array to write to, in each step of the loop.",
    bounds={"steps": (1, 10_000), "size": (1, 1_048_576)},
    flops=lambda steps, size: 2 * steps * size,
    bytes_moved=lambda steps, size, itemsize: itemsize * (2 * steps + 1) * size,
    # Taken apart, a product, a sum, and put together.
    bytes_unfused=lambda steps, size, itemsize: itemsize * steps * (9 * size + 1),
)
def scan(*, steps: int = 100, size: int = 256, dtype: str = "float32") -> Any:
    """An exponential average, y = 0.9 y + x over (steps, size), by tf.scan."""
    import tensorflow as tf

    def step(x: Any, start: Any) -> Any:
        return tf.scan(lambda y, row: y * 0.9 + row, x, start)

    return step, (tf.random.normal((steps, size), dtype=dtype), tf.zeros((size,), dtype))


@workload(
    family="recurrent",
    teaches="A function mapped over rows: eager calls it row by row, graph loops, and a batched op would do both.",
    bounds={"rows": (1, 10_000), "columns": (1, 1_048_576)},
    # Maximum, difference, exp, sum, quotient.
    flops=lambda rows, columns: 5 * rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * 2 * rows * columns,
    bytes_unfused=lambda rows, columns, itemsize: itemsize * 6 * rows * columns,
)
def map_fn(*, rows: int = 100, columns: int = 64, dtype: str = "float32") -> Any:
    """Softmax of each row of (rows, columns), by tf.map_fn."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.map_fn(tf.nn.softmax, x)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)
