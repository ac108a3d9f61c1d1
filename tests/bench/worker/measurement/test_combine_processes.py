"""What several processes have found together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bench.events import Estimate, ModeEstimate, PairEstimate
from bench.worker.measurement.combine_processes import combine

ONE_OFF_S = {"eager": 0.0, "graph": 0.2, "xla": 1.0}


def estimate(latencies_s: Mapping[str, float], spread: float = 0.001, **changes: Any) -> Estimate:
    """What one process found: medians, and intervals that reach `spread` to either side."""
    modes = tuple(
        ModeEstimate(
            mode,
            latency_s,
            latency_s * (1 - spread),
            latency_s * (1 + spread),
            p90_s=1.1 * latency_s,
            p99_s=None,
            calls_per_block=3,
            one_off_s=ONE_OFF_S[mode],
            discarded_rounds=2,
            cpu_s=2 * latency_s,
        )
        for mode, latency_s in latencies_s.items()
    )
    pairs = tuple(
        PairEstimate(
            mode,
            baseline,
            ratio := latencies_s[mode] / latencies_s[baseline],
            ratio * (1 - spread),
            ratio * (1 + spread),
            "unclear",
            None,
            saving_s=latencies_s[baseline] - latencies_s[mode],
            confidence=0.95,
        )
        for baseline, mode in (("eager", "graph"), ("eager", "xla"), ("graph", "xla"))
        if {mode, baseline} <= latencies_s.keys()
    )
    made = Estimate(case_id="1", rounds=100, modes=modes, pairs=pairs, spent_s=1.0, left_s=0.0)
    return replace(made, **changes)


def test_the_figures_are_geometric_means_and_counts_are_sums() -> None:
    combined = combine([estimate({"eager": 1e-3}), estimate({"eager": 4e-3})], effect=0.02)
    (eager,) = combined.modes
    assert combined.processes == 2
    assert eager.latency_s == pytest.approx(2e-3)
    assert eager.p90_s == pytest.approx(2.2e-3)
    assert eager.cpu_s == pytest.approx(4e-3)
    assert (eager.p99_s, eager.discarded_rounds, eager.calls_per_block) == (None, 4, 3)
    assert eager.low_s is not None
    assert eager.high_s is not None
    assert eager.low_s * eager.high_s == pytest.approx(eager.latency_s**2)


def test_one_process_alone_is_what_it_is() -> None:
    alone = estimate({"eager": 1e-3, "xla": 5e-4})
    combined = combine([alone], effect=0.02)
    assert (combined.modes, combined.pairs) == (alone.modes, alone.pairs)
    assert not any(spread.differ for spread in combined.spreads)


def test_a_ratio_is_that_of_the_processes_and_not_of_the_medians() -> None:
    found = [estimate({"eager": 1e-3 * slow, "xla": 5e-4 * slow}) for slow in (1.0, 2.0, 3.0)]
    (pair,) = combine(found, effect=0.02).pairs
    assert pair.verdict == "faster"
    assert pair.ratio == pytest.approx(0.5)
    assert pair.low is not None
    assert pair.low > 0.499


@pytest.mark.parametrize(
    ("ratios", "verdict"),
    [
        ((0.500, 0.505, 0.495), "faster"),
        ((2.00, 2.01, 1.99), "slower"),
        ((1.0, 1.001, 0.999), "same"),
        ((0.93, 0.97, 0.90), "unclear"),
        ((0.80, 0.90), "unclear"),
        ((0.499, 0.5), "faster"),
    ],
)
def test_a_verdict_is_that_of_the_interval_between_the_processes(ratios: tuple[float, ...], verdict: str) -> None:
    found = [estimate({"eager": 1e-3, "xla": ratio * 1e-3}) for ratio in ratios]
    (pair,) = combine(found, effect=0.02).pairs
    assert pair.verdict == verdict


def test_several_questions_share_their_errors() -> None:
    slow = (1.0, 1.05, 0.98)
    two = [estimate({"eager": 1e-3 * each, "xla": 1e-3}) for each in slow]
    three = [estimate({"eager": 1e-3 * each, "graph": 1e-3, "xla": 1e-3}) for each in slow]
    alone, shared = (
        next(pair for pair in combine(found, effect=0.02).pairs if (pair.mode, pair.baseline) == ("xla", "eager"))
        for found in (two, three)
    )
    assert alone.low is not None
    assert shared.low is not None
    assert shared.ratio == alone.ratio
    assert shared.low < alone.low


def test_break_even_is_the_mean_one_off_cost_over_the_mean_saving() -> None:
    found = [estimate({"eager": 2e-3, "xla": 2e-3 - saving_s}) for saving_s in (1.00e-3, 1.02e-3, 0.98e-3)]
    (pair,) = combine(found, effect=0.02).pairs
    assert pair.break_even_calls == 1000
    assert pair.break_even_low is not None
    assert pair.break_even_high is not None
    assert 900 < pair.break_even_low < 1000 < pair.break_even_high < 1100
    assert pair.saving_s == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("latencies_s", "differ"),
    [
        ((1.1e-3, 3.0e-3, 1.2e-3), True),
        ((1.0e-3, 1.0005e-3, 0.9995e-3), False),
        ((1.0e-3, 1.015e-3, 1.0e-3), False),  # further apart than the spread within, and nobody minds
    ],
)
def test_processes_differ_beyond_their_spread_and_beyond_the_smallest_effect(
    latencies_s: tuple[float, ...], differ: bool
) -> None:
    combined = combine([estimate({"eager": latency_s}) for latency_s in latencies_s], effect=0.02)
    (spread,) = combined.spreads
    assert (spread.mode, spread.latencies_s, spread.differ) == ("eager", latencies_s, differ)


def test_a_mode_counts_where_it_was_measured_and_goes_when_it_fails() -> None:
    everywhere, twice = {"eager": 1e-3, "xla": 5e-4}, {"eager": 1e-3}
    combined = combine([estimate(twice), estimate(everywhere), estimate(everywhere)], effect=0.02)
    assert [len(spread.latencies_s) for spread in combined.spreads] == [3, 2]
    gone = combine([estimate(everywhere), estimate(twice)], effect=0.02)
    assert ([mode.mode for mode in gone.modes], gone.pairs) == (["eager"], ())


def test_before_any_mode_is_warm_there_is_nothing_to_combine() -> None:
    combined = combine([estimate({"eager": 1e-3}), estimate({})], effect=0.02)
    assert (combined.modes, combined.pairs, combined.spreads) == ((), (), ())


def test_a_process_of_few_rounds_has_no_interval_and_still_counts() -> None:
    short = estimate({"eager": 1.1e-3})
    short = replace(short, modes=(replace(short.modes[0], low_s=None, high_s=None),))
    combined = combine([estimate({"eager": 1e-3}), short], effect=0.02)
    (eager,) = combined.modes
    assert eager.low_s is not None
    assert math.isfinite(eager.low_s)
    assert len(combined.spreads[0].latencies_s) == 2
    assert not combined.spreads[0].differ
