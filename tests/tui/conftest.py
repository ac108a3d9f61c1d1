from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.hostile import MARKER, lay_traps
from tests.shell import Shell
from tui.config import remembered

MUCH_MEMORY_BYTES = 1 << 30


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Places of the test's own for settings, themes and results; also the current directory. All colours are there."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TFJIT_TUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in a directory of the test's own."""
    return Shell(tmp_path)


@pytest.fixture
def knows_python3(home: Path) -> None:
    """The far side of the sessions made by hand, `python3`, was used here before."""
    remembered.save(home / "state", remembered.Settings(known_commands=("python3",)))


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A local clock that is the same everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True, scope="module")
def few_applications_stay() -> Iterator[None]:
    """Collect the applications of earlier tests once they take much memory: each freezes all objects as it starts."""
    yield
    if psutil.Process().memory_info().rss > MUCH_MEMORY_BYTES:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


@pytest.fixture
def nothing_starts(home: Path) -> Iterator[None]:
    """Look for what a file would have started."""
    lay_traps(home)
    yield
    assert not (home / MARKER).exists()
