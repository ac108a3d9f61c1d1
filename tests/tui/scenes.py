"""A walk through what the screen can show, and all that is drawn there, for what must hold wherever one looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.style import Style
from textual.errors import NoWidget
from textual.notifications import SeverityLevel
from textual.widget import Widget

from tests.tui.stage import Screen, Stage, opened, recorded
from tui.widgets.row_table import ResultsTable

DIALOGS = {
    "question_mark": "Run: Measure what is",
    "d": "where the time of a call goes",
    "e": "What to write",
    "x": "Space ticks one",
    "o": "Called with",
    "comma": "how TensorFlow runs",
    "s": "Axes, such as",
    "slash": "tall_matmul",
    "w": "write plan",
    "c": "compare",
    "b": "sessions",
    "ctrl+p": "Measure by itself",
}
"""Keys of the main screen, and what then stands on it."""


async def walk(
    look: Callable[[str, Screen], None],
    *,
    size: tuple[int, int],
    theme: str = "dark",
    ascii: bool = False,  # noqa: A002 - as in TfjitApp
) -> None:
    """Have a look at a session, every dialog, messages, and cases that failed; it is told what is there, in a word."""
    async with opened(Stage(*recorded("tour")), size=size, theme=theme, ascii=ascii) as screen:
        await screen.shows("ready", "results")
        look("main", screen)
        for key, words in DIALOGS.items():
            await screen.press(key)
            await screen.shows(words)
            look(key, screen)
            await screen.press("escape")
        screen.app.search_themes()
        await screen.shows("colour-blind-safe")
        look("themes", screen)
        await screen.press("escape", "f", "m")
        severities: tuple[SeverityLevel, ...] = ("information", "warning", "error")
        for severity in severities:
            screen.app.notify("It is so.", title="A title", severity=severity)
        await screen.shows("It is so.")
        look("filter and messages", screen)
    async with opened(Stage(*recorded("failures")), size=size, theme=theme, ascii=ascii) as screen:
        await screen.shows("ready", "wrong")
        table = screen.app.screen.query_one(ResultsTable)
        table.focus()
        for _ in range(table.row_count):
            await screen.press("up")
            await screen.pilot.pause()
            look("a row of the table", screen)


@dataclass(frozen=True)
class Piece:
    """Some letters side by side, drawn alike; `is_edge`: outside what their widget has to tell."""

    text: str
    style: Style
    widget: Widget
    is_edge: bool


def pieces(screen: Screen) -> Iterator[Piece]:
    """All that is drawn but blanks and what lies, dimmed, beneath a dialog."""
    top = screen.app.screen
    for y, strip in enumerate(top._compositor.render_strips()):
        x = 0
        for segment in strip:
            at, x = x + len(segment.text) - len(segment.text.lstrip()), x + segment.cell_length
            if not segment.text.strip():
                continue
            try:
                widget, _ = top.get_widget_at(at, y)
            except NoWidget:
                continue
            if widget is not top and segment.style is not None:
                yield Piece(segment.text.strip(), segment.style, widget, not widget.content_region.contains(at, y))
