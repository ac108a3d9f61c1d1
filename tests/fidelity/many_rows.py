"""How soon a key is answered where there are many results: from the key to what it changes in a real terminal.

The screen is that of a sweep of so many cases of which half are measured, while two a second end (`sweep_screen.py`).
"""

from __future__ import annotations

import random
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyte

from tests.fidelity.listener import Listener
from tests.fidelity.part import Key, Line, Part, Row, Values, group

COLUMNS, LINES = 120, 40
SIZES = (1_000, 10_000)
MOST_MS = 50.0

UP, BACKSPACE, ESCAPE = "\x1b[A", "\x7f", "\x1b"
CURSOR, FILTER, SORT = "cursor", "filter", "sort"
KEYS = {CURSOR: 200 * [UP], FILTER: 30 * ["1", "7", BACKSPACE, BACKSPACE], SORT: 100 * ["z"]}
"""What is pressed, by what it does."""

ENTRIES = {CURSOR: "", FILTER: "f", SORT: ESCAPE}
"""The key before these."""

TITLE = re.compile(r"─results[^─]*")
SHOWN = re.compile(r"tfjit .*?size=\d+")
ROW = re.compile(r"^ elementwise_chain size=\d+")

BETWEEN_KEYS_S = (0.1, 0.2)
REST_S = 1.5


def units(repeats: int) -> Iterator[Key]:
    """A screen each."""
    for repeat in range(repeats):
        for cases in SIZES:
            yield {"rows": cases, "repeat": repeat}


def measure(key: Key) -> Values:
    """Seconds from each key to its answer, by what the keys do."""
    chance = random.Random(int(key["repeat"]))
    with tempfile.TemporaryDirectory() as place:
        arguments = ["-m", "tests.fidelity.sweep_screen", str(key["rows"])]
        with Listener(arguments, Path(place), columns=COLUMNS, lines=LINES) as terminal:
            terminal.until(lambda: f" of {key['rows']}" in terminal.text)
            terminal.listen_for(REST_S)
            for each in ("f", ESCAPE):  # which leaves the cursor on the rows
                terminal.type(each)
                terminal.listen_for(REST_S)
            pressed = {does: _press(terminal, does, chance) for does in KEYS}
            seen = [(at, look(screen)) for at, screen in terminal.drawn()]
    return {
        name: answers(pressed[does], [(at, getattr(each, sign)) for at, each in seen])
        for name, (does, sign) in ANSWERS.items()
    }


def _press(terminal: Listener, does: str, chance: random.Random) -> list[float]:
    if ENTRIES[does]:
        terminal.type(ENTRIES[does])
        terminal.listen_for(REST_S)
    pressed = []
    for each in KEYS[does]:
        pressed.append(terminal.type(each))
        terminal.listen_for(chance.uniform(*BETWEEN_KEYS_S))
    return pressed


@dataclass(frozen=True)
class Look:
    """What stands on a screen that keys change: the row under the cursor, the case in the header, the table's title and
    the line below it, which is the filter's where there is one.
    """

    row: str
    shown: str
    title: str
    below: str


ANSWERS = {
    "cursor moved": (CURSOR, "row"),
    "its case shown": (CURSOR, "shown"),
    "filter's letter": (FILTER, "below"),
    "its rows shown": (FILTER, "title"),
    "sorted": (SORT, "title"),
}
"""Which keys, and what they change: what answers them, and what follows (`its ...`)."""


def look(screen: pyte.Screen) -> Look:
    """What stands there; empty where it is not there."""
    lines = screen.display
    bold = (match[0] for y, line in enumerate(lines) if screen.buffer[y][1].bold and (match := ROW.search(line)))
    text = "\n".join(lines)
    shown, title = SHOWN.search(text), TITLE.search(text)
    below = next((after.strip() for line, after in pairwise(lines) if TITLE.search(line)), "")
    return Look(next(bold, ""), shown[0] if shown else "", title[0] if title else "", below)


def answers(pressed: Iterable[float], drawn: Sequence[tuple[float, str]]) -> list[float]:
    """Seconds from each press until something else was drawn than stood then. Raises RuntimeError if nothing was."""
    times = [at for at, _ in drawn]
    took_s = []
    for at in pressed:
        after = bisect_right(times, at)
        answered = next((then for then, text in drawn[after:] if text and text != drawn[after - 1][1]), None)
        if answered is None:
            raise RuntimeError("a key was not answered")
        took_s.append(answered - at)
    return took_s


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The median and the 99th percentile, by the number of rows and what the keys do."""
    for (cases,), of_size in group(lines, "rows").items():
        for name in ANSWERS:
            took_ms = [1e3 * took_s for line in of_size for took_s in line.values[name]]
            median, most = np.percentile(took_ms, (50, 99))
            yield Row(
                f"ms from a key to its answer with {cases:,} rows, {name}, {len(took_ms)} keys: 99th percentile",
                f"{most:.1f}",
                f"≤ {MOST_MS:.0f}" if cases == max(SIZES) and not name.startswith("its") else "–",
                f"median {median:.1f}, most {max(took_ms):.1f}",
            )


PART = Part(
    name="rows",
    help="Milliseconds from a key to its answer with 1,000 and 10,000 results, while two cases a second end (8 min).",
    repeats=3,
    units=units,
    measure=measure,
    rows=rows,
)
