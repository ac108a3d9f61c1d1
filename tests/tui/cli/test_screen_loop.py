"""`tfjit-tui sessions` and `tfjit-tui resume`, and the screen on one session after another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bench.events import CaseStarted, PlanFinished
from bench.session.session import Session
from tests.examples import NO_MODE_WINS, sweep_events
from tests.tui.earlier_sessions import BROKEN_OFF, MONDAY, TUESDAY, keep
from tests.tui.stage import Stage, running
from tui.app.app import TfjitApp
from tui.cli import screen_loop, startup
from tui.cli.main import main
from tui.cli.options.far import FarOptions
from tui.config.trust import Trust

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")


def invoke(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


Shown = list[tuple[Stage, Path, Session]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the screen is shown on: a source that measures nothing, the file, and what it held before."""
    seen: Shown = []

    def show(source: Stage, path: Path, *, session: Session, **_: Any) -> None:
        seen.append((source, path, session))

    class Kept:
        def __init__(self, path: Path) -> None:
            self.path = path

        def close(self) -> None:
            pass

    monkeypatch.setattr(startup, "reopen_engine", lambda _options, path, _session: (Stage(), Kept(path)))
    monkeypatch.setattr(startup, "show", show)
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    return seen


def test_sessions_are_listed_the_latest_first(home: Path) -> None:
    keep(home, MONDAY, BROKEN_OFF)
    keep(home, TUESDAY, NO_MODE_WINS)
    assert invoke("sessions").stdout == (
        "session                    when              measured           cases   state      tensorflow  host\n"
        f"{TUESDAY}  2026-01-06 09:00  matmul             1                  2.21.0      box\n"
        f"{MONDAY}  2026-01-05 09:00  elementwise_chain  1 of 3  broke off  2.21.0      box\n"
    )


def test_to_look_for_sessions_makes_no_place_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path / "absent"))
    assert "no session in" in invoke("sessions").stderr
    with pytest.raises(click.UsageError, match="no session has broken off"):
        screen_loop.latest_broken_off()
    assert not (tmp_path / "absent").exists()


@pytest.mark.usefixtures("shown")
def test_what_is_missing_from_a_session_that_is_gone_on_with_is_told_on_the_screen(home: Path) -> None:
    path = keep(home, MONDAY, BROKEN_OFF)
    with path.open("a") as file:
        file.write('{"kind":"rou')
    (notice,) = screen_loop.go_on(FarOptions(), str(path), Trust()).notices
    assert "was cut short" in notice


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(("machine", "told"), [("", 1), ("ci", 0), ("laptop", 0)])
def test_a_session_of_a_named_machine_is_not_gone_on_with_without_a_word(machine: str, told: int, home: Path) -> None:
    began, *others = BROKEN_OFF
    path = keep(home, MONDAY, [replace(began, machine="ci"), *others])  # type: ignore[call-arg]
    opened = screen_loop.go_on(FarOptions(machine=machine), str(path), Trust())
    assert [notice.startswith("measured so far on machine 'ci'") for notice in opened.notices] == [True] * told
    assert opened.session
    assert opened.session.machine == machine


async def test_a_session_that_cannot_be_kept_is_told_of_on_the_screen(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(home / "file"))
    begun = screen_loop.begin(FarOptions(), None)
    async with running(TfjitApp(Stage(), notices=begun.notices)) as screen:
        await screen.shows("This session is not kept")


def test_sessions_with_some_words_are_listed_as_json(home: Path) -> None:
    path = keep(home, MONDAY, BROKEN_OFF)
    keep(home, TUESDAY, NO_MODE_WINS)
    (listed,) = json.loads(invoke("sessions", "elementwise", "2026-01-05", "--json").stdout)
    assert listed["file"] == str(path)
    assert (listed["cases"], listed["measured"], listed["left"], listed["state"]) == (3, 1, 2, "broke off")


def test_where_no_session_is_found_that_is_said(home: Path) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    result = invoke("sessions", "lstm")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("no session has 'lstm' in ")


def test_the_latest_session_that_broke_off_is_gone_on_with(home: Path, shown: Shown) -> None:
    path = keep(home, MONDAY, BROKEN_OFF)
    keep(home, TUESDAY, NO_MODE_WINS)
    assert invoke("resume").exit_code == 0
    ((source, kept, session),) = shown
    assert kept == path
    assert [dict(case.dims)["size"] for case in source.plans[0].cases] == [100, 1000]
    assert source.case_ids == [("2", "3")]
    assert [case.state for case in session.cases.values()] == ["done", "cancelled", "cancelled"]
    assert (session.worker, session.measuring) == ("none", False)


def test_a_whole_session_is_opened_and_nothing_is_measured(home: Path, shown: Shown) -> None:
    keep(home, TUESDAY, NO_MODE_WINS)
    assert invoke("resume", TUESDAY).exit_code == 0
    ((source, _, session),) = shown
    assert source.plans == []
    assert len(session.cases) == 1


def test_of_several_plans_only_what_the_last_has_left_is_measured(home: Path, shown: Shown) -> None:
    """What was stopped before that was stopped on purpose."""
    last = sweep_events(10)[3:]
    keep(home, MONDAY, [*NO_MODE_WINS[:4], PlanFinished(cancelled=True), *last, CaseStarted(case_id="2")])
    invoke("resume", MONDAY)
    assert shown[0][0].case_ids == [("2", "3")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("resume",), "no session has broken off"),
        (("resume", "nowhere"), "there is no file nowhere"),
    ],
)
def test_where_there_is_nothing_to_go_on_with_that_is_said(words: tuple[str, ...], said: str, shown: Shown) -> None:
    result = invoke(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert shown == []


def test_a_session_that_another_process_writes_is_left_to_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bench.session.journal_writer import Journal

    path = keep(home, MONDAY, BROKEN_OFF)
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    journal = Journal(path, go_on=True)
    result = invoke("resume", MONDAY)
    journal.close()
    assert result.exit_code == 2
    assert "is being written by another process" in result.stderr


def test_the_screen_follows_to_the_session_that_was_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = keep(home, MONDAY, BROKEN_OFF)
    seen: list[Path | None] = []

    def show(_source: object, kept: Path | None, **_: Any) -> Path | None:
        seen.append(kept)
        return path if len(seen) == 1 else None

    monkeypatch.setattr(startup, "show", show)
    screen_loop.show(screen_loop.begin(FarOptions(), None), Trust())
    assert seen[0] is not None
    assert seen[0].parent == path.parent
    assert seen[1:] == [path]
