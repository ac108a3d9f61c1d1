"""Asks where a plan's file goes, and along what it varies, and writes it there."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from bench.files.atomic_write import ExportError
from bench.number_text import counted
from bench.plan import Plan
from bench.plans.toml_writer import plan_as_toml
from bench.suggest import PLAN_SUFFIX

from ...config.input_files import InputFile
from ...widgets.drawing.plain_text import PlainText, words
from .base import Writing, WritingDialog

DEFAULT_PATH = "PLAN.toml"

PlanFor = Callable[[tuple[str, ...]], Plan]


class WritePlanScreen(WritingDialog):
    """A path, axes, and a button; an existing file is overwritten only after a yes.

    `what`: what is written, in a few words; `plan_for` makes a plan of it along some axes, or raises PlanError;
    `example`: an axis that it has, if one is known; nothing is written into `inputs`.
    """

    def __init__(
        self,
        what: str,
        plan_for: PlanFor,
        axes: tuple[str, ...] = (),
        *,
        example: str = "",
        inputs: Sequence[InputFile] = (),
    ) -> None:
        super().__init__()
        self._inputs = inputs
        self._what = what
        self._plan_for = plan_for
        self._axes = axes
        self._example = example

    def compose(self) -> ComposeResult:
        """The path, the axes, what is to be said of them, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "write plan"
            yield Label(words(f"Write {self._what} for `tfjit-tui run` into:"))
            yield Input(DEFAULT_PATH, compact=True, id="path")
            example = f", such as {self._example}" if self._example else ""
            yield Label(words(f"Sweep along{example}; may be empty:"))
            yield Input(" ".join(self._axes), compact=True, id="axes")
            yield PlainText(id="said")
            yield Horizontal(*self.buttons(), id="buttons")

    @on(Input.Changed)
    def _typed(self) -> None:
        self.say("")

    def writing(self) -> Writing:
        """The plan, along the axes that were typed. Raises ExportError, PlanError."""
        path, axes = (self.query_one(field, Input).value.strip() for field in ("#path", "#axes"))
        if not path.endswith(PLAN_SUFFIX):
            raise ExportError(f"Name a file that ends in {PLAN_SUFFIX}, such as {DEFAULT_PATH}.")
        plan = self._plan_for(tuple(axes.split()))
        absolute = Path(path).expanduser().absolute()
        told = (
            f"Wrote {counted(len(plan.cases), 'case')} to {absolute}: measure it by `tfjit-tui run {shlex.quote(path)}`"
        )
        return Writing(path, partial(plan_as_toml, plan, absolute.resolve().parent), told, self._inputs)
