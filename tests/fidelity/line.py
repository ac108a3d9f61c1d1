"""What the line to the terminal carries, and how soon it answers: ours, beside a known Textual application.

Ours is watched with TensorFlow while that is imported, compiles and measures a sweep, and with a source that measures
for ever, whose frames differ in nothing but their time. The other one has nothing to do: what it is asked is all its
work. Where ours is asked so too, the two stand side by side.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pyte

from tests.fidelity import anchor
from tests.fidelity.listener import Listener
from tests.fidelity.part import Key, Line, Part, Row, Values, group, summary

SIZES = {"80×24": (80, 24), "200×60": (200, 60)}
MOST_KIB_A_SECOND = {"80×24": 8, "200×60": 20}
MOST_RATIO, MOST_KEY_MS, MOST_QUIT_S = 1.3, 100, 1.0

THROTTLE = 64 << 10
"""Bytes a second of the line over which they are left."""

FRAMES = 6
"""Turns of first frames in each repeat."""

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("the first frame")
Minimal().run()
"""

SETTLED_S, COUNTED_S = 4.0, 8.0
BETWEEN_KEYS_S = (0.1, 0.25)
KEYS_AT_REST = 40

DOWN, UP, BACKSPACE = "\x1b[B", "\x1b[A", "\x7f"
FIELDS = 5 * (DOWN,) + 5 * (UP,)
"""Along the setup and back: two that are answered together still change something."""
STATES = {"import": "loading TensorFlow", "compile": r"compiling|tracing|starting|building", "sweep": r"round \d"}
"""By what is measured: what the first line of the screen says of it."""


@dataclass(frozen=True)
class Application:
    """A command, what its first frame shows, keys to press in turn, how it is left, and what the keys change.

    `last`: what it shows when all of it is there.
    """

    command: tuple[str, ...]
    sign: bytes
    keys: tuple[str, ...]
    leave: str
    look: Callable[[pyte.Screen], object]
    last: bytes = b""


def field(screen: pyte.Screen) -> int:
    """The line of the field whose name is reversed, where the cursor is; -1 where that is on no field."""
    return next((y for y in range(screen.lines) if screen.buffer[y][1].reverse), -1)


OURS = Application((sys.executable, "-m", "tui"), b"setup", FIELDS, "q", field, b"effort")
BUSY = Application((sys.executable, "-m", "tests.programs.measuring_screen"), b"setup", FIELDS, "qq", field)
OTHER = Application(anchor.COMMAND, b"Query", ("x", BACKSPACE), "\x11", lambda screen: screen.display[1])
LEAST = Application((sys.executable, "-c", MINIMAL), b"the first frame", (), "", field)

AT_REST = {"ours": OURS, anchor.NAME: OTHER}


def units(repeats: int) -> Iterator[Key]:
    """What is compared next to each other."""
    for repeat in range(repeats):
        for turn, name in product(range(FRAMES), FIRST_FRAMES):
            yield {"of": "first frame", "application": name, "repeat": repeat, "turn": turn}
        for size in SIZES:
            yield {"of": "bytes", "size": size, "repeat": repeat}
        for of in ("rest", "quit"):
            for name in AT_REST:
                yield {"of": of, "application": name, "repeat": repeat}
        yield {"of": "keys", "repeat": repeat}


FIRST_FRAMES = {"ours": OURS, "minimal": LEAST, anchor.NAME: OTHER}


def measure(key: Key) -> Values:
    """One of these, on a terminal of its own."""
    with tempfile.TemporaryDirectory() as home:
        place, name = Path(home), str(key.get("application", ""))
        match key["of"]:
            case "first frame":
                values: Values = frames(FIRST_FRAMES[name], place)
            case "bytes":
                values = {"bytes_a_second": bytes_a_second(BUSY, place, *SIZES[str(key["size"])])}
            case "rest":
                values = at_rest(AT_REST[name], place)
            case "quit":
                values = {"quit_s": quit_time(BUSY if name == "ours" else OTHER, place)}
            case _:
                values = keys_at_work(place, random.Random(int(key["repeat"])))
    return {**values, "load": os.getloadavg()[0]}


def opened(application: Application, home: Path, columns: int = 80, lines: int = 24) -> Listener:
    """The application in a terminal, with its first frame. It has its bytecode, as what is installed has."""
    return Listener(
        application.command[1:],
        home,
        columns=columns,
        lines=lines,
        program=application.command[0],
        HOME=str(home),
        PYTHONDONTWRITEBYTECODE="",
    )


def frames(application: Application, home: Path) -> Values:
    """Seconds until the first frame is there, and until all of it is."""
    with opened(application, home) as terminal:
        terminal.until_heard(application.sign)
        first_s = terminal.heard[-1][0] - terminal.started_at
        terminal.until_heard(application.last or application.sign)
        return {"first_s": first_s, "whole_s": terminal.heard[-1][0] - terminal.started_at}


def bytes_a_second(application: Application, home: Path, columns: int, lines: int) -> float:
    """Once it has settled."""
    with opened(application, home, columns, lines) as terminal:
        terminal.until_heard(application.sign)
        terminal.listen_for(SETTLED_S)
        before = len(terminal.heard)
        terminal.listen_for(COUNTED_S)
        return sum(len(piece) for _, piece in terminal.heard[before:]) / COUNTED_S


