"""What is taken along from the screen: the dialog, the kinds of file, the picture."""

from __future__ import annotations

import csv
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bench.events import CaseStarted, PlanStarted
from bench.plan import Case, Plan
from bench.report.formats import FORMATS, Format
from bench.session.session import Session
from tests.tui.snapshots import Snap, at_one_layout
from tests.tui.stage import PATIENCE_S, Screen, Stage, opened, recorded, replay
from tui.app.app import TfjitApp
from tui.screens.dialogs.export import ExportScreen

PLAN = Plan((Case("relu", (("size", 8),)),))

pytestmark = pytest.mark.usefixtures("home")


def path_of(screen: Screen) -> Input:
    return screen.app.screen.query_one("#path", Input)


async def asking(screen: Screen) -> None:
    await screen.shows("recording · ready")
    await screen.press("e")
    await screen.until(lambda: isinstance(screen.app.screen, ExportScreen) and screen.app.screen.query("#path"))


async def closed(screen: Screen) -> None:
    await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))


async def test_up_and_down_or_a_click_choose_the_kind_of_file_and_the_name_stays() -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        await screen.shows("◉ CSV", "CSV: a row for each mode")
        for kind in ("json", "md", "html", "svg", "csv"):
            await screen.press("down")
            assert path_of(screen).value == f"tfjit-results.{kind}"
        await screen.press("up", "up")
        await screen.shows("○ CSV", "◉ HTML", "HTML: one page")
        path_of(screen).value = "mine.json"
        await screen.shows("◉ JSON")
        lines = screen.text.splitlines()
        row = next(number for number, line in enumerate(lines) if "○ Markdown" in line)
        await screen.pilot.click(offset=(lines[row].index("Markdown"), row))
        await screen.until(lambda: path_of(screen).value == "mine.md")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["results.txt", "results", "results.csv.gz"])
async def test_a_suffix_that_says_nothing_is_told_with_those_that_do(home: Path, name: str) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = name
        await screen.press("enter")
        await screen.shows(".csv .json .md .html .svg")
        assert not (home / name).exists()
        await screen.press("down")
        assert path_of(screen).value == f"{name}.csv"


@pytest.mark.slow
@pytest.mark.parametrize("kind", [each.name for each in FORMATS])
async def test_each_kind_is_written_as_the_command_line_writes_it(home: Path, kind: str) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = f"out.{kind.upper()}"
        await screen.press("enter")
        await closed(screen)
        await screen.shows("Wrote")
        text = (home / f"out.{kind.upper()}").read_text(encoding="utf-8")
    assert "matmul" in text
    if kind == "csv":
        assert len(list(csv.DictReader(text.splitlines()))) == 3


async def test_while_a_file_is_made_that_takes_long_keys_are_answered_and_a_line_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def slow(session: Session, _: Sequence[str]) -> str:
        assert may_end.wait(PATIENCE_S)
        return ", ".join(case.case.workload for case in session.begun)

    stage = Stage(*recorded("matmul"))
    async with opened(stage) as screen:
        await screen.shows("○ ready")
        monkeypatch.setattr("tui.screens.dialogs.export.FORMATS", [Format("csv", "CSV", "slow", text=slow)])
        await screen.press("e")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter", "enter")
        await screen.shows("Writing tfjit-results.csv…")
        await screen.press("end", "2")
        await screen.until(lambda: path_of(screen).value == "tfjit-results.csv2")
        stage.play(PlanStarted(plan=PLAN, case_ids=("2",)), CaseStarted(case_id="2"))
        await screen.until(lambda: len(screen.app.session.begun) == 2)
        may_end.set()
        await closed(screen)
        await screen.shows("Wrote")
    assert (home / "tfjit-results.csv").read_text(encoding="utf-8") == "matmul"


NOT_WRITTEN = {
    "results.txt": ".csv .json .md .html .svg",
    "nowhere/results.csv": "cannot write",
    "soft.csv": "this session's file are the same file",
    "hard.csv": "this session's file are the same file",
    "screen.csv": "screen.csv is what the screen is drawn on: name a file",
    "~nobody-of-that-name/out.csv": "home directory",
}
"""Where nothing can or may be written, and what is said of it."""


async def test_what_may_not_be_written_is_told_and_loses_nothing(home: Path) -> None:
    session = home / "S.jsonl"
    session.write_text("events")
    (home / "hard.csv").hardlink_to(session)
    (home / "soft.csv").symlink_to(session)
    (home / "screen.csv").symlink_to("/dev/stdout")
    async with opened(replay("matmul"), read_only=True, session_path=session) as screen:
        await asking(screen)
        for name, words in NOT_WRITTEN.items():
            path_of(screen).value = name
            await screen.press("enter")
            await screen.shows(words)
            assert isinstance(screen.app.screen, ExportScreen)
    assert session.read_text() == "events"


async def test_the_picture_is_of_the_screen_beneath_and_of_all_of_it(home: Path) -> None:
    async with opened(replay("tour"), size=(120, 40), read_only=True) as screen:
        await screen.shows("recording · ready")
        await screen.press("ctrl+p")
        await screen.press(*"screenshot")
        await screen.shows("SVG picture")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.shows("◉ SVG")
        await screen.press("enter")
        await closed(screen)
        text = (home / "tfjit-screen.svg").read_text(encoding="utf-8")
    drawn = "".join(ET.fromstring(text).itertext()).replace("\xa0", " ")
    assert "latency per call" in drawn
    assert "lstm" in drawn
    assert "help" in drawn  # the footer
    assert "What to write" not in drawn
    assert re.findall(r"https?:[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in text
    assert "url(#" in text


@at_one_layout
def test_the_dialog(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = TfjitApp(replay("tour"), read_only=True, clock=lambda: 0.0)
    app.theme = "dark"

    async def asked(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await asking(screen)
        await screen.press("down", "down", "down")
        await screen.shows("◉ HTML", "HTML: one page")

    assert snap_compare(app, terminal_size=size, run_before=asked)
