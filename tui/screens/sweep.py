"""Asks along which axes to vary what is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from bench.plan import Plan, PlanError

from ..report import plan_text

HOW = "Axes, such as m=64..4096:x2 or m=k=n=16..1024 dtype=float32,bfloat16:"


class SweepScreen(ModalScreen[Plan | None]):
    """Axes to type, side by side; what they come to is said at once. `plan_for` raises PlanError."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, suggestion: str, plan_for: Callable[[tuple[str, ...]], Plan]) -> None:
        super().__init__()
        self._suggestion = suggestion
        self._plan_for = plan_for

    def compose(self) -> ComposeResult:
        """The axes, what is to be said of them, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "sweep"
            yield Label(HOW, markup=False)
            yield Input(self._suggestion, compact=True, id="axes")
            yield Static(id="said", markup=False)
            with Horizontal(id="buttons"):
                yield Button("Sweep", compact=True, id="sweep", variant="primary")
                yield Button("Back", compact=True, id="back")

    @on(Input.Changed)
    def _typed(self) -> None:
        try:
            said = plan_text(self._plan())
        except PlanError as error:
            said = str(error).removeprefix("--sweep ")
        self.query_one("#said", Static).update(said)

    @on(Input.Submitted)
    @on(Button.Pressed, "#sweep")
    def _sweep(self) -> None:
        try:
            self.dismiss(self._plan())
        except PlanError:
            self.query_one("#axes").focus()  # what is wrong is said already

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)

    def _plan(self) -> Plan:
        return self._plan_for(tuple(self.query_one("#axes", Input).value.split()))
