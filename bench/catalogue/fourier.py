"""Fourier transforms: a library's algorithm, that no compiler writes anew.

FLOPs: 2.5 n log2 n for n real samples, as is the custom, whatever the algorithm does.
"""

from __future__ import annotations

import math
from typing import Any

from .workload import workload


@workload(
    family="fourier",
    teaches="XLA calls a library for this too: the modes differ by which library, and not by fusion.",
    bounds={"batch": (1, 65_536), "size": (2, 4_194_304)},
    dtypes=("float32", "float64"),
    flops=lambda batch, size: round(2.5 * batch * size * math.log2(size)),
    bytes_moved=lambda batch, size, itemsize: itemsize * batch * (size + 2 * (size // 2 + 1)),
)
def fft(*, batch: int = 64, size: int = 4096, dtype: str = "float32") -> Any:
    """Real Fourier transform, (batch, size) to (batch, size // 2 + 1)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.signal.rfft(x)

    return step, (tf.random.normal((batch, size), dtype=dtype),)
