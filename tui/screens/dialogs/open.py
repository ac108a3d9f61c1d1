"""Asks for code of the user's to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.suggester import Suggester
from textual.widgets import Button, Input, Label, Static

from bench.analysis.breakdown import look_told
from bench.events import Looked
from bench.plan import Case, PlanError, is_own

from ...draft.code_paths import complete
from ...widgets.drawing.plain_text import PlainText
from .base import Dialog

if TYPE_CHECKING:
    from bench.plans.code_check import Reach

HOW = "Called with, where nothing says so: x=float32[batch=32,64]"


class OpenScreen(Dialog[tuple[str, str]]):
    """What to open, and what to call it with where it does not say so itself: a name and a text, as they were typed.

    `looked`: what came of the last answer. `far_arguments`: the options that name the far sides, which may read other
    files than those here.
    """

    def __init__(
        self, name: str = "", inputs: str = "", looked: Looked | None = None, far_arguments: tuple[str, ...] = ()
    ) -> None:
        super().__init__()
        self._before = name, inputs
        self._looked = looked
        self._far_arguments = far_arguments

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

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#said", Static).update("")

    @on(Input.Submitted)
    @on(Button.Pressed, "#open")
    def _open(self) -> None:
        name, inputs = (self.query_one(field, Input).value.strip() for field in ("#name", "#inputs"))
        if name.endswith(".py"):
            self.query_one("#said", Static).update(f"Name a function in it: {name}::FUNCTION")
        elif not is_own(name):
            self.query_one("#said", Static).update("That names no code: give a file and a function in it.")
        elif wrong := self._wrong(name, inputs):
            self.query_one("#said", Static).update(wrong)
        else:
            self.dismiss((name, inputs))

    def _wrong(self, name: str, inputs: str) -> str:
        """Return why there is no such code, or it takes no such inputs, as far as its file shows; empty if it may."""
        from bench.plans.code_check import check_code  # only when something is opened

        try:
            check_code([Case(name, inputs=inputs, inputs_by_name=True)], reach_of(self._far_arguments))
        except PlanError as error:
            return str(error)
        return ""


def reach_of(far_arguments: tuple[str, ...]) -> Reach:
    """Return what the far sides of these options read of the files here."""
    from bench.plans.code_check import Reach

    return Reach.of(*([word for word in far_arguments if word == option] for option in ("--far", "--python")))


class CodeSuggester(Suggester):
    """Suggests how what is typed may go on: the first directory, file or function, by name."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The suggestion; None where there is none."""
        try:
            return complete(value)
        except (OSError, RuntimeError, ValueError):  # a home of nobody's, a folder that may not be looked into
            return None
