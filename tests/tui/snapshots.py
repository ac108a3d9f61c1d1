"""What all tests of snapshots share. After a wanted change: `pytest --snapshot-update`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.engine.source import Source
from tests.tui.stage import Stage
from tui.app.app import TfjitApp

Snap = Callable[..., bool]
"""The type of the fixture `snap_compare`."""

at_every_size = pytest.mark.parametrize(
    "size",
    [
        pytest.param((60, 20), marks=pytest.mark.slow),
        (80, 24),
        (120, 40),
        pytest.param((200, 60), marks=pytest.mark.slow),
    ],
    ids=lambda size: f"{size[0]}x{size[1]}",
)
"""The least size, the usual one, and two in which there is room for more; the least and the greatest are slow."""


def app_on(source: Source, theme: str = "dark") -> TfjitApp:
    """Return the application on a source, in a theme; its clock stands still."""
    app = TfjitApp(source, read_only=not isinstance(source, Stage), clock=lambda: 0.0)
    app.theme = theme
    return app
