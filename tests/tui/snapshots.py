"""What all tests of snapshots share. After a wanted change: `pytest --snapshot-update`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.engine.source import Source
from tests.tui.stage import Stage
from tui.app.app import TfjitApp

Snap = Callable[..., bool]
"""The type of the fixture `snap_compare`."""

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
"""The least size, the usual one, and two in which there is room for more."""


def at_every_size(*plain: tuple[int, int]) -> pytest.MarkDecorator:
    """Run a test at every size: at those of `plain` in the plain run, at the others in the slow one."""
    sizes = [pytest.param(size, marks=() if size in plain else pytest.mark.slow) for size in SIZES]
    return pytest.mark.parametrize("size", sizes, ids=lambda size: f"{size[0]}x{size[1]}")


at_snapshot_sizes = at_every_size((80, 24), (120, 40))
"""For what is laid out otherwise where there is room."""

where_there_is_room = at_every_size((120, 40))
"""For what is drawn where there is room only, on a screen that `at_snapshot_sizes` guards."""

at_one_layout = at_every_size((80, 24))
"""For what is laid out alike at every size, and for what is drawn on a screen that `at_snapshot_sizes` guards."""


def app_on(source: Source, theme: str = "dark") -> TfjitApp:
    """Return the application on a source, in a theme; its clock stands still."""
    app = TfjitApp(source, read_only=not isinstance(source, Stage), clock=lambda: 0.0)
    app.theme = theme
    return app
