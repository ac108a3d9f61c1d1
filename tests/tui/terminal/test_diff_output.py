"""What is written of a frame: no more than what differs, and all of that."""

from __future__ import annotations

import io

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tui.terminal.diff_output import Shown

COLUMNS, LINES = 8, 3
COLOURS = ("", "31", "1;38;2;10;20;30;48;2;40;50;60", "38;2;1;4;7;48;2;40;50;60", "4;31", "7;32;44", "2;97;104")
SIGNS = "ab ─█漢"

Line = list[tuple[str, str]]
"""Signs, each with its colours."""

one_line = st.lists(st.tuples(st.sampled_from(SIGNS), st.sampled_from(COLOURS)), min_size=COLUMNS, max_size=COLUMNS)
frames = st.lists(st.lists(one_line, min_size=LINES, max_size=LINES), min_size=1, max_size=5)


def drawn(text: str, colours: str = "") -> str:
    return f"\x1b[{colours}m{text}\x1b[0m" if colours else text


def frame(*lines: str) -> str:
    """As Textual writes one: a line after another, each begun by moving the cursor."""
    return "\n".join(f"\x1b[{row};1H{line}" for row, line in enumerate(lines, 1))


def cut(line: Line) -> str:
    """As many signs as there are columns for."""
    text, room = "", COLUMNS
    for sign, colours in line:
        width = 2 if sign == "漢" else 1
        if width <= room:
            text, room = text + drawn(sign, colours), room - width
    return text


def seen(cell: pyte.screens.Char) -> object:
    is_plain = cell.data == " " and not (cell.reverse or cell.underscore)
    return (cell.data, cell.bg) if is_plain else cell


class Terminal:
    """Takes what is written to it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self.screen)

    def take(self, text: str) -> None:
        self._stream.feed(text)

    @property
    def cells(self) -> list[list[object]]:
        """What there is to be seen of each."""
        return [[seen(self.screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(LINES)]


def written(shown: Shown, text: str) -> str:
    """What a terminal that shows something gets of a frame."""
    return shown.change_to(text).render_segments(Console(file=io.StringIO()))


@given(frames)
def test_a_terminal_shows_every_frame_as_if_it_were_written_as_a_whole(all_frames: list[list[Line]]) -> None:
    shown, terminal, other = Shown(), Terminal(), Terminal()
    for lines in all_frames:
        whole = frame(*map(cut, lines))
        terminal.take(written(shown, whole))
        other.take(whole)
        assert terminal.cells == other.cells


def test_of_a_frame_that_is_shown_already_nothing_is_written() -> None:
    shown = Shown()
    assert written(shown, frame("one", drawn("two", "31"))) == "\x1b[1;1Hone\x1b[2;1H\x1b[0;31mtwo\x1b[m"
    assert written(shown, frame("one", drawn("two", "31"))) == ""


def test_of_a_line_the_cells_are_written_that_differ() -> None:
    shown = Shown()
    written(shown, frame("round 12 · 9 s left"))
    assert written(shown, frame("round 13 · 8 s left")) == "\x1b[1;8H3 · 8"
    assert written(shown, frame("Round 13 · 7 s left")) == "\x1b[1;1HR\x1b[12G7"


def test_what_has_other_colours_differs() -> None:
    shown = Shown()
    written(shown, frame("abc"))
    assert written(shown, frame(f"a{drawn('b', '1')}c")) == "\x1b[1;2H\x1b[0;1mb\x1b[m"


def test_a_blank_in_another_colour_is_the_same_blank() -> None:
    shown = Shown()
    written(shown, frame(drawn("a b c", "31;44")))
    assert written(shown, frame(drawn("a", "32;44") + drawn(" b c", "31;44"))) == "\x1b[1;1H\x1b[0;32;44ma\x1b[m"
    assert written(shown, frame(drawn("x y z", "33;44"))) == "\x1b[1;1H\x1b[0;33;44mx y z\x1b[m"
    assert written(shown, frame(drawn("x y", "33;44") + " " + drawn("z", "33;44"))) == "\x1b[1;4H "


def test_a_sign_of_two_cells_is_written_whole() -> None:
    shown = Shown()
    written(shown, frame("漢字"))
    written(shown, "\x1b[1;2H.")
    assert written(shown, frame("漢字")) == "\x1b[1;1H漢字"


def test_what_was_never_written_does_not_count_as_shown() -> None:
    shown = Shown()
    shown.change_to(frame("one"))
    assert written(shown, frame("one")) == "\x1b[1;1Hone"


def test_a_terminal_that_may_show_anything_gets_all_of_a_frame() -> None:
    shown = Shown()
    whole = written(shown, frame("one", "two"))
    shown.forget()
    assert written(shown, frame("one", "two")) == whole


@pytest.mark.parametrize(
    "strange",
    [
        "no cursor moved",
        "\x1b[1;1H\x1b]8;;https://example.org\x1b\\link",
        "\x1b[1;1Ha\tb",
        "\x1b[1;1H\N{ZERO WIDTH SPACE}",
    ],
)
def test_a_frame_that_is_not_understood_is_written_as_it_is_and_what_is_shown_is_not_known(strange: str) -> None:
    shown = Shown()
    written(shown, frame("one"))
    assert written(shown, strange) == strange
    assert written(shown, frame("one")) == "\x1b[1;1Hone"
