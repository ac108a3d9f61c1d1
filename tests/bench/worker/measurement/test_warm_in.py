"""How long a mode is warmed in, from made-up visits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.timing import Block, Timed
from bench.worker.measurement.warm_in import LONGEST_S, SETTLING_ROUNDS, STARTS_S, Trace, settled_after

CALL_S = 5e-4


def visits(slower: Callable[[float], float], noise: float = 0.03, seed: int = 1) -> list[Trace]:
    """First visits of a mode whose calls take `slower(seconds since the visit began)` times what they do in the end."""
    rng = np.random.default_rng(seed)
    starts_s = np.arange(0, LONGEST_S, CALL_S)
    return [
        [(float(start_s), CALL_S * slower(start_s) * math.exp(noise * rng.standard_normal())) for start_s in starts_s]
        for _ in range(SETTLING_ROUNDS)
    ]


def test_what_is_steady_at_once_has_the_shortest_warm_in() -> None:
    found = [settled_after(visits(lambda _: 1.0, seed=seed)) for seed in range(200)]
    assert found.count(STARTS_S[0]) > 180


def test_a_mode_that_settles_slowly_is_warmed_in_for_longer() -> None:
    assert settled_after(visits(lambda begun_s: 1 + 0.3 * math.exp(-begun_s / 0.006))) in (0.012, LONGEST_S)
    assert settled_after(visits(lambda begun_s: 1.2 if begun_s < 0.012 else 1.0)) == 0.012


def test_one_visit_that_was_held_up_is_no_evidence() -> None:
    traces = visits(lambda _: 1.0, noise=0.01)
    traces[2] = [(begun_s, 3 * call_s if begun_s < 0.02 else call_s) for begun_s, call_s in traces[2]]
    assert settled_after(traces) == STARTS_S[0]


def test_a_call_longer_than_any_warm_in_has_the_shortest() -> None:
    assert settled_after([[(0.0, 0.5), (0.5, 0.5)]] * SETTLING_ROUNDS) == STARTS_S[0]


@given(st.lists(st.lists(st.floats(1e-6, 0.1), min_size=1, max_size=50), min_size=1, max_size=6))
def test_there_is_always_an_answer(calls_s: list[list[float]]) -> None:
    traces = [list(zip(np.cumsum([0.0, *calls[:-1]]), calls, strict=True)) for calls in calls_s]
    assert settled_after(traces) in (*STARTS_S, LONGEST_S)


def test_after_the_first_rounds_each_mode_keeps_its_own_warm_in() -> None:
    slow = iter(visits(lambda begun_s: 1.2 if begun_s < 0.012 else 1.0))
    quick = iter(visits(lambda _: 1.0, noise=0.0))
    traces = {"eager": slow, "xla": quick}
    rounds = Rounds([Timed(mode, lambda: None, ((),)) for mode in traces], seed=1)
    for _ in range(SETTLING_ROUNDS):
        assert {each.timed.warm_in_s for each in rounds.series.values()} == {LONGEST_S}
        rounds.go_round(lambda timed: Visited(Block(1, (1e-3,), trace=tuple(next(traces[timed.mode])))))
    assert rounds.series["eager"].timed.warm_in_s == pytest.approx(0.012)
    assert rounds.series["xla"].timed.warm_in_s == pytest.approx(STARTS_S[0])
