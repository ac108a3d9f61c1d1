"""Asks along which axes to vary what is set up."""

from __future__ import annotations

from collections.abc import Callable

from bench.plan import Plan, PlanError
from bench.plans.sweep import EXAMPLE

from ...presentation.status_text import plan_text
from .line import AskingScreen


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
