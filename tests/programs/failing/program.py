"""Where the programs are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Made = tuple[Callable[..., Any], tuple[Any, ...]]
"""What is called, and with what."""

PROGRAMS: dict[str, Callable[[], Made]] = {}
"""Makers of the programs by their names: what they make is new each time."""

X = np.arange(8, dtype=np.float32).reshape(2, 4)


def program(make: Callable[[], Made]) -> Callable[[], Made]:
    """Name a maker in PROGRAMS."""
    PROGRAMS[make.__name__] = make
    return make
