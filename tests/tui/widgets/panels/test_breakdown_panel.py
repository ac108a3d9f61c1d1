"""Where the time of a call goes, as a run without a screen prints it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.analysis.breakdown import MEANINGS, figures_of, machine_told, rounds_told, times_told
from bench.events import Calibrated, GpuState, MachineState, PhaseStarted
from bench.number_text import duration
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.accelerated import ON_GPU, SHORT_CALLS, gpu_events
from tests.examples import (
    NO_MODE_WINS,
    THREE_MODES,
    compared,
    explained,
    first_case,
    rounds,
    session_events,
    suspicious,
)
from tui.cli.report import breakdown_table, case_text, mode_table
from tui.presentation.status_text import describe


def explained_case(disturbed: int | None = 12, discarded: int = 3) -> CaseResult:
    beside = [*rounds(THREE_MODES, 60, discarded=discarded), *explained()]
    return replace(first_case(session_events(THREE_MODES, beside=beside)), disturbed_rounds=disturbed)


def test_a_table_has_the_figures_that_are_known() -> None:
    assert breakdown_table(explained_case()).splitlines() == [
        "where the time of a call goes:",
        "mode   cold     throughput  enqueue  synced   dispatch  cpu      cores  memory",
        "eager  72.6 ms  23 ms       2.42 ms  24.2 ms            48.4 ms  1.9    310 MiB",
        "graph  73.8 ms  23.4 ms     2.46 ms  24.6 ms  100 µs    49.2 ms  1.9",
        "xla    78 ms    24.7 ms     2.6 ms   26 ms    100 µs    52 ms    1.9",
    ]


def test_a_recording_of_before_has_no_such_table() -> None:
    assert breakdown_table(first_case(NO_MODE_WINS)) == ""
    assert "where the time" not in case_text(first_case(NO_MODE_WINS))


def test_every_figure_that_is_told_says_what_it_means() -> None:
    for mode in explained_case().modes:
        assert figures_of(mode, duration).keys() <= MEANINGS.keys()


def test_the_rounds_that_were_disturbed_or_do_not_count_are_told() -> None:
    assert list(rounds_told(explained_case())) == [
        "12 of 60 rounds were disturbed; in rounds 31-39, for instance, other processes used 1.4 cores.",
        "Discarded as warm-up: eager 3, graph 3, xla 3.",
    ]
    assert list(rounds_told(explained_case(0, 0))) == ["None of 60 rounds is known to have been disturbed."]
    assert list(rounds_told(explained_case(None, 0))) == []


def test_a_ratio_that_stays_high_or_low_is_told_with_what_it_costs() -> None:
    steady, slow = compared("g/e", 1.0, 0.99, 1.01, "same"), compared("x/g", 0.9, 0.8, 1.1, "unclear")
    case = replace(explained_case(None, 0), pairs=(steady, replace(slow, autocorrelated=True)))
    assert list(rounds_told(case)) == [
        "XLA's time over graph's stays high or low for rounds on end, so its range is wider."
    ]


def test_a_suspicion_stands_in_the_table_and_below_it() -> None:
    case = first_case(session_events(THREE_MODES, beside=[suspicious("xla")]))
    assert [line.endswith("suspicious") for line in mode_table(case).splitlines()] == [False, False, False, True]
    assert "XLA's figure is suspicious: 3 of 12 operations" in case_text(case)


def test_cached_compile_times_are_labelled() -> None:
    text = case_text(first_case(session_events(THREE_MODES, caches=("xla_gpu_kernel_cache_file",))))
    assert "cached first call" in text
    assert "Compile times are cached ones: xla_gpu_kernel_cache_file." in text


def test_on_an_accelerator_the_idle_synchronisation_is_told_and_throughput_stands_beside_the_latency() -> None:
    case = first_case(gpu_events())
    assert list(times_told(case)) == [
        "Each call was synchronised and timed alone, and nothing is taken off. Synchronising GPU:0 while it is idle "
        "takes 6.2 µs."
    ]
    header, eager, *_ = mode_table(case).splitlines()
    assert header.split("  ")[:1] == ["mode"]
    assert header[header.index("throughput") :].startswith("throughput")
    assert eager[header.index("throughput") :].startswith("40 µs")
    assert "Synchronising GPU:0" in case_text(case)


def test_where_calls_were_timed_in_groups_nothing_of_that_is_told() -> None:
    grouped = Calibrated(case_id="1", overhead_s=6.2e-6, group_sizes=(("eager", 100),))
    old = session_events(SHORT_CALLS, case=ON_GPU, beside=[grouped])
    assert list(times_told(first_case(old))) == [], "a session of before, on a GPU"
    on_cpu = first_case(session_events(THREE_MODES, beside=[grouped, *explained()]))
    assert "throughput" not in mode_table(on_cpu)
    assert "Synchronising" not in case_text(on_cpu)


def test_compile_times_of_what_was_autotuned_earlier_are_labelled() -> None:
    pairs = compared("g/e", 1.0, 0.99, 1.01, "same"), compared("x/e", 0.8, 0.78, 0.82, "faster", 9)
    text = case_text(first_case(gpu_events(*pairs, autotuned=True)))
    assert "first call (autotuned earlier)" in text
    assert "compile (autotuned earlier) is repaid after 9 calls" in text
    assert "Compile times may be too small: this worker had compiled the workload before" in text
    assert "autotuned" not in case_text(first_case(gpu_events()))


THROTTLED = GpuState("GPU-1", 1410, 1593, ("SW power cap",), 78, 299.6)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MachineState(case_id="1", rounds=1), ""),
        (
            MachineState(case_id="1", rounds=1, others_cores=0.25, cpu_mhz=2900),
            "other processes use 0.2 cores, CPU 2,900 MHz",
        ),
        (MachineState(case_id="1", rounds=1, gpu=THROTTLED), "GPU 1,410 MHz 78 °C 300 W, throttled: SW power cap"),
        (MachineState(case_id="1", rounds=1, gpu=GpuState("MIG-1")), ""),
    ],
)
def test_of_the_machine_is_told_what_it_tells(state: MachineState, words: str) -> None:
    assert machine_told(state) == words


def test_the_state_says_that_calls_are_taken_apart_after_the_rounds() -> None:
    running = [*NO_MODE_WINS[:-2], PhaseStarted(case_id="1", mode="", phase="breakdown")]
    assert describe(Session(running)) == "taking calls apart"
