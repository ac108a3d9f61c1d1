"""What every event is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at `at` (Unix time, by the clock of the side that wrote it)."""

    kind: ClassVar[str] = "event"
    at: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class FarEvent(Event):
    """Something that concerns a far side as a whole; `far` is its name, where there are several."""

    far: str = ""
