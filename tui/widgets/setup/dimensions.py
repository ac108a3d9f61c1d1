"""The dimensions of what is set up: a field for each, with its bounds."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Label

from bench.catalogue import Dim
from bench.plan import Case

from ...draft.draft import Draft, bounds
from .fields import DimInput, field_line


class Dimensions(Vertical):
    """What is typed here is the draft's; the fields are those of the workload that it has chosen."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(id="dims")
        self._draft = draft
        self._drawn_for = draft.workload
        """The workload whose fields these are; empty while they are being replaced."""
        self._last: DimInput | None = None

    def compose(self) -> ComposeResult:
        """The fields."""
        yield from self._lines()

    @property
    def current(self) -> DimInput | None:
        """The dimension with the cursor, or else the one that last had it, or else the first."""
        fields = list(self.query(DimInput))
        if not fields:
            return None
        focused = self.screen.focused
        last = focused if isinstance(focused, DimInput) else self._last
        return last if last in fields else fields[0]

    def on_descendant_focus(self) -> None:
        """Remember which dimension the cursor was on."""
        if isinstance(focused := self.screen.focused, DimInput):
            self._last = focused

    def read(self) -> None:
        """Have the draft say what is typed by now."""
        if self._drawn_for:
            for field in self.query(DimInput):
                self._draft.type(field.dim, field.value, self._drawn_for)

    async def show(self) -> None:
        """Draw what the draft says; the cursor stays."""
        fields = list(self.query(DimInput))
        with self.prevent(Input.Changed):
            if self._drawn_for == self._draft.workload and self._draft.dims == tuple(field.dim for field in fields):
                for field in fields:
                    field.show(self._draft.text(field.dim))
                return
            place = next((place for place, field in enumerate(fields) if field.has_focus), None)
            self._drawn_for = ""
            await self.remove_children()
            await self.mount_all(self._lines())
            self._drawn_for = self._draft.workload
        if place is not None and (new := list(self.query(DimInput))):
            new[min(place, len(new) - 1)].focus()

    def change(self, field: DimInput | None, by: Callable[[Dim], str]) -> str:
        """Change a dimension of the draft's, the current one where this is gone; returns what kept it from more."""
        found = field if field in list(self.query(DimInput)) else self.current
        if found is None:
            return ""
        note = by(found.dim)
        with self.prevent(Input.Changed):
            found.show(self._draft.text(found.dim))
        return note

    def axis_around(self, case: Case) -> str:
        """An axis to sweep along: the current dimension, around its size in `case`; empty where there is none."""
        from bench.plans.sweep import suggest_axis  # not for the first frame

        field = self.current
        return suggest_axis(field.dim, dict(case.dims)[field.dim.name]) if field else ""

    def _lines(self) -> list[Widget]:
        return [
            field_line(dim.name, DimInput(dim, self._draft.text(dim)), Label(bounds(dim), classes="bounds"))
            for dim in self._draft.dims
        ]
