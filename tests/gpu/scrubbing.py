"""Take out of texts what tells whose machine it was: directories, host and user names, a card's UUID."""

from __future__ import annotations

import getpass
import json
import re
import socket
from functools import cache
from typing import Any

from tests.record import without_directories

UUID = re.compile(r"\b(GPU|MIG)-[0-9a-fA-F-]{8,}(/\d+/\d+)?")
SHORTEST_NAME = 3
"""Shorter names of hosts and users are parts of other words."""


def scrub_text(text: str) -> str:
    """Return the text without directories, UUIDs of cards, and the names of this host and user."""
    text = UUID.sub(r"\1-0", without_directories(text))
    for name, stand_in in _own_names():
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", stand_in, text)
    return text


def scrub(value: Any) -> Any:
    """Return a JSON value with every string in it scrubbed; names of fields stay."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, list | tuple):
        return [scrub(part) for part in value]
    if isinstance(value, dict):
        return {name: scrub(part) for name, part in value.items()}
    return value


def scrub_line(line: str) -> str:
    """Return a line of JSON with every string in it scrubbed."""
    return json.dumps(scrub(json.loads(line)), separators=(",", ":"), ensure_ascii=False)


@cache
def _own_names() -> tuple[tuple[str, str], ...]:
    host = socket.gethostname()
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    names = ((host, "box"), (host.partition(".")[0], "box"), (user, "user"))
    return tuple((name, stand_in) for name, stand_in in names if len(name) >= SHORTEST_NAME and name != "localhost")
