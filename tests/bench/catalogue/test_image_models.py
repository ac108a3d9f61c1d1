"""The image models, layer by layer: blocks counted by hand, what is published of the models, and what Keras calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bench.catalogue import find
from bench.catalogue.families import images
from bench.catalogue.image_layers import SWISH, Work, total
from bench.plan import PRECISIONS
from tests.eager_ops import bytes_of_ops, products_of_ops

MODELS = ("resnet50", "mobilenet_v2", "efficientnet_b0")
SIZE = 71
"""Halved, it is 36, 18, 9, 5 and 3: even sizes are padded otherwise than odd ones."""


def test_a_bottleneck_is_what_is_counted_by_hand() -> None:
    # From 25 places and 7 channels to 9 places, 2 channels and 8: what flows past, and three convolutions.
    assert total(images.bottleneck(before=5, after=3, channels=7, filters=2)) == Work(
        products=9 * (7 * 8) + 9 * (7 * 2) + 9 * (9 * 2 * 2) + 9 * (2 * 8),
        moved=(175 + 3 * 72) + (175 + 3 * 18 + 2 * 18) + (18 + 3 * 18 + 2 * 18) + (18 + 3 * 72) + 3 * 72 + 2 * 72,
        wide=4 * (72 + 18 + 18 + 72),
        casts=2 * (72 + 18 + 18 + 72),
        weights=(7 * 8 + 8) + (7 * 2 + 2) + (9 * 2 * 2 + 2) + (2 * 8 + 8),
        channels=8 + 2 + 2 + 8,
    )


def test_inverted_residuals_are_what_is_counted_by_hand() -> None:
    # From 25 places and 32 channels, by 64, to 9 places and 5; 1,280 for the scores.
    first = [
        Work(25 * 32 * 64, 800 + 1600 + 7 * 1600, 4 * 1600, 2 * 1600, 32 * 64, 64),  # expanded
        Work(moved=1600 + 49 * 64),  # padded to 7
        Work(9 * 9 * 64, 49 * 64 + 576 + 7 * 576, 4 * 576, 2 * 576, 9 * 64, 64),  # depthwise
        Work(moved=64, wide=576, casts=576),  # squeezed
        Work(64 * 8, 64 + 3 * 8 + 7 * 8, weights=64 * 8 + 8),
        Work(8 * 64, 8 + 3 * 64 + 2 * 64, weights=8 * 64 + 64),
        Work(moved=576 + 64 + 576),  # excited
        Work(9 * 64 * 5, 576 + 45, 4 * 45, 2 * 45, 64 * 5, 5),  # projected
    ]
    # From 5 channels by 10 to 5, and what flows past is added.
    second = [
        Work(9 * 5 * 10, 45 + 90 + 7 * 90, 4 * 90, 2 * 90, 5 * 10, 10),
        Work(9 * 9 * 10, 90 + 90 + 7 * 90, 4 * 90, 2 * 90, 9 * 10, 10),
        Work(moved=10, wide=90, casts=90),
        Work(10 * 1, 10 + 3 + 7, weights=10 + 1),
        Work(1 * 10, 1 + 30 + 20, weights=10 + 10),
        Work(moved=90 + 10 + 90),
        Work(9 * 10 * 5, 90 + 45, 4 * 45, 2 * 45, 10 * 5, 5),
        Work(moved=3 * 45),
    ]
    scores = [
        Work(9 * 5 * 1280, 45 + 11520 + 7 * 11520, 4 * 11520, 2 * 11520, 5 * 1280, 1280),
        Work(moved=1280, wide=11520, casts=11520),
        Work(1280 * 1000, 1280 + 3 * 1000 + 2 * 1000, weights=1280 * 1000 + 1000),
    ]
    stage = (3, 2, 5, 2, 2)
    assert total(images.inverted_residuals(5, (stage,), SWISH, squeezed=True)) == total([*first, *second, *scores])


@pytest.mark.parametrize(
    ("itemsize", "weight_itemsize", "cast"),
    [
        pytest.param(4, 4, 0, id="float32"),
        pytest.param(8, 8, 0, id="float64"),
        pytest.param(2, 4, 13 * 5 * (2 + 4) + 7 * (4 + 2), id="mixed precision"),
        pytest.param(2, 2, 13 * 5 * (2 + 4) + 4 * 11 * (2 + 4), id="bfloat16"),
    ],
)
def test_what_is_narrower_than_float32_is_cast(itemsize: int, weight_itemsize: int, cast: int) -> None:
    work = Work(moved=2, wide=3, casts=5, weights=7, channels=11)
    kept = itemsize * (13 * 2 + 7) + max(itemsize, 4) * (13 * 3 + 15 * 11)
    assert work.bytes_unfused(13, itemsize, weight_itemsize) == kept + cast


@pytest.mark.parametrize(
    ("model", "parameters", "products"),
    [
        pytest.param(images.resnet, images.RESNET_PARAMETERS, 3.8e9, id="ResNet-50"),
        pytest.param(images.mobilenet, images.MOBILENET_PARAMETERS, 300e6, id="MobileNetV2"),
        # Seven numbers normalise the images.
        pytest.param(images.efficientnet, images.EFFICIENTNET_PARAMETERS - 7, 0.39e9, id="EfficientNet-B0"),
    ],
)
def test_layers_have_the_parameters_and_products_of_the_papers(
    model: Callable[[int], Iterator[Work]], parameters: int, products: float
) -> None:
    work = total(model(224))
    assert work.weights + 4 * work.channels == parameters
    assert work.products == pytest.approx(products, rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_flops_are_those_of_every_op(name: str) -> None:
    dims = {"batch": 2, "size": SIZE}
    step, args = find(name).build(**dims)
    assert find(name).count_flops(dims) == 2 * products_of_ops(step, args)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("name", MODELS)
def test_bytes_unfused_are_those_of_every_op_in_every_precision(name: str, dtype: str) -> None:
    dims = {"batch": 2, "size": SIZE}
    step, args = find(name).build(**dims, dtype=dtype)
    # Images of another dtype are cast to float32 and back, which is left out.
    allowed = 1e-4 if dtype == "float32" else 0.01
    assert find(name).count_bytes_unfused(dims, dtype) == pytest.approx(bytes_of_ops(step, args), rel=allowed)
