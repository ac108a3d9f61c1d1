"""The whole catalogue as a newcomer measures it on the screen: default sizes, default effort, then refined.

What is told, and how soon?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import median

from bench.catalogue import WORKLOADS
from bench.events import Estimate, Event, PhaseStarted, PlanFinished
from bench.plan import DEFAULT_MODES, Case, Effort, Plan
from bench.worker.measurement.step_down import UNCLEAR
from tests.driver import Driver
from tests.fidelity.part import Key, Line, Part, Row, Values, summary
from tui.draft.refining import REFINE_S

PAIRS = tuple((mode, baseline) for baseline, mode in combinations(DEFAULT_MODES, 2))

LEAST_TOLD = {("graph", "eager"): 0.95, ("xla", "eager"): 0.95, ("xla", "graph"): 0.9}

QUICK, LATER, REFINED = "quick", "after 10 s", "refined"
"""Name when the rounds of the default effort end; later; and when the screen refines it no more."""

LATER_S = 10.0


def units(repeats: int) -> Iterator[Key]:
    """Every workload of the catalogue in turn."""
    for repeat in range(repeats):
        for workload in WORKLOADS:
            yield {"workload": workload, "repeat": repeat}


def measure(key: Key) -> Values:
    """Measure the case, and return what it says of each pair of modes, and when.

    `told_after_s`: after how many seconds of rounds a pair had the verdict that it had when these ended; null if it
    had none. `s`: seconds of these rounds, and `refined_s` with those that refined them.
    """
    with Driver() as driver:
        return measure_with(driver, str(key["workload"]))


def measure_with(driver: Driver, workload: str) -> Values:
    """Do the same by an engine that is under way."""
    mark = driver.mark
    driver.engine.submit(Plan((Case(workload),), effort=Effort(refine_s=REFINE_S)))
    driver.wait_for(PlanFinished, since=mark)
    told = driver.emitted[mark:]
    refines_at = next((at for at, event in enumerate(told) if is_refining(event)), len(told))
    quick = [event for event in told[:refines_at] if isinstance(event, Estimate)]
    every = [event for event in told if isinstance(event, Estimate)]
    later = [estimate for estimate in every if estimate.spent_s <= LATER_S] or quick
    last = {QUICK: quick[-1], LATER: max(later[-1], quick[-1], key=lambda each: each.spent_s), REFINED: every[-1]}
    return {
        "said": {when: _said(estimate) for when, estimate in last.items()},
        "told_after_s": {pair: _told_after_s(quick, pair) for pair in _said(quick[-1])},
        "s": quick[-1].spent_s,
        "refined_s": every[-1].spent_s,
    }


def is_refining(event: Event) -> bool:
    """Tell whether a case begins to be refined."""
    return isinstance(event, PhaseStarted) and event.phase == "refine"


def _said(estimate: Estimate) -> dict[str, str]:
    return {f"{pair.mode}/{pair.baseline}": pair.verdict for pair in estimate.pairs}


def _told_after_s(estimates: Sequence[Estimate], pair: str) -> float | None:
    """Return after how many seconds a pair had the verdict that it kept; None if it was not told."""
    after_s = None
    last = _said(estimates[-1])[pair]
    for estimate in estimates:
        verdict = _said(estimate).get(pair, UNCLEAR)
        if verdict == UNCLEAR or verdict != last:
            after_s = None
        elif after_s is None:
            after_s = estimate.spent_s
    return after_s


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The share that is told by pair of modes, and how soon; and what a case takes."""
    for mode, baseline in PAIRS:
        name = f"{mode}/{baseline}"
        of_pair = [line for line in lines if name in line.values["told_after_s"]]
        if not of_pair:
            continue
        for when in (QUICK, LATER, REFINED):
            said = [line.values["said"][when][name] for line in of_pair]
            told = sum(verdict != UNCLEAR for verdict in said) / len(said)
            yield Row(
                f"told of {mode} against {baseline} by {len(said)} cases of the catalogue at their defaults, {when}",
                f"{told:.0%}; same {said.count('same') / len(said):.0%}",
                f"≥ {LEAST_TOLD[mode, baseline]:.0%}" if when == REFINED else "–",
            )
        after_s = [line.values["told_after_s"][name] for line in of_pair]
        never = [each if each is not None else float("inf") for each in after_s]
        yield Row(f"seconds of rounds until {mode} against {baseline} is told, median", f"{median(never):.2f}")
    if lines:
        yield Row("seconds of rounds a case", summary([line.values["s"] for line in lines]))
        yield Row("the same, refined", summary([line.values["refined_s"] for line in lines]))


PART = Part(
    name="defaults",
    help="What is told of the whole catalogue at its defaults, and how soon, refined too (40 min).",
    repeats=1,
    units=units,
    measure=measure,
    rows=rows,
)
