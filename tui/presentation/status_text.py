"""What is measured and what the far side is doing, in a few words for a header."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bench.number_text import counted, duration
from bench.plan import COMPILED_MODES, Case, Plan, short_name

if TYPE_CHECKING:
    from bench.session.session import Session

_PHASES = {
    "build": "building",
    "trace": "tracing",
    "first_call": "starting",
    "argument_sets": "varying arguments",
    "verify": "checking",
    "calibrate": "calibrating",
    "breakdown": "taking calls apart",
    "rounds": "measuring",
    "refine": "refining",
}


def doing(mode: str, phase: str) -> str:
    """What a phase does with a mode: `tracing`, `compiling`."""
    return "compiling" if phase == "first_call" and mode in COMPILED_MODES else _PHASES.get(phase, phase)


def lacks_tensorflow(trouble: Iterable[str]) -> bool:
    """Whether a far side's last words tell of a TensorFlow that cannot be imported."""
    words = "\n".join(trouble)
    return "tensorflow" in words and ("ModuleNotFoundError" in words or "ImportError" in words)


def describe(session: Session, *, waiting: bool = False) -> str:
    """How far a plan of several cases has come, and the state of the worker.

    `waiting` says that a plan was submitted and has not begun.
    """
    state = _describe_worker(session, waiting=waiting)
    if waiting or not session.measuring:
        return state
    return " · ".join(part for part in (progress(session), state) if part)


def progress(session: Session) -> str:
    """`3 of 14, about 40 s to go`: where a plan of several cases stands; empty for one case, or before the first."""
    current = session.current
    if current is None:
        return ""
    plan, number = session.progress, session.progress.place_of(current)
    if plan.planned < 2 or number is None:
        return ""
    place = f"{number} of {plan.planned}"
    if session.paused:
        return f"{place}, paused"
    if not plan.measured or current.started_at is None or plan.began_at is None:
        return place
    mean_s = (current.started_at - plan.began_at) / plan.measured
    return f"{place}, about {duration(mean_s * plan.left, 1)} to go" if mean_s > 0 and plan.left else place


def _describe_worker(session: Session, *, waiting: bool) -> str:
    if session.worker == "lost" and not waiting:
        return "far side lost: r tries again"
    if session.worker == "failed" and not waiting:
        return "worker ended: r tries again"
    case = session.current
    if case is not None and case.state == "running" and case.processes > 1 and not waiting:
        return f"process {case.process} of {case.processes} · {_doing(session, waiting=False)}"
    return _doing(session, waiting=waiting)


def _doing(session: Session, *, waiting: bool) -> str:
    case, fars = session.current, session.far_states
    under_way = case is not None and case.state in ("running", "refining")
    then = ", then it runs" if waiting or (session.measuring and not under_way) else ""
    if session.worker == "ending" or (fars.held and not (under_way or fars.loading or fars.preparing)):
        return f"waiting for {fars.held} to be let go{then}"
    if fars.preparing:
        return f"preparing {fars.preparing}{then}"
    if session.worker in ("none", "starting") or (fars.loading and not under_way):
        where = ", ".join(filter(None, fars.loading))
        return "loading TensorFlow" + (f" on {where}" if where else "") + then
    if session.reading and not under_way:
        return f"reading {short_name(session.reading)}{then}"
    if waiting:
        return "about to run"
    if session.worker == "released":
        return "worker released: r starts one"
    if not session.measuring:
        return "ready"
    if case is None or (case.ended and not session.refining):
        return "waiting" if session.paused else "starting"
    phase = session.phase if session.phase and session.phase.case_id == case.case_id else None
    if session.refining and case.left_s is not None:
        return f"refining · {case.left_s:.0f} s left"
    if case.left_s is not None and (phase is None or phase.phase == "rounds"):
        return f"round {case.rounds} · {case.left_s:.0f} s left"
    if phase is None:
        return "starting"
    if phase.phase == "rounds" and case.least_s > case.plan.effort.budget_s:
        return f"measuring {case.least_rounds} rounds, about {duration(case.least_s, 2)}"
    return f"{doing(phase.mode, phase.phase)} {phase.mode}".rstrip()


def describe_case(case: Case) -> str:
    """`matmul · m=1024 k=1024 n=1024 · float32 · CPU:0`, and what is unusual about how it is to run."""
    return case.title


def plan_text(plan: Plan) -> str:
    """How many cases, and how long at most: `14 cases, at most 42 s of rounds beside tracing and compiling`."""
    budget_s = len(plan.cases) * plan.effort.budget_s * plan.effort.processes
    return f"{counted(len(plan.cases), 'case')}, at most {duration(budget_s, 2)} of rounds beside tracing and compiling"
