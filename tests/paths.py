"""Places in the repository that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORDINGS = ROOT / "tests/recordings"
PROGRAMS = ROOT / "tests/programs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
