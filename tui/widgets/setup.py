"""What to measure: the operation, its dimensions, dtype, device, modes and effort."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, Select, Static

from bench.catalogue import Dim
from bench.events import Device, WorkloadInfo
from bench.plan import DEFAULT_MODES, EFFORTS, MORE_MODES, Case, PlanError, Runtime, short_name

from ..draft import GREATEST_SIZE, Draft
from ..messages import Unknown
from .fields import Choice, DimInput, ModeBox, OpField

SETTLED_AFTER_S = 0.6


class SetupPanel(Vertical):
    """The controls, and what is wrong with what they say. The draft behind them is this panel's own."""

    @dataclass
    class Changed(Message):
        """The setup says something else than before."""

    @dataclass
    class Settled(Message):
        """The setup has said the same for a moment, and it can be measured."""

    def __init__(
        self,
        opened: Iterable[tuple[str, str]] = (),
        starred: Collection[str] = (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.draft = Draft()
        for name, inputs in opened:
            self.draft.offer(name, inputs)
        self._starred = starred
        self._devices: tuple[Device, ...] = (Device("CPU:0", ""),)
        self._last_dim: DimInput | None = None
        self._settling: Timer | None = None

    async def furnish(self) -> None:
        """Put the controls in: they are many, and the first frame is not to wait for them."""
        await self.mount_all(self._lines())
        self._show_op()

    def _lines(self) -> ComposeResult:
        draft = self.draft
        yield _field("op", OpField())
        yield Vertical(*self._dim_fields(), id="dims")
        yield Static(id="wrong", markup=False)
        yield _field("dtype", Choice("dtype", _named(draft.dtypes), draft.dtype))
        yield _field("device", Choice("device", _described(self._devices), draft.device))
        yield _field("modes", *(ModeBox(mode) for mode in DEFAULT_MODES))
        yield Static(id="more-modes", markup=False)
        yield _field("effort", Choice("effort", _named(EFFORTS), draft.effort_name))
        yield Static(id="runtime", markup=False)

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "setup"

    def case(self) -> Case:
        """The case that is set up, with what is typed by now. Raises PlanError."""
        self._read_fields()
        return self.draft.case()

    async def take(self, case: Case) -> None:
        """Set up the same as `case`. Raises PlanError."""
        self.draft.take(case)
        for box in self.query(ModeBox):
            with box.prevent(Checkbox.Changed):
                box.value = box.mode in case.modes
        self._show_more_modes()
        self._show_op()
        self._offer_devices()
        await self._show_workload()

    def choose_more_modes(self, modes: tuple[str, ...]) -> None:
        """Choose these beside the modes that have boxes."""
        self.draft.tick(modes, MORE_MODES)
        self._show_more_modes()
        self._changed()

    def add_workloads(self, workloads: Iterable[WorkloadInfo]) -> None:
        """Offer what the far side can measure beside the built-in workloads."""
        self.draft.add_workloads(workloads)

    def set_runtime(self, runtime: Runtime) -> None:
        """Have TensorFlow run so."""
        self.draft.runtime = runtime
        self._changed()

    async def choose(self, name: str) -> None:
        """Choose one of the workloads that are offered."""
        if name != self.draft.workload:
            self.draft.workload = name
            self._show_op()
            await self._show_workload()

    def show_stars(self, starred: Collection[str]) -> None:
        """Tell of the chosen workload whether it is among these."""
        self._starred = starred
        self._show_op()

    async def open(self, name: str, inputs: str) -> None:
        """Choose code of the user's."""
        self.draft.open(name, inputs)
        self._show_op()
        await self._show_workload()

    def learn(self, name: str, found: WorkloadInfo) -> None:
        """Offer the dimensions that the far side has found in code of the user's."""
        self._show_news(name, self.draft.learn(name, found))

    def learn_from(self, case: Case) -> None:
        """Offer the dimensions that a case of code of the user's has."""
        self._show_news(case.workload, self.draft.learn_from(case))

    def _show_news(self, name: str, is_news: bool) -> None:
        if is_news and self.draft.workload == name:
            self.call_later(self._show_workload, settle=False)

    def set_devices(self, devices: tuple[Device, ...]) -> None:
        """Offer the far side's devices."""
        if devices and devices != self._devices:
            self._devices = devices
            self._offer_devices()

    @property
    def dimension(self) -> DimInput | None:
        """The dimension with the cursor, or else the one that last had it, or else the first."""
        inputs = list(self.query(DimInput))
        focused = self.screen.focused
        last = focused if isinstance(focused, DimInput) else self._last_dim
        return last if last in inputs else next(iter(inputs), None)

    def scale(self, field: DimInput | None, *, up: bool) -> str:
        """Double or halve a dimension; returns what kept it from going further, if anything."""
        if field is None:
            return f"{self.draft.workload} has no dimensions"
        self._read_fields()
        note = self.draft.scale(field.dim, up=up)
        field.value = self.draft.text(field.dim)
        return note

    def _read_fields(self) -> None:
        for field in self.query(DimInput):
            self.draft.type(field.dim, field.value)

    @on(Select.Changed, "#dtype,#device,#effort")
    def _chosen(self, event: Select.Changed) -> None:
        event.stop()
        field = {"dtype": "dtype", "device": "device", "effort": "effort_name"}[str(event.select.id)]
        if getattr(self.draft, field) != event.value:
            setattr(self.draft, field, event.value)
            self._changed()

    @on(Checkbox.Changed)
    def _mode_ticked(self, event: Checkbox.Changed) -> None:
        event.stop()
        self.draft.tick((box.mode for box in self.query(ModeBox) if box.value), DEFAULT_MODES)
        self._changed()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, DimInput):
            self.draft.type(event.input.dim, event.value)
            self._changed()

    def on_descendant_focus(self) -> None:
        """Remember which dimension the cursor was on."""
        if isinstance(focused := self.screen.focused, DimInput):
            self._last_dim = focused

    def _changed(self, *, settle: bool = True) -> None:
        try:
            self.draft.case()
            wrong = ""
        except PlanError as error:
            wrong = str(error)
        for name, words in (("#wrong", wrong), ("#runtime", str(self.draft.runtime))):
            line = self.query_one(name, Static)
            line.update(words)
            line.display = bool(words)
        self.post_message(self.Changed())
        if self._settling is not None:
            self._settling.stop()
        self._settling = None
        if settle and not wrong:
            self._settling = self.set_timer(SETTLED_AFTER_S, lambda: self.post_message(self.Settled()))

    def _show_more_modes(self) -> None:
        line, more = self.query_one("#more-modes", Static), self.draft.more_modes
        line.update(f"+ {', '.join(more)}")
        line.display = bool(more)

    async def _show_workload(self, *, settle: bool = True) -> None:
        self._choice("dtype").offer(_named(self.draft.dtypes), self.draft.dtype)
        dims = self.query_one("#dims", Vertical)
        with self.prevent(Input.Changed):
            await dims.remove_children()
            await dims.mount_all(self._dim_fields())
        if not self.draft.is_known:
            self.post_message(Unknown(*self.draft.own, self.draft.device))
        self._changed(settle=settle)

    def _dim_fields(self) -> list[Widget]:
        return [
            _field(dim.name, DimInput(dim, self.draft.text(dim)), Label(_bounds(dim), classes="bounds"))
            for dim in self.draft.dims
        ]

    def _offer_devices(self) -> None:
        if self.draft.device not in [device.name for device in self._devices]:
            self.draft.device = self._devices[0].name
        self._choice("device").offer(_described(self._devices), self.draft.device)

    def _show_op(self) -> None:
        chosen = self.draft.workload
        self.query_one(OpField).show(short_name(chosen), is_starred=chosen in self._starred)

    def _choice(self, name: str) -> Choice:
        return self.query_one(f"#{name}", Choice)


def _bounds(dim: Dim) -> str:
    return f"{dim.low}-{dim.high}" if dim.high < GREATEST_SIZE else f"from {dim.low}"


def _field(name: str, *controls: Widget) -> Horizontal:
    return Horizontal(Label(name, classes="name"), *controls, classes="field")


def _named(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _described(devices: Iterable[Device]) -> list[tuple[str, str]]:
    return [(f"{device.name} {device.hardware}".strip(), device.name) for device in devices]
