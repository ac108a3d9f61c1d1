"""Which modes rest, so that the others get the rounds."""

from __future__ import annotations

import pytest

from bench.events import PairEstimate
from bench.worker.measurement.resting import LEAST_REST, MOST_REST, resting

EFFECT = 0.02
MODES = ("eager", "graph", "xla")
VISIT_S = dict.fromkeys(MODES, 0.01)


def pair(names: str, low: float, high: float, verdict: str) -> PairEstimate:
    """`names`: mode and baseline, `xla/graph`."""
    mode, baseline = names.split("/")
    return PairEstimate(mode, baseline, (low * high) ** 0.5, low, high, verdict, None)


CLEAR = pair("graph/eager", 0.09, 0.11, "faster")
OPEN = pair("xla/graph", 0.95, 1.05, "unclear")


def test_a_mode_rests_whose_questions_are_settled() -> None:
    assert resting(MODES, (CLEAR, OPEN), VISIT_S, EFFECT) == {"eager": LEAST_REST}


def test_the_longer_its_visits_the_longer_it_rests() -> None:
    found = [resting(MODES, (CLEAR, OPEN), {**VISIT_S, "eager": s}, EFFECT)["eager"] for s in (0.1, 0.2, 100.0)]
    assert found == [5, 10, MOST_REST]


def test_nothing_rests_while_all_are_questions() -> None:
    assert resting(MODES, (pair("graph/eager", 0.95, 1.05, "unclear"), OPEN), VISIT_S, EFFECT) == {}


def test_nothing_rests_once_all_is_told() -> None:
    """Then time goes to precision, and that is wanted of every pair."""
    assert resting(MODES, (CLEAR, pair("xla/graph", 0.4, 0.6, "faster")), VISIT_S, EFFECT) == {}


@pytest.mark.parametrize(
    ("told", "rests"),
    [
        (pair("graph/eager", 0.90, 0.96, "faster"), False),  # faster, and one width away from the effect
        (pair("graph/eager", 0.80, 0.83, "faster"), True),
        (pair("graph/eager", 1.04, 1.10, "slower"), False),
        (pair("graph/eager", 1.50, 1.60, "slower"), True),
        (pair("graph/eager", 0.985, 1.015, "same"), False),
        (pair("graph/eager", 0.998, 1.002, "same"), True),
    ],
)
def test_a_verdict_is_settled_when_it_is_told_with_room_to_spare(told: PairEstimate, rests: bool) -> None:
    """The other question is of the best simpler mode: of graph where that is faster, else of eager."""
    best = "graph" if told.verdict == "faster" else "eager"
    others = (pair(f"xla/{best}", 0.95, 1.05, "unclear"),)
    idle = "eager" if best == "graph" else "graph"
    assert resting(MODES, (told, *others), VISIT_S, EFFECT) == ({idle: LEAST_REST} if rests else {})


def test_a_mode_that_is_compared_with_nothing_rests_while_anything_is_open() -> None:
    assert resting(("eager", "graph"), (pair("graph/eager", 0.9, 1.1, "unclear"),), VISIT_S, EFFECT) == {
        "xla": LEAST_REST
    }


def test_what_has_no_range_yet_is_open() -> None:
    none_yet = PairEstimate("xla", "graph", 1.0, None, None, "unclear", None)
    assert resting(MODES, (CLEAR, none_yet), VISIT_S, EFFECT) == {"eager": LEAST_REST}
    assert resting(MODES, (CLEAR,), VISIT_S, EFFECT) == {"eager": LEAST_REST, "graph": LEAST_REST}, "xla has no round"
