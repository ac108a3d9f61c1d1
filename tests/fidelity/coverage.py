"""Coverage: how often a 95 % interval holds the true median, on made-up traces; beside it a plain bootstrap's.

No time is measured: the figures are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.worker.measurement.median_interval import median_interval
from bench.worker.measurement.warmup import warm_from
from tests.fidelity.held import COVERAGE
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.traces import TRACES

Interval = tuple[float, float] | None

TRACES_A_KIND = 2_000
RESAMPLES = 1_000
ROUNDS = (30, 100, 300)

SEED = 20_26

KINDS = {trace.name: trace for trace in TRACES}

MUST_REACH = {"AR(1) at 0.9": "≥ 90 %"}


def ours(values: NDArray[np.float64], _: np.random.Generator) -> Interval:
    """As the worker has it: rounds until it is warm are left out."""
    return median_interval(values[warm_from(values) :])


def bootstrap(values: NDArray[np.float64], rng: np.random.Generator) -> Interval:
    """The percentile bootstrap of the median, rounds drawn one by one (Efron 1979)."""
    medians = np.median(rng.choice(values, (RESAMPLES, len(values))), axis=1)
    low, high = np.percentile(medians, (2.5, 97.5))
    return float(low), float(high)


METHODS: dict[str, Callable[[NDArray[np.float64], np.random.Generator], Interval]] = {
    "ours": ours,
    "plain bootstrap": bootstrap,
}


def units(repeats: int) -> Iterator[Key]:
    """Every kind of trace, at every length, by both methods; repeats are traces."""
    for kind in KINDS:
        for rounds in ROUNDS:
            for method in METHODS:
                yield {"kind": kind, "rounds": rounds, "method": method, "traces": repeats}


def measure(key: Key) -> Values:
    """How many intervals held the true median."""
    trace, method = KINDS[str(key["kind"])], METHODS[str(key["method"])]
    rng, other = np.random.default_rng(SEED), np.random.default_rng(SEED + 1)
    held = 0
    for _ in range(int(key["traces"])):
        interval = method(trace.draw(rng, int(key["rounds"])), other)
        held += interval is not None and interval[0] <= trace.median <= interval[1]
    return {"held": held}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Coverage by kind, at every length."""
    for (kind,), of_kind in group(lines, "kind").items():
        told = {
            method: ", ".join(
                f"{line.values['held'] / line.key['traces']:.1%} at {line.key['rounds']}" for line in each
            )
            for (method,), each in group(of_kind, "method").items()
        }
        yield Row(
            f"coverage of the 95 % interval, {of_kind[0].key['traces']:,} traces, by rounds: {kind}",
            told.get("ours", "–"),
            MUST_REACH.get(str(kind), COVERAGE),
            f"plain bootstrap: {told['plain bootstrap']}" if "plain bootstrap" in told else "–",
        )


PART = Part(
    name="coverage",
    help="How often a 95 % interval holds the true median, on made-up traces (5 min, any machine).",
    repeats=TRACES_A_KIND,
    units=units,
    measure=measure,
    rows=rows,
)
