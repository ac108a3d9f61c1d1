"""What the layers of an image model do: the products they take, and the numbers that their ops read and write.

An image is square, `size` on a side; a layer makes one of size `after` of one of size `before`. Keras normalises and
takes means in float32 at least: what is narrower is cast there and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import traffic

FLOAT32_BYTES = 4

NONE, RELU, SWISH = 0, traffic.relu(1), traffic.swish(1)
"""What an activation moves of each number."""


class Work(NamedTuple):
    """What layers do to one image, and the weights they do it with.

    `products`: multiplications of convolutions and dense layers. `moved`: numbers read and written in the dtype of
    computation, `wide`: in float32 at least, `casts`: made into the other of these two. `weights`: of convolutions and
    dense layers, read once a call. `channels`: those that are normalised.
    """

    products: int = 0
    moved: int = 0
    wide: int = 0
    casts: int = 0
    weights: int = 0
    channels: int = 0

    def bytes_unfused(self, batch: int, itemsize: int, weight_itemsize: int) -> int:
        """Bytes of a call where every op reads its inputs from memory and writes its outputs there."""
        wide = max(itemsize, FLOAT32_BYTES)
        moved = itemsize * (batch * self.moved + self.weights)
        # Once a channel, mean, variance, scale and offset become a factor and a summand.
        moved += wide * (batch * self.wide + 15 * self.channels)
        cast = batch * cast_bytes(self.casts, itemsize, wide) + cast_bytes(4 * self.channels, weight_itemsize, wide)
        return moved + cast + cast_bytes(self.weights, weight_itemsize, itemsize)


def total(layers: Iterable[Work]) -> Work:
    """The work of all layers together."""
    return Work(*map(sum, zip(*layers, strict=True)))


def cast_bytes(numbers: int, itemsize: int, other: int) -> int:
    """Bytes of a cast, which is none between dtypes that are the same."""
    return numbers * (itemsize + other) if itemsize != other else 0


def convolution(before: int, after: int, channels: int, filters: int, kernel: int = 1, *, biased: bool = False) -> Work:
    """A convolution, or a dense layer where both sizes are 1."""
    outputs, weights = after**2 * filters, kernel**2 * channels * filters
    inputs = before**2 * channels
    moved, biases = (inputs + 3 * outputs, filters) if biased else (inputs + outputs, 0)
    return Work(products=after**2 * weights, moved=moved, weights=weights + biases)


def depthwise(before: int, after: int, channels: int, kernel: int) -> Work:
    """A filter for each channel."""
    weights = kernel**2 * channels
    return Work(after**2 * weights, moved=(before**2 + after**2) * channels, weights=weights)


def batch_norm(size: int, channels: int, activation: int = NONE) -> Work:
    """A product and a sum, by the statistics of training; and an activation."""
    numbers = size**2 * channels
    return Work(moved=activation * numbers, wide=4 * numbers, casts=2 * numbers, channels=channels)


def normalised_convolution(
    before: int,
    after: int,
    channels: int,
    filters: int,
    kernel: int = 1,
    activation: int = NONE,
    *,
    biased: bool = False,
) -> Iterator[Work]:
    """A convolution, the normalisation of what it makes, and an activation."""
    yield convolution(before, after, channels, filters, kernel, biased=biased)
    yield batch_norm(after, filters, activation)


def mean(size: int, channels: int) -> Work:
    """Of each channel."""
    return Work(moved=channels, wide=size**2 * channels, casts=size**2 * channels)


def resize(before: int, after: int, channels: int) -> Work:
    """Padding, or pooling: one op that reads one size and writes another."""
    return Work(moved=(before**2 + after**2) * channels)


def add(size: int, channels: int, activation: int = NONE) -> Work:
    """What flows past is added; and an activation."""
    return Work(moved=(traffic.add(1) + activation) * size**2 * channels)


def squeeze_and_excite(size: int, channels: int, squeezed: int) -> Iterator[Work]:
    """The mean of each channel, by way of fewer, becomes a factor for the channel."""
    yield mean(size, channels)
    yield convolution(1, 1, channels, squeezed, biased=True)
    yield Work(moved=SWISH * squeezed)
    yield convolution(1, 1, squeezed, channels, biased=True)
    yield Work(moved=2 * channels)  # a sigmoid
    yield Work(moved=(2 * size**2 + 1) * channels)  # a product


def head(size: int, channels: int, classes: int) -> Iterator[Work]:
    """The mean of each channel becomes scores."""
    yield mean(size, channels)
    yield convolution(1, 1, channels, classes, biased=True)
    yield Work(moved=2 * classes)  # a softmax
