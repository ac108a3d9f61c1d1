"""Intervals on real rounds: long series are cut into windows, and the series' own median is the truth of each.

Two intervals are held against the same rounds: ours, by the random order, and that of a slow process.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.worker.measurement.estimate import judge
from bench.worker.measurement.median_interval import median_interval
from bench.worker.measurement.randomised_interval import is_autocorrelated, randomised_interval
from tests.fidelity.held import COVERAGE
from tests.fidelity.known_truth import in_a_row
from tests.fidelity.ours import EFFECT, rounds_of
from tests.fidelity.part import Key, Line, Part, Row, Values
from tests.fidelity.subjects import CASES, subject

BUDGET_S = 40.0

WINDOW = 70
"""Rounds of 2 s, as `quick` has them."""

FURTHER = "20 calls against 21"

Interval = Callable[[NDArray[np.float64], float], tuple[float, float] | None]

METHODS: dict[str, Interval] = {"by the random order": randomised_interval, "of a slow process": median_interval}

LEVELS = {"95 %": 0.95, "98.3 %": 1 - 0.05 / 3}
"""That of one pair, and of one of three."""


def units(repeats: int) -> Iterator[Key]:
    """Each subject against itself, and one against more calls of the same."""
    for repeat in range(repeats):
        for pair in (*CASES, FURTHER):
            yield {"pair": pair, "repeat": repeat, "budget_s": BUDGET_S}


def measure(key: Key) -> Values:
    """The log ratio of each round."""
    name = str(key["pair"])
    first = second = subject("graph chain" if name == FURTHER else name)
    if name == FURTHER:
        first, second = in_a_row(first, 20), in_a_row(second, 21)
    log_ratios = rounds_of(first, second, budget_s=float(key["budget_s"]), seed=int(key["repeat"]))
    return {"log_ratios": [round(float(each), 5) for each in log_ratios if np.isfinite(each)]}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Coverage and half-width by method, at both levels; how alike neighbouring rounds are."""
    series = [np.array(line.values["log_ratios"]) for line in lines]
    windows = [(each[at : at + WINDOW], float(np.median(each))) for each in series for at in _starts(len(each))]
    if not windows:
        return
    correlated = statistics.fmean(is_autocorrelated(window) for window, _ in windows)
    lag_1 = [float(np.corrcoef(each[1:], each[:-1])[0, 1]) for each in series]
    yield Row(
        f"autocorrelation of the rounds' log ratios at lag 1, {len(series)} series",
        f"{statistics.median(lag_1):.2f} ({min(lag_1):.2f} to {max(lag_1):.2f})",
        beside=f"windows that count as autocorrelated: {correlated:.0%}",
    )
    for level, confidence in LEVELS.items():
        for method, interval in METHODS.items():
            ends = [(interval(window, confidence) or (np.nan, np.nan), truth) for window, truth in windows]
            held = statistics.fmean(low <= truth <= high for (low, high), truth in ends)
            half = statistics.median((high - low) / 2 for (low, high), _ in ends)
            yield Row(
                f"{level} interval {method}, {len(windows)} windows of {WINDOW} rounds: half-width, and held the truth",
                f"{half:.2%}, {held:.1%}",
                COVERAGE if level == "95 %" else "–",
            )
    for method, interval in METHODS.items():
        yield from _verdicts(lines, method, interval)


def _verdicts(lines: Sequence[Line], method: str, interval: Interval) -> Iterator[Row]:
    """Count what windows of one pair alone would be called."""
    alike, further = Counter[str](), Counter[str]()
    for line in lines:
        series = np.array(line.values["log_ratios"])
        words = (judge(interval(series[at : at + WINDOW], 0.95), EFFECT) for at in _starts(len(series)))
        (further if line.key["pair"] == FURTHER else alike).update(words)
    if alike:
        false = alike["faster"] + alike["slower"]
        yield Row(
            f"of {alike.total()} windows of pairs alike: called *faster* or *slower* {method}", f"{false}", "≤ 5 %"
        )
        yield Row(f"of {alike.total()} windows of pairs alike: called *same* {method}", f"{alike['same']}")
    if further:
        yield Row(f"of {further.total()} windows of {FURTHER}: called *slower* {method}", f"{further['slower']}")


def _starts(count: int) -> range:
    return range(0, count - WINDOW + 1, WINDOW)


PART = Part(
    name="windows",
    help="Intervals on real rounds: half-width and coverage by the random order, and as of a slow process (15 min).",
    repeats=3,
    units=units,
    measure=measure,
    rows=rows,
)
