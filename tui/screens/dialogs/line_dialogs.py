"""Dialogs of one line that is read while it is typed: the axes of a sweep, and how TensorFlow runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Button, Input, Label, Static

from bench.plan import Plan, PlanError
from bench.plans.sweep import EXAMPLE
from bench.runtime import SETTINGS, Runtime, parse_runtime

from ...presentation.status_text import plan_text
from ...widgets.drawing.plain_text import PlainText, words
from .base import Dialog

T = TypeVar("T")

READ_AFTER_S = 0.15
"""What is typed is read once nothing more has come for so long: reading thousands of cases takes a while."""


class AskingScreen(Dialog[T]):
    """Asks for a line; what it comes to, or what is wrong with it, is said at once. Escape answers nothing."""

    title_text: ClassVar[str]
    how: ClassVar[str]
    accept: ClassVar[str]
    """What the button that accepts says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._reading: Timer | None = None

    @abstractmethod
    def read(self, text: str) -> T:
        """The answer that a text is. Raises PlanError."""

    @abstractmethod
    def told(self, answer: T) -> str:
        """What is to be said of an answer before it is given."""

    def compose(self) -> ComposeResult:
        """The line, what is to be said of it, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self.title_text
            yield Label(words(self.how))
            yield Input(self._text, compact=True, id="line")
            yield PlainText(id="said")
            with Horizontal(id="buttons"):
                yield Button(self.accept, compact=True, id="accept", variant="primary")
                yield Button("Back", compact=True, id="back")

    @property
    def _answer(self) -> T:
        return self.read(self.query_one("#line", Input).value)

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._reading is not None:
            self._reading.stop()
        self._reading = self.set_timer(READ_AFTER_S, self._say)

    def _say(self) -> None:
        try:
            said = self.told(self._answer)
        except PlanError as error:
            said = str(error).removeprefix("--sweep ")
        self.query_one("#said", Static).update(said)

    @on(Input.Submitted)
    @on(Button.Pressed, "#accept")
    def _accept(self) -> None:
        try:
            self.dismiss(self._answer)
        except PlanError:
            self._say()
            self.query_one("#line").focus()


class SweepScreen(AskingScreen[Plan]):
    """Axes to type, side by side. `plan_for` makes a plan of them, or raises PlanError."""

    title_text = "sweep"
    how = "Axes, such as m=64..4096:x2 or m=k=n=16..1024 dtype=float32,bfloat16:"
    accept = "Sweep"

    def __init__(self, suggestion: str, plan_for: Callable[[tuple[str, ...]], Plan]) -> None:
        super().__init__(suggestion)
        self._plan_for = plan_for

    def read(self, text: str) -> Plan:
        """The plan of the axes that a text names. Raises PlanError."""
        axes = tuple(text.split())
        if not axes:
            raise PlanError(f"give a name and values, {EXAMPLE}")
        return self._plan_for(axes)

    def told(self, answer: Plan) -> str:
        """How many cases, and how long at most."""
        return plan_text(answer)


BY_ITSELF = "TensorFlow decides everything else as it would by itself."


class RuntimeScreen(AskingScreen[Runtime]):
    """Settings of TensorFlow's to type, side by side."""

    title_text = "how TensorFlow runs"
    how = f"{', '.join(SETTINGS)}, such as onednn=off intra_op_threads=2:"
    accept = "Set"

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(str(runtime))

    def read(self, text: str) -> Runtime:
        """The settings that a text names. Raises PlanError."""
        return parse_runtime(text.split())

    def told(self, answer: Runtime) -> str:
        """What is left to TensorFlow."""
        return BY_ITSELF
