"""When the rounds of a case end."""

from __future__ import annotations

import pytest

from bench.events import ModeEstimate, PairEstimate
from bench.plan import LONGEST_OVERRUN, OVERRUN, Effort
from bench.worker.measurement.stopping import ROUNDS_BEFORE_STOPPING_EARLY, Stopping

BUDGET_S, NEEDED = 3.0, 7
STOPPING = Stopping(Effort(budget_s=BUDGET_S, target=0.02), effect=0.02, least_rounds=NEEDED)


def pair(low: float | None, high: float | None) -> PairEstimate:
    return PairEstimate("xla", "graph", 1.0, low, high, "unclear", None)


def mode(low_s: float | None, high_s: float | None) -> ModeEstimate:
    return ModeEstimate("graph", 1e-3, low_s, high_s, None, None, calls_per_block=1)


@pytest.mark.parametrize(
    ("rounds", "spent_s", "round_s", "left_s"),
    [
        (100, 1.0, 0.01, BUDGET_S - 1.0),
        (100, BUDGET_S, 0.01, 0.0),
        (3, 1.0, 0.01, BUDGET_S - 1.0),
        (3, 4.0, 2.0, (NEEDED - 3) * 2.0),  # slow calls: as long as it takes
        (NEEDED, 50.0, 2.0, 0.0),
    ],
)
def test_slow_rounds_go_on_until_they_are_enough_for_a_verdict(
    rounds: int, spent_s: float, round_s: float, left_s: float
) -> None:
    assert STOPPING.left_s(rounds, spent_s, round_s) == pytest.approx(left_s)


def test_where_they_would_take_too_long_they_end_soon() -> None:
    hour_s = 3600.0
    assert STOPPING.left_s(1, 5.0, hour_s) == pytest.approx(OVERRUN * BUDGET_S - 5.0)
    assert STOPPING.left_s(1, OVERRUN * BUDGET_S, hour_s) == 0.0
    just_s = LONGEST_OVERRUN * BUDGET_S / NEEDED
    assert STOPPING.left_s(1, just_s, just_s) == pytest.approx((NEEDED - 1) * just_s)


def test_rounds_are_precise_once_every_range_is_narrow_and_there_are_some() -> None:
    narrow, wide = pair(0.99, 1.01), pair(0.9, 1.1)
    assert STOPPING.is_precise(ROUNDS_BEFORE_STOPPING_EARLY, (), (narrow, narrow))
    assert not STOPPING.is_precise(ROUNDS_BEFORE_STOPPING_EARLY, (), (narrow, wide))
    assert not STOPPING.is_precise(ROUNDS_BEFORE_STOPPING_EARLY - 1, (), (narrow, narrow))


def test_a_mode_alone_is_precise_by_its_own_range() -> None:
    assert STOPPING.is_precise(100, (mode(0.99e-3, 1.01e-3),), ())
    assert not STOPPING.is_precise(100, (mode(0.9e-3, 1.1e-3),), ())
    assert not STOPPING.is_precise(100, (mode(None, None),), ())


@pytest.mark.parametrize(("low", "high", "refined"), [(0.991, 1.009, True), (0.985, 1.015, False), (None, None, False)])
def test_a_case_is_refined_once_its_ranges_reach_half_of_the_effect(
    low: float | None, high: float | None, refined: bool
) -> None:
    assert STOPPING.is_refined((), (pair(low, high),)) is refined


def test_refining_asks_for_precision_and_for_no_verdict() -> None:
    """Else chance would end it as soon as a difference seems to be there."""
    told = PairEstimate("xla", "graph", 0.5, 0.4, 0.6, "faster", None)
    assert not STOPPING.is_refined((), (told,))
