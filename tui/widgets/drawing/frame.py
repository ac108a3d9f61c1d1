"""The frame around a panel."""

from __future__ import annotations

from typing import TypeVar

from textual.widget import Widget

W = TypeVar("W", bound=Widget)


def framed(widget: W) -> W:
    """Return the widget, which is not mounted yet, with the frame of a panel; app.tcss says what it looks like."""
    widget.add_class("panel", update=False)  # else all in it would be styled now, and again when it is mounted
    return widget
