"""Events on their way to the event loop: what is urgent is told of once, and nothing is lost."""

from __future__ import annotations

import threading

from bench.events import Notice
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
