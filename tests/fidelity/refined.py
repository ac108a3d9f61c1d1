"""A/A with refinement: one callable against itself, until its interval is narrow enough. Is it ever told apart?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from bench.rules import BUDGET
from tests.fidelity.aa import MOST_VERDICTS, REPEATS_A_PROCESS
from tests.fidelity.held import held_rows
from tests.fidelity.looks import looks_within, verdict_rows
from tests.fidelity.ours import look_at
from tests.fidelity.part import Key, Line, Part, Row, Values, summary
from tests.fidelity.subjects import CASES, subject
from tui.draft.refining import REFINE_S

LOOKS_S = (BUDGET.usual, 10.0, BUDGET.usual + REFINE_S)
"""Ends as the screen does: after the budget, and the time in which it is refined."""

BUDGET_S = LOOKS_S[-1]


def units(pairs: int) -> Iterator[Key]:
    """Five pairs of one subject, then five of the next."""
    names = list(CASES)
    for pair in range(pairs):
        name = names[pair // REPEATS_A_PROCESS % len(names)]
        yield {"subject": name, "repeat": pair, "budget_s": BUDGET_S}


def process(key: Key) -> Hashable:
    """A process for five pairs."""
    return int(key["repeat"]) // REPEATS_A_PROCESS


def measure(key: Key) -> Values:
    """Compare the subject with itself, and tell what it is called at each look and when it is refined."""
    same = subject(str(key["subject"]))
    looks_s = looks_within(float(key["budget_s"]), LOOKS_S)
    looks = look_at(same, same, looks_s=looks_s, seed=int(key["repeat"]), refine=True)
    return {**looks[-1], "looks": looks}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Count how often it is called the same or told apart from itself, and tell how long it takes to refine it."""
    if not lines:
        return
    wrong = sum(line.values["verdict"] in ("faster", "slower") for line in lines)
    figure = f"verdicts faster or slower among {len(lines)} pairs, refined"
    yield Row(figure, f"{wrong} ({wrong / len(lines):.1%})", f"≤ {MOST_VERDICTS:.0%}")
    yield from verdict_rows("one callable against itself", lines, "same", LOOKS_S)
    yield Row("seconds until it is refined", summary([line.values["s"] for line in lines]))
    yield from held_rows("one callable, refined", ((line, 1.0) for line in lines))


PART = Part(
    name="refined",
    help="A/A with refinement: one callable against itself, as long as the screen goes on (60 min).",
    repeats=200,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
