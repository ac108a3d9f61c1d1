"""Know what far sides do apart from measuring: load TensorFlow, take hold of an accelerator, or let go of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..events import (
    DevicePrepared,
    DevicePreparing,
    Died,
    FarEvent,
    FarLost,
    Looked,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
)


class Doing(NamedTuple):
    """`what` a far side does: loading, preparing or ending; with which accelerator, except for loading."""

    what: str
    device: str = ""


@dataclass(frozen=True)
class FarStates:
    """Holds the far sides that do any of it, by name: what one tells says nothing of the others."""

    doing: Mapping[str, Doing] = field(default_factory=dict)

    def after(self, event: FarEvent) -> FarStates:
        """Return the states after an event."""
        now = _after(self.doing.get(event.far), event)
        others = {far: doing for far, doing in self.doing.items() if far != event.far}
        return FarStates({**others, event.far: now} if now else others)

    def after_case(self) -> FarStates:
        """Return the states after the case under way has ended: its accelerator is held, or cannot be."""
        return FarStates({far: doing for far, doing in self.doing.items() if doing.what != "preparing"})

    @property
    def loading(self) -> tuple[str, ...]:
        """The far sides that load TensorFlow."""
        return tuple(far for far, doing in self.doing.items() if doing.what == "loading")

    @property
    def preparing(self) -> str:
        """The accelerator that a worker takes hold of; empty if none does."""
        return self._device("preparing")

    @property
    def held(self) -> str:
        """The accelerator that a worker which was killed still holds; empty if none does."""
        return self._device("ending")

    def _device(self, what: str) -> str:
        return next((doing.device for doing in self.doing.values() if doing.what == what), "")


def _after(before: Doing | None, event: FarEvent) -> Doing | None:
    if isinstance(event, WorkerStarting):
        return Doing("loading")
    if isinstance(event, WorkerEnding):
        return Doing("ending", event.device)
    has_ended = isinstance(event, WorkerReleased | Died | FarLost)
    if before and before.what == "ending" and not has_ended:
        return before  # what a killed worker still says
    if isinstance(event, DevicePreparing):
        return Doing("preparing", event.device)
    is_over = has_ended or isinstance(event, DevicePrepared | Looked)
    return before if before and before.what == "preparing" and not is_over else None
