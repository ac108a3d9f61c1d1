"""Earlier sessions in rows: what stands in them, on the screen and in a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bench.number_text import counted
from bench.plan import short_name
from bench.session.history import Outline

from .search import has_words

MOST_NAMED = 3
"""Workloads that are named; the others are counted."""

COLUMNS = ("when", "measured", "cases", "state", "tensorflow", "host")


def row_of(outline: Outline) -> dict[str, str]:
    """A cell for each of COLUMNS."""
    return {
        "when": outline.when,
        "measured": what_of(outline),
        "cases": cases_of(outline),
        "state": state_of(outline),
        "tensorflow": outline.tensorflow,
        "host": outline.host,
    }


def what_of(outline: Outline) -> str:
    """The workloads, in the order in which they were asked for: `matmul, lstm`, `matmul, lstm, svd and 4 more`."""
    names = list(dict.fromkeys(map(short_name, outline.workloads)))
    named = ", ".join(names[:MOST_NAMED])
    return f"{named} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else named


def cases_of(outline: Outline) -> str:
    """How many cases were measured, of how many: `12`, `9 of 12`."""
    planned = len(outline.cases)
    return f"{planned:,}" if outline.measured == planned else f"{outline.measured:,} of {planned:,}"


def left_of(outline: Outline) -> str:
    """How many cases of the plan begun last were not measured to their end: `9 of 12 cases`."""
    of = f"{outline.left:,} of " if outline.left < outline.planned else ""
    return f"{of}{counted(outline.planned, 'case')}"


def state_of(outline: Outline) -> str:
    """What is to be said of how it ended; empty for nothing."""
    return "" if outline.state == "ended" else outline.state


def is_wanted(outline: Outline, words: str) -> bool:
    """Whether every word stands in what there is about a session."""
    return has_words(outline.about, words)


def objects_of(outlines: Iterable[Outline]) -> list[dict[str, Any]]:
    """Sessions as JSON objects."""
    return [
        {
            "session_id": outline.session_id,
            "file": str(outline.path),
            "started_at": outline.started_at,
            "workloads": list(outline.workloads),
            "cases": len(outline.cases),
            "measured": outline.measured,
            "left": outline.left,
            "state": outline.state,
            "far": outline.far,
            "host": outline.host,
            "tensorflow": outline.tensorflow,
            "machine": outline.machine,
        }
        for outline in outlines
    ]


LEAST_MEASURED = 24
"""Columns give way until so much is left for what was measured; the last of them first."""


def widths(rows: Iterable[Mapping[str, str]], room: int) -> dict[str, int]:
    """The COLUMNS that fit into `room`, and their widths; what was measured takes the rest."""
    natural = {"when": 0, "measured": 0, "cases": len("cases"), "state": 0, "tensorflow": 0, "host": 0}
    for row in rows:
        for column, text in row.items():
            natural[column] = max(natural[column], len(text))
    kept = {column: max(width, len(column)) for column, width in natural.items() if width}
    for dropped in ("host", "tensorflow", ""):
        others = sum(width + 1 for column, width in kept.items() if column != "measured")
        if room - others - 1 >= LEAST_MEASURED:
            break
        kept.pop(dropped, None)
    others = sum(width + 1 for column, width in kept.items() if column != "measured")
    return {**kept, "measured": max(1, room - others - 1)} if kept else {}
