"""The laws of the house that imports can break, each proved in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tui


def imported_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after `statement`."""
    code = f"{statement}\nimport sys\nprint(*sorted(sys.modules), sep='\\n')"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return {name.partition(".")[0] for name in listed.splitlines()}


NEAR_SIDE_OF_BENCH = (
    "import bench.engine.engine, bench.report.json_export, bench.session.journal_reader, bench.session.session, "
    "bench.engine.source, bench.analysis.verdict, bench.catalogue, bench.analysis.comparison, "
    "bench.plans.toml_reader, bench.plans.toml_writer"
)


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        (NEAR_SIDE_OF_BENCH, {"textual", "tensorflow", "numpy", "plotext"}),
        ("import tui.app.app", {"tensorflow", "numpy", "plotext"}),
        ("import tui.app.app, tui.widgets.panels.plot", {"tensorflow", "numpy"}),
        ("import tui.cli.main", {"tensorflow", "numpy", "textual", "plotext"}),
        ("import bench.worker.supervisor", {"tensorflow", "numpy", "msgspec"}),
        ("import bench.worker.machine.monitor", {"tensorflow", "numpy", "msgspec", "pynvml"}),
    ],
)
def test_no_side_imports_what_belongs_to_the_other(statement: str, never: set[str]) -> None:
    assert imported_by(statement) & never == set()


WRITES = re.compile(r"\bclick\.s?echo\(|(?<![.\w])print\(|sys\.std(out|err)\.(write|buffer)")

WRITERS = {"cli/console.py"}
"""Of tui/: what else is written passes these, so that a terminal gets printable text alone."""


def test_one_module_writes_to_the_standard_streams() -> None:
    folder = Path(tui.__file__).parent
    writing = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if WRITES.search(path.read_text())}
    assert writing == WRITERS


def test_one_module_suggests_names() -> None:
    assert files_with("get_close_matches") == {"bench/suggest.py"}


def test_one_module_reads_and_writes_toml() -> None:
    assert files_with("import tomllib") | files_with("import tomli") == {"bench/toml_text.py"}


def files_with(word: str) -> set[str]:
    """Return the files of bench/ and tui/ that contain a word, relative to the repository."""
    root = Path(tui.__file__).parents[1]
    files = (file for folder in ("bench", "tui") for file in (root / folder).rglob("*.py"))
    return {file.relative_to(root).as_posix() for file in files if word in file.read_text(encoding="utf-8")}
