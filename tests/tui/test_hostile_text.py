"""Every word of a session is hostile, and none of it reaches a reader as it is: screens, exports, tables, terminals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.notifications import SeverityLevel

from bench.events import PlanStarted, to_line
from bench.plan import Case, Plan
from bench.report.formats import FORMATS
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.hostile_text import ESCAPES, HOSTILE, RAW, write_hostile_session
from tests.slow import slowly
from tests.terminal import Terminal
from tests.tui.command import invoke
from tests.tui.snapshots import at_every_size
from tests.tui.stage import Stage, opened
from tui.cli.commands.completion import PROGRAM, SHELLS, VARIABLE
from tui.presentation.verdict_quote import quote_verdict
from tui.terminal.printable_lines import PrintableOnly, harmless
from tui.terminal.screenshot import picture_of
from tui.widgets.row_table import ResultsTable

KEYS = [
    *"dexoswcbfy",
    "question_mark",
    "comma",
    "slash",
    "ctrl+p",
    "b enter",
    "b space down c",
    "c enter",
    "slash down",
]
"""What opens something on the main screen."""

SEVERITIES: tuple[SeverityLevel, ...] = ("information", "warning", "error")

PREVIEWED_S = 0.5
"""By then the session under the cursor has been read."""

PLANNED = f"{to_line(PlanStarted(plan=Plan((Case(f'w{HOSTILE}'),)), case_ids=('1',)))}\n"
"""A session of which a shell tells what it measured."""

LINE_ENDS = {"csv": "\r"}
"""What a kind of file has of its own."""

most_hostile = pytest.mark.parametrize("hostile", ["failures", *slowly("tour")], indirect=True)
"""In the plain run, the session with the more kinds of words."""


@pytest.fixture(params=["tour", "failures"])
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A session's file."""
    return write_hostile_session(tmp_path / "hostile.jsonl", request.param)


def test_no_file_holds_it_raw_and_json_keeps_what_it_was(hostile: Path) -> None:
    session = Session(read(hostile).events)
    for each in FORMATS:
        text = each.text(session, ("--far", f"ssh {HOSTILE}"))
        assert RAW & set(text) - set(LINE_ENDS.get(each.name, "")) == set(), each.name
        assert r"\x1b]0;owned" in text or r"\u001b]0;owned" in text or r"\\x1b\]0;owned" in text, each.name
        if each.name == "json":
            assert HOSTILE in json.loads(text)[0]["workload"]


def test_no_verdict_to_take_along_holds_it_raw(hostile: Path) -> None:
    for case in Session(read(hostile).events).begun:
        assert set(quote_verdict(case, ("--far", f"ssh {HOSTILE}"))) & RAW == set()


