"""Wherever one looks, a terminal that has neither colours nor signs beyond ASCII is sent none."""

from __future__ import annotations

import pytest
from textual.screen import ModalScreen

from tests.slow import slowly
from tests.tui.scenes import walk
from tests.tui.stage import Screen
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("size", [(80, 24), *slowly(((120, 40),))], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("no_color", "ascii"), [(True, True), *slowly((True, False), (False, True))], ids=["both", "no colours", "ascii"]
)
async def test_no_colours_and_nothing_but_ascii_are_drawn_and_every_cursor_shows(
    no_color: bool,
    ascii: bool,  # noqa: A002 - as in TfjitApp
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    others: dict[str, str] = {}
    without_cursor: list[str] = []

    def look(scene: str, screen: Screen) -> None:
        if ascii:
            others.update({line: scene for line in screen.text.splitlines() if not line.isascii()})
        if no_color:
            styles = [segment.style for strip in screen.app.screen._compositor.render_strips() for segment in strip]
            colours = [colour for style in styles if style for colour in (style.color, style.bgcolor) if colour]
            assert all(colour.is_default for colour in colours), scene
            if has_cursor(screen) and not any(style.reverse or style.underline for style in styles if style):
                without_cursor.append(scene)

    await walk(look, size=size, ascii=ascii)
    assert (others, without_cursor) == ({}, [])


def has_cursor(screen: Screen) -> bool:
    """Dialogs that are only read have none, nor has a table without rows."""
    focused = screen.app.focused
    if isinstance(focused, ResultsTable) and not focused.row_count:
        return False
    return focused is not None and (not isinstance(screen.app.screen, ModalScreen) or focused.id != "dialog")
