"""The programs by hand are many, look like users' files, and come out right in every mode that can run them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.oracle.program import HERE, one_dtype_each, programs_by_hand, programs_in

FILES = sorted((HERE / "by_hand").glob("*.py"))

STANDARD = {"collections", "dataclasses", "random", "time"}


@pytest.mark.usefixtures("tf")
def test_there_are_at_least_a_hundred() -> None:
    assert len({(program.file, program.name) for program in programs_by_hand()}) >= 100


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_stands_alone_and_is_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {name for node in nodes for name in _names(node)}
    assert imported <= {"tensorflow", "keras", "numpy"} | STANDARD
    assert len(text.splitlines()) < 300


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or "."] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


@pytest.mark.slow
@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_mode_agrees_unless_the_file_says_otherwise(file: Path) -> None:
    from tests.oracle.verdicts import verdicts

    unexpected = []
    for program in one_dtype_each(list(programs_in(file))):
        for mode, verdict in verdicts(program).items():
            right = {"differs"} if mode in program.differs() else {"agrees", "cannot run", "frozen"}
            unexpected += [] if verdict.outcome in right else [f"{program}: {mode} {verdict.outcome} ({verdict.words})"]
    assert unexpected == []
