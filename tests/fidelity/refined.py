"""A/A with refinement: one callable against itself, until its interval is narrow enough. Is it ever told apart?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from tests.fidelity.aa import MOST_VERDICTS, REPEATS_A_PROCESS
from tests.fidelity.held import held_rows
from tests.fidelity.ours import compare_and_refine
from tests.fidelity.part import Key, Line, Part, Row, Values, summary
from tests.fidelity.subjects import CASES, subject

BUDGET_S, REFINE_S = 3.0, 30.0
"""As on the screen."""


def units(pairs: int) -> Iterator[Key]:
    """Five pairs of one subject, then five of the next."""
    names = list(CASES)
    for pair in range(pairs):
        name = names[pair // REPEATS_A_PROCESS % len(names)]
        yield {"subject": name, "repeat": pair, "budget_s": BUDGET_S, "refine_s": REFINE_S}


def process(key: Key) -> Hashable:
    """A process for five pairs."""
    return int(key["repeat"]) // REPEATS_A_PROCESS


def measure(key: Key) -> Values:
    """What the subject is said to be against itself, before and after it was refined."""
    same = subject(str(key["subject"]))
    budget_s, refine_s = float(key["budget_s"]), float(key["refine_s"])
    found = compare_and_refine(same, same, budget_s=budget_s, refine_s=refine_s, seed=int(key["repeat"]))
    after = found.after
    return {
        "before": found.before.verdict,
        "verdict": after.verdict,
        "ratio": after.ratio,
        "low": after.low,
        "high": after.high,
        "s": found.spent_s,
    }


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """How often it is told apart from itself, how often called the same, and how long that takes."""
    if not lines:
        return
    told = [(line.values["before"], line.values["verdict"]) for line in lines]
    wrong, wrong_before = (sum(each[place] in ("faster", "slower") for each in told) for place in (1, 0))
    same, same_before = (sum(each[place] == "same" for each in told) for place in (1, 0))
    yield Row(
        f"verdicts faster or slower among {len(lines)} pairs, refined",
        f"{wrong} ({wrong / len(lines):.1%})",
        f"≤ {MOST_VERDICTS:.0%}",
        f"before: {wrong_before}",
    )
    yield Row("called same", f"{same / len(lines):.0%}", beside=f"before: {same_before / len(lines):.0%}")
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
