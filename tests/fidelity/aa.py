"""A/A: one callable is compared with itself, so the ratio is 1 and any other answer is an error.

Five repeats of a subject share a process. A process has modes of its own, steady within it, which repeats in a single
process would never show; a process for each repeat would spend more time on importing TensorFlow than on comparing.
Within a repeat the tools take turns in random order.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Iterator, Sequence

import numpy as np

from tests.fidelity import rival_packages, rivals
from tests.fidelity.held import held_rows
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.fidelity.subjects import CASES, subject
from tests.fidelity.tools import OURS, TOOLS, compare

BUDGET_S = 2.0
LONG_BUDGET_S = 10.0

REPEATS_A_PROCESS = 5

MOST_ERROR = {BUDGET_S: 0.01, LONG_BUDGET_S: 0.005}
LEAST_FACTOR = 5
MOST_VERDICTS = 0.05

VERDICT_PAIRS = 80
"""Beside the 120 of `aa`."""

SHORT_TURNS = tuple((tool, BUDGET_S) for tool in TOOLS)


def units(repeats: int) -> Iterator[Key]:
    """Five repeats of every subject, then the next five."""
    for first in range(0, repeats, REPEATS_A_PROCESS):
        for name in CASES:
            for repeat in range(first, min(first + REPEATS_A_PROCESS, repeats)):
                yield from _in_turn((*SHORT_TURNS, (OURS, LONG_BUDGET_S)), name, repeat)


def verdict_units(pairs: int) -> Iterator[Key]:
    """Five pairs of one subject, then five of the next."""
    names = list(CASES)
    for pair in range(pairs):
        yield from _in_turn(SHORT_TURNS, names[pair // REPEATS_A_PROCESS % len(names)], pair)


def _in_turn(turns: Iterable[tuple[str, float]], name: str, repeat: int) -> Iterator[Key]:
    order = list(turns)
    random.Random(f"{name} {repeat}").shuffle(order)
    for tool, budget_s in order:
        yield {"subject": name, "repeat": repeat, "tool": tool, "budget_s": budget_s}


def process(key: Key) -> Hashable:
    """A process for five repeats of a subject."""
    return key["subject"], int(key["repeat"]) // REPEATS_A_PROCESS


def measure(key: Key) -> Values:
    """The subject compared with itself."""
    rivals.load()
    same = subject(str(key["subject"]))
    return compare(str(key["tool"]), same, same, float(key["budget_s"]), seed=int(key["repeat"]))


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The 90th percentile of the ratio's error, by subject; and how far the best of the others is behind."""
    for (name,), of_subject in group(lines, "subject").items():
        error = {turn: _error(of_turn) for turn, of_turn in group(of_subject, "tool", "budget_s").items()}
        others = {tool: error[tool, BUDGET_S] for tool in TOOLS[1:] if (tool, BUDGET_S) in error}
        for budget_s, most in MOST_ERROR.items():
            if (OURS, budget_s) in error:
                yield Row(
                    f"error of the ratio at {budget_s:g} s, {name}, 90th percentile",
                    f"{error[OURS, budget_s]:.2%}",
                    f"≤ {most:.1%}",
                    ", ".join(f"{tool} {other:.1%}" for tool, other in others.items()) if budget_s == BUDGET_S else "–",
                )
        if others and (OURS, BUDGET_S) in error:
            best = min(others, key=lambda tool: others[tool])
            yield Row(
                f"error of the best of the others over ours at 2 s, {name}",
                f"{others[best] / error[OURS, BUDGET_S]:.1f}×",
                f"≥ {LEAST_FACTOR}×",
                best,
            )


def _error(lines: Iterable[Line]) -> float:
    return float(np.percentile([abs(line.values["ratio"] - 1) for line in lines], 90))


def verdict_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """How often a tool says that something is faster or slower than itself; and how often our interval holds 1."""
    short = group((line for line in lines if line.key["budget_s"] == BUDGET_S), "tool")
    shares = {tool: _false_verdicts(of_tool) for (tool,), of_tool in short.items()}
    if OURS in shares:
        others = ", ".join(f"{tool} {shares[tool]}" for tool in TOOLS[1:] if tool in shares)
        figure = f"verdicts faster or slower among {len(short[OURS,])} pairs at 2 s"
        yield Row(figure, shares[OURS], f"≤ {MOST_VERDICTS:.0%}", others)
    for (budget_s,), of_budget in group((line for line in lines if line.key["tool"] == OURS), "budget_s").items():
        yield from held_rows(f"one callable at {budget_s:g} s", ((line, 1.0) for line in of_budget))


def _false_verdicts(lines: Sequence[Line]) -> str:
    wrong = sum(line.values["verdict"] in ("faster", "slower") for line in lines)
    return f"{wrong} ({wrong / len(lines):.1%})"


PART = Part(
    name="aa",
    help="A/A error: one callable as two modes, by every tool, 2 s a pair; by ours 10 s too (65 min).",
    repeats=20,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
    prepare=rival_packages.install,
)

VERDICTS_PART = Part(
    name="aa-verdicts",
    help="A/A verdicts: 80 more pairs, with those of `aa` 200, by every tool (30 min).",
    repeats=VERDICT_PAIRS,
    units=verdict_units,
    measure=measure,
    rows=verdict_rows,
    process=process,
    prepare=rival_packages.install,
    reads=("aa",),
)
