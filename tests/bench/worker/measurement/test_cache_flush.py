"""Emptying a GPU's cache. No GPU has run this: TensorFlow copies the buffers wherever it is."""

from __future__ import annotations

from typing import Any

from bench.worker.measurement.cache_flush import cache_flush


def test_a_gpus_cache_is_filled_by_a_copy(tf: Any) -> None:
    flush = cache_flush(tf, "GPU:0", copied_bytes=1_000)
    assert flush is not None
    flush()


def test_a_cpu_needs_none(tf: Any) -> None:
    assert cache_flush(tf, "CPU:0") is None
