"""What the tests of outputs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell import Shell

PLAN = 'workload = "matmul"\n'


@pytest.fixture
def shell(shell: Shell, home: Path) -> Shell:
    """A shell with a session S.jsonl, a plan, some code and a SavedModel beside it, where this process works too."""
    assert shell.home == home
    shell.record("matmul", "S.jsonl")
    shell.write("plan.toml", PLAN)
    shell.write("steps.py", "def step():\n    return 1\n")
    shell.write("package/module.py", "def step():\n    return 1\n")
    shell.write("pk/__init__.py", "")
    shell.write("pk/sub/__init__.py", "")
    shell.write("exported/saved_model.pb", "graphs")
    shell.write("model.keras", "weights")
    shell.write("config/config.toml", "effect = 3\n")
    shell.write("config/themes/mine.toml", "")
    return shell
