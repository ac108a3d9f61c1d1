"""Image models of keras.applications with random weights, forwards: dozens of layers, and nothing is downloaded.

FLOPs: the convolutions and the dense layer alone, a multiplication and an addition each. Bytes: the images, all
parameters and the scores. What every op reads and writes is not counted: it would take a formula for each layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..plan import PRECISIONS, compute_dtype
from .convolution import half
from .precision import policy
from .workload import workload

BOUNDS = {"batch": (1, 1_024), "size": (32, 1_024)}
CLASSES = 1_000

RESNET_PARAMETERS, MOBILENET_PARAMETERS, EFFICIENTNET_PARAMETERS = 25_636_712, 3_538_984, 5_330_571

RESNET_STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))
"""Filters, blocks (He et al. 2015, table 1)."""

MOBILENET_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Expansion, filters, blocks, stride of the first (Sandler et al. 2018, table 2)."""

EFFICIENTNET_STAGES = (
    (3, 1, 16, 1, 1),
    (3, 6, 24, 2, 2),
    (5, 6, 40, 2, 2),
    (3, 6, 80, 3, 2),
    (5, 6, 112, 3, 1),
    (5, 6, 192, 4, 2),
    (3, 6, 320, 1, 1),
)
"""Kernel, expansion, filters, blocks, stride of the first (Tan and Le 2019, table 1)."""


def model_bytes(parameters: int) -> Callable[..., int]:
    """The formula for bytes of a model with so many parameters."""
    return lambda batch, size, itemsize, weight_itemsize: (
        itemsize * batch * (3 * size * size + CLASSES) + weight_itemsize * parameters
    )


def resnet_products(size: int) -> Iterator[int]:
    """Multiplications of each layer of ResNet-50, for one image."""
    size = half(size)
    yield size**2 * 49 * 3 * 64
    size, channels = half(size), 64
    for stage, (filters, blocks) in enumerate(RESNET_STAGES):
        size = half(size) if stage else size
        yield size**2 * channels * 4 * filters
        for _ in range(blocks):
            yield size**2 * (channels * filters + 9 * filters * filters + filters * 4 * filters)
            channels = 4 * filters
    yield channels * CLASSES


def mobilenet_products(size: int) -> Iterator[int]:
    """Multiplications of each block of MobileNetV2, for one image."""
    size = half(size)
    yield size**2 * 9 * 3 * 32
    for wide, narrow, filters, before, after, _ in inverted_blocks(size, [(3, *stage) for stage in MOBILENET_STAGES]):
        expand = before**2 * narrow * wide if wide > narrow else 0
        yield expand + after**2 * wide * (9 + filters)
        size = after
    yield size**2 * 320 * 1280 + 1280 * CLASSES


def efficientnet_products(size: int) -> Iterator[int]:
    """Multiplications of each block of EfficientNet-B0, for one image."""
    size = half(size)
    yield size**2 * 9 * 3 * 32
    for wide, narrow, filters, before, after, kernel in inverted_blocks(size, EFFICIENTNET_STAGES):
        expand = before**2 * narrow * wide if wide > narrow else 0
        # Squeeze and excite: to a quarter of the block's input, and back.
        excite = 2 * wide * max(1, narrow // 4)
        yield expand + after**2 * wide * (kernel**2 + filters) + excite
        size = after
    yield size**2 * 320 * 1280 + 1280 * CLASSES


def inverted_blocks(size: int, stages: Any) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Channels within and before a block, its filters, sizes before and after, kernel; after a stem of 32 filters."""
    channels = 32
    for kernel, expansion, filters, blocks, stride in stages:
        for block in range(blocks):
            after = half(size) if stride == 2 and block == 0 else size
            yield expansion * channels, channels, filters, size, after, kernel
            size, channels = after, filters


@workload(
    family="models",
    teaches="Fifty convolutions do the work: what graph and XLA win between them decides, and what XLA loses in them.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=lambda batch, size: 2 * batch * sum(resnet_products(size)),
    bytes_moved=model_bytes(RESNET_PARAMETERS),
)
def resnet50(*, batch: int = 1, size: int = 224, dtype: str = "float32") -> Any:
    """ResNet-50 on images (batch, size, size, 3)."""
    return application("ResNet50", batch, size, dtype)


@workload(
    family="models",
    teaches="Made of depthwise convolutions to save arithmetic: on a CPU, XLA has no good kernel for them.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=lambda batch, size: 2 * batch * sum(mobilenet_products(size)),
    bytes_moved=model_bytes(MOBILENET_PARAMETERS),
)
def mobilenet_v2(*, batch: int = 1, size: int = 224, dtype: str = "float32") -> Any:
    """MobileNetV2 on images (batch, size, size, 3)."""
    return application("MobileNetV2", batch, size, dtype)


@workload(
    family="models",
    teaches="Depthwise convolutions, gates and swish: hundreds of small ops, which is what eager pays for.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=lambda batch, size: 2 * batch * sum(efficientnet_products(size)),
    bytes_moved=model_bytes(EFFICIENTNET_PARAMETERS),
)
def efficientnet_b0(*, batch: int = 1, size: int = 224, dtype: str = "float32") -> Any:
    """EfficientNet-B0 on images (batch, size, size, 3)."""
    return application("EfficientNetB0", batch, size, dtype)


def application(name: str, batch: int, size: int, dtype: str) -> Any:
    """A model of keras.applications under a policy of that dtype, and images for it."""
    import keras
    import tensorflow as tf

    with policy(dtype):
        model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=CLASSES)

    def step(images: Any) -> Any:
        return model(images, training=False)

    return step, (tf.random.normal((batch, size, size, 3), dtype=compute_dtype(dtype)),)
