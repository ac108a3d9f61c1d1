"""Asks where a plan's file goes, and along what it varies, and writes it there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from bench.files import ExportError, ExportExistsError, write_text
from bench.plan import Plan, PlanError
from bench.plan_toml import plan_as_toml

from ..command_line import PLAN_SUFFIX

DEFAULT_PATH = "PLAN.toml"

PlanFor = Callable[[tuple[str, ...]], Plan]


class WritePlanScreen(ModalScreen[str | None]):
    """A path, axes, and a button; an existing file is overwritten only after a yes.

    `what`: what is written, in a few words; `plan_for` makes a plan of it along some axes, or raises PlanError.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, what: str, plan_for: PlanFor, axes: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._what = what
        self._plan_for = plan_for
        self._axes = axes

    def compose(self) -> ComposeResult:
        """The path, the axes, what is to be said of them, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "write plan"
            yield Label(f"Write {self._what} for `tfjit-tui run` into:", markup=False)
            yield Input(DEFAULT_PATH, compact=True, id="path")
            yield Label("Sweep along (m=64..4096:x2; empty: as it is):", markup=False)
            yield Input(" ".join(self._axes), compact=True, id="axes")
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
        path, axes = (self.query_one(field, Input).value.strip() for field in ("#path", "#axes"))
        if not path.endswith(PLAN_SUFFIX):
            self._say(f"Name a file that ends in {PLAN_SUFFIX}, such as {DEFAULT_PATH}.")
            return
        file = Path(path).expanduser()
        try:
            plan = self._plan_for(tuple(axes.split()))
            write_text(plan_as_toml(plan), file, overwrite=overwrite)
        except ExportExistsError:
            self._say(f"{file} exists. Overwrite it?", ask=True)
        except (ExportError, PlanError) as error:
            self._say(str(error).removeprefix("--sweep "))
        else:
            cases = "1 case" if len(plan.cases) == 1 else f"{len(plan.cases):,} cases"
            self.dismiss(f"Wrote {cases} to {file.absolute()}: measure it by `tfjit-tui run {path}`")

    def _say(self, text: str, *, ask: bool = False) -> None:
        self.query_one("#said", Static).update(text)
        self.query_one("#overwrite").display = ask
        self.query_one("#write").display = not ask
        if ask:
            self.query_one("#back").focus()  # enter alone overwrites nothing
