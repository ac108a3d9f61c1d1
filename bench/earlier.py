"""Recognise earlier exports by their content: only they are replaced without `--force`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

MOST_BYTES = 16 << 20
"""Bytes of a file that are read to recognise it."""

HEAD_BYTES = 1 << 16
"""Characters in which the header of a CSV must end."""

MARK = "tfjit-tui"

MARKDOWN_MARK = re.compile(rf"\n<!-- {MARK} [0-9a-f]{{8}} -->\s*\Z")
"""The last line of our Markdown: a comment with a checksum, which GitHub does not show."""

GENERATOR = f'<meta name="generator" content="{MARK}">'
"""A line in the head of our HTML."""

CRLF, LF = "\r\n", "\n"

LEAST_COLUMNS = 5
"""Equal columns that make a CSV ours: with fewer it could be any table."""

JSON_START = re.compile(r'\s*\[\s*(\]\s*$|\{\s*"session_id"\s*:\s*"[^"]*"\s*,\s*"far"\s*:)')

Recognise = Callable[[str], bool]


def may_replace(path: Path, recognise: Recognise) -> bool:
    """Return whether a file may be replaced: it is empty, or an earlier export of this kind."""
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
    """Return whether this text begins as our list of cases does."""
    return bool(JSON_START.match(text))


def marked(markdown: str) -> str:
    """Return a Markdown text with a mark that no longer fits once somebody edits the text."""
    checksum = crc32(markdown.encode(errors="backslashreplace"))
    return f"{markdown}\n<!-- {MARK} {checksum:08x} -->\n"


def unmarked(markdown: str) -> str:
    """Return a Markdown text without its mark."""
    return MARKDOWN_MARK.sub("", markdown)


def is_markdown_export(text: str) -> bool:
    """Return whether this is our Markdown, unedited: people write notes into such files."""
    text = text.replace(CRLF, LF).rstrip()
    body = unmarked(text)
    return body != text and marked(body).rstrip() == text


def is_html_export(text: str) -> bool:
    """Return whether this is our HTML: by its mark, or by the title that older files have."""
    head = text[:HEAD_BYTES]
    return GENERATOR in head or "<title>Does JIT pay off?" in head
