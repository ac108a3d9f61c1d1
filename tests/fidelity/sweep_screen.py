"""The screen of a long sweep under way, for `many_rows.py`: `python -m tests.fidelity.sweep_screen CASES`.

Half of the cases have been measured; of the others two a second end. Nothing is measured: it is told.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.engine.source import Replay
from bench.events import Event, PlanStarted
from bench.plan import Case, Plan
from tests.examples import compared, session_events
from tui.app.app import TfjitApp

CASES_A_SECOND = 2.0

LATENCIES_S = {"eager": 0.02, "graph": 0.01, "xla": 0.005}
PAIRS = (
    compared("g/e", 0.5, 0.4, 0.6, "faster", 9),
    compared("x/e", 0.25, 0.2, 0.3, "faster", 9),
    compared("x/g", 0.5, 0.4, 0.6, "faster", 9),
)


class Sweep(Replay):
    """A sweep of so many cases."""

    def __init__(self, cases: int) -> None:
        super().__init__(())
        self._cases = tuple(Case("elementwise_chain", (("size", size), ("length", 60))) for size in range(1, cases + 1))
        self._ended = threading.Event()

    def events(self) -> Iterator[Event]:
        """What a real one would tell, the first half at once."""
        events = session_events(LATENCIES_S, *PAIRS, case=self._cases[0])
        of_case: list[Any] = [event for event in events if getattr(event, "case_id", "") == "1"]
        ids = tuple(str(number) for number in range(1, len(self._cases) + 1))
        yield from events[:3]
        yield PlanStarted(plan=Plan(self._cases, sweep=(f"size=1..{len(ids)}:+1",)), case_ids=ids)
        for case_id in ids:
            if int(case_id) > len(ids) // 2 and self._ended.wait(1 / CASES_A_SECOND):
                return
            yield from (replace(event, case_id=case_id) for event in of_case)
        self._ended.wait()

    def close(self) -> None:
        """End `events`."""
        self._ended.set()


if __name__ == "__main__":
    TfjitApp(Sweep(int(sys.argv[1]))).run()
