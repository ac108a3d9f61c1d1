"""Events on their way to the screen: what is urgent is told of once and drawn at once, and nothing is lost."""

from __future__ import annotations

import threading

import pytest

from bench.events import Notice
from tests.examples import NO_MODE_WINS, THREE_MODES, rounds
from tests.tui.stage import Stage, running
from tui.app.app import TfjitApp
from tui.app.feed import Inbox

QUIET, URGENT = Notice(text="quiet"), Notice(text="urgent")


def test_only_what_is_urgent_is_told_of() -> None:
    told: list[str] = []
    inbox = Inbox(lambda: told.append("told"))
    inbox.put(QUIET, urgent=False)
    assert told == []
    inbox.put(URGENT, urgent=True)
    assert told == ["told"]


def test_it_is_told_of_once_until_it_is_taken() -> None:
    told: list[str] = []
    inbox = Inbox(lambda: told.append("told"))
    inbox.put(URGENT, urgent=True)
    inbox.put(URGENT, urgent=True)
    assert told == ["told"]
    inbox.take(9)
    inbox.put(URGENT, urgent=True)
    assert told == ["told", "told"]


def test_everything_is_taken_in_its_order() -> None:
    inbox = Inbox(lambda: None)
    inbox.put(QUIET, urgent=False)
    inbox.put(URGENT, urgent=True)
    assert inbox.take(9) == [QUIET, URGENT]
    assert inbox.take(9) == []


def test_no_more_is_taken_than_is_asked_for() -> None:
    inbox = Inbox(lambda: None)
    for event in (QUIET, URGENT, QUIET):
        inbox.put(event, urgent=False)
    assert inbox.take(2) == [QUIET, URGENT]
    assert inbox.take(2) == [QUIET]


def test_whoever_fills_it_waits_for_room_until_it_is_closed() -> None:
    inbox = Inbox(lambda: None, most=2)

    def fill() -> None:
        for _ in range(9):
            inbox.put(QUIET, urgent=False)

    filling = threading.Thread(target=fill)
    filling.start()
    taken = 0
    while taken < 5:
        part = inbox.take(9)
        assert len(part) <= 2
        taken += len(part)
    inbox.close()
    filling.join()
    assert taken + len(inbox.take(9)) == 9


@pytest.mark.usefixtures("home")
async def test_the_figures_of_a_worker_are_drawn_as_they_come() -> None:
    """A worker waits after them for a frame; by itself this screen draws once an hour."""
    stage = Stage(*NO_MODE_WINS[:-2])
    async with running(TfjitApp(stage, clock=lambda: 0.0, repaint_s=3600.0)) as screen:
        await screen.shows("24.2 ms")
        stage.play(*rounds(dict.fromkeys(THREE_MODES, 0.0517), 41))
        await screen.shows("51.7 ms")
