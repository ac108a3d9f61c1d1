"""A case on a device that is not the CPU, as far as one without kernels goes: TensorFlow's emulated device.

The figures that there are and how they were timed, never how long anything takes. The target ends the rounds early; the
budget leaves time for visits enough to compare throughputs.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.events import Breakdown, Calibrated, Event, ModeFailed, Round
from bench.session.results import CaseResult
from bench.session.session import Session
from bench.session.wire import read_line
from tests.examples import MATMUL, session_events
from tests.paths import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.tensorflow]

MEASURE = """
import sys
from types import SimpleNamespace
import tensorflow as tf
from bench.events import to_line
from bench.plan import Case, Effort
from bench.worker.case.case_run import CaseRun
from bench.worker.case.job import Job
from bench.worker.machine.peak_rates import Peaks
from bench.worker.machine.suspensions import Stops
from bench.worker.workloads.load import load_workload

device = sys.argv[1]
channel = SimpleNamespace(
    emit=lambda event: print(to_line(event)),
    hold=lambda: None,
    release=lambda: None,
    log=SimpleNamespace(new_text=str),
    running=lambda _: None,
    stop_requested=lambda: False,
)
with tf.device(f"/device:{device}"):
    job = Job(
        channel=channel,
        case_id="1",
        case=Case("matmul", (("m", 32), ("k", 32), ("n", 32)), device=device),
        workload=load_workload("matmul"),
        effort=Effort(budget_s=6.0, target=0.5),
        effect=0.02,
        device=device,
        peaks=Peaks(tf),
        stops=Stops(),
    )
    CaseRun(job).measure()
"""


def measured(device: str) -> list[Event]:
    """Return what a worker tells of a small product on a device."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, device],
        env={**os.environ, "TF_XLA_FLAGS": "--tf_xla_enable_xla_devices", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return [event for line in done.stdout.splitlines() if line.startswith("{") and (event := read_line(line))]


def result(events: list[Event]) -> CaseResult:
    """Return what a session makes of that."""
    start = session_events({}, case=MATMUL)[:5]
    return Session([*start, *events]).cases["1"]


def of_kind(events: list[Event], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_on_an_emulated_device_a_short_call_is_timed_alone_and_there_are_latency_and_throughput() -> None:
    events = measured("XLA_CPU:0")
    (calibrated,) = (event for event in events if isinstance(event, Calibrated))
    assert calibrated.group_sizes == (("eager", 1), ("graph", 1), ("xla", 1))
    assert not of_kind(events, ModeFailed)
    case = result(events)
    assert case.idle_sync_s == calibrated.overhead_s > 0
    for mode in case.modes:
        assert mode.estimate is not None
        assert mode.estimate.p90_s is not None
        assert mode.estimate.p99_s is not None
        assert mode.estimate.cold_s is not None
    apart = [event for event in events if isinstance(event, Breakdown)]
    assert [[ratio.baseline for ratio in each.throughput_ratios] for each in apart] == [
        [],
        ["eager"],
        ["eager", "graph"],
    ]
    for each in apart:
        assert each.throughput_low_s is not None
        assert each.throughput_high_s is not None
        assert each.throughput_low_s <= each.throughput_s <= each.throughput_high_s


def test_beside_it_the_cpu_is_measured_in_groups() -> None:
    events = measured("CPU:0")
    (calibrated,) = (event for event in events if isinstance(event, Calibrated))
    assert not calibrated.alone
    sizes = dict(calibrated.group_sizes)
    assert sizes["eager"] > 1
    case = result(events)
    assert case.idle_sync_s is None
    assert case.modes[0].estimate is not None
    assert case.modes[0].estimate.p90_s is None
    assert of_kind(events, Round)
    assert all(event.throughput_ratios == () for event in events if isinstance(event, Breakdown))
