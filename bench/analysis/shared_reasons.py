"""Modes that failed for the same reason, so that it is said once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..session.results import ModeResult

GROUPED = ("failed", "unsupported", "out_of_memory", "timed_out")
"""Statuses whose reason does not depend on the mode."""

COUNTED = re.compile(r"_\d+(?=['`])")
"""What Keras adds to names of layers, since each mode makes its own."""


def by_reason(modes: Iterable[ModeResult]) -> list[tuple[ModeResult, ...]]:
    """Return the modes in groups that share a status and a reason, each where its first mode was."""
    groups: dict[tuple[str, ...], list[ModeResult]] = {}
    for mode in modes:
        groups.setdefault(_reason(mode), []).append(mode)
    return [tuple(group) for group in groups.values()]


def first_with_reason(mode: ModeResult, modes: Iterable[ModeResult]) -> ModeResult:
    """Return the first of the modes that shares the mode's reason; itself if none does."""
    return next((each for each in modes if _reason(each) == _reason(mode)), mode)


def _reason(mode: ModeResult) -> tuple[str, ...]:
    if mode.status not in GROUPED or mode.absent or not mode.error:
        return (mode.mode,)
    return mode.status, COUNTED.sub("", mode.error)
