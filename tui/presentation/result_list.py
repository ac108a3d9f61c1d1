"""The rows of the table of results, kept up as cases change. What a change costs does not grow with their number."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.plan import DEFAULT_MODES
from bench.session.results import CaseResult

from .result_rows import (
    FIGURES,
    OPTIONAL,
    about,
    columns_for,
    figures_of,
    fit,
    heading_of,
    place_by,
    row_of,
    says_nothing,
    shortened,
)
from .search import has_word, has_words

Key = tuple[Any, int]
"""Where a row stands: its Place by the column that rows are sorted by; equals, in the order in which cases came."""

FIRST_COME = 0.0
"""The place of every row where rows are not sorted."""


@dataclass(frozen=True)
class _Row:
    case: CaseResult
    number: int
    cells: Mapping[str, str]
    about: str
    figures: Mapping[str, float]


class ResultList:
    """Which rows are shown, in which order, and what stands in them.

    `sorted_by` is a column, or empty; `words` are those that a row shown must have.
    """

    def __init__(self) -> None:
        self.sorted_by = ""
        self.words = ""
        self._rows: list[_Row] = []
        self._numbers: dict[str, int] = {}
        """Which of the rows is a case's."""
        self._keys: list[Key] = []
        """Of every row that says something."""
        self._shown: list[Key] = []
        self._present: set[str] = set()
        """Which of the OPTIONAL columns some case has something to say in."""
        self._widest: dict[bool, dict[str, int]] = {False: {}, True: {}}
        """By whether the screen is narrow: as wide as the widest that was ever in a column."""

    def __len__(self) -> int:
        """How many rows are shown."""
        return len(self._shown)

    @property
    def total(self) -> int:
        """How many rows there are that say something, shown or not."""
        return len(self._keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that there is something to say in."""
        return columns_for(self._present or DEFAULT_MODES)

    def widths(self, room: int, *, short: bool) -> dict[str, int]:
        """The columns that fit into `room`, and their widths; `short`: for a narrow screen."""
        widest = self._widest[short]
        natural = {name: max(len(heading_of(name, short=short)), widest.get(name, 0)) for name in self.columns}
        return fit(natural, room)

    def cells(self, place: int, *, short: bool) -> Mapping[str, str]:
        """What stands in the row shown at a place."""
        row = self._rows[self._shown[place][1]]
        return shortened(row.case, row.cells) if short else row.cells

    def case_id(self, place: int) -> str:
        """Whose row is shown at a place."""
        return self._rows[self._shown[place][1]].case.case_id

    def place_of(self, case_id: str) -> int | None:
        """Where the row of a case is shown; None where it is not."""
        if case_id not in self._numbers:
            return None
        key = self._key(self._rows[self._numbers[case_id]])
        place = bisect_left(self._shown, key)
        return place if self._shown[place : place + 1] == [key] else None

    def take(self, cases: Iterable[CaseResult]) -> bool:
        """Make the rows of cases that are new or have changed; whether any row came, went or moved."""
        moved = False
        for case in cases:
            number = self._numbers.setdefault(case.case_id, len(self._rows))
            row = self._make(case, number)
            old = None
            if number < len(self._rows):
                old, self._rows[number] = self._key(self._rows[number]), row
            else:
                self._rows.append(row)
            new = None if says_nothing(case) else self._key(row)
            moved |= _move(self._keys, old, new)
            moved |= _move(self._shown, old, new if has_words(row.about, self.words) else None)
        return moved

    def filter(self, words: str) -> None:
        """Show the rows that have all of these words."""
        leaves_fewer = words.startswith(self.words) and "=" not in words  # m=6 hides m=64, which may be typed on
        shown = self._shown if leaves_fewer else self._keys
        self.words, rows = words, self._rows
        for word in words.lower().split():
            shown = [key for key in shown if has_word(rows[key[1]].about, word)]
        self._shown = list(shown)

    def sort(self, column: str) -> None:
        """Show the rows in the order of a column; empty: as the cases came."""
        self.sorted_by = column
        places = self._places()
        all_speak = len(self._keys) == len(places)
        numbers = range(len(places)) if all_speak else sorted(number for _, number in self._keys)
        order = sorted(numbers, key=places.__getitem__)  # a third of what sorting pairs takes
        self._keys = list(zip(map(places.__getitem__, order), order, strict=True))
        self._shown = list(self._keys)
        self.filter(self.words)

    def _make(self, case: CaseResult, number: int) -> _Row:
        cells = row_of(case)
        self._present.update(column for column in OPTIONAL if cells.get(column))
        for short, drawn in ((False, cells), (True, shortened(case, cells))):
            widest = self._widest[short]
            for column, text in drawn.items():
                if len(text) > widest.get(column, 0):
                    widest[column] = len(text)
        return _Row(case, number, cells, about(case, cells), figures_of(case, cells))

    def _key(self, row: _Row) -> Key:
        return self._place(row), row.number

    def _places(self) -> list[Any]:
        """Of every row; of figures without a call for each, since a key waits for thousands."""
        if (column := self.sorted_by) in FIGURES:
            return [row.figures.get(column, math.inf) for row in self._rows]
        return [self._place(row) for row in self._rows]

    def _place(self, row: _Row) -> Any:
        return place_by(self.sorted_by, row.case, row.cells, row.figures) if self.sorted_by else FIRST_COME


def _move(keys: list[Key], old: Key | None, new: Key | None) -> bool:
    """Take a key out of sorted keys, if it is there, and put another in; whether that changed them."""
    place = bisect_left(keys, old) if old else 0
    stood = old is not None and keys[place : place + 1] == [old]
    if stood and old == new:
        return False
    if stood:
        del keys[place]
    if new is not None:
        insort(keys, new)
    return stood or new is not None
