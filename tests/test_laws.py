"""The laws of the house that imports can break, each proved in a process of its own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tui
from tests.paths import ROOT


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


def imported_modules(source: str) -> set[str]:
    """Every module that a source imports, in the programs that it holds as strings, too."""
    nodes = list(ast.walk(ast.parse(source)))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    named |= {f"{node.module}.{alias.name}" for node in froms for alias in node.names}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return named | {name for text in texts for name in re.findall(r"\b(?:from|import) +(tests(?:\.\w+)+)", text)}


OF_A_TEST = re.compile(r"^tests\.(\w+\.)*(test_\w+|conftest)\b")


@pytest.mark.parametrize(
    "statement", ["from {} import f", "import {}", "from {}.sub import f", "'import os; from {} import f'"]
)
@pytest.mark.parametrize("module", ["tests.tui.test_a", "tests.test_a", "tests.tui.conftest"])
def test_an_import_of_a_test_is_found(statement: str, module: str) -> None:
    assert any(OF_A_TEST.search(name) for name in imported_modules(statement.format(module)))


def test_helpers_of_tests_live_in_modules_without_tests() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in (ROOT / "tests").rglob("*.py")
        if (names := sorted(filter(OF_A_TEST.search, imported_modules(path.read_text()))))
    }
    assert found == {}
