"""Coloured text in few bytes: a terminal is told of every change of colour, also of one that nobody sees."""

from __future__ import annotations

from rich.text import Span, Text
from textual.content import Content


def in_few_runs(ansi: str) -> Content:
    """Text with colours, as ANSI has them. A blank is as good in the colour of what stands before it."""
    text = Text.from_ansi(ansi)
    plain, spans = text.plain, sorted(text.spans)
    spread: list[Span] = []
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        limit = following.start if following else len(plain)
        end = span.end
        while end < limit and plain[end] == " ":
            end += 1
        if spread and spread[-1].style == span.style and spread[-1].end == span.start:
            spread[-1] = Span(spread[-1].start, end, span.style)
        else:
            spread.append(Span(span.start, end, span.style))
    text.spans = spread
    return Content.from_rich_text(text)
