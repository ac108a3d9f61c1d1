"""Programs that fail in some mode, as people's programs do: PROGRAMS has a maker of each by its name."""

from __future__ import annotations

from . import control_flow, in_keras, nested, python_inside, raised, shapes, uncompiled, variables
from .program import PROGRAMS

MODULES = (raised, in_keras, nested, shapes, python_inside, control_flow, variables, uncompiled)

__all__ = ["MODULES", "PROGRAMS"]
