"""Notices: a toast that is made just when its notice expires must not stop the application."""

from __future__ import annotations

import pytest
from textual.notifications import Notification
from textual.widgets._toast import Toast

from tests.tui.stage import LOADED, Stage, opened
from tui.app.notices import Notice


def test_textual_still_counts_time_left_below_zero() -> None:
    assert Notification("late", timeout=-1).time_left < 0


def test_an_expired_notice_has_expired_and_has_time_left() -> None:
    late = Notice("late", timeout=-1)
    assert late.has_expired
    assert late.time_left > 0


def test_a_new_notice_has_its_time() -> None:
    notice = Notice("new", timeout=60)
    assert not notice.has_expired
    assert notice.time_left == pytest.approx(60, abs=30)


async def test_a_notice_that_has_just_expired_goes_keys_are_heard_and_what_is_said_is_a_notice() -> None:
    async with opened(Stage(*LOADED)) as screen:
        toast = Toast(Notice("late", timeout=-1))
        await screen.app.screen.mount(toast)
        await screen.until(lambda: not toast.is_attached)
        await screen.press("question_mark")
        await screen.shows("esc goes back")
        screen.app.notify("Something [was] said.")
        await screen.shows("Something [was] said.")
        assert all(isinstance(toast._notification, Notice) for toast in screen.app.screen.query(Toast))
