"""What to measure: the operation, its dimensions, dtype, device, modes and effort."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Checkbox, Input, Select, Static

from bench.catalogue import Dim
from bench.events import Device, WorkloadInfo
from bench.plan import DEFAULT_MODES, MORE_MODES, Case, PlanError, short_name
from bench.runtime import Runtime

from ...actions.messages import Unknown
from ...config.remembered import NOTHING_REMEMBERED, Settings
from ...config.schema import DEFAULTS, Config
from ...draft.draft import Draft, Setup
from ...draft.undo import UndoHistory
from ..drawing.plain_text import PlainText
from .dimensions import Dimensions
from .fields import Choice, DimInput, ModeBox, OpField, field_line

SETTLED_AFTER_S = 0.6

USUAL_NAME = 7
"""What is longer than `effort`, `device` and most dimensions needs a wider column."""


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
        remembered: Settings = NOTHING_REMEMBERED,
        config: Config = DEFAULTS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.draft = Draft(config)
        for name, inputs in remembered.opened:
            self.draft.offer(name, inputs)
        self._history = UndoHistory(self.draft.setup)
        self._devices: tuple[Device, ...] = (Device(self.draft.device, ""),)
        self._starred: Collection[str] = remembered.starred
        self._dimensions = Dimensions(self.draft)
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """The controls, a line each."""
        draft = self.draft
        yield field_line("op", OpField())
        yield self._dimensions
        yield PlainText(id="wrong")
        yield field_line("dtype", Choice("dtype", _named(draft.dtypes), draft.dtype))
        yield field_line("device", Choice("device", _described(self._devices), draft.device))
        yield field_line("modes", *(ModeBox(mode, ticked=mode in draft.modes) for mode in DEFAULT_MODES))
        yield PlainText(id="more-modes")
        yield field_line("effort", Choice("effort", _named(draft.efforts), draft.effort_name))
        yield PlainText(id="runtime")

    def on_mount(self) -> None:
        """Show what is drafted."""
        self.border_title = "setup"
        self._show_more_modes()
        self._show_op()
        self._make_room_for_names()

    def case(self) -> Case:
        """The case that is set up, with what is typed by now. Raises PlanError."""
        self._read()
        return self.draft.case()

    async def take(self, case: Case) -> None:
        """Set up the same as `case`. Raises PlanError."""
        self._catch_up()
        self.draft.take(case)
        self._show_choices()
        await self._show_workload()

    async def undo(self) -> bool:
        """Go back to the setup before the latest change; whether there was one."""
        self._catch_up()
        return await self._restore(self._history.back())

    async def redo(self) -> bool:
        """Take back the latest undo; whether there was one."""
        self._catch_up()
        return await self._restore(self._history.forward())

    async def _restore(self, setup: Setup | None) -> bool:
        if setup is None:
            return False
        self.draft.restore(setup)
        self._show_choices()
        self._history.amend(self.draft.setup)  # the device of that time may be gone
        await self._show_workload()
        return True

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

    def hold_against(self, against: tuple[str, str]) -> None:
        """Have what is chosen held against an old implementation, or against none."""
        self.draft.against = against
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
        self._catch_up()
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
            self._catch_up()
            self._devices = devices
            if self.draft.device not in [device.name for device in devices]:
                here = f"There is no device {self.draft.device} here"
                self.notify(f"{here}: {devices[0].name} is set up.", severity="warning")
            self._offer_devices()
            self._history.amend(self.draft.setup)

    @property
    def dimension(self) -> DimInput | None:
        """The dimension with the cursor, or else the one that last had it, or else the first."""
        return self._dimensions.current

    def scale(self, field: DimInput | None, *, up: bool) -> str:
        """Double or halve a dimension; returns what kept it from going further, if anything."""
        return self._change(field, lambda dim: self.draft.scale(dim, up=up))

    def step(self, field: DimInput | None, *, up: bool) -> str:
        """Make a dimension a step larger or smaller; returns what kept it from going further, if anything."""
        return self._change(field, lambda dim: self.draft.step(dim, up=up))

    def _change(self, field: DimInput | None, by: Callable[[Dim], str]) -> str:
        if self.dimension is None:
            return f"{self.draft.workload} has no dimensions"
        self._catch_up(field)
        note = self._dimensions.change(field, by)
        self._changed()
        return note

    def begin_numbers_anew(self) -> None:
        """What is set up is being measured: the next digit is the first of another number."""
        self._history.pause()
        for field in self.query(DimInput):
            field.select_all()

    def _read(self) -> None:
        """Have the draft say what the controls do by now: the messages that tell of it may still be on their way."""
        self._dimensions.read()
        for choice in self.query(Choice):
            field = {"dtype": "dtype", "device": "device", "effort": "effort_name"}.get(choice.id or "")
            if field and isinstance(choice.value, str) and choice.value != getattr(self.draft, field):
                setattr(self.draft, field, choice.value)
        if boxes := self.query(ModeBox):
            self.draft.tick((box.mode for box in boxes if box.value), DEFAULT_MODES)

    def _catch_up(self, typed_in: DimInput | None = None) -> None:
        """Take in what the controls say by now; `typed_in` is the one in which the user types, if in one."""
        self._read()
        if self._history.note(self.draft.setup, typed_in.dim.name if typed_in else ""):
            self._say()

    @on(Select.Changed, "#dtype,#device,#effort")
    @on(Checkbox.Changed)
    @on(Input.Changed)
    def _control_changed(self, event: Select.Changed | Checkbox.Changed | Input.Changed) -> None:
        event.stop()
        self._catch_up(event.control if isinstance(event.control, DimInput) else None)

    def _changed(self, *, settle: bool = True) -> None:
        self._history.note(self.draft.setup)
        self._say(settle=settle)

    def _say(self, *, settle: bool = True) -> None:
        """Tell that the setup has changed, what is wrong with it, and after a moment without another change, that."""
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
        self._settling = self.set_timer(SETTLED_AFTER_S, partial(self._settle, not wrong)) if settle else None

    def _settle(self, can_be_measured: bool) -> None:
        self._history.pause()
        if can_be_measured:
            self.post_message(self.Settled())

    def _show_choices(self) -> None:
        for box in self.query(ModeBox):
            with box.prevent(Checkbox.Changed):
                box.value = box.mode in self.draft.modes
        self._show_more_modes()
        self._show_op()
        self._offer_devices()
        self._choice("effort").offer(_named(self.draft.efforts), self.draft.effort_name)

    def _show_more_modes(self) -> None:
        line, more = self.query_one("#more-modes", Static), self.draft.more_modes
        line.update(f"+ {', '.join(more)}")
        line.display = bool(more)

    async def _show_workload(self, *, settle: bool = True) -> None:
        self._choice("dtype").offer(_named(self.draft.dtypes), self.draft.dtype)
        self._make_room_for_names()
        await self._dimensions.show()
        if not self.draft.is_known:
            self.post_message(Unknown(*self.draft.own, self.draft.device))
        self._changed(settle=settle)

    def _make_room_for_names(self) -> None:
        self.set_class(any(len(dim.name) > USUAL_NAME for dim in self.draft.dims), "-long-names")

    def _offer_devices(self) -> None:
        if self.draft.device not in [device.name for device in self._devices]:
            self.draft.device = self._devices[0].name
        self._choice("device").offer(_described(self._devices), self.draft.device)

    def _show_op(self) -> None:
        chosen = self.draft.workload
        self.query_one(OpField).show(short_name(chosen), is_starred=chosen in self._starred)

    def _choice(self, name: str) -> Choice:
        return self.query_one(f"#{name}", Choice)


def _named(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _described(devices: Iterable[Device]) -> list[tuple[str, str]]:
    return [(f"{device.name} {device.hardware}".strip(), device.name) for device in devices]
