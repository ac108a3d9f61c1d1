"""Loops whose every step needs the last one's result.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from typing import Any

from .workload import workload


@workload(
    family="recurrent",
    teaches="Twenty small ops a time step: eager pays Python for each of them, a compiled loop for none.",
    bounds={"batch": (1, 16_384), "length": (1, 4_096), "features": (1, 16_384), "units": (1, 16_384)},
    # Four gates, each a product with the input and one with the state.
    flops=lambda batch, length, features, units: 8 * batch * length * (features + units) * units,
    bytes_moved=lambda batch, length, features, units, itemsize: (
        itemsize * (batch * length * features + batch * units + 4 * units * (features + units + 1))
    ),
)
def lstm(*, batch: int = 8, length: int = 16, features: int = 32, units: int = 64, dtype: str = "float32") -> Any:
    """Keras LSTM without cuDNN, (batch, length, features) to (batch, units)."""
    import keras
    import tensorflow as tf

    # The default initialiser factorises a matrix: slow where units are many, and not possible in bfloat16.
    cell = keras.layers.LSTMCell(units, recurrent_initializer="glorot_uniform", dtype=dtype)
    # Not keras.layers.LSTM: on a GPU that calls cuDNN, which XLA cannot compile.
    layer = keras.layers.RNN(cell, dtype=dtype)
    layer.build((batch, length, features))

    def step(x: Any) -> Any:
        return layer(x)

    return step, (tf.random.normal((batch, length, features), dtype=dtype),)


@workload(
    family="recurrent",
    teaches="A loop whose step does little: eager runs it in Python, graph op by op, XLA as one program.",
    bounds={"steps": (1, 10_000), "batch": (1, 16_384), "width": (1, 16_384)},
    flops=lambda steps, batch, width: 2 * steps * batch * width * width,
    bytes_moved=lambda batch, width, itemsize, **_: itemsize * (2 * batch * width + width * width),
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
