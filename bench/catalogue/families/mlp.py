"""Feed-forward layers: products with a little elementwise work between them.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload


@workload(
    family="mlp",
    teaches="Two products dominate; what XLA can save is the passes over memory for bias and GELU between them.",
    bounds={"batch": (1, 65_536), "width": (1, 16_384), "hidden": (1, 65_536)},
    flops=lambda batch, width, hidden: 4 * batch * width * hidden,
    bytes_moved=lambda batch, width, hidden, itemsize: (
        itemsize * (2 * batch * width + 2 * width * hidden + hidden + width)
    ),
    # GELU alone is eleven passes over the hidden layer.
    bytes_unfused=lambda batch, width, hidden, itemsize: (
        itemsize * (batch * (15 * hidden + 4 * width) + 2 * width * hidden + hidden + width + 3)
    ),
)
def gelu_mlp(*, batch: int = 64, width: int = 256, hidden: int = 1024, dtype: str = "float32") -> Any:
    """Two dense layers with a GELU between, (batch, width) to itself."""
    import tensorflow as tf

    w1 = tf.Variable(tf.random.normal((width, hidden), stddev=width**-0.5, dtype=dtype))
    b1 = tf.Variable(tf.random.normal((hidden,), stddev=0.1, dtype=dtype))
    w2 = tf.Variable(tf.random.normal((hidden, width), stddev=hidden**-0.5, dtype=dtype))
    b2 = tf.Variable(tf.random.normal((width,), stddev=0.1, dtype=dtype))

    def step(x: Any) -> Any:
        h = tf.nn.gelu(tf.matmul(x, w1) + b1)
        return tf.matmul(h, w2) + b2

    return step, (tf.random.normal((batch, width), dtype=dtype),)
