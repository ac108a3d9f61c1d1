"""Fit a widget's scrollbars to what it draws, without laying out the screen anew."""

from __future__ import annotations

from textual.geometry import Size
from textual.widget import Widget


def fit_scrollbars(widget: Widget, size: Size) -> None:
    """Show the scrollbars that content of this size needs, and how long they are."""
    widget._scroll_update(size)
