"""Results as they are kept: a file a part, a line a unit, each written the moment it is measured.

Whatever ends a run, what was measured before is there: at worst the last line is torn, and is measured again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import msgspec

from tests.fidelity.part import Line


class ResultsError(Exception):
    """Results that cannot be used, said in one line."""


class Results:
    """The files of results in one directory."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def of(self, part: str) -> list[Line]:
        """What was measured of a part; nothing where there is no file. Raises ResultsError."""
        path = self._path(part)
        try:
            *whole, _torn = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        return [_read(line, f"{path}, line {number}") for number, line in enumerate(whole, start=1)]

    def append(self, line: Line) -> None:
        """Write a line, in the place of a torn one if there is one, and see it onto the disk."""
        path = self._path(line.part)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def forget(self, part: str) -> None:
        """Delete what was measured of a part."""
        self._path(part).unlink(missing_ok=True)

    def _path(self, part: str) -> Path:
        return self._place / f"{part}.jsonl"


def check_alike(lines: Iterable[Line]) -> None:
    """Raise ResultsError unless the lines come from one machine, and all or none from a rehearsal."""
    for one, other in pairwise(lines):
        difference = other.machine.difference(one.machine)
        if difference:
            parts = " and ".join(dict.fromkeys((other.part, one.part)))
            raise ResultsError(f"results of {parts} are from different machines: {difference}")
        if one.scale != other.scale:
            raise ResultsError(f"a rehearsal's results are among those of {one.part}")


def _read(text: bytes, where: str) -> Line:
    try:
        return msgspec.json.decode(text, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResultsError(f"{where}: {error}") from None
