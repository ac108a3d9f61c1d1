"""What can be settled, where it is read from, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS
from tests.paths import README
from tests.tui.command import invoke
from tests.tui.config.settling import settle
from tui.config.kinds import RefusedError, shown, toml
from tui.config.loader import ConfigSource, Configuration, read
from tui.config.schema import DEFAULTS, KEYS, Config


def test_the_readme_has_a_row_for_every_key() -> None:
    _, _, section = README.partition("\n## Configuration\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{key.name}` | {f'`{toml(key.default)}`' if toml(key.default) else ''} | {key.help} |"
        for key in KEYS.values()
    ]


def test_the_example_settles_the_defaults_and_nothing_is_wrong_with_it(home: Path) -> None:
    example = invoke("config", "--example").stdout
    settle(home, re.sub(r"(?m)^# (?=\w+ = )(?!far)", "", example))
    found = read()
    assert found.troubles == ()
    assert set(found.sources) == set(KEYS) - {"far"}
    assert all(getattr(found.config, key.name) == key.typical for key in KEYS.values() if key.name != "far")


def test_what_the_screen_begins_with_is_the_first_of_the_catalogue() -> None:
    assert DEFAULTS.workload == next(iter(WORKLOADS))


def test_every_flag_that_is_declared_is_one() -> None:
    options = invoke("--help").stdout + invoke("run", "--help").stdout
    assert all(f"  {key.flag} " in options for key in KEYS.values() if key.flag)


VALUES: Sequence[tuple[str, str, str, Any]] = [
    ("theme", '"light"', "light", "light"),
    ("ascii", '"on"', "on", "on"),
    ("ascii", "true", "on", "on"),
    ("animation", '"full"', "full", "full"),
    ("auto_run", "true", "yes", True),
    ("workload", '"lstm"', "lstm", "lstm"),
    ("dtype", '"bfloat16"', "bfloat16", "bfloat16"),
    ("device", '"gpu:1"', "gpu:1", "GPU:1"),
    ("modes", '["xla", "eager"]', "xla, eager", ("eager", "xla")),
    ("modes", '"no_grappler"', "no_grappler", ("no-grappler",)),
    ("effort", '"thorough"', "thorough", "thorough"),
    ("budget", "5", "5", 5.0),
    ("target", "0.5", "0.5", 0.5),
    ("processes", "4", "4", 4),
    ("refine", "0", "0", 0.0),
    ("effect", "3.5", "3.5", 3.5),
    ("case_timeout", "60", "60", 60.0),
    ("calls", "1_000", "1000", 1000),
    ("python", '["~/a/python", "b"]', "~/a/python:b", ("~/a/python", "b")),
    ("far", '"ssh box, python3"', "ssh box, python3", ("ssh box, python3",)),
    ("machine", '" ci 4-core "', "ci 4-core", "ci 4-core"),
    ("gpu_memory_limit", "512", "512", 512),
]


@pytest.mark.parametrize(("name", "in_toml", "in_variable", "value"), VALUES)
def test_a_key_is_read_from_the_file_and_from_its_variable(
    name: str, in_toml: str, in_variable: str, value: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, f"{name} = {in_toml}\n")
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.FILE})
    settle(home, "")
    monkeypatch.setenv(f"TFJIT_TUI_{name.upper()}", in_variable)
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.VARIABLE})


@pytest.mark.parametrize(
    ("name", "text", "value"), [("calls", " +1_000 ", 1000), ("calls", "1e3", 1000), ("budget", "1e-1", 0.1)]
)
def test_a_number_in_a_variable_may_be_typed_as_people_do(
    name: str, text: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TFJIT_TUI_{name.upper()}", text)
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.VARIABLE})


def test_every_wrong_key_is_told_of_whichever_source_it_has(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settle(home, "calls = 2.5\nprocesses = '3'\nefort = 'quick'\nbudget = 3")
    monkeypatch.setenv("TFJIT_TUI_CALLS", "2.5")
    assert read().troubles == (
        f"{path}: calls = 2.5 is ignored: give a whole number",
        f'{path}: processes = "3" is ignored: give a whole number',
        f'{path}: there is no key "efort": did you mean effort or effect?',
        'TFJIT_TUI_CALLS="2.5" is ignored: give a whole number',
    )
    assert read().config == Config(budget=3)


def test_every_key_is_read_in_the_test_above() -> None:
    assert {name for name, *_ in VALUES} == set(KEYS)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('efort = "quick"', 'config.toml: there is no key "efort": did you mean effort or effect?'),
        ("zzzz = 1", 'config.toml: there is no key "zzzz": `tfjit-tui config` shows what there is'),
        ('"\\u001b[2J" = 1', 'there is no key "\\u001b[2J"'),
        ('theme = "ligt"', "theme = \"ligt\" is ignored: there is no theme 'ligt': did you mean light?"),
        ("theme = 3", "theme = 3 is ignored: give the name of a theme"),
        ('ascii = "maybe"', "there is no setting 'maybe': choose from auto, on, off"),
        ('auto_run = "sometimes"', 'auto_run = "sometimes" is ignored: give true or false'),
        ("auto_run = 1", "auto_run = 1 is ignored: give true or false"),
        ('workload = "matmull"', "there is no workload 'matmull': did you mean matmul"),
        ('device = "gpu"', "device 'GPU' is not named as TensorFlow does: CPU:0, GPU:1"),
        ('modes = ["egaer"]', "there is no mode 'egaer': did you mean eager"),
        ("modes = []", "no mode to measure"),
        ("modes = [1]", "modes = a list is ignored: give names of modes"),
        ('budget = "long"', 'budget = "long" is ignored: give a number of seconds'),
        ("budget = true", "budget = true is ignored: give a number of seconds"),
        ("budget = nan", "budget nan s is not between 0 and 86400"),
        (f"budget = 1{'0' * 400}", f"budget = 1{'0' * 39}… is ignored: give a number of seconds"),
        ("target = 100", "target 100 % is not between 0 and 100"),
        ("processes = 2.5", "processes = 2.5 is ignored: give a whole number"),
        ("processes = 101", "101 processes is not between 1 and 100"),
        (f"calls = {2**63}", f"calls = {2**63} is ignored: give a whole number"),
        ("effect = 2024-01-01", "is ignored: give a number of percent"),
        ("python = 'a'\nfar = 'b'", "config.toml: far is ignored beside python: they exclude each other"),
        ("machine = '  '", 'machine = "  " is ignored: give a name'),
        ('machine = "a\\u001bb"', "give a name of 1 to 64 printable characters"),
        ("gpu_memory_limit = 0", "GPU memory limit 0 MiB is less than 1"),
        ("[effort]\nname = 'quick'", "effort = a table is ignored: give quick or thorough"),
        ("dtype = ", "config.toml is ignored: not TOML: Invalid value (at "),
        (f"calls = {'1' * 5000}", "config.toml is ignored: not TOML: "),
        (f"calls = {'[' * 5000}", "config.toml is ignored: it is nested too deeply"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_in_one_line_and_the_rest_counts(text: str, trouble: str, home: Path) -> None:
    settle(home, text)
    (told,) = read().troubles
    assert trouble in told
    assert "\n" not in told
    if "is ignored: not" not in told and "deeply" not in told:
        settle(home, f"calls = 7\n{text}" if "calls" not in text else f"processes = 7\n{text}")
        assert 7 in (read().config.calls, read().config.processes)
    assert told in invoke("config").stderr
    assert invoke("config").exit_code == 2
    assert invoke("list").stderr == f"tfjit-tui: {told}\n"
    assert invoke("list").exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "trouble"),
    [
        (
            "TFJIT_TUI_EFORT",
            "quick",
            "there is no variable TFJIT_TUI_EFORT: did you mean TFJIT_TUI_EFFORT or TFJIT_TUI_EFFECT?",
        ),
        ("TFJIT_TUI_STATEDIR", "x", "did you mean TFJIT_TUI_STATE_DIR?"),
        ("TFJIT_TUI_CALLS", "many", 'TFJIT_TUI_CALLS="many" is ignored: give a whole number'),
        ("TFJIT_TUI_CALLS", "1" * 5000, "is ignored: give a whole number"),
        ("TFJIT_TUI_BUDGET", "inf", "budget inf s is not between 0 and 86400"),
        ("TFJIT_TUI_CONFIG_DIR", "~nobody-of-that-name/x", "TFJIT_TUI_CONFIG_DIR=~nobody-of-that-name/x: "),
    ],
)
def test_a_variable_that_is_wrong_is_named(name: str, text: str, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, text)
    (told,) = read().troubles
    assert trouble in told
    assert read().config == DEFAULTS
    result = invoke("config")
    assert (result.exit_code, result.stderr) == (2, f"tfjit-tui: {told}\n")


def test_a_variable_that_is_empty_settles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_CALLS", "")
    assert read() == Configuration()


def test_a_file_that_cannot_be_read_is_told_in_one_line(home: Path) -> None:
    (home / "config" / "config.toml").mkdir(parents=True)
    assert read().troubles == (f"{home}/config/config.toml is ignored: Is a directory",)


def test_a_file_where_the_directory_should_be_is_told_of(home: Path) -> None:
    (home / "config").touch()
    assert read().troubles == (f"{home}/config/config.toml is ignored: Not a directory",)


def test_a_file_that_is_not_text_is_told_in_one_line(home: Path) -> None:
    settle(home, "").write_bytes(b"theme = '\xff'")
    (told,) = read().troubles
    assert "config.toml is ignored: not TOML: 'utf-8' codec can't decode" in told


def test_reading_creates_nothing(home: Path) -> None:
    assert invoke("config").exit_code == 0
    assert list(home.iterdir()) == []


any_toml = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


@given(value=any_toml, name=st.sampled_from(sorted(KEYS)))
def test_any_value_is_taken_or_refused_in_one_line(value: object, name: str) -> None:
    kind = KEYS[name].kind
    try:
        taken = kind.read(value)
    except RefusedError as error:
        taken, refused = KEYS[name].typical, f"{shown(value)} is ignored: {error}"
    else:
        refused = ""
    assert kind.read(list(taken) if isinstance(taken, tuple) else taken) == taken
    assert len(refused.splitlines()) <= 1


@given(text=st.text(), name=st.sampled_from(sorted(KEYS)))
def test_any_text_of_a_variable_is_taken_or_refused_in_one_line(text: str, name: str) -> None:
    refused = ""
    try:
        KEYS[name].kind.parse(text)
    except RefusedError as error:
        refused = f"{shown(text)} is ignored: {error}"
    assert len(refused.splitlines()) <= 1
