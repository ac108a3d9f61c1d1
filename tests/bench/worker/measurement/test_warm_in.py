"""How long a mode is warmed in, from made-up visits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.timing import Block, Timed
from bench.worker.measurement.warm_in import (
    FEWEST_SETTLING,
    LONGEST_S,
    SETTLING_VISITS,
    STARTS_S,
    Trace,
    settled_after,
)

CALL_S = 5e-4


def visits(slower: Callable[[float], float], noise: float = 0.03, seed: int = 1) -> list[Trace]:
    """First visits of a mode whose calls take `slower(seconds since the visit began)` times what they do in the end."""
    rng = np.random.default_rng(seed)
    starts_s = np.arange(0, LONGEST_S, CALL_S)
    return [
        [(float(start_s), CALL_S * slower(start_s) * math.exp(noise * rng.standard_normal())) for start_s in starts_s]
        for _ in SETTLING_VISITS
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
    assert settled_after([[(0.0, 0.5), (0.5, 0.5)]] * len(SETTLING_VISITS)) == STARTS_S[0]


@given(st.lists(st.lists(st.floats(1e-6, 0.1), min_size=1, max_size=50), min_size=1, max_size=6))
def test_there_is_always_an_answer(calls_s: list[list[float]]) -> None:
    traces = [list(zip(np.cumsum([0.0, *calls[:-1]]), calls, strict=True)) for calls in calls_s]
    assert settled_after(traces) in (*STARTS_S, LONGEST_S)


class Visits:
    """Rounds of one mode, whose long visits are these traces. `warmed_in_s`: for how long each visit warmed it in."""

    def __init__(self, traces: Sequence[Trace]) -> None:
        self.rounds = Rounds([Timed("eager", lambda: None, ((),))], seed=1)
        self.warmed_in_s: list[float] = []
        self._traces = dict(zip(SETTLING_VISITS, traces, strict=True))

    def go_on(self, visits: int) -> None:
        for _ in range(visits):
            self.rounds.go_round(self._visit)

    def _visit(self, timed: Timed) -> Visited:
        self.warmed_in_s.append(timed.warm_in_s)
        return Visited(Block(1, (1e-3,), trace=tuple(self._traces.get(self.rounds.count, ()))))


def test_long_visits_settle_how_long_a_mode_is_warmed_in() -> None:
    slow = Visits(visits(lambda begun_s: 2.0 if begun_s < 0.012 else 1.0))
    quick = Visits(visits(lambda _: 1.0, noise=0.0))
    for each, settled_s in ((slow, 0.012), (quick, STARTS_S[0])):
        each.go_on(SETTLING_VISITS[-1] + 2)
        long = [number for number, warm_in_s in enumerate(each.warmed_in_s) if warm_in_s == LONGEST_S]
        assert long == list(SETTLING_VISITS)
        assert each.warmed_in_s[: SETTLING_VISITS[0]] == [STARTS_S[0]] * SETTLING_VISITS[0]
        assert each.warmed_in_s[-1] == settled_s


def test_later_ones_may_change_what_the_first_of_them_have_told() -> None:
    at_first = visits(lambda begun_s: 1.3 if begun_s < 0.019 else 1.0, noise=0.0)[:FEWEST_SETTLING]
    later = visits(lambda _: 1.0, noise=0.0)[FEWEST_SETTLING:]
    mode = Visits([*at_first, *later])
    mode.go_on(SETTLING_VISITS[FEWEST_SETTLING - 1] + 1)
    assert mode.rounds.series["eager"].timed.warm_in_s == LONGEST_S
    mode.go_on(20)
    assert mode.warmed_in_s[-1] == STARTS_S[0]


def test_visits_that_were_not_warmed_in_enough_do_not_count() -> None:
    mode = Visits(visits(lambda begun_s: 2.0 if begun_s < 0.012 else 1.0))
    mode.go_on(SETTLING_VISITS[0])
    series = mode.rounds.series["eager"]
    assert not np.isnan(series.latencies_s).any()
    mode.go_on(SETTLING_VISITS[FEWEST_SETTLING] - SETTLING_VISITS[0])
    assert series.timed.warm_in_s == 0.012
    assert not np.isnan(series.latencies_s).any(), "there are too few of the others"
    mode.go_on(20)
    short = [warm_in_s < 0.012 for warm_in_s in mode.warmed_in_s]
    assert np.isnan(series.latencies_s).tolist() == short
    assert series.discarded == sum(short)


def test_a_mode_that_rests_has_its_long_visits_later() -> None:
    mode = Visits(visits(lambda _: 1.0, noise=0.0))
    mode.go_on(SETTLING_VISITS[0])
    mode.rounds.every = {"eager": 4}
    mode.go_on(2)
    assert mode.warmed_in_s == [STARTS_S[0]] * SETTLING_VISITS[0] + [LONGEST_S]
