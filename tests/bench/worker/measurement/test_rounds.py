"""Rounds of modes: who is visited when, and which rounds count."""

from __future__ import annotations

import numpy as np
import pytest

from bench.worker.measurement.rounds import ModeRounds, Rounds, Visited
from bench.worker.measurement.timing import Block, Timed
from bench.worker.measurement.warm_in import LONG_CALL_S, LONG_VISITS


def timed(mode: str, group_size: int = 1) -> Timed:
    """A mode that does nothing."""
    return Timed(mode, lambda: None, ((),), group_size)


def test_every_round_visits_every_mode_once_in_an_order_of_its_own() -> None:
    rounds = Rounds([timed("eager"), timed("graph"), timed("xla")], seed=1)
    orders = set()
    for _ in range(20):
        visits = rounds.go_round(lambda _: Visited(Block(1, (1.0,))))
        orders.add(tuple(visit.mode for visit in visits))
        assert {visit.mode for visit in visits} == {"eager", "graph", "xla"}
    assert len(orders) > 3


def test_a_mode_that_fails_is_left_out_and_the_others_go_on() -> None:
    rounds = Rounds([timed("eager"), timed("xla")], seed=1)
    visits = rounds.go_round(lambda each: None if each.mode == "eager" else Visited(Block(1, (1.0,))))
    assert [visit.mode for visit in visits] == ["xla"]
    assert list(rounds.series) == ["xla"]
    assert len(rounds.go_round(lambda _: Visited(Block(1, (1.0,))))) == 1


def test_a_round_in_which_something_was_compiled_counts_for_nothing() -> None:
    series = ModeRounds(timed("xla"))
    for index in range(30):
        compiled = index == 20
        series.add(Visited(Block(1, (0.2 if compiled else 0.001,), cold_s=0.002), compilations=int(compiled)))
    assert series.voided == 1
    assert np.flatnonzero(np.isnan(series.latencies_s)).tolist() == [20]
    assert series.single_calls_s is not None
    assert series.single_calls_s.tolist() == [0.001] * 29
    assert series.cold_calls_s == [0.002] * 29


def test_rounds_before_a_mode_is_warm_count_for_nothing() -> None:
    series = ModeRounds(timed("eager"))
    for latency_s in [0.005] * 4 + [0.001] * 26:
        series.add(Visited(Block(1, (latency_s,))))
    assert series.discarded == 4
    assert series.single_calls_s is not None
    assert series.single_calls_s.tolist() == [0.001] * 26


def test_single_calls_are_known_where_each_of_a_group_was_timed_alone() -> None:
    two_sets = Timed("graph", lambda _: None, ((1,), (2,))).one_by_one()
    series = ModeRounds(two_sets)
    series.add(Visited(Block(2, (0.002,), singles_s=(0.001, 0.003))))
    assert series.single_calls_s is not None
    assert series.single_calls_s.tolist() == [0.001, 0.003]


def test_there_are_no_single_calls_where_they_were_timed_in_groups() -> None:
    series = ModeRounds(timed("eager", group_size=50))
    visit = series.add(Visited(Block(50, (0.001, 0.002, 0.003))))
    assert series.single_calls_s is None
    assert visit.latency_s == pytest.approx(0.002)
    assert visit.calls == 150


def test_a_mode_that_rests_is_visited_in_every_nth_round() -> None:
    rounds = Rounds([timed("eager"), timed("xla")], seed=1)
    for _ in range(6):
        rounds.go_round(lambda _: Visited(Block(1, (1.0,))))
    rounds.every = {"eager": 4}
    seen = [{visit.mode for visit in rounds.go_round(lambda _: Visited(Block(1, (2.0,))))} for _ in range(6, 14)]
    assert [number for number, modes in enumerate(seen, 6) if modes == {"eager", "xla"}] == [8, 12]
    assert all("xla" in modes for modes in seen)
    assert rounds.series["eager"].latencies_by_round_s(14).tolist() == pytest.approx(
        [1.0] * 6 + [np.nan, np.nan, 2.0, np.nan, np.nan, np.nan, 2.0, np.nan], nan_ok=True
    )


def test_what_visits_take_is_known_in_the_end() -> None:
    rounds = Rounds([timed("eager"), timed("xla")], seed=1)
    assert rounds.round_s == 0.0
    rounds.go_round(lambda _: Visited(Block(1, (1.0,))))
    assert rounds.round_s > 0.0


LONG_S = LONG_CALL_S * 2


def test_cpu_time_is_that_of_the_visits_that_count_over_their_calls() -> None:
    series = ModeRounds(Timed("eager", lambda: None, ((),)))
    series.add(Visited(Block(1, (1e-3,), cpu_s=9.0, all_calls=1), compilations=1))
    for cpu_s, calls in ((0.0, 10), (0.03, 5)):  # of a coarse clock one visit alone says nothing
        series.add(Visited(Block(1, (1e-3,), cpu_s=cpu_s, all_calls=calls)))
    assert series.cpu_s == pytest.approx(2e-3)


def test_where_nothing_tells_cpu_time_there_is_none() -> None:
    series = ModeRounds(Timed("eager", lambda: None, ((),)))
    series.add(Visited(Block(1, (1e-3,))))
    assert series.cpu_s is None


def test_a_clock_too_coarse_for_any_visit_tells_no_cpu_time() -> None:
    series = ModeRounds(Timed("eager", lambda: None, ((),)))
    for _ in range(5):
        series.add(Visited(Block(1, (1e-3,), cpu_s=0.0, all_calls=7)))
    assert series.cpu_s is None, "no call takes no time"


@pytest.mark.parametrize(
    ("cold_s", "warm_s", "times_the_first"),
    [
        (LONG_S, LONG_S, True),
        (1.5 * LONG_S, LONG_S, False),  # evidently slower when cold, however long
        (LONG_CALL_S / 2, LONG_CALL_S / 2, False),
    ],
)
def test_a_long_call_is_timed_cold_once_that_makes_no_difference(
    cold_s: float, warm_s: float, times_the_first: bool
) -> None:
    series = ModeRounds(timed("eager"))
    for _ in range(LONG_VISITS):
        assert series.timed.warm_in_s > 0
        series.add(Visited(Block(1, (warm_s,), cold_s=cold_s)))
    assert (series.timed.warm_in_s == 0) is times_the_first
    for _ in range(20):
        series.add(Visited(Block(1, (warm_s,), cold_s=cold_s)))
    assert (series.timed.warm_in_s == 0) is times_the_first, "long visits do not change that"
