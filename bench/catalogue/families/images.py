"""Image models of keras.applications with random weights, forwards: dozens of layers, and nothing is downloaded.

FLOPs: the convolutions and the dense layer alone, a multiplication and an addition each. Bytes: the images, all
parameters and the scores. Of every op's bytes, those are left out by which Keras casts images to float32 and back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...plan import PRECISIONS, compute_dtype
from .. import image_layers as layers
from ..image_layers import Work
from ..keras_policy import policy
from ..workload import workload
from .convolution import half

BOUNDS = {"batch": (1, 1_024), "size": (32, 1_024)}
CLASSES = 1_000

RESNET_PARAMETERS, MOBILENET_PARAMETERS, EFFICIENTNET_PARAMETERS = 25_636_712, 3_538_984, 5_330_571

RESNET_STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))
"""Filters, blocks, stride of the first (He et al. 2015, table 1)."""

MOBILENET_STAGES = (
    (3, 1, 16, 1, 1),
    (3, 6, 24, 2, 2),
    (3, 6, 32, 3, 2),
    (3, 6, 64, 4, 2),
    (3, 6, 96, 3, 1),
    (3, 6, 160, 3, 2),
    (3, 6, 320, 1, 1),
)
"""Kernel, expansion, filters, blocks, stride of the first (Sandler et al. 2018, table 2)."""

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


def resnet(size: int) -> Iterator[Work]:
    """The layers of ResNet-50."""
    stem = half(size)
    yield layers.resize(size, size + 6, 3)
    yield from layers.normalised_convolution(size + 6, stem, 3, 64, 7, layers.RELU, biased=True)
    size, channels = half(stem), 64
    yield layers.resize(stem, stem + 2, channels)
    yield layers.resize(stem + 2, size, channels)
    for filters, blocks, stride in RESNET_STAGES:
        for block in range(blocks):
            after = half(size) if stride == 2 and block == 0 else size
            yield from bottleneck(size, after, channels, filters)
            size, channels = after, 4 * filters
    yield from layers.head(size, channels, CLASSES)


def bottleneck(before: int, after: int, channels: int, filters: int) -> Iterator[Work]:
    """Three convolutions, and one for what flows past where it needs more channels."""
    wide = 4 * filters
    if channels != wide:
        yield from layers.normalised_convolution(before, after, channels, wide, biased=True)
    yield from layers.normalised_convolution(before, after, channels, filters, 1, layers.RELU, biased=True)
    yield from layers.normalised_convolution(after, after, filters, filters, 3, layers.RELU, biased=True)
    yield from layers.normalised_convolution(after, after, filters, wide, biased=True)
    yield layers.add(after, wide, layers.RELU)


def mobilenet(size: int) -> Iterator[Work]:
    """The layers of MobileNetV2."""
    stem = half(size)
    yield from layers.normalised_convolution(size, stem, 3, 32, 3, layers.RELU)
    yield from inverted_residuals(stem, MOBILENET_STAGES, layers.RELU)


def efficientnet(size: int) -> Iterator[Work]:
    """The layers of EfficientNet-B0."""
    stem = half(size)
    yield Work(moved=8 * size**2 * 3)  # scaled, shifted, centred, divided
    yield layers.resize(size, padded(stem, 3), 3)
    yield from layers.normalised_convolution(padded(stem, 3), stem, 3, 32, 3, layers.SWISH)
    yield from inverted_residuals(stem, EFFICIENTNET_STAGES, layers.SWISH, squeezed=True)


def inverted_residuals(
    size: int, stages: tuple[tuple[int, ...], ...], activation: int, *, squeezed: bool = False
) -> Iterator[Work]:
    """What follows a stem of 32 filters, the head included."""
    channels = 32
    for kernel, expansion, filters, blocks, stride in stages:
        for block in range(blocks):
            wide = expansion * channels
            if expansion > 1:
                yield from layers.normalised_convolution(size, size, channels, wide, 1, activation)
            if stride == 2 and block == 0:
                after = half(size)
                yield layers.resize(size, padded(after, kernel), wide)
                yield layers.depthwise(padded(after, kernel), after, wide, kernel)
                size = after
            else:
                yield layers.depthwise(size, size, wide, kernel)
            yield layers.batch_norm(size, wide, activation)
            if squeezed:
                yield from layers.squeeze_and_excite(size, wide, channels // 4)
            yield from layers.normalised_convolution(size, size, wide, filters)
            if block > 0:
                yield layers.add(size, filters)
            channels = filters
    yield from layers.normalised_convolution(size, size, channels, 1_280, 1, activation)
    yield from layers.head(size, 1_280, CLASSES)


def padded(after: int, kernel: int) -> int:
    """The size to pad to, so that stride 2 leaves `after`."""
    return 2 * after + kernel - 2


def model_flops(model: Callable[[int], Iterator[Work]]) -> Callable[..., int]:
    """The formula for FLOPs of a model."""
    return lambda batch, size: 2 * batch * layers.total(model(size)).products


def model_bytes(parameters: int) -> Callable[..., int]:
    """The formula for bytes of a model with so many parameters."""
    return lambda batch, size, itemsize, weight_itemsize: (
        itemsize * batch * (3 * size * size + CLASSES) + weight_itemsize * parameters
    )


def model_bytes_unfused(model: Callable[[int], Iterator[Work]]) -> Callable[..., int]:
    """The formula for bytes of every op of a model."""
    return lambda batch, size, itemsize, weight_itemsize: layers.total(model(size)).bytes_unfused(
        batch, itemsize, weight_itemsize
    )


@workload(
    family="models",
    teaches="Fifty convolutions do the work: what graph and XLA win between them decides, and what XLA loses in them.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=model_flops(resnet),
    bytes_moved=model_bytes(RESNET_PARAMETERS),
    bytes_unfused=model_bytes_unfused(resnet),
)
def resnet50(*, batch: int = 1, size: int = 224, dtype: str = "float32") -> Any:
    """ResNet-50 on images (batch, size, size, 3)."""
    return application("ResNet50", batch, size, dtype)


@workload(
    family="models",
    teaches="Made of depthwise convolutions to save arithmetic: on a CPU, XLA has no good kernel for them.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=model_flops(mobilenet),
    bytes_moved=model_bytes(MOBILENET_PARAMETERS),
    bytes_unfused=model_bytes_unfused(mobilenet),
)
def mobilenet_v2(*, batch: int = 1, size: int = 224, dtype: str = "float32") -> Any:
    """MobileNetV2 on images (batch, size, size, 3)."""
    return application("MobileNetV2", batch, size, dtype)


@workload(
    family="models",
    teaches="Depthwise convolutions, gates and swish: hundreds of small ops, which is what eager pays for.",
    bounds=BOUNDS,
    dtypes=PRECISIONS,
    flops=model_flops(efficientnet),
    bytes_moved=model_bytes(EFFICIENTNET_PARAMETERS),
    bytes_unfused=model_bytes_unfused(efficientnet),
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
