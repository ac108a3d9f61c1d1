"""Convolutions of images, where libraries have decades of hand-tuned kernels.

FLOPs: a multiplication and an addition for each tap of the kernel, those that fall on the padding too.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload

BATCH = (1, 4_096)
SIZE = (1, 2_048)
CHANNELS = (1, 4_096)
KERNEL = (1, 31)


def half(size: int) -> int:
    """The size that stride 2 leaves of another."""
    return -(-size // 2)


@workload(
    family="convolution",
    teaches="One hand-tuned kernel: XLA can call the same, or a worse one of its own.",
    bounds={"batch": BATCH, "size": SIZE, "channels": CHANNELS, "filters": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, channels, filters, kernel: 2 * batch * size**2 * kernel**2 * channels * filters,
    bytes_moved=lambda batch, size, channels, filters, kernel, itemsize: (
        itemsize * (batch * size**2 * (channels + filters) + kernel**2 * channels * filters)
    ),
    one_op=True,
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
    one_op=True,
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


@workload(
    family="convolution",
    teaches="Every other place is left out: the same kernels, but other ones are the best.",
    bounds={"batch": BATCH, "size": SIZE, "channels": CHANNELS, "filters": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, channels, filters, kernel: 2 * batch * half(size) ** 2 * kernel**2 * channels * filters,
    bytes_moved=lambda batch, size, channels, filters, kernel, itemsize: (
        itemsize * (batch * (size**2 * channels + half(size) ** 2 * filters) + kernel**2 * channels * filters)
    ),
    one_op=True,
)
def strided_conv2d(
    *, batch: int = 8, size: int = 56, channels: int = 64, filters: int = 64, kernel: int = 3, dtype: str = "float32"
) -> Any:
    """2-D convolution with stride 2 of (batch, size, size, channels)."""
    import tensorflow as tf

    taps = kernel * kernel * channels
    w = tf.Variable(tf.random.normal((kernel, kernel, channels, filters), stddev=taps**-0.5, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.conv2d(x, w, strides=2, padding="SAME")

    return step, (tf.random.normal((batch, size, size, channels), dtype=dtype),)


@workload(
    family="convolution",
    teaches="Between a full convolution and a depthwise one: few libraries have kernels for it.",
    bounds={"batch": BATCH, "size": SIZE, "groups": (1, 1_024), "channels": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, groups, channels, kernel: 2 * batch * size**2 * kernel**2 * groups * channels**2,
    bytes_moved=lambda batch, size, groups, channels, kernel, itemsize: (
        itemsize * groups * (2 * batch * size**2 * channels + kernel**2 * channels**2)
    ),
    one_op=True,
)
def grouped_conv2d(
    *, batch: int = 8, size: int = 28, groups: int = 8, channels: int = 8, kernel: int = 3, dtype: str = "float32"
) -> Any:
    """2-D convolution, in groups of channels that see only themselves."""
    import tensorflow as tf

    taps = kernel * kernel * channels
    w = tf.Variable(tf.random.normal((kernel, kernel, channels, groups * channels), stddev=taps**-0.5, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.conv2d(x, w, strides=1, padding="SAME")

    return step, (tf.random.normal((batch, size, size, groups * channels), dtype=dtype),)


@workload(
    family="convolution",
    teaches="The gradient of a convolution, run forwards: upsampling in decoders and GANs.",
    bounds={"batch": BATCH, "size": SIZE, "channels": CHANNELS, "filters": CHANNELS, "kernel": KERNEL},
    flops=lambda batch, size, channels, filters, kernel: 2 * batch * size**2 * kernel**2 * channels * filters,
    bytes_moved=lambda batch, size, channels, filters, kernel, itemsize: (
        itemsize * (batch * size**2 * (channels + 4 * filters) + kernel**2 * channels * filters)
    ),
    one_op=True,
)
def conv2d_transpose(
    *, batch: int = 4, size: int = 28, channels: int = 64, filters: int = 32, kernel: int = 4, dtype: str = "float32"
) -> Any:
    """Transposed 2-D convolution with stride 2, to twice the size."""
    import tensorflow as tf

    taps = kernel * kernel * channels
    w = tf.Variable(tf.random.normal((kernel, kernel, filters, channels), stddev=taps**-0.5, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.conv2d_transpose(x, w, (batch, 2 * size, 2 * size, filters), strides=2, padding="SAME")

    return step, (tf.random.normal((batch, size, size, channels), dtype=dtype),)


@workload(
    family="convolution",
    teaches="Video and volumes: far fewer hand-tuned kernels than in two dimensions.",
    bounds={"batch": BATCH, "size": (1, 512), "channels": CHANNELS, "filters": CHANNELS, "kernel": (1, 15)},
    dtypes=("float32", "float64"),
    flops=lambda batch, size, channels, filters, kernel: 2 * batch * size**3 * kernel**3 * channels * filters,
    bytes_moved=lambda batch, size, channels, filters, kernel, itemsize: (
        itemsize * (batch * size**3 * (channels + filters) + kernel**3 * channels * filters)
    ),
    one_op=True,
)
def conv3d(
    *, batch: int = 2, size: int = 16, channels: int = 16, filters: int = 16, kernel: int = 3, dtype: str = "float32"
) -> Any:
    """3-D convolution of (batch, size, size, size, channels)."""
    import tensorflow as tf

    taps = kernel**3 * channels
    w = tf.Variable(tf.random.normal((kernel, kernel, kernel, channels, filters), stddev=taps**-0.5, dtype=dtype))

    def step(x: Any) -> Any:
        return tf.nn.conv3d(x, w, strides=(1, 1, 1, 1, 1), padding="SAME")

    return step, (tf.random.normal((batch, size, size, size, channels), dtype=dtype),)
