"""The README's commands are those that are run."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bench.report.csv_export import COLUMNS
from tests.paths import ROOT


def test_ci_runs_the_second_command_lint_and_types_in_between_then_the_slow_tests() -> None:
    commands = [line.strip() for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("    pip ")]
    assert commands == ["pip install . && tfjit-tui", "pip install -e '.[test]' && pytest"]
    install, plain = commands[1].split(" && ")
    _, _, run = (ROOT / ".ci" / "run").read_text().partition('bin/activate"\n\n')
    linters = ["ruff check .", "ruff format --check .", "mypy bench tui tests"]
    assert run.splitlines() == [install, *linters, plain, "pytest -m slow"]


MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

ROOTS = (ROOT, ROOT / "bench", ROOT / "bench/catalogue", ROOT / "tui")
"""Where a path on the map may begin."""


@pytest.mark.parametrize("package", ["bench", "tui"])
def test_every_room_stands_on_the_map(package: str) -> None:
    rooms = [path.parent.name for path in (ROOT / package).glob("*/__init__.py")]
    assert [room for room in rooms if f"{room}/" not in MAP] == [], "CONTRIBUTING's map lacks these rooms"


def test_every_path_on_the_map_exists() -> None:
    to_come = MAP.partition("Rooms to come")[2].partition("\n\n")[0]
    paths = set(re.findall(r"`((?:\w+/)*\w+\.py|(?:\w+/)+\w*)`", MAP)) - set(re.findall(r"`(.+?)`", to_come))
    gone = {path for path in paths if not any((root / path).exists() for root in ROOTS)}
    assert gone == set(), "CONTRIBUTING names these paths, which do not exist"


def test_every_column_of_the_csv_is_explained_once() -> None:
    _, _, section = (ROOT / "README.md").read_text().partition("\n## The CSV\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    names = [name for row in rows for name in re.findall(r"`([\w ]+)`", row.split(" | ")[0])]
    explained = Counter(" ".join(names).split())
    assert [name for name in COLUMNS if not explained[name]] == [], 'README\'s table "The CSV" lacks these columns'
    assert sorted(explained.keys() - {*COLUMNS}) == [], 'README\'s table "The CSV" has columns that no CSV has'
    assert [name for name, times in explained.items() if times > 1] == [], "README explains these columns twice"
