"""Put the cause of retraces into words: which arguments changed, and in what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..events import ArgumentChange
from ..session.results import Retraces

MOST_NAMED = 4
"""Arguments that are named one by one."""

EXTENTS = ("row lengths", "number of values")
"""Aspects of ragged and of sparse tensors."""


@dataclass(frozen=True)
class Clause:
    """Arguments that changed alike: `names` in words, `several` of them, in these aspects. `kind`: as in an event."""

    names: str
    several: bool
    kind: str
    aspects: tuple[str, ...]

    def __str__(self) -> str:
        """Return `arguments n and m, Python numbers, changed value`."""
        s = "s" if self.several else ""
        a = "" if self.several else "a "
        if self.aspects and set(self.aspects) <= set(EXTENTS):
            return f"the {_joined(self.aspects)} of {self.names if self.several else f'`{self.names}`'} changed"
        if self.kind == "object":
            return f"argument{s} {self.names}, {a}Python object{s}, {'are others' if s else 'is another one'}"
        is_a = f", {a}Python {self.kind}{s}," if self.kind else ""
        return f"argument{s} {self.names}{is_a} changed {_joined(self.aspects)}"


def describe_cause(retraces: Retraces) -> str:
    """Return in words what about the arguments changed, with an example if it is one thing; empty if nothing did.

    A session recorded before causes were fields has the words already.
    """
    words = " and ".join(filter(None, [retraces.cause, *map(str, clauses_of(retraces.changes))]))
    return words if retraces.cause else words + _example(retraces.changes)


def clauses_of(changes: Iterable[ArgumentChange]) -> list[Clause]:
    """Return a clause for each group of arguments that changed alike."""
    aspects: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        aspects.setdefault((f"{change.name}{change.part}", change.kind), []).append(change.aspect)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, kind), changed in aspects.items():
        alike.setdefault((kind, tuple(changed)), []).append(name)
    return [Clause(_listed(names), len(names) > 1, kind, changed) for (kind, changed), names in alike.items()]


def _listed(names: Sequence[str]) -> str:
    """Return the first names and how many more there are: `a, b, c and 2 more`."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return _joined(names)


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _example(changes: Sequence[ArgumentChange]) -> str:
    if len(changes) != 1 or not changes[0].before:
        return ""
    return f", for example from {changes[0].before} to {changes[0].after}"
