"""What the tests of commands share."""

from __future__ import annotations

import pytest

from tests.examples import NO_MODE_WINS
from tests.tui.command import Scripted, stand_in


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The source that stands in for an engine: three modes of a matrix product, no mode wins."""
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))
