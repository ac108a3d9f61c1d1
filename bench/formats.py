"""The kinds of file in which results can be taken along. What makes each is imported where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import Session


@dataclass(frozen=True)
class Kind:
    """A kind of file: `name` is its suffix without the dot, `title` what people call it, `use` what it is good for."""

    name: str
    title: str
    use: str

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        return f".{self.name}"


@dataclass(frozen=True)
class Format(Kind):
    """A kind of file that holds a session's results.

    `text` returns the whole file; the words beside the session reach the same far side on a command line.
    """

    text: Callable[[Session, Sequence[str]], str]


def _csv(session: Session, _: Sequence[str]) -> str:
    from .export import csv_text

    return csv_text(session)


def _json(session: Session, _: Sequence[str]) -> str:
    from .export import json_text

    return json_text(session)


def _markdown(session: Session, far_arguments: Sequence[str]) -> str:
    from .markdown import markdown_text

    return markdown_text(session, far_arguments)


def _html(session: Session, far_arguments: Sequence[str]) -> str:
    from .html import html_text

    return html_text(session, far_arguments)


FORMATS = (
    Format("csv", "CSV", "a row for each mode, for spreadsheets", _csv),
    Format("json", "JSON", "everything that is known, for programs", _json),
    Format("md", "Markdown", "tables and sentences, for a comment", _markdown),
    Format("html", "HTML", "one page with pictures, for people", _html),
)
