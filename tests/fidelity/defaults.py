"""The whole catalogue as a newcomer measures it: default sizes, default effort. What is told, and how soon?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from bench.catalogue import WORKLOADS
from bench.events import Estimate, PlanFinished
from bench.plan import DEFAULT_MODES, Case, Plan
from bench.session.session import Session
from tests.driver import Driver
from tests.fidelity.part import Key, Line, Part, Row, Values, summary

PAIRS = tuple((mode, baseline) for baseline, mode in combinations(DEFAULT_MODES, 2))

LEAST_TOLD = {("graph", "eager"): 0.95, ("xla", "eager"): 0.95, ("xla", "graph"): 0.9}

UNCLEAR = "unclear"


def units(repeats: int) -> Iterator[Key]:
    """Every workload of the catalogue in turn."""
    for repeat in range(repeats):
        for workload in WORKLOADS:
            yield {"workload": workload, "repeat": repeat}


def measure(key: Key) -> Values:
    """What the case says of each pair of modes, after how many seconds of rounds it said so for good, and its time."""
    with Driver() as driver:
        return measure_with(driver, str(key["workload"]))


def measure_with(driver: Driver, workload: str) -> Values:
    """The same, by an engine that is under way."""
    mark = driver.mark
    driver.engine.submit(Plan((Case(workload),)))
    driver.wait_for(PlanFinished, since=mark)
    case = list(Session(driver.emitted).cases.values())[-1]
    estimates = [event for event in driver.emitted[mark:] if isinstance(event, Estimate)]
    said = {f"{pair.mode}/{pair.baseline}": pair.verdict for pair in case.pairs}
    return {"said": said, "told_after_s": {pair: _told_after_s(estimates, pair) for pair in said}, "s": case.spent_s}


def _told_after_s(estimates: Sequence[Estimate], name: str) -> float | None:
    """Return after how many seconds a pair had the verdict that it kept; None if it was not told."""
    after_s = None
    for estimate in estimates:
        verdict = next((each.verdict for each in estimate.pairs if f"{each.mode}/{each.baseline}" == name), UNCLEAR)
        last = next(each.verdict for each in estimates[-1].pairs if f"{each.mode}/{each.baseline}" == name)
        if verdict == UNCLEAR or verdict != last:
            after_s = None
        elif after_s is None:
            after_s = estimate.spent_s
    return after_s


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The share that is told and how soon, by pair of modes; and what a case takes."""
    for mode, baseline in PAIRS:
        name = f"{mode}/{baseline}"
        said = [line.values["said"][name] for line in lines if name in line.values["said"]]
        after_s = [each for line in lines if (each := line.values["told_after_s"].get(name)) is not None]
        if said:
            told = sum(verdict != UNCLEAR for verdict in said) / len(said)
            yield Row(
                f"told of {mode} against {baseline} by {len(said)} cases of the catalogue at their defaults",
                f"{told:.0%}; same {sum(verdict == 'same' for verdict in said) / len(said):.0%}",
                f"≥ {LEAST_TOLD[mode, baseline]:.0%}",
                f"seconds of rounds until it is told: {summary(after_s)}" if after_s else "–",
            )
    if lines:
        yield Row("seconds of rounds a case", summary([line.values["s"] for line in lines]))


PART = Part(
    name="defaults",
    help="What is told of the whole catalogue at its defaults, and how soon (20 min).",
    repeats=1,
    units=units,
    measure=measure,
    rows=rows,
)
