"""Known truth: so many calls of something in a row, against a few per cent more of the same.

By construction the second takes as much longer as it makes more calls: both run the same callable on the same
arguments, and the loop around them costs nothing beside a call of TensorFlow's.
"""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from typing import Any

from bench.plan import Case
from tests.fidelity.held import held_rows
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.fidelity.subjects import Subject, from_catalogue
from tests.fidelity.tools import OURS, compare

LEVELS: dict[str, tuple[int, int, float]] = {
    "0 %": (20, 20, 3.0),
    "3 %": (34, 35, 10.0),
    "5 %": (20, 21, 3.0),
    "10 %": (20, 22, 3.0),
}
"""How many calls against how many, as few as make the difference; and the seconds until the verdict must be there."""

CASES: dict[str, tuple[str, Case]] = {
    "eager chain of two ops": ("eager", Case("elementwise_chain", dims=(("size", 1_000), ("length", 1)))),
    "graph matmul 256²": ("graph", Case("matmul", dims=(("m", 256), ("k", 256), ("n", 256)))),
    "xla chain": ("xla", Case("elementwise_chain", dims=(("size", 1_000),))),
}
"""What is called: bound by Python, by arithmetic, and by one compiled kernel."""

PAIRS_A_PROCESS = 5

LEAST_RIGHT = 0.95


def units(pairs: int) -> Iterator[Key]:
    """Every level in turn, five pairs of one subject, then five of the next."""
    names = list(CASES)
    for pair in range(pairs):
        for level, (_, _, budget_s) in LEVELS.items():
            name = names[pair // PAIRS_A_PROCESS % len(names)]
            yield {"subject": name, "level": level, "repeat": pair, "budget_s": budget_s}


def process(key: Key) -> Hashable:
    """A process for five pairs."""
    return int(key["repeat"]) // PAIRS_A_PROCESS


def measure(key: Key) -> Values:
    """The fewer calls compared with the more."""
    fewer, more, _ = LEVELS[str(key["level"])]
    called = _called(str(key["subject"]))
    pair = in_a_row(called, fewer), in_a_row(called, more)
    return compare(OURS, *pair, budget_s=float(key["budget_s"]), seed=int(key["repeat"]))


@cache
def _called(name: str) -> Subject:
    return from_catalogue(name, *CASES[name])


def in_a_row(subject: Subject, times: int) -> Subject:
    """So many calls of a subject, one after the other."""
    calls = range(times)

    def call(*arguments: Any) -> Any:
        for _ in calls:
            output = subject.call(*arguments)
        return output

    return Subject(f"{subject.name}, {times} calls", call, subject.arguments)


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """How often the verdict was right, by level; the median ratio, by subject, shows the construction.

    At last how often the interval held the truth.
    """
    for (level,), pairs in group(lines, "level").items():
        fewer, more, budget_s = LEVELS[str(level)]
        right = "same" if fewer == more else "slower"
        verdicts = [line.values["verdict"] for line in pairs]
        ratios = [
            f"{name} {statistics.median(line.values['ratio'] for line in of_subject):.3f}"
            for (name,), of_subject in group(pairs, "subject").items()
        ]
        yield Row(
            f"verdict *{right}* within {budget_s:g} s, {more} calls against {fewer} (+{level}), {len(pairs)} pairs",
            f"{verdicts.count(right) / len(pairs):.1%}",
            f"≥ {LEAST_RIGHT:.0%}" if right == "slower" else "–",
            f"median ratio, {more / fewer:.3f} in truth: {', '.join(ratios)}",
        )
    yield from held_rows("known truths", ((line, _truth(line)) for line in lines))


def _truth(line: Line) -> float:
    fewer, more, _ = LEVELS[str(line.key["level"])]
    return more / fewer


PART = Part(
    name="known-truth",
    help="Known truth: verdicts on callables that make 3, 5 and 10 % more calls than others (15 min).",
    repeats=40,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
