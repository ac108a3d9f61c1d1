"""Files of the user's, each read afresh, and what they are called with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.plan import Case
from bench.worker.modes.build import Built, build
from bench.worker.workloads import user_modules
from bench.worker.workloads.load import load_workload

Measured = Callable[..., Built]
"""Builds what a file names in a mode; `inputs` as on the command line."""


@pytest.fixture(autouse=True)
def interpreter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the path and the modules back after the test."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(user_modules, "_last_directory", "")
    monkeypatch.chdir(Path.cwd())
    modules = dict(sys.modules)
    yield
    kept = ("tensorflow", "keras", "numpy", "bench", "tests")
    for name in set(sys.modules) - set(modules):
        if not name.startswith(kept):
            del sys.modules[name]


@pytest.fixture
def built(tmp_path: Path, tf: Any) -> Measured:  # noqa: ARG001 - it is imported once
    """Return a function that builds `name` of a file with this code."""

    def of(code: str, name: str, inputs: str = "", mode: str = "eager", **dims: int) -> Built:
        path = tmp_path / "mine.py"
        path.write_text(f"import tensorflow as tf\nimport keras\n{code}\n", encoding="utf-8")
        workload = load_workload(f"{path}::{name}", inputs, by_name=True)
        return build(workload, Case(name, tuple(dims.items())), mode)

    return of
