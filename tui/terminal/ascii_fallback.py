"""What is drawn in place of blocks, lines and signs where a terminal has letters alone.

The last step before the terminal takes them, sign by sign and cell by cell: nothing else of the screen knows of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = {
    # Bars, and the edges that Textual draws of the same blocks; sparklines, low to high.
    **dict.fromkeys("▋▊▉█▐▕▛▜▙▟", "#"),
    **dict.fromkeys("▏▎▍▌▘▝▖▗", "="),
    **dict.fromkeys("░▒▓", "-"),
    **dict(zip("▁▂▃▄▅▆▇", "_.-=+*%", strict=True)),
    **dict.fromkeys("▔▀", '"'),
    # Lines.
    **dict.fromkeys("│┃║┤├╎┆┊╏┇┋", "|"),
    **dict.fromkeys("─━═╌┄┈╍┅┉╸╺╴╶", "-"),
    **dict.fromkeys("┌┐└┘┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
    # Signs and words.
    **dict(zip("☑☐●○◉▼▲▶★☆✓✗", "+-*o*v^>*o+x", strict=True)),
    **dict(zip("…·•×÷±µμ°²³√ᵀ≥≤≈∞", "~.*x/~uu 23V'><~~", strict=True)),
    **dict(zip("–—−→←↑↓‘’“”", "---><^v''\"\"", strict=True)),
    "🔎": "> ",
    "\N{NO-BREAK SPACE}": " ",
}
"""One for each sign that the screen uses, as wide as that is. Braille is beside these: a dot for any of it."""

PAIRS = {" ±": "+-"}
"""What reads better as two, where there is a cell before it."""

TABLE = str.maketrans(SIGNS | {chr(braille): "." for braille in range(0x2801, 0x2900)} | {"\u2800": " "})

POOR_TERMINALS = frozenset(("linux", "dumb", "vt100", "vt102", "vt220"))
"""Their fonts lack most of it: the console of Linux has 512 signs."""

ASCII_LOCALES = frozenset(("C", "POSIX"))


def in_ascii(text: str) -> str:
    """The text in as many cells, each sign of the screen's own in ASCII; what else it holds stays."""
    if text.isascii():
        return text
    for pair, stead in PAIRS.items():
        text = text.replace(pair, stead)
    return text.translate(TABLE)


class InAscii(LineFilter):
    """Draws every line in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in other signs."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]


def wants_ascii(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Whether a terminal is to be spared all but ASCII, as far as can be known: by its kind, by the locale that a
    person has named, and by the encoding of what is written to it.
    """
    if environment.get("TERM") in POOR_TERMINALS or _locale(environment) in ASCII_LOCALES:
        return True
    try:
        "".join(SIGNS).encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return True
    return False


def _locale(environment: Mapping[str, str]) -> str:
    letters = environment.get("LC_CTYPE", "")
    if letters == "C.UTF-8":
        letters = ""  # Python itself writes it there, in place of C
    return environment.get("LC_ALL") or letters or environment.get("LANG", "")
