"""Emptying a GPU's cache. No GPU has run this: TensorFlow adds the arrays wherever it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.worker.measurement.cache_flush import CacheFlush, cache_flush


@pytest.fixture
def flush(tf: Any) -> CacheFlush:
    flush = cache_flush(tf, "GPU:0", array_bytes=1_000)
    assert flush is not None
    return flush


def test_each_flush_changes_every_byte_of_a_gpus_array(flush: CacheFlush) -> None:
    seen = []
    for _ in range(3):
        flush()
        seen.append(np.unique(flush.target.numpy()).tolist())
    assert seen == [[1], [2], [3]]
    for _ in range(256):
        flush()
    assert np.unique(flush.target.numpy()).tolist() == [3], "the bytes wrap"


def test_the_array_that_is_read_stays_apart_and_has_no_byte_that_changes_nothing(flush: CacheFlush) -> None:
    flush()
    assert np.unique(flush.source.numpy()).tolist() == [1]
    assert len(flush.source.numpy()) == len(flush.target.numpy()) == 1_000


def test_a_cpu_needs_none(tf: Any) -> None:
    assert cache_flush(tf, "CPU:0") is None
    assert cache_flush(tf, "XLA_CPU:0") is None, "it has the caches of the CPU"
