"""Recognise earlier exports by their content: only they are replaced without `--force`."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from zlib import crc32

MOST_BYTES = 16 << 20
"""Bytes of a file that are read to recognise it."""

HEAD_BYTES = 1 << 16
"""Characters in which the header of a CSV must end."""

MARK = "tfjit-tui"

CHECKSUM = re.compile(rf"\n<!-- {MARK} [0-9a-f]{{8}} -->\s*\Z")
"""The last line of our Markdown and HTML: a comment with a checksum, which is not shown."""

HTML_START, HTML_END = "<!doctype html>", "</html>"

TORN = b"\0"
"""Stands for the rest of a file that is too large to be read. No export has such a character."""

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
    if len(start) == MOST_BYTES:
        start = start[: start.rfind(b"\n") + 1] + TORN
    return not start or recognise(start.decode("utf-8-sig", errors="replace"))


def header_of(text: str) -> list[str]:
    """Return the cells of a CSV's first line."""
    import csv  # not for the first frame

    try:
        return next(csv.reader(text[:HEAD_BYTES].splitlines(keepends=True)[:1], strict=True), [])
    except csv.Error:
        return []


def is_csv_export(columns: Sequence[str], text: str, sessions: Collection[tuple[str, ...]] = ()) -> bool:
    """Return whether a CSV has these columns, or those of an older version, and every row has all of them.

    A table to which several sessions have added rows is ours only if all are among `sessions`, whose rows replace it.
    """
    found = header_of(text)
    if len(found) < min(LEAST_COLUMNS, len(columns)) or found != list(columns[: len(found)]):
        return False
    import csv  # not for the first frame

    ids = [place for place, name in enumerate(found) if name.endswith("session_id")]
    rows: Iterable[list[str]] = csv.reader(io.StringIO(text.rstrip("\0"), newline=""))
    if text.endswith("\0"):
        rows = (row for row, _ in pairwise(rows))  # the last may be cut
    held = set()
    try:
        for row in rows:
            if len(row) != len(found):
                return False
            held.add(tuple(row[place] for place in ids))
    except csv.Error:
        return False
    held.discard(tuple(found[place] for place in ids))
    return len(held) < 2 or held <= {*sessions}


def is_json_export(text: str) -> bool:
    """Return whether this text is our list of cases; of one that is too large, whether it begins so."""
    if not JSON_START.match(text):
        return False
    if text.endswith("\0"):
        return True
    import json

    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def marked(text: str) -> str:
    """Return Markdown or HTML with a mark that no longer fits once somebody edits the text."""
    checksum = crc32(text.encode(errors="backslashreplace"))
    return f"{text}\n<!-- {MARK} {checksum:08x} -->\n"


def unmarked(text: str) -> str:
    """Return Markdown or HTML without its mark."""
    return CHECKSUM.sub("", text)


def is_markdown_export(text: str) -> bool:
    """Return whether this is our Markdown, unedited: people write notes into such files."""
    return not text.startswith(HTML_START) and _is_unedited(text)


def is_html_export(text: str) -> bool:
    """Return whether this is our HTML, unedited. Older files have no checksum: they must end where ours ended."""
    head = text[:HEAD_BYTES]
    if not (GENERATOR in head or "<title>Does JIT pay off?" in head):
        return False
    return _is_unedited(text) or (not CHECKSUM.search(text) and text.rstrip().endswith(HTML_END))


def _is_unedited(text: str) -> bool:
    text = text.replace(CRLF, LF).rstrip()
    body = unmarked(text)
    return body != text and marked(body).rstrip() == text
