"""What is taken along from the main screen: files, the verdict, the picture."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.stage import LOADED, Screen, Stage, opened, replay
from tui.screens.dialogs.export import ExportScreen

pytestmark = pytest.mark.usefixtures("home")


async def test_export_writes_a_file_and_overwrites_only_after_a_yes(home: Path) -> None:
    file = home / "results.CSV"
    async with opened(replay("matmul"), read_only=True) as screen:
        await screen.shows("recording · ready")
        await export_to(screen, "results.CSV")
        await screen.until(file.exists)
        assert len(list(csv.DictReader(file.open(newline="")))) == 3
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))

        file.write_text("precious")
        await export_to(screen, "results.CSV")
        await screen.shows("results.CSV exists and is no earlier CSV export. Overwrite")
        await screen.press("enter")  # the focus is on Back
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert file.read_text() == "precious"

        await export_to(screen, "results.CSV")
        await screen.shows("no earlier CSV export. Overwrite")
        await screen.pilot.click("#overwrite")
        await screen.until(lambda: file.read_text() != "precious")


async def test_before_a_run_there_is_a_picture_to_take_and_nothing_else(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        for key, words in NOTHING_YET.items():
            await screen.press(key)
            await screen.shows(words)
        await screen.press("p", "n")
        await screen.app.screen.run_action("screenshot")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert "matmul" in (home / "tfjit-screen.svg").read_text(encoding="utf-8")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert (stage.pauses, stage.skipped) == ([], 0)


NOTHING_YET = {
    "d": "There are no figures yet",
    "e": "nothing to export",
    "y": "no verdict to copy",
    "c": "nothing to compare yet",
}
"""Keys that need a result, and what is said without one."""


async def test_of_a_recording_the_verdict_can_be_copied_and_nothing_measured(home: Path) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await screen.shows("recording · ready")
        await screen.press("y")
        await screen.shows("Copied to the clipboard")
        text = (home / "state" / "verdict.txt").read_text(encoding="utf-8")
        assert text == screen.app.clipboard
        assert "TensorFlow 2." in text
        assert text.splitlines()[-1] == "tfjit-tui run --preset seed --budget 1.5 --far python3"
        await screen.press("r")
        await screen.shows("This is a recording")


async def export_to(screen: Screen, path: str) -> None:
    await screen.press("e")
    await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
    screen.app.screen.query_one("#path", Input).value = path
    await screen.press("enter")
