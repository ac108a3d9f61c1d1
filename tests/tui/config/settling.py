"""A configuration file of a test's own."""

from __future__ import annotations

from pathlib import Path

from tui.config.loader import Configuration, read


def settle(home: Path, text: str) -> Path:
    """Write config.toml."""
    path = home / "config" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SETTLED = """\
dtype = "float64"
device = "GPU:1"
modes = ["xla", "eager"]
budget = 0.5
target = 1
processes = 5
effect = 5
case_timeout = 9
calls = 10
"""


def settled(home: Path, text: str) -> Configuration:
    """Return the configuration of a config.toml with which nothing is wrong."""
    settle(home, text)
    found = read()
    assert found.troubles == ()
    return found
