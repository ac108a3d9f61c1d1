"""The style sheets of widgets: each lies beside its module, and bears its name."""

from __future__ import annotations

from pathlib import Path


def beside(module: str) -> str:
    """The style sheet of the module in this file."""
    return Path(module).with_suffix(".tcss").read_text(encoding="utf-8")
