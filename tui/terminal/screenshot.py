"""A screen as a picture, an SVG file that needs nothing but itself."""

from __future__ import annotations

import io
import re
from typing import Any

from rich.console import Console
from textual.screen import Screen

from bench.printable import on_one_line

WEB = re.compile(r"@font-face\s*\{[^}]*\}\s*|<!--.*?-->\s*")
"""What a picture has of the web at its head: two fonts to fetch, and who made it."""

LOCAL_FONTS = 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'


def picture_of(screen: Screen[Any], title: str) -> str:
    """What a screen shows now, under others or not; Textual's own `export_screenshot` has the topmost only."""
    width, height = screen.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        record=True,
    )
    console.print(screen._compositor.render_update(full=True))
    head, style_end, body = console.export_svg(title=on_one_line(title)).partition("</style>")
    return WEB.sub("", head).replace("Fira Code, monospace", LOCAL_FONTS) + style_end + body
