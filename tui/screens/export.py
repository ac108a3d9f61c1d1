"""Asks where the results go, and writes them there."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from bench.export import ExportError, write_csv, write_json
from bench.session import Session

DEFAULT_PATH = "tfjit-results.csv"


class ExportScreen(ModalScreen[str | None]):
    """A path to type and a button; an existing file is overwritten only after a yes."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """The path, what is to be said of it, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "export"
            yield Label("Write every result to (.csv or .json):")
            yield Input(DEFAULT_PATH, compact=True, id="path")
            yield Static(id="said", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Write", compact=True, id="write", variant="primary")
                yield Button("Overwrite", compact=True, id="overwrite", variant="warning")
                yield Button("Back", compact=True, id="back")

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")

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
        text = self.query_one("#path", Input).value.strip()
        if not text:
            self._say("Type a path.")
            return
        path = Path(text).expanduser()
        write = write_json if path.suffix == ".json" else write_csv
        try:
            rows = write(self._session, path, overwrite=overwrite)
        except FileExistsError:
            self._say(f"{path} exists. Overwrite it?", ask=True)
        except (ExportError, OSError) as error:
            self._say(str(error))
        else:
            self.dismiss(f"Wrote {rows} {'row' if rows == 1 else 'rows'} to {path.absolute()}")

    def _say(self, text: str, *, ask: bool = False) -> None:
        self.query_one("#said", Static).update(text)
        self.query_one("#overwrite").display = ask
        self.query_one("#write").display = not ask
        if ask:
            self.query_one("#back").focus()  # enter alone overwrites nothing
