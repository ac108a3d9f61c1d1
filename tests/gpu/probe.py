"""A probe: what is tried on the device, in steps that each have a process, and the rules that decide what it shows.

To add one, read `probes/outputs.py`, write one like it, and name it in `probes/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gpu.evidence import Evidence

CONFIRMED, REFUTED, CANNOT_TELL = "confirmed", "refuted", "cannot tell"

Figures = Iterator[tuple[str, Any]]
"""Names and values as they are measured; values as JSON has them. What is yielded before a crash is kept."""


@dataclass(frozen=True)
class Setting:
    """Where a step runs.

    `device` is TensorFlow's name, such as `GPU:0`; `scratch` a directory of the step's own, deleted afterwards; `out`
    the directory of the results.
    """

    device: str
    scratch: Path
    out: Path

    @property
    def on_gpu(self) -> bool:
        """Whether the device is a GPU."""
        return kind_of(self.device) == "GPU"


def kind_of(device: str) -> str:
    """Return a device's kind: `GPU`, `CPU`, or `XLA_CPU`, an emulated device that lacks most kernels."""
    return device.partition(":")[0]


@dataclass(frozen=True)
class Step:
    """A part of a probe that runs in a fresh process. `measure` is a function of a module, found there by its name."""

    name: str
    measure: Callable[[Setting], Figures]
    time_limit_s: float = 90.0


@dataclass(frozen=True)
class Answer:
    """What a rule makes of the figures: CONFIRMED, REFUTED or CANNOT_TELL; `words` tells the figures that decided."""

    verdict: str
    words: str


@dataclass(frozen=True)
class Rule:
    """How one claim is decided. `finding` is its number in FINDINGS, 0 for what was found to be fine.

    `decide` is pure. It may raise CannotTellError, which means CANNOT_TELL.
    """

    finding: int
    claim: str
    text: str
    decide: Callable[[Evidence], Answer]


@dataclass(frozen=True)
class Probe:
    """What is tried, in steps, and what it decides. `kinds` are the kinds of devices on which it means something."""

    name: str
    tried: str
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]
    kinds: tuple[str, ...] = ("GPU",)
