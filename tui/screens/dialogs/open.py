"""Asks for code of the user's to measure."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label

from bench.analysis.breakdown import look_told
from bench.events import Looked
from bench.plan import Case, PlanError, is_own

from ...widgets.drawing.plain_text import PlainText
from .code_dialog import CodeDialog, CodeSuggester

HOW = "Called with, where nothing says so: x=float32[batch=32,64]"


class OpenScreen(CodeDialog):
    """What to open, and what to call it with where it does not say so itself: a name and a text, as they were typed.

    `looked`: what came of the last answer.
    """

    def __init__(
        self, name: str = "", inputs: str = "", looked: Looked | None = None, far_arguments: tuple[str, ...] = ()
    ) -> None:
        super().__init__(far_arguments)
        self._before = name, inputs
        self._looked = looked

    def compose(self) -> ComposeResult:
        """The two fields, what is to be said of them, and the buttons."""
        name, inputs = self._before
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "open"
            yield Label("Your code: FILE.py::FUNCTION, MODULE:FUNCTION, MODEL.keras or SAVED_MODEL/")
            yield Input(name, compact=True, id="name", suggester=CodeSuggester())
            yield Label(HOW, markup=False)
            yield Input(inputs, compact=True, id="inputs")
            if self._looked is not None:
                yield PlainText(self._looked.error, id="why")
                if told := "\n".join(look_told(self._looked)):
                    with VerticalScroll(id="whole"):
                        yield PlainText(told)
            yield PlainText(id="said")
            with Horizontal(id="buttons"):
                yield Button("Open", compact=True, id="open", variant="primary")
                yield Button("Back", compact=True, id="back")

    def on_mount(self) -> None:
        """Where only the inputs are missing, begin there."""
        if self._looked is not None and "--inputs" in self._looked.error:
            self.query_one("#inputs").focus()

    @on(Button.Pressed, "#open")
    def _open(self) -> None:
        self.answer()

    def case(self, name: str, beside: str) -> Case:
        """Return the case of this code with these inputs. Raises PlanError where the name is none of code."""
        if name.endswith(".py"):
            raise PlanError(f"Name a function in it: {name}::FUNCTION")
        if not is_own(name):
            raise PlanError("That names no code: give a file and a function in it.")
        return Case(name, inputs=beside, inputs_by_name=True)
