"""What is done in a thread of its own while the screen goes on."""

from __future__ import annotations

import sys
import threading

import pytest
from textual.message import Message

from bench.report.formats import FORMATS, Format
from tests.tui.stage import LOADED, Screen, Stage, opened, replay
from tui.screens.background import aside
from tui.screens.dialogs.export import ExportScreen

pytestmark = pytest.mark.usefixtures("home")


class Done(Message):
    """It was done."""


class MistakeError(Exception):
    """Nobody expects it."""


def mistaken(*_: object) -> str:
    raise MistakeError


async def exporting(screen: Screen) -> ExportScreen:
    await screen.shows("recording · ready")
    await screen.press("e")
    await screen.until(lambda: screen.app.screen.query("#path"))
    dialog = screen.app.screen
    assert isinstance(dialog, ExportScreen)
    return dialog


@pytest.mark.slow
async def test_a_bug_while_a_file_is_written_ends_the_application_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tui.screens.dialogs.export.FORMATS", (Format("csv", "CSV", "rows", text=mistaken), *FORMATS[1:])
    )

    async def write() -> None:
        async with opened(replay("matmul"), read_only=True) as screen:
            await exporting(screen)
            await screen.press("enter")
            await screen.until(lambda: screen.app.failure)

    with pytest.raises(MistakeError):
        await write()


async def test_a_bug_is_told_though_the_one_who_asked_is_gone() -> None:
    gone = threading.Event()

    def fail_late() -> Message:
        gone.wait()
        raise MistakeError

    async def ask_and_go() -> None:
        async with opened(replay("matmul"), read_only=True) as screen:
            dialog = await exporting(screen)
            aside(fail_late, dialog)
            await screen.press("escape")
            await screen.until(lambda: not dialog.is_running)
            gone.set()
            await screen.until(lambda: screen.app.failure)

    with pytest.raises(MistakeError):
        await ask_and_go()


async def test_threads_are_handed_over_to_sooner_only_while_one_of_them_is_at_work() -> None:
    usual_s = sys.getswitchinterval()
    first, second = threading.Event(), threading.Event()

    def wait_for(let: threading.Event) -> Message:
        let.wait()
        return Done()

    def at_work() -> int:
        return sum(thread.name == "aside" for thread in threading.enumerate())

    async with opened(Stage(*LOADED)) as screen:
        await screen.until(lambda: not at_work())
        aside(lambda: wait_for(first), screen.app)
        aside(lambda: wait_for(second), screen.app)
        await screen.until(lambda: sys.getswitchinterval() < usual_s)
        first.set()
        await screen.until(lambda: at_work() == 1)
        assert sys.getswitchinterval() < usual_s
        second.set()
        await screen.until(lambda: not at_work())
        assert sys.getswitchinterval() == usual_s
