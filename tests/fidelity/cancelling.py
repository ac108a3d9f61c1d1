"""How soon a cancelled plan ends: between calls, in a compile, in one that holds the interpreter's lock, in a hang."""

from __future__ import annotations

from time import perf_counter

from bench.events import Event, PhaseStarted, PlanFinished, Round
from bench.plan import Case, Effort, Plan
from tests.driver import Driver
from tests.programs import MISBEHAVING

SITUATIONS: dict[str, tuple[str, type[Event], tuple[str, str]]] = {
    "between rounds": ("softmax", Round, ("", "")),
    "an XLA compile": (f"{MISBEHAVING}::long_compile", PhaseStarted, ("xla", "first_call")),
    "a compile that holds the lock": (f"{MISBEHAVING}::compiler_ir", PhaseStarted, ("eager", "build")),
    "a call that never returns": (f"{MISBEHAVING}::never_returns", PhaseStarted, ("eager", "first_call")),
}


def measure(repeats: int) -> dict[str, list[float]]:
    """Seconds from the cancel to the plan's end, for each situation."""
    times_s: dict[str, list[float]] = {}
    with Driver() as driver:
        for what, (workload, kind, (mode, phase)) in SITUATIONS.items():
            times_s[what] = [_once(driver, workload, kind, mode, phase) for _ in range(repeats)]
    return times_s


def _once(driver: Driver, workload: str, kind: type[Event], mode: str, phase: str) -> float:
    mark = driver.mark
    driver.engine.submit(Plan(cases=(Case(workload),), effort=Effort(budget_s=3600, target=1e-9)))

    def reached(event: Event) -> bool:
        return not isinstance(event, PhaseStarted) or (event.mode, event.phase) == (mode, phase)

    driver.wait_for(kind, reached, since=mark)
    start = perf_counter()
    driver.engine.cancel()
    driver.wait_for(PlanFinished, since=mark)
    return perf_counter() - start
