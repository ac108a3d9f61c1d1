"""Draws the picture at the README's head, from a recorded session: `python -m tests.picture`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tui.stage import Stage, opened, recorded
from tui.terminal.screenshot import picture_of
from tui.widgets.row_table import ResultsTable
from tui.widgets.setup.setup_panel import SetupPanel

FILE = Path(__file__).parent / "pictures" / "screen.svg"

SIZE = (100, 26)

SESSION, WORKLOAD = "tour", "tiny_ops"
"""What was recorded, and of which of its cases the screen shows the figures."""


async def drawn() -> str:
    """The screen after the session, as SVG."""
    async with opened(Stage(*recorded(SESSION)), size=SIZE) as screen:
        await screen.shows("○ ready", "lstm")
        main = screen.app.screen
        measured = next(case for case in screen.app.session.cases.values() if case.case.workload == WORKLOAD)
        await main.query_one(SetupPanel).take(measured.case)
        main.query_one(ResultsTable).focus()
        await screen.press("home")
        while WORKLOAD not in screen.text.splitlines()[0]:
            await screen.press("down")
            await screen.pilot.pause()
        await screen.shows("Use XLA", ": more")
        await screen.pilot.pause()
        return picture_of(main, screen.app.title)


def main() -> None:
    """Write the file, as someone without settings of their own would see the screen."""
    with TemporaryDirectory() as folder:
        os.environ |= {"TFJIT_TUI_STATE_DIR": folder, "TFJIT_TUI_CONFIG_DIR": folder, "COLORTERM": "truecolor"}
        FILE.write_text(asyncio.run(drawn()), encoding="utf-8")
    print(FILE.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
