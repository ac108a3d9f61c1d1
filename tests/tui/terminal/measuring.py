"""What a screen that measures for ever has left behind."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import Terminal

LEFT_AS_IT_WAS = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?7h", b"\x1b[<u")
"""The normal screen, the cursor, no mouse, no bracketed paste, wrapped lines, the keyboard's own protocol."""


def session_file(home: Path) -> Path:
    """Return the file of the session that the program measures."""
    return home / "state/sessions/measuring.jsonl"


def rounds_kept(home: Path) -> int:
    """Return how many rounds that file holds."""
    return session_file(home).read_bytes().count(b'"kind":"round"')


def assert_left_as_it_was(terminal: Terminal, attributes: list[object]) -> None:
    """Check that the program has undone what it had changed of the terminal."""
    end = terminal.written[-2000:]
    assert [sign for sign in LEFT_AS_IT_WAS if sign not in end] == []
    assert terminal.attributes == attributes