@pytest.mark.parametrize(("shell", "cursor"), [("bash", ""), ("zsh", "2"), ("fish", "")], ids=SHELLS)
def test_no_shell_completes_with_it(shell: str, cursor: str, tmp_path: Path) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    for name in ("plain", f"s{HOSTILE}".replace("/", "")):
        (sessions / f"{name}.jsonl").write_text(PLANNED, encoding="utf-8")
    asked = {VARIABLE: f"{shell}_complete", "COMP_WORDS": "tfjit-tui replay ", "COMP_CWORD": cursor}
    program = f"from tui.cli.main import main; main(prog_name={PROGRAM!r})"
    own = {"TFJIT_TUI_STATE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"}
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, env=own | asked)
    told = answer.stdout.decode()
    assert "plain" in told
    assert set(told) & RAW <= {"\t"}  # fish has its own between a name and what it is


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "{}", "--csv", "-"],
        ["export", "{}", "--json", "-"],
        ["export", "{}", "--md", "-"],
        ["export", "{}", "--html", "-"],
        ["export", "{}", "--json", "{}"],
        ["compare", "{}", "{}"],
        ["compare", "{}", "{}", "--json"],
        ["sessions"],
        ["sessions", "--json"],
        ["resume", "{}", "--far", HOSTILE.replace("\0", "")],
        ["list", HOSTILE],
        ["export", f"/nowhere/{HOSTILE}"],
    ],
    ids=lambda arguments: " ".join(arguments).replace(HOSTILE, "HOSTILE"),
)
def test_no_command_writes_it_raw(hostile: Path, arguments: list[str], home: Path) -> None:
    sessions = home / "state/sessions"
    sessions.mkdir(parents=True)
    (sessions / hostile.name).write_bytes(hostile.read_bytes())
    result = invoke(*(word.format(hostile) if word == "{}" else word for word in arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert RAW & set(result.output.replace("\r\n", "\n")) == set()


@pytest.mark.tensorflow
def test_no_command_writes_raw_what_a_worker_says_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "run", f"x.py::{HOSTILE}"],
        capture_output=True,
        check=False,
        timeout=60,
        env={"TFJIT_TUI_STATE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    )
    written = (done.stdout.replace(b"\r\n", b"\n") + done.stderr).decode()
    assert RAW & set(written) == set()
    assert "Traceback (most" not in done.stderr.decode()


@at_every_size((80, 24))
@most_hostile
async def test_no_screen_draws_it_raw_and_the_last_guard_has_nothing_to_do(
    hostile: Path, size: tuple[int, int], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: set[str] = set()

    def guard(_: PrintableOnly, segments: list[Segment], _background: Color) -> list[Segment]:
        forgotten.update(text for text, _, _ in segments if RAW & set(text))
        return segments

    monkeypatch.setattr(PrintableOnly, "apply", guard)
    (home / "state/sessions").mkdir(parents=True)
    for name in ("one", "two"):
        (home / f"state/sessions/{name}.jsonl").write_bytes(hostile.read_bytes())
    kept = hostile.with_name(f"a{HOSTILE}".replace("/", ""))
    async with opened(Stage(*read(hostile).events), size=size, session_path=kept) as screen:
        await screen.until(lambda: screen.app.session.cases)
        for severity in SEVERITIES:
            screen.app.notify(f"told {HOSTILE}", title=HOSTILE, severity=severity)
        await screen.pilot.pause()
        screen.app.clear_notifications()
        table = screen.app.screen.query_one(ResultsTable)
        table.focus()
        for _ in range(table.row_count):
            await screen.press("up")
            await screen.pilot.pause()
        for keys in KEYS:
            for key in keys.split():
                await screen.press(key)
                await screen.pilot.pause(PREVIEWED_S if key == "b" else 0)
            await screen.press("escape", "escape")
            await screen.pilot.pause()
        assert set(picture_of(screen.app.screen, HOSTILE)) & RAW == set()
    assert forgotten == set()


@at_every_size((80, 24))
@most_hostile
def test_no_terminal_gets_it_raw(hostile: Path, size: tuple[int, int], tmp_path: Path) -> None:
    columns, lines = size
    sessions = tmp_path / "state/sessions"
    sessions.mkdir(parents=True)
    (sessions / "one.jsonl").write_bytes(hostile.read_bytes())
    with Terminal("replay", str(hostile), "--speed", "inf", home=tmp_path, columns=columns, lines=lines) as terminal:
        terminal.shows("ready")
        for keys in ("d", "?", "b", "\r", "c", "e", "f", "y", ":"):
            terminal.type(keys)
            terminal.catch_up()
            terminal.type(f"\x1b[200~{HOSTILE}\x1b[201~")
            terminal.catch_up()
            terminal.type("\x1b")
            terminal.catch_up()
        terminal.terminate()
        assert terminal.exit_status() == 128 + signal.SIGTERM
        assert [escape for escape in ESCAPES if escape in terminal.written] == []


def test_what_was_forgotten_or_typed_is_drawn_in_as_many_cells_as_it_was_laid_out_in() -> None:
    line = f"a{HOSTILE}b日\u200d"
    (segment,) = PrintableOnly().apply([Segment(line)], Color(0, 0, 0))
    assert set(segment.text) & RAW == set()
    assert segment.cell_length == Segment(line).cell_length
    assert harmless("plain ▁▂ 日本 \u200d") == "plain ▁▂ 日本 \u200d"
