"""A session that broke off, whose far side would leave a mark."""

from __future__ import annotations

from bench.events import CaseStarted, Event, PlanStarted, SessionStarted
from bench.plan import Case, Plan
from tests.hostile import MARKER
from tests.tui.earlier_sessions import MONDAY

SHELL = f"sh -c 'touch {MARKER}; exec python3'"


def broken_off(
    far: str = "", workload: str = "matmul", fars: tuple[tuple[str, str], ...] = (), against: str = ""
) -> list[Event]:
    """Return the events of a session with one case, which was under way when it ended."""
    started = SessionStarted(session_id=MONDAY, version="1", far=far, fars=fars)
    return [
        started,
        PlanStarted(plan=Plan((Case(workload, against=against),)), case_ids=("1",)),
        CaseStarted(case_id="1"),
    ]
