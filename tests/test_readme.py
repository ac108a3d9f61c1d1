"""The README's commands are those that are run."""

from __future__ import annotations

import re
from pathlib import Path

from bench.export import COLUMNS

ROOT = Path(__file__).parent.parent


def test_ci_runs_the_second_command_as_it_stands() -> None:
    commands = [line.strip() for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("    pip ")]
    assert commands == ["pip install . && tfjit-tui", "pip install -e '.[test]' && pytest"]
    assert f"\n{commands[1]}\n" in (ROOT / ".ci" / "run").read_text()


def test_every_file_stands_on_the_map() -> None:
    drawn = (ROOT / "CONTRIBUTING.md").read_text()
    files = [path for room in ("bench", "tui") for path in (ROOT / room).rglob("*.py") if path.name != "__init__.py"]
    families = ROOT / "bench" / "catalogue"
    assert [path.name for path in files if path.parent != families and f"`{path.name}`" not in drawn] == []


def test_every_column_of_the_csv_is_explained_once() -> None:
    _, _, section = (ROOT / "README.md").read_text().partition("\n## The CSV\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    explained = [name for row in rows for name in re.findall(r"`([\w ]+)`", row.split(" | ")[0])]
    assert sorted(" ".join(explained).split()) == sorted(COLUMNS)
