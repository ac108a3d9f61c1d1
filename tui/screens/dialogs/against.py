"""Asks for an old implementation to hold what is set up against, in the same rounds."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label

from bench.plan import Case, PlanError

from ...widgets.drawing.plain_text import PlainText
from .code_dialog import CodeDialog, CodeSuggester


class AgainstScreen(CodeDialog):
    """What to hold `new` against: the old implementation's name and a revision, as of a `Case`; both empty: nothing.

    `before`: what was said last.
    """

    def __init__(self, new: Case, before: tuple[str, str], far_arguments: tuple[str, ...] = ()) -> None:
        super().__init__(far_arguments)
        self._new = new
        self._before = before

    def compose(self) -> ComposeResult:
        """The two fields, what is to be said of them, and the buttons."""
        name, revision = self._before
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "hold against an old implementation"
            yield Label("FILE.py::FUNCTION, or a workload; empty: this code itself")
            yield Input(name, compact=True, id="name", suggester=CodeSuggester())
            yield Label("A revision in git, such as HEAD~1; empty: as it is now")
            yield Input(revision, compact=True, id="revision")
            yield PlainText(id="said")
            with Horizontal(id="buttons"):
                yield Button("Hold against it", compact=True, id="hold", variant="primary")
                yield Button("Nothing", compact=True, id="nothing")
                yield Button("Back", compact=True, id="back")

    @on(Button.Pressed, "#nothing")
    def _forget(self) -> None:
        self.dismiss(("", ""))

    @on(Button.Pressed, "#hold")
    def _hold(self) -> None:
        self.answer()

    def case(self, name: str, beside: str) -> Case:
        """Return the new implementation's case, held against this one. Raises PlanError."""
        from bench.plans.cases import held_against  # only when something is held against another

        try:
            return held_against(self._new, name, beside)
        except PlanError as error:
            raise PlanError(str(error).replace("--against-ref", "A revision")) from None
