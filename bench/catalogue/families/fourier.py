"""Fourier transforms: a library's algorithm, that no compiler writes anew.

FLOPs: 2.5 n log2 n for n real samples, as is the custom, whatever the algorithm does.
"""

from __future__ import annotations

import math
from typing import Any

from ..workload import workload

WINDOW_PASSES = 14
"""Numbers read and written for each of the window's, whole ones among them: seven ops make it, one weights with it."""


@workload(
    family="fourier",
    teaches="XLA calls a library for this too: the modes differ by which library, and not by fusion.",
    bounds={"batch": (1, 65_536), "size": (2, 4_194_304)},
    dtypes=("float32", "float64"),
    flops=lambda batch, size: round(2.5 * batch * size * math.log2(size)),
    bytes_moved=lambda batch, size, itemsize: itemsize * batch * (size + 2 * (size // 2 + 1)),
    one_op=True,
)
def fft(*, batch: int = 64, size: int = 4096, dtype: str = "float32") -> Any:
    """Real Fourier transform, (batch, size) to (batch, size // 2 + 1)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.signal.rfft(x)

    return step, (tf.random.normal((batch, size), dtype=dtype),)


@workload(
    family="fourier",
    teaches="Framing, a window and a transform: the first two can be fused, the third is a library's.",
    bounds={"batch": (1, 4_096), "frames": (1, 16_384), "frame": (4, 65_536)},
    dtypes=("float32", "float64"),
    # The transforms alone.
    flops=lambda batch, frames, frame: round(2.5 * batch * frames * frame * math.log2(frame)),
    bytes_moved=lambda batch, frames, frame, itemsize: (
        itemsize * batch * (samples(frames, frame) + 2 * frames * (frame // 2 + 1))
    ),
    # The samples are cut to length and framed, the frames weighted and transformed; ops on one frame make the window.
    bytes_unfused=lambda batch, frames, frame, itemsize: (
        itemsize
        * (batch * (3 * samples(frames, frame) + frames * (4 * frame + 2 * (frame // 2 + 1))) + WINDOW_PASSES * frame)
    ),
)
def stft(*, batch: int = 8, frames: int = 128, frame: int = 512, dtype: str = "float32") -> Any:
    """Short-time Fourier transform, frames overlapping by half, Hann window."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.signal.stft(x, frame, frame // 2, fft_length=frame)

    return step, (tf.random.normal((batch, samples(frames, frame)), dtype=dtype),)


def samples(frames: int, frame: int) -> int:
    """How many samples make so many frames that overlap by half."""
    return frame + (frames - 1) * (frame // 2)
