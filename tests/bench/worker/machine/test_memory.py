"""The most memory that a mode takes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

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
    assert watch(None, "CPU:0", fresh=False)("1", "eager") is None


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

    def get_memory_info(self, device: str) -> dict[str, int]:
        assert device == "GPU:0"
        return self.info


def tensorflow(allocator: Allocator) -> Any:
    """As much of TensorFlow as is asked for."""
    return SimpleNamespace(config=SimpleNamespace(experimental=allocator), errors=SimpleNamespace(OpError=RuntimeError))


def test_a_gpus_allocator_tells_for_every_mode() -> None:
    allocator = Allocator()
    told = watch(tensorflow(allocator), "GPU:0", fresh=False)
    allocator.info["peak"] = 6_000
    event = told("1", "xla")
    assert event is not None
    assert (event.case_id, event.mode, event.peak_bytes, event.source) == ("1", "xla", 5_000, "device")


def test_a_gpu_without_statistics_tells_nothing() -> None:
    assert watch(tensorflow(Allocator(known=False)), "GPU:0", fresh=True)("1", "xla") is None
