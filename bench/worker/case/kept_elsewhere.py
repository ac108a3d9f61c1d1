"""Why not all of what a mode leaves behind can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..checks.hidden_state import PYTHON, places_elsewhere
from .observation import Observation
from .prepared import Prepared

MOST_NAMED = 3
"""Objects that are named in a sentence."""

TRACED = ", which a graph does only while it is traced"

UNREADABLE = "one of its variables cannot be read and is not compared"

OTHERS = "its variables do not correspond to those of {mode}, so only outputs are compared"


def why_elsewhere(modes: Mapping[str, Prepared]) -> list[str]:
    """Return why what the modes of a case keep cannot be compared; what one keeps outside of variables all do."""
    graphs = [each.concrete for each in modes.values() if each.concrete is not None]
    places = dict.fromkeys(place for graph in graphs for place in places_elsewhere(graph))
    changed = dict.fromkeys(name for each in modes.values() for name in each.observation.python_changes)
    reasons = []
    if places:
        reasons.append(f"it uses {in_a_row([*places])}, whose state is not compared")
    if changed:
        traced = "" if any(place.startswith(PYTHON) for place in places) else TRACED
        reasons.append(f"eager's calls change {named(changed)} in Python{traced}, so that is not compared")
    return reasons


def why_not_variables(observation: Observation, baseline: Observation, baseline_mode: str) -> str:
    """Return why the variables of a mode cannot be compared; empty if they can."""
    if None in observation.signature:
        return UNREADABLE
    return "" if observation.signature == baseline.signature else OTHERS.format(mode=baseline_mode)


def named(objects: Mapping[str, None] | Sequence[str]) -> str:
    """Return a few of the names of the user's objects, and how many more there are."""
    names = [f"`{name}`" for name in objects]
    more = len(names) - MOST_NAMED
    return in_a_row(names if more < 1 else [*names[:MOST_NAMED], f"{more} more"])


def in_a_row(words: Sequence[str]) -> str:
    """Return words as they stand in a sentence."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
