"""Hostile files that the tests of commands and of screens open."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.hostile import CORPUS
from tests.paths import ROOT

GUARD_S = 120
"""Whatever takes longer hangs."""

FAST = [hostile for hostile in CORPUS if not hostile.slow]

OPENED = [hostile for hostile in FAST if not hostile.told]
"""They are sessions like others, as far as they are only looked at."""

WORST = "texts that act on a terminal"
"""It would start something, too: the others that can be opened are like it."""


def sessions_of(home: Path) -> Path:
    """Return the usual place of sessions."""
    return home / "state" / "sessions"


def beside(path: Path) -> None:
    """Put another session beside it, to compare it with."""
    shutil.copyfile(ROOT / "tests" / "recordings" / "matmul.jsonl", path.with_name("other.jsonl"))
