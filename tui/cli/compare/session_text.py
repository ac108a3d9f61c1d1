"""Compare all cases of two sessions, and say in a sentence or two whether all pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bench.analysis.pairing import Pair
from bench.number_text import percent
from bench.plan import Case

from ...presentation.status_text import describe_case
from ..gate import OF_MISSING, Outcome, exit_code
from .case_text import ALONE, Compared, Limits, are, listed

MOST_NAMED = 3
"""Slower changes that the summary names; the tables have all."""


@dataclass(frozen=True)
class Comparison:
    """Every pair of two sessions; `unmeasured` are the cases with a limit of their own that neither has."""

    pairs: tuple[Compared, ...]
    unmeasured: tuple[Case, ...]
    limits: Limits

    @classmethod
    def of(cls, pairs: Iterable[Pair], limits: Limits, *, whole: bool = True) -> Comparison:
        """Compare pairs. `whole`: they are all pairs of two sessions, so every planned case must be among them."""
        compared = tuple(Compared.of(pair, limits) for pair in pairs)
        measured = {case for each in compared for case in each.planned}
        unmeasured = (case for case in limits.planned if whole and case not in measured)
        return cls(compared, tuple(unmeasured), limits)

    @cached_property
    def _items(self) -> tuple[_Item, ...]:
        nowhere = OF_MISSING[self.limits.missing]
        return (
            *(
                _Item(outcome, change.missing, f"{change.mode} of {each.title}")
                for each in self.pairs
                for change, outcome in each.rows
            ),
            *(_Item(nowhere, "after", f"{describe_case(case)}, which neither has") for case in self.unmeasured),
        )

    @property
    def exit_code(self) -> int:
        """0 where all passes, 1 where something does not, else 3."""
        return exit_code([item.outcome for item in self._items])

    @property
    def text(self) -> str:
        """A table for each pair, then the summary."""
        nowhere = "\n".join(f"{describe_case(case)}\nneither session has it" for case in self.unmeasured)
        return "\n\n".join(filter(None, [*(each.text for each in self.pairs if each.changes), nowhere, self.summary]))

    @property
    def summary(self) -> str:
        """A sentence: do all pass, which do not, which are left out."""
        if not self._items:
            modes = self.limits.modes
            return f"Cannot tell: {f'neither has {listed(modes)}' if modes else 'there is nothing to compare'}."
        alone = [item.missing for item in self._items if item.outcome == "left out"]
        counted = [(alone.count(side), word) for side, word in ALONE.items() if side in alone]
        left_out = " and ".join(f"{number:,} {are(number)} {word}" for number, word in counted)
        return f"{self._verdict}. Left out: {left_out}." if left_out else f"{self._verdict}."

    @property
    def _verdict(self) -> str:
        counted = [item for item in self._items if item.outcome != "left out"]
        slower = [item.name for item in counted if item.outcome == "failed" and not item.missing]
        missing = [item.name for item in counted if item.outcome == "failed" and item.missing]
        untold, total = sum(item.outcome == "cannot tell" for item in counted), len(counted)
        also = f"; of {untold} it cannot be told" if untold else ""
        is_missing = f"{len(missing)} of {total} {are(len(missing))} missing: {_some(missing)}"
        if slower:
            is_slower = f"{len(slower)} of {total} {are(len(slower))} {self._than}: {_some(slower)}"
            return f"Regressed: {is_slower}{f'; {is_missing}' if missing else ''}{also}"
        if missing:
            return f"Failed: {is_missing}{also}"
        if untold:
            they = "it is" if untold == 1 else "they are"
            return f"Cannot tell of {untold} of {total} whether {they} {self._than}"
        if not total:
            return "Cannot tell: there is nothing on both sides"
        return f"Held: {'the one that was compared is not' if total == 1 else f'none of {total} is'} {self._than}"

    @property
    def _than(self) -> str:
        limits = {limit for each in self.pairs for limit in each.limits} or {self.limits.limit}
        return f"more than {percent(limits.pop())} slower" if len(limits) == 1 else "slower than its limit allows"

    @property
    def object(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        return {
            "limit": self.limits.limit,
            "exit_code": self.exit_code,
            "pairs": [each.object for each in self.pairs],
            "unmeasured": [describe_case(case) for case in self.unmeasured],
        }


@dataclass(frozen=True)
class _Item:
    """A change and its outcome. `missing`: the side that lacks it, if one does."""

    outcome: Outcome
    missing: str
    name: str


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{'; '.join(names[:MOST_NAMED])}{more}"
