"""What the tests of the configuration share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def at_home(home: Path) -> Path:
    """Every test has places of its own."""
    return home
