"""A real session in which every word carries what would act on a terminal, a spreadsheet or Textual's markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.printable import UNPRINTABLE
from tests.paths import RECORDINGS

MARKUP = "[bold]b[/bold][@click=app.quit]q[/]"

HOSTILE = f"\x1b]0;owned\x07\x1b[31337m\x9b2J\x07\b\r\u202e\u2066\u2028\ufeff\u200f\x85\t{MARKUP}"
"""Escape sequences, both ways of writing them; what moves the cursor, turns text around, or cannot be seen; markup."""

RAW = frozenset(character for character in HOSTILE if UNPRINTABLE.fullmatch(character))

ESCAPES = (b"\x1b]0;owned", b"\x1b[31337m", *(f"{sign}".encode() for sign in RAW if ord(sign) >= 0x80))
"""None of it is ever written by a screen of ours."""

CHECKED = {
    *("kind", "mode", "modes", "status", "phase", "pair", "verdict", "dtype", "device", "source", "bound"),
    *("reference", "running", "baseline", "sweep", "preset", "severity"),
}
"""Fields with a few values; another is damage, or is looked for by name."""


def hostile_lines(name: str) -> list[str]:
    """The lines of a recording, each word of them hostile."""
    lines = (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.dumps(_hostile(json.loads(line))) for line in lines]


def write_hostile_session(path: Path, name: str) -> Path:
    """Write such a session, and notices."""
    lines = hostile_lines(name)
    notices = (f"{severity}{HOSTILE}" for severity in ("warning", "error"))
    lines[2:2] = [json.dumps({"kind": "notice", "at": 0.0, "text": text}) for text in notices]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _hostile(value: Any, field: str = "") -> Any:
    if isinstance(value, dict):
        return {key: part if key in CHECKED else _hostile(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_hostile(part, field) for part in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) and value not in MODE_NAMES else value


MODE_NAMES = frozenset(("eager", "graph", "xla"))
"""In lists of pairs, which have no names."""
