"""The most memory that a mode takes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY

import pytest

from bench.worker.machine.memory import watch, watch_process

STATUS = "Name:\tpython\nVmHWM:\t  {peak} kB\nVmRSS:\t  {now} kB\nThreads:\t2\n"


def test_a_process_tells_how_far_it_has_grown_at_most(tmp_path: Path) -> None:
    (tmp_path / "status").write_text(STATUS.format(peak=9_000, now=1_000))
    growth = watch_process(tmp_path)
    assert (tmp_path / "clear_refs").read_text() == "5", "earlier peaks are forgotten"
    (tmp_path / "status").write_text(STATUS.format(peak=5_000, now=1_200))
    assert growth() == 4_000 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_this_process_tells_what_it_takes() -> None:
    growth = watch_process()
    bytearray(b"x") * (64 << 20)
    assert (60 << 20) < (growth() or 0) < (128 << 20), "the kernel counts pages in batches"


def test_where_the_system_does_not_tell_nothing_is_told(tmp_path: Path) -> None:
    assert watch_process(tmp_path / "no" / "proc")() is None
    assert watch_process(tmp_path)() is None, "no status"


def test_only_a_fresh_process_tells_on_a_cpu() -> None:
    memory = watch(None, "CPU:0", fresh=False)
    memory.first_called()
    assert memory.event("1", "eager") is None


class Allocator:
    """TensorFlow's statistics of a device's memory, as `tf.config.experimental` documents them."""

    def __init__(self, *, known: bool = True) -> None:
        self._known = known
        self.info = {"current": 1_000, "peak": 9_000}

    def reset_memory_stats(self, device: str) -> None:
        assert device == "GPU:0"
        if not self._known:
            raise ValueError("Memory stats are not available for this device")
        self.info["peak"] = self.info["current"]

    def use(self, *, kept: int, peak: int) -> None:
        """Take so many bytes more than is held now, at most, and keep some."""
        self.info["peak"] = max(self.info["peak"], self.info["current"] + peak)
        self.info["current"] += kept

    def get_memory_info(self, device: str) -> dict[str, int]:
        assert device == "GPU:0"
        return self.info


def tensorflow(allocator: Allocator) -> Any:
    """As much of TensorFlow as is asked for."""
    return SimpleNamespace(config=SimpleNamespace(experimental=allocator), errors=SimpleNamespace(OpError=RuntimeError))


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_on_a_cpu_a_later_call_changes_nothing() -> None:
    memory = watch(None, "CPU:0", fresh=True)
    memory.first_called()
    event = memory.event("1", "eager")
    assert event is not None
    assert event.source == "rss"
    assert memory.call(lambda: "output") == "output"
    assert memory.event("1", "eager") == replace(event, at=ANY)


def test_a_gpus_allocator_tells_of_a_call_after_the_first_beyond_what_was_before_the_mode() -> None:
    allocator = Allocator()
    memory = watch(tensorflow(allocator), "GPU:0", fresh=False)
    allocator.use(kept=500, peak=8_000)  # building, and a first call that tries algorithms out
    memory.first_called()
    assert memory.event("1", "xla") is None
    assert memory.call(lambda: allocator.use(kept=100, peak=3_000)) is None
    event = memory.event("1", "xla")
    assert event is not None
    assert (event.case_id, event.mode, event.peak_bytes, event.source) == ("1", "xla", 3_500, "device")


def test_of_several_later_calls_the_last_one_counts() -> None:
    allocator = Allocator()
    memory = watch(tensorflow(allocator), "GPU:0", fresh=False)
    memory.call(lambda: allocator.use(kept=0, peak=9_000))  # it has compiled another part
    memory.call(lambda: allocator.use(kept=0, peak=2_000))
    event = memory.event("1", "autocluster")
    assert event is not None
    assert event.peak_bytes == 2_000


def test_a_gpu_without_statistics_tells_nothing() -> None:
    memory = watch(tensorflow(Allocator(known=False)), "GPU:0", fresh=True)
    memory.first_called()
    assert memory.call(lambda: 1) == 1
    assert memory.event("1", "xla") is None
