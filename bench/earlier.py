"""Whether a file is an earlier export, by what it holds: only such a file is replaced unasked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

MOST_BYTES = 16 << 20
"""So much of a file is looked at."""

HEAD_BYTES = 1 << 16
"""A table's header is not longer."""

MARK = "tfjit-tui"

MARKDOWN_MARK = re.compile(rf"\n<!-- {MARK} [0-9a-f]{{8}} -->\s*\Z")
"""Ends our Markdown. GitHub does not show it."""

GENERATOR = f'<meta name="generator" content="{MARK}">'
"""Stands in the head of our HTML."""

CRLF, LF = "\r\n", "\n"

LEAST_COLUMNS = 5
"""Fewer could be anybody's."""

JSON_START = re.compile(r'\s*\[\s*(\]\s*$|\{\s*"session_id"\s*:\s*"[^"]*"\s*,\s*"far"\s*:)')

Recognise = Callable[[str], bool]


def may_replace(path: Path, recognise: Recognise) -> bool:
    """Return whether nothing is lost with a file: it is empty, or an earlier export of this kind."""
    try:
        with path.open("rb") as file:
            start = file.read(MOST_BYTES)
    except OSError:
        return False
    return not start or recognise(start.decode("utf-8-sig", errors="replace"))


def header_of(text: str) -> list[str]:
    """Return the cells of a CSV's first line."""
    import csv  # not for the first frame

    try:
        return next(csv.reader(text[:HEAD_BYTES].splitlines(keepends=True)[:1], strict=True), [])
    except csv.Error:
        return []


def begins_with(columns: Sequence[str], text: str) -> bool:
    """Return whether a CSV has these columns, or those of an older or newer version: they are only added at the end."""
    found = header_of(text)
    least = min(len(found), len(columns))
    return least >= min(LEAST_COLUMNS, len(columns)) and list(found[:least]) == list(columns[:least])


def is_json_export(text: str) -> bool:
    """Return whether this is a list of cases, as it begins."""
    return bool(JSON_START.match(text))


def marked(markdown: str) -> str:
    """Return a Markdown text that is known again, as long as nobody has added to it or changed it."""
    checksum = crc32(markdown.encode(errors="backslashreplace"))
    return f"{markdown}\n<!-- {MARK} {checksum:08x} -->\n"


def unmarked(markdown: str) -> str:
    """Return a Markdown text without its mark."""
    return MARKDOWN_MARK.sub("", markdown)


def is_markdown_export(text: str) -> bool:
    """Return whether this is our Markdown, and all of it: people write notes into such files."""
    text = text.replace(CRLF, LF).rstrip()
    body = unmarked(text)
    return body != text and marked(body).rstrip() == text


def is_html_export(text: str) -> bool:
    """Return whether our HTML begins so; before it was marked, by its title."""
    head = text[:HEAD_BYTES]
    return GENERATOR in head or "<title>Does JIT pay off?" in head
