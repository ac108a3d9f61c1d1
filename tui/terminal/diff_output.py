"""Frames in few bytes: only those cells are written that the terminal does not show already.

Textual writes whole lines of whatever may have changed, and the whole screen when a dialog opens or closes: 30 kB and
more at 200×60, where a line over SSH may take 64 KiB a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

Cell = tuple[str, str]
"""What stands in it, and in which colours, as the terminal is told of them; nothing where what is before it is wide."""

UNKNOWN: Cell = ("", "?")
"""As no cell of a frame is."""

MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
"""The cursor is moved: before every piece of a line."""

TOKEN = re.compile(r"\x1b\[([\d;]*)m|([^\x00-\x1f\x7f]+)|\n|(.)", re.DOTALL)
"""Colours; text; the end of a line; and what no frame has."""

PARAMETER = re.compile(r"[34]8;(?:5;\d+|2;\d+;\d+;\d+)|\d+")
"""Of colours: one of 256, one of all, or another, or how a text is drawn."""

SEEN_OF_BLANKS = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""Lines, and colours that are reversed."""

SHORT_GAP = 4
"""So many cells are written in as few bytes as the cursor is moved over them."""


@dataclass(frozen=True)
class Piece:
    """A piece of a line: cells of a row, from a column on."""

    row: int
    column: int
    cells: Sequence[Cell]

    @property
    def place(self) -> slice:
        """Where it lies in its row."""
        return slice(self.column, self.column + len(self.cells))


class Shown:
    """What a terminal shows, as far as that is known."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell]] = {}

    def forget(self) -> None:
        """It may show something else."""
        self._rows.clear()

    def change_to(self, frame: str) -> FrameUpdate:
        """What is to be written for a frame; all of one that is not understood."""
        try:
            pieces = tuple(_pieces(frame))
        except ValueError:
            return FrameUpdate(frame, None, self)
        written = _Written()
        for piece in pieces:
            shown = self._at(piece)
            if shown != piece.cells:
                written.add(piece, shown)
        return FrameUpdate(written.text(), pieces, self)

    def take(self, pieces: Sequence[Piece] | None) -> None:
        """From now on it shows these; None: what it shows is not known."""
        if pieces is None:
            self.forget()
        for piece in pieces or ():
            row = self._rows.setdefault(piece.row, [])
            row += [UNKNOWN] * (piece.place.stop - len(row))
            row[piece.place] = piece.cells

    def _at(self, piece: Piece) -> Sequence[Cell]:
        shown = tuple(self._rows.get(piece.row, [])[piece.place])
        return shown + (UNKNOWN,) * (len(piece.cells) - len(shown))


@dataclass(frozen=True)
class FrameUpdate(CompositorUpdate):
    """Bytes that bring a terminal from what it shows to a frame: to be rendered when they are written."""

    text: str
    pieces: Sequence[Piece] | None
    shown: Shown

    def render_segments(self, console: Console) -> str:
        """The bytes."""
        self.shown.take(self.pieces)
        return self.text


class _Written:
    """Bytes that draw some cells."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._cursor = (-1, -1)
        self._colours = ""

    def text(self) -> str:
        """All of them; no colours are left on."""
        if self._colours:
            self._change_to("")
        return "".join(self._parts)

    def add(self, piece: Piece, shown: Sequence[Cell]) -> None:
        """Draw a piece, as far as it differs from what is shown there."""
        cells, done = piece.cells, 0
        for index, cell in enumerate(cells):
            if index < done or cell == shown[index]:
                continue
            first = index
            while not cells[first][0]:
                first -= 1  # what is wide is drawn from where it begins
            self._go(piece.row, piece.column + first, cells[done:first])
            self._draw(cells[first])
            done = first + 1
            while done < len(cells) and not cells[done][0]:
                done += 1
            self._cursor = (piece.row, piece.column + done)

    def _go(self, row: int, column: int, between: Sequence[Cell]) -> None:
        if self._cursor == (row, column):
            return
        is_near = self._cursor == (row, column - len(between)) and len(between) <= SHORT_GAP
        if is_near and all(map(self._has_colours_of, between)):
            self._parts += [text for text, _ in between]
        else:
            self._parts.append(f"\x1b[{column + 1}G" if self._cursor[0] == row else f"\x1b[{row + 1};{column + 1}H")

    def _draw(self, cell: Cell) -> None:
        if not self._has_colours_of(cell):
            self._change_to(cell[1])
        self._parts.append(cell[0])

    def _has_colours_of(self, cell: Cell) -> bool:
        """Whether the colours that are on draw it as it is to be."""
        text, colours = cell
        return self._colours == colours or (text == " " and _of_blank(self._colours) == colours)

    def _change_to(self, colours: str) -> None:
        self._parts.append(f"\x1b[0;{colours}m" if colours else "\x1b[m")
        self._colours = colours


def _pieces(frame: str) -> Iterator[Piece]:
    """What a frame consists of. Raises ValueError for what it cannot be told of."""
    before, *parts = MOVE.split(frame)
    if before:
        raise ValueError(before)
    for row, column, drawn in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield Piece(int(row) - 1, int(column) - 1, _cells(drawn))


@lru_cache(maxsize=512)
def _cells(drawn: str) -> Sequence[Cell]:
    """The cells that are drawn from the cursor on. Raises ValueError as `_pieces` does."""
    cells: list[Cell] = []
    colours = ""
    for parameters, text, strange in TOKEN.findall(drawn):
        if strange:
            raise ValueError(strange)
        if text:
            cells += [(part, _of_blank(colours) if part == " " else colours) for part in _parted(text)]
        else:
            colours = parameters if parameters != "0" else ""
    return tuple(cells)


@lru_cache(maxsize=512)
def _of_blank(colours: str) -> str:
    """As much of colours as is to be seen of a blank: as a rule the background."""
    parameters = PARAMETER.findall(colours)
    if not SEEN_OF_BLANKS.isdisjoint(parameters):
        return colours
    return ";".join(each for each in parameters if each.startswith(("4", "10")))


def _parted(text: str) -> Sequence[str]:
    """What stands in each cell of a text. One whose characters are not all as wide as a cell stays together."""
    width = cell_len(text)
    if width == len(text) and (text.isascii() or max(map(cell_len, text)) == 1):
        return text
    if width == 0:
        raise ValueError(text)
    return (text, *[""] * (width - 1))


class FrugalApp(App[None]):
    """Writes of each frame what the terminal does not show already, and nothing if that is all of it."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._shown, self._shown_size = Shown(), Size(0, 0)

    def draw_anew(self) -> None:
        """Draw everything: what the terminal shows is not known."""
        self._shown.forget()
        for screen in self.screen_stack:
            screen.refresh(layout=True)
            for part in screen.walk_children():
                part.refresh()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate) and not self.is_headless:
            if screen.outer_size != self._shown_size:
                self._shown_size = screen.outer_size
                self._shown.forget()  # terminals move what they show when they change their size
            change = self._shown.change_to(renderable.render_segments(self.console))
            renderable = change if change.text else None
        super()._display(screen, renderable)
