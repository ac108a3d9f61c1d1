"""Modes that failed for the same reason, so that it is said once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..session.results import ModeResult

GROUPED = ("failed", "unsupported", "out_of_memory", "timed_out", "refused")
"""Statuses whose reason does not depend on the mode."""

COUNTED = re.compile(r"_\d+(?=['\"`])")
"""Matches the number that Keras adds to a layer's name, since each mode makes its own layers."""

PLACE = re.compile(r" \([^()\s]+:\d+\)$")


def by_reason(modes: Iterable[ModeResult]) -> list[tuple[ModeResult, ...]]:
    """Return the modes in groups that share a status and a reason, each where its first mode was."""
    groups: list[list[ModeResult]] = []
    for mode in modes:
        group = next((group for group in groups if are_alike(group[0], mode)), None)
        if group is None:
            groups.append([mode])
        else:
            group.append(mode)
    return [tuple(group) for group in groups]


def reason_beside(mode: ModeResult, modes: Iterable[ModeResult]) -> str:
    """Return why a mode failed: `as eager` where that is the first of the modes with the same reason."""
    first = next((each for each in modes if are_alike(each, mode)), mode)
    return mode.error if first.mode == mode.mode else f"as {first.mode}"


def are_alike(first: ModeResult, other: ModeResult) -> bool:
    """Return whether both failed for the same reason in the same place, or one of them does not know the place."""
    if first.mode == other.mode:
        return True
    if first.status != other.status or first.status not in GROUPED or first.absent or other.absent:
        return False
    (words, place), (other_words, other_place) = _parts(first.error), _parts(other.error)
    return bool(words) and words == other_words and (place == other_place or not (place and other_place))


def _parts(error: str) -> tuple[str, str]:
    """Return the words of a reason, and the place after them: ` (steps.py:9)`, or nothing."""
    error = COUNTED.sub("", error)
    match = PLACE.search(error)
    return (error[: match.start()], match.group()) if match else (error, "")
