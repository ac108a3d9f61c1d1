"""Asks where the results go, and in what kind of file; and writes them there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from bench.files import ExportError, write_text
from bench.formats import FORMATS, Format
from bench.session import Session

RESULTS = "tfjit-results.csv"
SCREEN = "tfjit-screen.svg"

CHOSEN, OTHER = "◉", "○"


class ExportScreen(ModalScreen[str | None]):
    """A path to type, whose suffix says in what kind of file; an existing file is overwritten only after a yes.

    `picture` gives the screen beneath, as SVG; `far_arguments` reach the same far side on a command line.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    def __init__(
        self, session: Session, picture: Callable[[], str], far_arguments: Sequence[str] = (), *, path: str = RESULTS
    ) -> None:
        super().__init__()
        self._session = session
        self._far_arguments = far_arguments
        self._first = path
        picture_format = Format("svg", "SVG", "the screen as it is, as a picture", lambda *_: picture())
        self._formats = {each.suffix: each for each in (*FORMATS, picture_format)}

    def compose(self) -> ComposeResult:
        """The kinds of file, the path, what is to be said of it, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "export"
            yield Label("What to write (↑ ↓):")
            yield Static(id="formats")
            yield Input(self._first, compact=True, id="path")
            yield Static(id="said", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Write", compact=True, id="write", variant="primary")
                yield Button("Overwrite", compact=True, id="overwrite", variant="warning")
                yield Button("Back", compact=True, id="back")

    def on_mount(self) -> None:
        """Begin in the path."""
        path = self.query_one("#path", Input)
        path.cursor_blink = False
        path.focus()
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
        self._say(f"{chosen.title}: {chosen.use}." if chosen else "", quietly=True)

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

    @on(Input.Submitted)
    @on(Button.Pressed, "#write")
    def _write(self) -> None:
        self._try(overwrite=False)

    @on(Button.Pressed, "#overwrite")
    def _overwrite(self) -> None:
        self._try(overwrite=True)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)

    def _try(self, *, overwrite: bool) -> None:
        chosen = self._format
        if not self._path:
            self._say("Type a path.")
            return
        if chosen is None:
            self._say(f"End its name in one of {' '.join(self._formats)}: that says what to write.")
            return
        try:
            path = Path(self._path).expanduser()
            write_text(chosen.text(self._session, self._far_arguments), path, overwrite=overwrite)
        except FileExistsError:
            self._say(f"{path} exists. Overwrite it?", ask=True)
        except (ExportError, OSError, RuntimeError) as error:  # the last: there is no home of that name
            self._say(str(error))
        else:
            self.dismiss(f"Wrote {path.absolute()}")

    def _say(self, text: str, *, ask: bool = False, quietly: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(quietly, "-quiet")
        self.query_one("#overwrite").display = ask
        self.query_one("#write").display = not ask
        if ask:
            self.query_one("#back").focus()  # enter alone overwrites nothing
