"""How the throughputs of modes compare, from made-up visits."""

from __future__ import annotations

import pytest

from bench.plan import MODES
from bench.worker.measurement.throughput import fewest_visits, throughput_ratios

EFFECT = 0.02


def test_every_mode_is_compared_with_every_simpler_one_by_visit() -> None:
    drift = [1.0, 1.3, 1.1, 1.6, 1.2, 1.5, 1.4, 1.0]
    took_s = {"eager": 4e-5, "graph": 2e-5, "xla": 1e-5}
    ratios = throughput_ratios({mode: [by * s for by in drift] for mode, s in took_s.items()}, EFFECT)
    assert {mode: [each.baseline for each in of_mode] for mode, of_mode in ratios.items()} == {
        "eager": [],
        "graph": ["eager"],
        "xla": ["eager", "graph"],
    }
    (graph,), xla = ratios["graph"], ratios["xla"]
    assert (graph.ratio, graph.low, graph.high) == pytest.approx((0.5, 0.5, 0.5)), "what slows a visit slows both"
    assert [each.ratio for each in xla] == pytest.approx([0.25, 0.5])
    assert {each.verdict for each in (graph, *xla)} == {"faster"}


def test_ratios_that_scatter_are_told_with_the_ends_of_their_interval() -> None:
    ours = [0.90, 1.1, 1.0, 0.95, 1.05, 1.02, 0.98]
    ((ratio,),) = [
        of_mode for of_mode in throughput_ratios({"eager": [1.0] * 7, "xla": ours}, EFFECT).values() if of_mode
    ]
    assert (ratio.low, ratio.ratio, ratio.high) == pytest.approx((0.90, 1.0, 1.1))
    assert ratio.verdict == "unclear"


def test_of_too_few_visits_nothing_is_told() -> None:
    few = fewest_visits(("graph", "xla")) - 1
    assert throughput_ratios({"graph": [2e-5] * few, "xla": [1e-5] * few}, EFFECT) == {"graph": (), "xla": ()}


def test_the_more_modes_the_more_visits_their_shared_confidence_takes() -> None:
    assert [fewest_visits(MODES[:count]) for count in (1, 2, 3, 9)] == [6, 6, 7, 9]