def at_rest(application: Application, home: Path) -> Values:
    """Seconds from each key to its answer, and what is written a second while nothing is pressed."""
    chance = random.Random(0)
    with opened(application, home) as terminal:
        terminal.until_heard(application.sign)
        if application is OURS:
            terminal.until(lambda: "○ ready" in terminal.text)
        terminal.listen_for(SETTLED_S)
        before = len(terminal.heard)
        terminal.listen_for(COUNTED_S)
        written = sum(len(piece) for _, piece in terminal.heard[before:]) / COUNTED_S
        pressed = []
        for index in range(KEYS_AT_REST):
            pressed.append(terminal.type(application.keys[index % len(application.keys)]))
            terminal.listen_for(chance.uniform(*BETWEEN_KEYS_S))
        terminal.listen_for(1)
        return {"bytes_a_second": written, "keys_s": answers(application, terminal, pressed)}


def answers(application: Application, terminal: Listener, pressed: Sequence[float]) -> list[float]:
    """Seconds from each press until what it changes was drawn otherwise; a key that changed nothing is left out."""
    drawn = [(at, application.look(screen)) for at, screen in terminal.drawn()]
    times = [at for at, _ in drawn]
    took_s = []
    for at in pressed:
        after = bisect_right(times, at)
        before = drawn[after - 1][1]
        took_s += [then - at for then, now in drawn[after:] if now != before][:1]
    return took_s


def keys_at_work(home: Path, chance: random.Random) -> Values:
    """Seconds from each key to its answer, by what TensorFlow is doing meanwhile; bytes a second in the rounds."""
    with opened(OURS, home) as terminal:
        terminal.until_heard(b"effort")
        terminal.until(lambda: "r run" in terminal.text)
        pressed: dict[str, list[float]] = {state: [] for state in STATES}
        keys, swept = cycle(FIELDS), False
        while True:
            first_line = terminal.text.split("\n", 1)[0]
            if "○ ready" in first_line:
                if swept:
                    break
                swept = True
                terminal.type("s")
                terminal.until(lambda: "Axes" in terminal.text)
                terminal.type("\r")  # along the axis that is suggested
                terminal.until(lambda: "○ ready" not in terminal.text)
            state = next((name for name, words in STATES.items() if re.search(words, first_line)), None)
            at = terminal.type(next(keys))
            if state:
                pressed[state].append(at)
            terminal.listen_for(chance.uniform(*BETWEEN_KEYS_S))
        return {state: answers(OURS, terminal, of_state) for state, of_state in pressed.items()}


def quit_time(application: Application, home: Path) -> float:
    """Seconds from the key to the process's end over a throttled line."""
    with opened(application, home, *SIZES["200×60"]) as terminal:
        terminal.until_heard(application.sign)
        terminal.listen_for(SETTLED_S)
        terminal.throttle = THROTTLE
        terminal.listen_for(SETTLED_S)
        at = terminal.type(application.leave)
        return terminal.ended_at() - at


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """What is written, what answers, how it is left."""
    by = {of: lines_of for (of,), lines_of in group(lines, "of").items()}
    yield from _frames(by.get("first frame", ()))
    rest = {name: of_name for (name,), of_name in group(by.get("rest", ()), "application").items()}
    other = rest.get(anchor.NAME, [])
    idle = f"{anchor.NAME}, idle: {summary([line.values['bytes_a_second'] for line in other])} B" if other else "–"
    for (size,), of_size in group(by.get("bytes", ()), "size").items():
        yield Row(
            f"KiB a second while measuring, {size}: median (least-most)",
            summary([line.values["bytes_a_second"] / 1024 for line in of_size]),
            f"≤ {MOST_KIB_A_SECOND[size]}",
            idle,
        )
    beside = f"{anchor.NAME} at rest: {_keys(other, 'keys_s')}" if other else "–"
    for state in STATES:
        if by.get("keys"):
            yield Row(
                f"ms from a key to its answer during {state}: 99th percentile",
                _keys(by["keys"], state),
                f"≤ {MOST_KEY_MS}",
                beside,
            )
    if rest.get("ours"):
        yield Row("ms from a key to its answer at rest: 99th percentile", _keys(rest["ours"], "keys_s"), "–", beside)
    left = {
        name: [line.values["quit_s"] for line in of] for (name,), of in group(by.get("quit", ()), "application").items()
    }
    if "ours" in left:
        yield Row(
            f"s from `q` `q` while measuring to the end, 200×60, {THROTTLE >> 10} KiB/s: median (least-most)",
            summary(left["ours"]),
            f"≤ {MOST_QUIT_S:g}",
            f"{anchor.NAME}, idle: {summary(left[anchor.NAME])}" if anchor.NAME in left else "–",
        )


def _frames(lines: Sequence[Line]) -> Iterator[Row]:
    """How long the first frame takes, and all of the screen."""
    turns = [
        {str(line.key["application"]): line.values for line in of_turn}
        for of_turn in group(lines, "repeat", "turn").values()
    ]
    if whole := [turn for turn in turns if turn.keys() == FIRST_FRAMES.keys()]:
        for what, name, most in (
            ("to the first frame", "first_s", f"≤ {MOST_RATIO}"),
            ("to all of it", "whole_s", "–"),
        ):
            ours, other = (
                summary([turn[application][name] / turn["minimal"]["first_s"] for turn in whole])
                for application in ("ours", anchor.NAME)
            )
            figure = f"time {what} over a minimal Textual application's, {len(whole)} turns: median (least-most)"
            yield Row(figure, ours, most, f"{anchor.NAME}: {other}")


def _keys(lines: Sequence[Line], name: str) -> str:
    took_ms = [1e3 * took_s for line in lines for took_s in line.values[name]]
    if not took_ms:
        return "none pressed"
    median, most = np.percentile(took_ms, (50, 99))
    return f"{most:.0f} (median {median:.0f}, {len(took_ms)} keys)"


PART = Part(
    name="line",
    help=f"First frame, bytes a second, key latency and quitting over a slow line, beside {anchor.NAME} (4 min).",
    repeats=2,
    units=units,
    measure=measure,
    rows=rows,
    prepare=anchor.install,
)
