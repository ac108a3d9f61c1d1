"""Fewer colours, or none: what a terminal is sent, and what stands for them."""

from __future__ import annotations

import pytest
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI

from tests.slow import slowly
from tests.tui.colours import contrast
from tests.tui.scenes import pieces, walk
from tests.tui.stage import Screen, Stage, opened

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"COLORTERM": "", "TERM": "xterm-256color"}, "dark"),
        ({"COLORTERM": "", "TERM": "xterm"}, "terminal"),
        *slowly(
            ({"COLORTERM": "truecolor", "TERM": "xterm"}, "dark"),
            ({"COLORTERM": "", "TERM": "screen-256color"}, "dark"),
            ({"COLORTERM": "", "TERM": "dumb"}, "terminal"),
        ),
    ],
)
async def test_sixteen_colours_are_the_terminals_own(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], theme: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with opened(Stage()) as screen:
        assert screen.app.theme == theme


@pytest.mark.slow
async def test_the_terminals_own_colours_reach_it_as_they_are() -> None:
    def look(scene: str, screen: Screen) -> None:
        for piece in pieces(screen):
            assert piece.style.color is not None
            assert piece.style.bgcolor is not None
            drawn = piece.style.color, piece.style.bgcolor
            assert all(colour.is_system_defined or colour.is_default for colour in drawn), scene
            for scheme in (MONOKAI, DEFAULT_TERMINAL_THEME):
                text = piece.style.color.get_truecolor(scheme, foreground=True)
                ground = piece.style.bgcolor.get_truecolor(scheme, foreground=False)
                assert contrast(text, ground) > 2.5, f"{scene}: {piece}"

    await walk(look, size=(80, 24), theme="terminal")


async def test_the_palette_underlines_what_it_cannot_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(Stage()) as screen:
        screen.app.search_themes()
        await screen.shows("colour-blind-safe")
        await screen.press("down")
        await screen.until(lambda: underlined(screen) == ["colour-blind-safe"])


def underlined(screen: Screen) -> list[str]:
    return [piece.text for piece in pieces(screen) if piece.style.underline]
