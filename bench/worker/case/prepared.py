"""A mode that has been called: what that cost, and what it left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..modes.build import Built
from .observation import Observation


@dataclass
class Prepared:
    """A mode that has been called.

    `concrete` is the traced function that a wrapper calls; None where there is no wrapper, and for what Keras traces by
    itself. `met`: how many of the argument sets it has been called with.
    """

    built: Built
    concrete: Callable[..., Any] | None
    trace_s: float
    first_call_s: float
    observation: Observation
    ran_on: str
    met: int = 1

    @property
    def ready_after_s(self) -> float:
        """Return what tracing and the first call took together."""
        return self.trace_s + self.first_call_s
