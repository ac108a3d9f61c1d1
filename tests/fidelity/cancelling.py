"""How soon a cancelled plan ends: between calls, in a compile, in one that holds the interpreter's lock, in a hang."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from bench.events import Event, PhaseStarted, PlanFinished, Round
from bench.plan import Case, Effort, Plan
from tests.driver import Driver
from tests.fidelity.part import Key, Line, Part, Row, Values, group, summary
from tests.programs import MISBEHAVING

SITUATIONS: dict[str, tuple[str, type[Event], tuple[str, str]]] = {
    "between rounds": ("softmax", Round, ("", "")),
    "an XLA compile": (f"{MISBEHAVING}::long_compile", PhaseStarted, ("xla", "first_call")),
    "a compile that holds the lock": (f"{MISBEHAVING}::compiler_ir", PhaseStarted, ("eager", "build")),
    "a call that never returns": (f"{MISBEHAVING}::never_returns", PhaseStarted, ("eager", "first_call")),
}


def units(repeats: int) -> Iterator[Key]:
    """Every situation in turn."""
    for repeat in range(repeats):
        for situation in SITUATIONS:
            yield {"situation": situation, "repeat": repeat}


def measure(key: Key) -> Values:
    """Seconds from the cancel to the plan's end."""
    with Driver() as driver:
        return {"cancel_s": _cancel(driver, *SITUATIONS[str(key["situation"])])}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Seconds, for each situation."""
    for (situation,), repeats in group(lines, "situation").items():
        times_s = [line.values["cancel_s"] for line in repeats]
        yield Row(
            f"seconds until a cancelled plan has ended, {situation}, {len(times_s)} times: median (least-most)",
            summary(times_s),
        )


def _cancel(driver: Driver, workload: str, kind: type[Event], where: tuple[str, str]) -> float:
    mark = driver.mark
    driver.engine.submit(Plan(cases=(Case(workload),), effort=Effort(budget_s=3600, target=1e-9)))

    def reached(event: Event) -> bool:
        return not isinstance(event, PhaseStarted) or (event.mode, event.phase) == where

    driver.wait_for(kind, reached, since=mark)
    start = perf_counter()
    driver.engine.cancel()
    driver.wait_for(PlanFinished, since=mark)
    return perf_counter() - start


PART = Part(
    name="cancel",
    help="Seconds from a cancel to the end of the plan, whatever the worker is doing.",
    repeats=5,
    units=units,
    measure=measure,
    rows=rows,
)
