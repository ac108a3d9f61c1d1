"""Brackets in a path, a message or a name are shown as they stand: Textual would take them for markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.events import CaseStarted, Event, Looked, Notice, PlanStarted, WorkloadInfo
from bench.plan import Case
from tests.examples import NO_MODE_WINS
from tests.tui.stage import LOADED, Stage, opened
from tui.screens.main.main_screen import MainScreen

pytestmark = pytest.mark.usefixtures("home")

NAME = "/sub[/lime] [a b='/code.py::step"
CASE = Case(NAME, (("rows", 64),))

OPENED = Looked(name=NAME, workload=WorkloadInfo(NAME, "own", "", "", (("rows", 64, 1, 4096),), ("float32",)))


def of(case: Case, event: Event) -> Event:
    """The same event, had `case` been measured."""
    return replace(event, plan=replace(event.plan, cases=(case,))) if isinstance(event, PlanStarted) else event


MEASURED = [of(CASE, event) for event in NO_MODE_WINS]
PLANNED = next(event for event in MEASURED if isinstance(event, PlanStarted))


async def test_a_notice() -> None:
    async with opened(Stage(*LOADED, Notice(text="no [/such] file", severity="error"))) as screen:
        await screen.shows("no [/such] file")


@pytest.mark.parametrize("size", [(80, 24), pytest.param((200, 60), marks=pytest.mark.slow)])
async def test_the_name_of_own_code(size: tuple[int, int]) -> None:
    again = PlanStarted(plan=PLANNED.plan, case_ids=("2",)), CaseStarted(case_id="2")
    async with opened(Stage(*MEASURED, *again), size=size) as screen:
        main = screen.app.screen
        assert isinstance(main, MainScreen)
        await main.set_up(CASE)
        await screen.until(lambda: len(screen.app.session.cases) == 2)
        for key in ("c", "d", "e", "y", "s", "o", "w", "slash", "f"):
            await screen.press("up", key)
            await screen.until(lambda: screen.app.is_running)
            await screen.shows("[" if key != "slash" else "search")
            await screen.press("escape")
            await screen.until(lambda: screen.app.screen is main)
