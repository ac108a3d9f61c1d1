"""Other work beside what is measured: a load that was recorded on a machine that others use, played again and again.

`load.txt` has a line for each core that was looked at, and in it a digit for each SLOT_S: how many tenths of the slot
the core was busy. A process plays each line, from the same moment on, whatever the machine's own cores are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep

SLOT_S = 0.1
LEVELS = 10

LOAD = Path(__file__).with_name("load.txt")

START_S = 1.0
"""Until the processes play: they must have been started by then."""


def recorded_load() -> tuple[tuple[int, ...], ...]:
    """The load of each core, in tenths of a core by slot."""
    return tuple(tuple(map(int, line)) for line in LOAD.read_text(encoding="ascii").split())


@contextmanager
def busy() -> Iterator[None]:
    """Play the recorded load meanwhile."""
    context = get_context("spawn")
    start = monotonic() + START_S
    players = [context.Process(target=play, args=(core, start), daemon=True) for core in recorded_load()]
    for player in players:
        player.start()
    try:
        yield
    finally:
        for player in players:
            player.kill()
            player.join()


def play(levels: Sequence[int], start: float) -> None:
    """Be busy for so many tenths of each slot, for ever."""
    for slot, level in enumerate(itertools.cycle(levels)):
        slot_start = start + slot * SLOT_S
        sleep(max(slot_start - monotonic(), 0.0))
        while monotonic() < slot_start + level / LEVELS * SLOT_S:
            pass
