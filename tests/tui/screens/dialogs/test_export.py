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
from tests.slow import slowly
from tests.tui.snapshots import Snap, at_snapshot_sizes
from tests.tui.stage import LOADED, PATIENCE_S, Screen, Stage, opened, recorded, replay
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


async def test_up_and_down_choose_the_kind_of_file() -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        await screen.shows("◉ CSV", "CSV: a row for each mode")
        for kind in ("json", "md", "html", "svg", "csv"):
            await screen.press("down")
            assert path_of(screen).value == f"tfjit-results.{kind}"
        await screen.press("up", "up")
        await screen.shows("○ CSV", "◉ HTML", "HTML: one page")


async def test_a_click_chooses_the_kind_of_file_and_the_name_stays() -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = "mine.json"
        await screen.shows("◉ JSON")
        lines = screen.text.splitlines()
        row = next(number for number, line in enumerate(lines) if "○ Markdown" in line)
        await screen.pilot.click(offset=(lines[row].index("Markdown"), row))
        await screen.until(lambda: path_of(screen).value == "mine.md")


@pytest.mark.parametrize("name", ["results.txt", *slowly("results", "results.csv.gz")])
async def test_a_suffix_that_says_nothing_is_told_with_those_that_do(home: Path, name: str) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = name
        await screen.press("enter")
        await screen.shows(".csv .json .md .html .svg")
        assert not (home / name).exists()
        await screen.press("down")
        assert path_of(screen).value == f"{name}.csv"


@pytest.mark.parametrize("kind", ["csv", *slowly(*(each.name for each in FORMATS if each.name != "csv"))])
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


@pytest.mark.parametrize("link", ["hard", "soft"])
async def test_the_sessions_own_file_is_never_written_over(link: str, home: Path) -> None:
    session = home / "S.jsonl"
    session.write_text("events")
    (home / "out.csv").hardlink_to(session) if link == "hard" else (home / "out.csv").symlink_to(session)
    async with opened(replay("matmul"), read_only=True, session_path=session) as screen:
        await asking(screen)
        path_of(screen).value = "out.csv"
        await screen.press("enter")
        await screen.shows("this session's file are the same file")
    assert session.read_text() == "events"


async def test_a_screen_is_not_written_on(home: Path) -> None:
    (home / "out.csv").symlink_to("/dev/stdout")
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = "out.csv"
        await screen.press("enter")
        await screen.shows("out.csv is what the screen is drawn on: name a file")


async def test_a_home_that_there_is_not_is_told() -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await asking(screen)
        path_of(screen).value = "~nobody-of-that-name/out.csv"
        await screen.press("enter")
        await screen.shows("home directory")


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


async def test_the_picture_can_be_taken_before_anything_is_measured(home: Path) -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.app.screen.run_action("screenshot")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter")
        await closed(screen)
        assert "matmul" in (home / "tfjit-screen.svg").read_text(encoding="utf-8")


@at_snapshot_sizes
def test_the_dialog(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = TfjitApp(replay("tour"), read_only=True, clock=lambda: 0.0)
    app.theme = "dark"

    async def asked(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await asking(screen)
        await screen.press("down", "down", "down")
        await screen.shows("◉ HTML", "HTML: one page")

    assert snap_compare(app, terminal_size=size, run_before=asked)
