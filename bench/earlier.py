"""Whether a file is an earlier export, by how it begins and ends: only such a file is replaced unasked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

HEAD_BYTES = 1 << 16
"""So much of a file's beginning, and of its end, is looked at."""

MARK = "tfjit-tui"

MARKDOWN_MARK = f"<!-- {MARK} -->"
"""Ends our Markdown, unless somebody has added to it. GitHub does not show it."""

GENERATOR = f'<meta name="generator" content="{MARK}">'
"""Stands in the head of our HTML."""

LEAST_COLUMNS = 5
"""Fewer could be anybody's."""

JSON_START = re.compile(r'\s*\[\s*(\]\s*$|\{\s*"session_id"\s*:\s*"[^"]*"\s*,\s*"far"\s*:)')

REPEATED = re.compile(r"easured again by\n\n```+\ntfjit-tui run ")
"""Stands in Markdown from before it was marked."""

Recognise = Callable[[str], bool]


def may_replace(path: Path, recognise: Recognise) -> bool:
    """Return whether nothing is lost with a file: it is empty, or an earlier export of this kind."""
    try:
        with path.open("rb") as file:
            edges = file.read(HEAD_BYTES)
            if file.seek(0, os.SEEK_END) > HEAD_BYTES:
                file.seek(max(HEAD_BYTES, file.tell() - HEAD_BYTES))
                edges += file.read(HEAD_BYTES)
    except OSError:
        return False
    return not edges or recognise(edges.decode("utf-8-sig", errors="replace"))


def header_of(head: str) -> list[str]:
    """Return the cells of a CSV's first line."""
    import csv  # not for the first frame

    try:
        return next(csv.reader(head.splitlines(keepends=True)[:1], strict=True), [])
    except csv.Error:
        return []


def begins_with(columns: Sequence[str], head: str) -> bool:
    """Return whether a CSV has these columns, or those of an older or newer version: they are only added at the end."""
    found = header_of(head)
    least = min(len(found), len(columns))
    return least >= min(LEAST_COLUMNS, len(columns)) and list(found[:least]) == list(columns[:least])


def is_json_export(head: str) -> bool:
    """Return whether a list of cases begins so."""
    return bool(JSON_START.match(head))


def is_markdown_export(edges: str) -> bool:
    """Return whether our Markdown begins and ends so."""
    return edges.rstrip().endswith(MARKDOWN_MARK) or bool(REPEATED.search(edges))


def is_html_export(head: str) -> bool:
    """Return whether our HTML begins so; before it was marked, by its title."""
    return GENERATOR in head or "<title>Does JIT pay off?" in head
