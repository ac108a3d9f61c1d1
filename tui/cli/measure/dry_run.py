"""List what `run --dry-run` would measure and how long that takes, as a table and as JSON."""

from __future__ import annotations

from typing import Any

from bench.implementations import plain_modes
from bench.number_text import counted, duration
from bench.plan import LONGEST_OVERRUN, Case, Plan

from ..gate import Gates
from ..report import table

HEADER = (
    *(
        "",
        "workload",
        "against",
        "sizes",
        "dtype",
        "device",
        "settings",
        "far side",
        "modes",
        "processes",
        "rounds",
        "time-out",
    ),
    "fails if",
)


def plan_listing(plan: Plan, gates: Gates) -> str:
    """Return a row for each case, and the total."""
    rows = [_row(number, case, plan, gates) for number, case in enumerate(plan.cases, 1)]
    count = counted(len(rows), "case")
    rounds_s, most_s = (duration(len(rows) * each, 3) for each in (rounds_of(plan), timeout_of(plan)))
    return (
        f"{table([HEADER, *rows])}\n\n{count}: at most {rounds_s} of rounds beside loading TensorFlow, tracing and "
        f"compiling; timed out after {most_s}. Nothing was started."
    )


def plan_object(plan: Plan, gates: Gates) -> dict[str, Any]:
    """Return the same as a JSON object."""
    return {
        "cases": [
            {
                "workload": case.workload,
                "against": case.old_name,
                "dims": dict(case.dims),
                "dtype": case.dtype,
                "device": case.device,
                "inputs": case.inputs,
                "runtime": str(case.runtime),
                "far": case.far,
                "modes": list(plain_modes(case.modes)),
                "seed": case.seed,
                "processes": plan.effort.processes,
                "rounds_s": rounds_of(plan),
                "timeout_s": timeout_of(plan),
                "fail_if": [str(condition) for condition in gates.on(case)],
            }
            for case in plan.cases
        ],
        "rounds_s": len(plan.cases) * rounds_of(plan),
        "timeout_s": len(plan.cases) * timeout_of(plan),
    }


def rounds_of(plan: Plan) -> float:
    """Return how long the rounds of a case take at most, in seconds."""
    return plan.effort.processes * (plan.effort.budget_s + plan.effort.refine_s)


def timeout_of(plan: Plan) -> float:
    """Return the seconds after which all processes of a case have timed out, without loading TensorFlow."""
    effort = plan.effort
    return effort.processes * (plan.case_timeout_s + LONGEST_OVERRUN * effort.budget_s + effort.refine_s)


def _row(number: int, case: Case, plan: Plan, gates: Gates) -> tuple[str, ...]:
    return (
        f"{number:,}",
        case.workload,
        case.old_name,
        case.dims_text,
        case.dtype,
        case.device,
        str(case.runtime),
        case.far,
        ",".join(plain_modes(case.modes)),
        str(plan.effort.processes),
        duration(rounds_of(plan), 3),
        duration(timeout_of(plan), 3),
        ", ".join(str(condition) for condition in gates.on(case)),
    )
