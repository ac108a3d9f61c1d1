"""Asks where the results go, and in what kind of file; and writes them there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from bench.files.atomic_write import ExportError
from bench.report.formats import FORMATS, Format
from bench.session.session import Session

from ...config.input_files import InputFile
from ...widgets.drawing.plain_text import PlainText
from .base import Writing, WritingDialog

RESULTS = "tfjit-results.csv"
SCREEN = "tfjit-screen.svg"

CHOSEN, OTHER = "◉", "○"


class ExportScreen(WritingDialog):
    """A path to type, whose suffix says in what kind of file; an existing file is overwritten only after a yes.

    `picture` gives the screen beneath, as SVG; `more_arguments`: options of the repeat command besides a case's own;
    nothing is written into `inputs`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    def __init__(
        self,
        session: Session,
        picture: Callable[[], str],
        more_arguments: Sequence[str] = (),
        *,
        path: str = RESULTS,
        inputs: Sequence[InputFile] = (),
    ) -> None:
        super().__init__()
        self._inputs = inputs
        self._session = session
        self._more_arguments = more_arguments
        self._first = path
        self._picture = Format("svg", "SVG", "the screen as it is, as a picture", text=lambda *_: picture())
        self._formats = {each.suffix: each for each in (*FORMATS, self._picture)}

    def compose(self) -> ComposeResult:
        """The kinds of file, the path, what is to be said of it, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "export"
            yield Label("What to write (↑ ↓):")
            yield Static(id="formats")
            yield Input(self._first, compact=True, id="path")
            yield PlainText(id="said")
            yield Horizontal(*self.buttons(), id="buttons")

    def on_mount(self) -> None:
        """Begin in the path."""
        self.query_one("#path", Input).focus()
        self._typed()

    @property
    def _path(self) -> str:
        return self.query_one("#path", Input).value.strip()

    @property
    def _format(self) -> Format | None:
        """The kind of file that the path says."""
        return self._formats.get(Path(self._path).suffix.lower())

    @on(Input.Changed)
    def _typed(self) -> None:
        chosen = self._format
        words = [
            Content.styled(f"{CHOSEN if each is chosen else OTHER} {each.title}", f"@click=screen.choose('{suffix}')")
            for suffix, each in self._formats.items()
        ]
        self.query_one("#formats", Static).update(Content("  ").join(words))
        self.say(f"{chosen.title}: {chosen.use}." if chosen else "", quietly=True)

    def action_step(self, step: int) -> None:
        """Take the next kind of file, or the one before."""
        suffixes = list(self._formats)
        chosen = self._format
        place = suffixes.index(chosen.suffix) + step if chosen else 0
        self.action_choose(suffixes[place % len(suffixes)])

    def action_choose(self, suffix: str) -> None:
        """Give the path another suffix in place of one that says a kind of file."""
        stem = self._path.removesuffix(Path(self._path).suffix) if self._format else self._path
        path = self.query_one("#path", Input)
        path.value = f"{stem or Path(RESULTS).stem}{suffix}"
        path.cursor_position = len(path.value)
        path.focus()

    def writing(self) -> Writing:
        """The file that the path names, of the kind that its suffix says. Raises ExportError."""
        if not self._path:
            raise ExportError("Type a path.")
        if (chosen := self._format) is None:
            raise ExportError(f"End its name in one of {' '.join(self._formats)}: that says what to write.")
        if chosen is self._picture:
            drawn = chosen.text(self._session, ())  # by the parts of the screen, so by no other thread
            return Writing(self._path, lambda: drawn, inputs=self._inputs)
        text = partial(chosen.text, copy(self._session), self._more_arguments)
        return Writing(self._path, text, inputs=self._inputs, kind=chosen)
