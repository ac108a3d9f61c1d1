"""Whatever the screen shows can be read, in every theme: held against what is really drawn."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.scrollbar import ScrollBar

from bench.plan import DEFAULT_MODES, MODES
from tests.slow import slowly
from tests.tui.colours import BLINDNESS, contrast, distance
from tests.tui.scenes import Piece, pieces, walk
from tests.tui.stage import Screen
from tui.app import theme_files
from tui.widgets.drawing.bars import EIGHTHS, LEVELS
from tui.widgets.panels.rounds import RoundsPanel

THEMES = {each.name: each for each in theme_files.built_in() if not each.ansi}
"""Of the terminal's own colours nobody knows what they are."""

TEXT, SHAPE = 4.5, 3.0
"""WCAG 2's least contrasts, of what is read and of what is only seen."""

HIGH = 7.0
"""The least contrast of text in the theme that is made for it."""

SHAPES = {*LEVELS, *EIGHTHS, "▒", "┤"}
"""Bars and sparklines: each of them is seen by its form."""

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    "size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.slow)], ids=lambda size: f"{size[0]}x{size[1]}"
)
@pytest.mark.parametrize("name", ["light", *slowly(*sorted(THEMES.keys() - {"light"}))])
async def test_all_that_is_drawn_can_be_read_in_all_colours_and_in_256(name: str, size: tuple[int, int]) -> None:
    faint: dict[str, str] = {}

    def look(scene: str, screen: Screen) -> None:
        read = [piece for piece in pieces(screen) if not (is_rule(piece) or counts_for_nothing(piece))]
        assert read
        for system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
            found = ((piece, contrast_of(piece, system)) for piece in read)
            faint.update(
                {describe(piece, is_at, system): scene for piece, is_at in found if is_at < least(piece, name)}
            )

    await walk(look, size=size, theme=name)
    assert faint == {}


def is_rule(piece: Piece) -> bool:
    """A line around something, or between two things: nothing is lost where it is not seen."""
    return piece.is_edge and not any(map(str.isalnum, piece.text)) and not isinstance(piece.widget, ScrollBar)


def counts_for_nothing(piece: Piece) -> bool:
    """Rounds that were warm-up are dimmed, and stand for nothing that a person is to see."""
    if not isinstance(piece.widget, RoundsPanel) or not set(piece.text) <= set(LEVELS):
        return False
    return is_dimmed(piece, piece.widget)


def is_dimmed(piece: Piece, panel: RoundsPanel) -> bool:
    dimmed = panel.get_visual_style("discarded").rich_style.color
    return dimmed is not None and piece.style.color == dimmed


def least(piece: Piece, name: str) -> float:
    is_shape = isinstance(piece.widget, ScrollBar) or set(piece.text) <= SHAPES
    if name == "high-contrast":
        return TEXT if is_shape else HIGH
    return SHAPE if is_shape else TEXT


def contrast_of(piece: Piece, system: ColorSystem) -> float:
    """The contrast in a terminal that has so many colours."""
    assert piece.style.color is not None
    assert piece.style.bgcolor is not None
    return contrast(*(colour.downgrade(system).get_truecolor() for colour in (piece.style.color, piece.style.bgcolor)))


def describe(piece: Piece, contrast: float, system: ColorSystem) -> str:
    on = " on ".join(colour.name if colour else "?" for colour in (piece.style.color, piece.style.bgcolor))
    return f"{piece.text!r} of {type(piece.widget).__name__}: {on}, {contrast:.2f}, {system.name}"


def modes_of(name: str) -> dict[str, tuple[int, int, int]]:
    return {mode: Color.parse(THEMES[name].variables[f"mode-{mode}"]).rgb for mode in MODES}


@pytest.mark.parametrize("name", sorted(THEMES))
def test_every_mode_can_be_read_on_every_ground(name: str) -> None:
    for ground in (THEMES[name].background, THEMES[name].surface):
        on = Color.parse(ground or "").rgb
        assert {
            mode: contrast(colour, on) for mode, colour in modes_of(name).items() if contrast(colour, on) < 4.5
        } == {}


@pytest.mark.parametrize("name", sorted(THEMES))
def test_words_can_be_read_on_every_ground(name: str) -> None:
    theme, wanted = THEMES[name], HIGH if name == "high-contrast" else TEXT
    grounds = {ground: Color.parse(ground or "").rgb for ground in (theme.background, theme.surface, theme.panel)}
    words = (theme.foreground, theme.variables["foreground-muted"])
    signals = (theme.primary, theme.accent, theme.success, theme.warning, theme.error)
    drawn = [*((each, ground) for each in words for ground in grounds), *((each, theme.background) for each in signals)]
    found = {(each, ground): contrast(Color.parse(each or "").rgb, grounds[ground]) for each, ground in drawn}
    assert {pair: is_at for pair, is_at in found.items() if is_at < wanted} == {}


@pytest.mark.parametrize("name", sorted(THEMES.keys() - {"mono"}))
def test_the_nine_modes_have_nine_colours(name: str) -> None:
    close = [(a, b) for a, b in combinations(MODES, 2) if distance(modes_of(name)[a], modes_of(name)[b]) < 15]
    assert close == []


def test_three_greys_can_be_told_apart() -> None:
    greys = modes_of("mono")
    assert all(red == green == blue for red, green, blue in greys.values())
    assert min(distance(greys[a], greys[b]) for a, b in combinations(DEFAULT_MODES, 2)) > 12


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_okabe_and_itos_colours_can_be_told_apart_by_every_eye(blindness: str) -> None:
    colours = modes_of("colour-blind-safe")
    assert min(distance(colours[a], colours[b], blindness) for a, b in combinations(MODES, 2)) > 11


def test_okabe_and_itos_palette_is_used() -> None:
    okabe_ito = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#D55E00", "#CC79A7"}
    assert okabe_ito <= {THEMES["colour-blind-safe"].variables[f"mode-{mode}"] for mode in MODES}
