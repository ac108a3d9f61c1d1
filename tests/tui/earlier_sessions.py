"""Earlier sessions among the state of the user, and the screen that lists them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.events import CaseStarted, Event, SessionStarted, to_line
from tests.examples import sweep_events
from tests.tui.stage import Screen
from tui.screens.history.session_list import SessionsScreen
from tui.widgets.row_table import ResultsTable

MONDAY, TUESDAY = "20260105T090000Z-aaaaaaaa", "20260106T090000Z-bbbbbbbb"

BROKEN_OFF = [*sweep_events(10), CaseStarted(case_id="2")]
"""A sweep of three cases that ended during the second."""


def keep(home: Path, session_id: str, events: Sequence[Event]) -> Path:
    """Put a session among the earlier ones; it began when its id says."""
    at = float(time.mktime(time.strptime(session_id[:15], "%Y%m%dT%H%M%S")))
    first = replace(events[0], at=at)
    assert isinstance(first, SessionStarted)
    path = home / "state" / "sessions" / f"{session_id}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = [replace(event, at=at) if isinstance(event, CaseStarted) else event for event in events[1:]]
    path.write_text("".join(f"{to_line(event)}\n" for event in (replace(first, session_id=session_id), *begun)))
    return path


async def browse(screen: Screen) -> ResultsTable:
    """Open the list of earlier sessions."""
    await screen.press("b")
    await screen.until(lambda: isinstance(screen.app.screen, SessionsScreen))
    table = screen.app.screen.query_one(ResultsTable)
    await screen.until(lambda: table.row_count)
    return table


def shown(table: ResultsTable, column: str) -> list[str]:
    """Return what stands in a column, row by row."""
    return [table.text_at(row)[column] for row in range(table.row_count)]
