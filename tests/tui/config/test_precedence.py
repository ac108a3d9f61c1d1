"""What is stronger: a variable than the file, the file than what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.plan import EFFORTS, Effort
from tests.tui.command import invoke
from tests.tui.config.settling import settle
from tui.config import remembered
from tui.config.loader import read
from tui.config.schema import KEYS


def config_row(name: str) -> list[str]:
    """A row of `tfjit-tui config`: value and source."""
    row = next(line for line in invoke("config", name).stdout.splitlines() if line.startswith(f"{name} "))
    return row.split(maxsplit=2)[1:]


def test_the_file_is_weaker_than_a_variable_and_both_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_row("calls") == ["100000", "default"]
    path = settle(home, "calls = 7")
    assert config_row("calls") == ["7", str(path)]
    monkeypatch.setenv("HOME", str(home))
    assert config_row("calls") == ["7", "~/config/config.toml"]
    monkeypatch.setenv("TFJIT_TUI_CALLS", "8")
    assert config_row("calls") == ["8", "TFJIT_TUI_CALLS"]


def test_the_remembered_theme_is_weaker_than_the_file(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="light"))
    assert config_row("theme") == ['"light"', "remembered"]
    path = settle(home, 'theme = "dark"')
    assert config_row("theme") == ['"dark"', str(path)]


def test_an_effort_that_is_chosen_by_something_stronger_brings_its_own_figures(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, "budget = 7\nprocesses = 2")
    assert read().config.efforts == {**EFFORTS, "quick": Effort(budget_s=7, processes=2)}
    monkeypatch.setenv("TFJIT_TUI_EFFORT", "thorough")
    assert read().config.efforts == EFFORTS
    monkeypatch.setenv("TFJIT_TUI_BUDGET", "30")
    assert read().config.efforts["thorough"].budget_s == 30


def test_where_to_measure_is_said_by_the_stronger(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(home, "python = 'a'")
    monkeypatch.setenv("TFJIT_TUI_FAR", "ssh box python3")
    assert (read().config.python, read().config.far) == ((), ("ssh box python3",))
    assert read().troubles == ()


def test_config_as_json_has_everything(home: Path) -> None:
    settle(home, "modes = ['xla']")
    told = json.loads(invoke("config", "--json").stdout)
    assert [key["key"] for key in told["keys"]] == list(KEYS)
    modes = next(key for key in told["keys"] if key["key"] == "modes")
    assert (modes["value"], modes["source"], modes["variable"]) == (["xla"], "file", "TFJIT_TUI_MODES")
    assert told["files"]["sessions"] == str(home / "state" / "sessions")


def test_a_key_that_there_is_not_is_named_with_the_nearest() -> None:
    result = invoke("config", "efort")
    assert (result.exit_code, result.stderr) == (
        2,
        "tfjit-tui: there is no key 'efort': did you mean effort or effect?\n",
    )
