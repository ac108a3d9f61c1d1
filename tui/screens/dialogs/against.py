"""Asks for an old implementation to hold what is set up against, in the same rounds."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from bench.plan import Case, PlanError

from ...widgets.drawing.plain_text import PlainText
from .base import Dialog
from .open import CodeSuggester, reach_of


class AgainstScreen(Dialog[tuple[str, str]]):
    """What to hold `new` against: the old implementation's name and a revision, as of a `Case`; both empty: nothing.

    `before`: what was said last. `far_arguments`: as of OpenScreen.
    """

    def __init__(self, new: Case, before: tuple[str, str], far_arguments: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._new = new
        self._before = before
        self._far_arguments = far_arguments

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

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#said", Static).update("")

    @on(Button.Pressed, "#nothing")
    def _forget(self) -> None:
        self.dismiss(("", ""))

    @on(Input.Submitted)
    @on(Button.Pressed, "#hold")
    def _hold(self) -> None:
        name, revision = (self.query_one(field, Input).value.strip() for field in ("#name", "#revision"))
        if wrong := self._wrong(name, revision):
            self.query_one("#said", Static).update(wrong)
        else:
            self.dismiss((name, revision))

    def _wrong(self, name: str, revision: str) -> str:
        """Return why that is no old implementation, as far as can be seen here; empty if it may be one."""
        from bench.plans.cases import held_against  # only when something is held against another
        from bench.plans.code_check import check_code

        try:
            check_code([held_against(self._new, name, revision)], reach_of(self._far_arguments))
        except PlanError as error:
            return str(error).replace("--against-ref", "A revision")
        return ""
