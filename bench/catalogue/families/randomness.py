"""Random numbers: the same distribution in every mode, not the same numbers."""

from __future__ import annotations

from typing import Any

from ..workload import workload

SIZE = (1, 268_435_456)


def seed() -> Any:
    """The seed to draw from."""
    import tensorflow as tf

    return tf.random.uniform((2,), maxval=2**31 - 1, dtype=tf.int32)


def drawn_and_scaled(*, size: int, itemsize: int) -> int:
    """The numbers are drawn, multiplied by a deviation and added to a mean."""
    return itemsize * (5 * size + 2) + 8


@workload(
    family="random",
    teaches="The generator is each device's own: XLA may draw other numbers from the same seed.",
    bounds={"size": SIZE},
    bytes_moved=lambda size, itemsize: itemsize * size + 8,
    bytes_unfused=drawn_and_scaled,
)
def stateless_normal(*, size: int = 262_144, dtype: str = "float32") -> Any:
    """Normal numbers (size,) from a seed, by the device's default generator."""
    import tensorflow as tf

    def step(seed: Any) -> Any:
        return tf.random.stateless_normal((size,), seed, dtype=dtype)

    return step, (seed(),)


@workload(
    family="random",
    teaches="Even with the generator named, XLA makes other floats of the same random bits.",
    bounds={"size": SIZE},
    bytes_moved=lambda size, itemsize: itemsize * size + 8,
    bytes_unfused=drawn_and_scaled,
)
def philox_normal(*, size: int = 262_144, dtype: str = "float32") -> Any:
    """Normal numbers (size,) from a seed, by Philox."""
    import tensorflow as tf

    def step(seed: Any) -> Any:
        return tf.random.stateless_normal((size,), seed, dtype=dtype, alg="philox")

    return step, (seed(),)


@workload(
    family="random",
    teaches="Random numbers, a comparison and a product: fused, the mask never reaches memory.",
    bounds={"size": SIZE},
    bytes_moved=lambda size, itemsize: itemsize * 2 * size,
    # Scaled, drawn, compared, chosen from; a byte for each of the mask's.
    bytes_unfused=lambda size, itemsize: itemsize * 6 * size + 2 * size,
)
def dropout(*, size: int = 1_048_576, dtype: str = "float32") -> Any:
    """(size,) with a tenth of it dropped, by tf.nn.dropout."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.nn.dropout(x, 0.1)

    return step, (tf.random.normal((size,), dtype=dtype),)
