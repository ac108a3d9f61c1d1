"""`tfjit-tui export` and `tfjit-tui replay`: what was recorded."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from pathlib import Path

import pytest

from bench.engine.source import Replay, Source
from bench.events import Notice
from tests.examples import NO_MODE_WINS
from tests.tui.command import invoke, one_line, recorded
from tui.cli import startup
from tui.cli.options.session_argument import play_session
from tui.config.loader import NOTHING_SETTLED, Configuration


def test_a_recorded_session_is_exported_as_it_was(tmp_path: Path) -> None:
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    result = invoke("export", session, "--csv", "-", "--json", str(tmp_path / "out.json"))
    assert result.exit_code == 0
    assert [row["status"] for row in csv.DictReader(io.StringIO(result.stdout, newline=""))] == ["ok"] * 3
    assert json.loads((tmp_path / "out.json").read_text())[0]["state"] == "done"


def test_a_recorded_session_is_exported_for_people(tmp_path: Path) -> None:
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    result = invoke("export", session, "--md", "-", "--html", str(tmp_path / "out.html"))
    assert result.exit_code == 0
    assert result.stdout.startswith("### matmul")
    assert "tfjit-tui run matmul --far python3\n" in result.stdout
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("source")
def test_a_run_can_be_a_comment_to_paste() -> None:
    result = invoke("run", "matmul", "--md", "-")
    assert result.exit_code == 0
    assert result.stdout.startswith("### matmul")


def test_a_session_is_found_by_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path))
    (tmp_path / "sessions").mkdir()
    recorded(tmp_path / "sessions" / "an-id.jsonl", NO_MODE_WINS)
    assert invoke("export", "an-id", "--csv", "-").exit_code == 0


def test_a_session_that_broke_off_is_exported_as_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    recorded(path, NO_MODE_WINS[:-1])
    path.write_bytes(path.read_bytes()[:-5])
    result = invoke("export", str(path), "--csv", "-")
    assert [row["status"] for row in csv.DictReader(io.StringIO(result.stdout, newline=""))] == ["cancelled"] * 3
    assert "was cut short" in result.stderr


def test_events_that_do_not_fit_together_are_told_in_one_line(tmp_path: Path) -> None:
    session = recorded(tmp_path / "odd.jsonl", NO_MODE_WINS[4:])
    result = invoke("export", session, "--csv", "-")
    assert result.exit_code == 2
    damage = "odd.jsonl is damaged: event 1 (case_started) is about case 1, which no plan before it has. Lines are"
    assert damage in one_line(result)
    assert "put back a whole copy of the file, or delete it" in one_line(result)


def test_export_needs_to_know_what_to_write(tmp_path: Path) -> None:
    result = invoke("export", recorded(tmp_path / "kept.jsonl", NO_MODE_WINS))
    assert result.exit_code == 2
    assert "say what to write: --csv FILE, --json FILE, --md FILE or --html FILE (- is stdout)" in one_line(result)


def test_replay_feeds_the_screen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[Source, Path | None, bool]] = []

    def show(source: Source, path: Path | None, *, read_only: bool = False, configuration: Configuration) -> None:
        assert configuration == NOTHING_SETTLED
        shown.append((source, path, read_only))

    monkeypatch.setattr(startup, "show", show)
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    assert invoke("replay", session, "--speed", "inf").exit_code == 0
    ((source, path, read_only),) = shown
    assert isinstance(source, Replay)
    assert (path, read_only) == (Path(session), True)


@pytest.mark.parametrize(
    ("end", "severity", "words"),
    [('{"kind":"notice","text":7}\n', "error", "line 16: notice: "), ('{"kind":"noti', "warning", "was cut short")],
)
def test_a_damaged_session_is_played_up_to_there(tmp_path: Path, end: str, severity: str, words: str) -> None:
    path = tmp_path / "kept.jsonl"
    recorded(path, NO_MODE_WINS)
    path.write_text(path.read_text() + end)
    _, source = play_session(str(path), float("inf"))
    *events, notice = islice(source.events(), len(NO_MODE_WINS) + 1)
    assert events == NO_MODE_WINS
    assert isinstance(notice, Notice)
    assert notice.severity == severity
    assert words in notice.text
