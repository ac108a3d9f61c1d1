"""Convolutions of images, where libraries have decades of hand-tuned kernels.

FLOPs: a multiplication and an addition for each tap of the kernel, those that fall on the padding too.
"""

from __future__ import annotations

from typing import Any

from .workload import workload

BATCH = (1, 4_096)
SIZE = (1, 2_048)
CHANNELS = (1, 4_096)
KERNEL = (1, 31)


@workload(
    family="convolution",
    teaches="One hand-tuned kernel: XLA can call the same, or a worse one of its own.",
    bounds={"batch": BATCH, "size": SIZE, "channels": CHANNELS, "filters": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, channels, filters, kernel: 2 * batch * size**2 * kernel**2 * channels * filters,
    bytes_moved=lambda batch, size, channels, filters, kernel, itemsize: (
        itemsize * (batch * size**2 * (channels + filters) + kernel**2 * channels * filters)
    ),
)
def conv2d(
    *, batch: int = 8, size: int = 28, channels: int = 64, filters: int = 64, kernel: int = 3, dtype: str = "float32"
) -> Any:
    """2-D convolution, (batch, size, size, channels) to as many filters."""
    import tensorflow as tf

    taps = kernel * kernel * channels
    w = tf.Variable(tf.random.normal((kernel, kernel, channels, filters), stddev=taps**-0.5, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.conv2d(x, w, strides=1, padding="SAME")

    return step, (tf.random.normal((batch, size, size, channels), dtype=dtype),)


@workload(
    family="convolution",
    teaches="A compiler can lose badly: on a CPU, XLA's kernel for this is many times slower than TensorFlow's.",
    bounds={"batch": BATCH, "size": SIZE, "channels": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, channels, kernel: 2 * batch * size**2 * kernel**2 * channels,
    bytes_moved=lambda batch, size, channels, kernel, itemsize: (
        itemsize * (2 * batch * size**2 * channels + kernel**2 * channels)
    ),
)
def depthwise_conv2d(
    *, batch: int = 8, size: int = 56, channels: int = 32, kernel: int = 3, dtype: str = "float32"
) -> Any:
    """A filter for each channel of (batch, size, size, channels)."""
    import tensorflow as tf

    w = tf.Variable(tf.random.normal((kernel, kernel, channels, 1), stddev=1 / kernel, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.depthwise_conv2d(x, w, strides=(1, 1, 1, 1), padding="SAME")

    return step, (tf.random.normal((batch, size, size, channels), dtype=dtype),)
