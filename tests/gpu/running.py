"""Run the steps that have no outcome yet, one after the other, until the time is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from tests.gpu.outcomes import NOT_RUN, TIMED_OUT, Outcome, Outcomes
from tests.gpu.probe import Probe, Step, kind_of

LEAST_S = 10.0
"""With less time left no step is begun: importing TensorFlow alone takes as long."""

RunStep = Callable[[str, Step, float], Outcome]
"""Measures a step of a probe, for so many seconds at most."""


def steps_on(probes: Sequence[Probe], device: str) -> list[tuple[Probe, Step]]:
    """Return every step that means something on a device of this kind, in order."""
    return [(probe, step) for probe in probes if kind_of(device) in probe.kinds for step in probe.steps]


def run_missing(
    steps: Sequence[tuple[Probe, Step]],
    kept: Outcomes,
    run_step: RunStep,
    *,
    budget_s: float,
    say: Callable[[str], None],
    clock: Callable[[], float] = monotonic,
) -> None:
    """Measure and keep the steps that have no outcome yet, for `budget_s` in all.

    A step that the end of the budget cut short is not kept: the next start measures it.
    """
    end = clock() + budget_s
    for number, (probe, step) in enumerate(steps, start=1):
        name = f"{number}/{len(steps)} {probe.name}{f', {step.name}' if len(probe.steps) > 1 else ''}"
        if earlier := kept.of(probe.name, step.name):
            say(f"{name}: {earlier.status}, kept from an earlier start")
            continue
        left_s = end - clock()
        if left_s < LEAST_S:
            say(f"{name}: not run, the time is over")
            continue
        say(f"{name} ...")
        outcome = run_step(probe.name, step, min(step.time_limit_s, left_s))
        if outcome.status == TIMED_OUT and left_s < step.time_limit_s:
            say(f"{name}: cut short, the time is over")
            continue
        kept.keep(outcome)
        say(f"{name}: {outcome.status} after {outcome.seconds:.0f} s{f': {outcome.error}' if outcome.error else ''}")


def outcomes_of(steps: Sequence[tuple[Probe, Step]], kept: Outcomes) -> list[Outcome]:
    """Return the outcome of every step, NOT_RUN for those that have none."""
    return [
        kept.of(probe.name, step.name) or Outcome(probe.name, step.name, NOT_RUN, error="the time was over before")
        for probe, step in steps
    ]
