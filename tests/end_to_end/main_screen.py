"""What a test types into the main screen of a terminal, and reads off it."""

from __future__ import annotations

import re

from tests.terminal import Terminal


def choose_small_matmul(terminal: Terminal) -> None:
    """Set m, k and n to 64. Four backspaces each, because the sizes have four digits."""
    for _ in range(3):
        terminal.type("\x1b[B")
        terminal.type("\x7f" * 4)
        terminal.type("64")


def rounds_shown(terminal: Terminal) -> int:
    """Return the number of rounds in the header; 0 before there are any."""
    found = re.search(r"round (\d+)", terminal.lines[0])
    return int(found[1]) if found else 0


def result_rows(terminal: Terminal) -> list[str]:
    """Return the lines of the results table."""
    return [line for line in terminal.lines if re.match(r" matmul +\d+ \d+", line)]
