"""The kinds of file in which results can be taken along. What makes each is imported where it is used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .earlier_export import is_csv_export, is_html_export, is_json_export, is_markdown_export

if TYPE_CHECKING:
    from ..session.session import Session


@dataclass(frozen=True)
class Kind:
    """A kind of file: `name` is its suffix without the dot, `title` what people call it, `use` what it is good for.

    `recognise` returns whether a file that holds this text is an earlier export of this kind. A table has `columns`
    instead: rows can be added to one that has the same.
    """

    name: str
    title: str
    use: str
    recognise: Callable[[str], bool] | None = None
    columns: Callable[[], Sequence[str]] | None = None

    def is_earlier(self, text: str, sessions: Collection[tuple[str, ...]] = ()) -> bool:
        """Return whether a file that holds this text is an earlier export of this kind, which `sessions` may replace.

        Only a table that has rows of several sessions depends on that.
        """
        if self.columns is not None:
            return is_csv_export(self.columns(), text, sessions)
        return self.recognise is not None and self.recognise(text)

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        return f".{self.name}"


@dataclass(frozen=True)
class Format(Kind):
    """A kind of file that holds a session's results.

    `text` returns the whole file; the words beside the session reach the same far side on a command line.
    """

    text: Callable[[Session, Sequence[str]], str] = field(kw_only=True)


def _csv(session: Session, _: Sequence[str]) -> str:
    from .csv_export import csv_text

    return csv_text(session)


def _json(session: Session, _: Sequence[str]) -> str:
    from .json_export import json_text

    return json_text(session)


def _markdown(session: Session, more_arguments: Sequence[str]) -> str:
    from .markdown_export import markdown_text

    return markdown_text(session, more_arguments)


def _html(session: Session, more_arguments: Sequence[str]) -> str:
    from .html_export import html_text

    return html_text(session, more_arguments)


def _columns() -> Sequence[str]:
    from .csv_export import COLUMNS

    return COLUMNS


FORMATS = (
    Format("csv", "CSV", "a row for each mode, for spreadsheets", columns=_columns, text=_csv),
    Format("json", "JSON", "everything that is known, for programs", is_json_export, text=_json),
    Format("md", "Markdown", "tables and sentences, for a comment", is_markdown_export, text=_markdown),
    Format("html", "HTML", "one page with pictures, for people", is_html_export, text=_html),
)
