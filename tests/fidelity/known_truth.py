"""Known truth: so many calls of something in a row, against a few per cent more of the same.

By construction the second takes as much longer as it makes more calls: both run the same callable on the same
arguments, and the loop around them costs nothing beside a call of TensorFlow's.
"""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.plan import Case
from tests.fidelity.held import held_rows
from tests.fidelity.looks import Goal, looks_within, verdict_rows
from tests.fidelity.ours import look_at
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.fidelity.subjects import Subject, from_catalogue


@dataclass(frozen=True)
class Level:
    """Sets so many calls against so many, as few as make the difference; and how often the verdict must be right."""

    fewer: int
    more: int
    goal: Goal

    @property
    def truth(self) -> float:
        """Return the ratio."""
        return self.more / self.fewer

    @property
    def right(self) -> str:
        """Return the verdict that is right."""
        return "same" if self.fewer == self.more else "slower"


LEVELS: dict[str, Level] = {
    "0 %": Level(20, 20, Goal(10.0, 0.9)),
    "3 %": Level(34, 35, Goal(10.0, 0.65)),
    "5 %": Level(20, 21, Goal(3.0, 0.8)),
    "10 %": Level(20, 22, Goal(3.0, 0.98)),
}

LOOKS_S = (3.0, 10.0)

BUDGET_S = LOOKS_S[-1]

CASES: dict[str, tuple[str, Case]] = {
    "eager chain of two ops": ("eager", Case("elementwise_chain", dims=(("size", 1_000), ("length", 1)))),
    "graph matmul 256²": ("graph", Case("matmul", dims=(("m", 256), ("k", 256), ("n", 256)))),
    "xla chain": ("xla", Case("elementwise_chain", dims=(("size", 1_000),))),
}
"""What is called: bound by Python, by arithmetic, and by one compiled kernel."""

PAIRS_A_PROCESS = 5


def units(pairs: int) -> Iterator[Key]:
    """Every level in turn, five pairs of one subject, then five of the next."""
    names = list(CASES)
    for pair in range(pairs):
        for level in LEVELS:
            name = names[pair // PAIRS_A_PROCESS % len(names)]
            yield {"subject": name, "level": level, "repeat": pair, "budget_s": BUDGET_S}


def process(key: Key) -> Hashable:
    """A process for five pairs."""
    return int(key["repeat"]) // PAIRS_A_PROCESS


def measure(key: Key) -> Values:
    """Compare the fewer calls with the more, looked at several times; and tell what is known in the end."""
    level = LEVELS[str(key["level"])]
    called = _called(str(key["subject"]))
    looks_s = looks_within(float(key["budget_s"]), LOOKS_S)
    pair = in_a_row(called, level.fewer), in_a_row(called, level.more)
    looks = look_at(*pair, looks_s=looks_s, seed=int(key["repeat"]))
    return {**looks[-1], "looks": looks}


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
    for (name,), pairs in group(lines, "level").items():
        level = LEVELS[str(name)]
        title = f"{level.more} calls against {level.fewer} (+{name})"
        yield from verdict_rows(title, pairs, level.right, LOOKS_S, level.goal)
        ratios = {
            str(subject): statistics.median(line.values["ratio"] for line in of_subject)
            for (subject,), of_subject in group(pairs, "subject").items()
        }
        told = ", ".join(f"{subject} {ratio:.3f}" for subject, ratio in ratios.items())
        yield Row(f"{title}: median ratio", told, f"{level.truth:.3f}")
    yield from held_rows("known truths", ((line, LEVELS[str(line.key["level"])].truth) for line in lines))


PART = Part(
    name="known-truth",
    help="Known truth: verdicts on callables that make 0, 3, 5 and 10 % more calls than others (30 min).",
    repeats=40,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
