"""How TensorFlow itself is to run: its settings, as people write them. Both sides of the wire read this file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from .plan_error import PlanError

THREADS = ("intra_op_threads", "inter_op_threads")

MOST_THREADS = 1024


@dataclass(frozen=True)
class Runtime:
    """How TensorFlow itself is to run; what is None it decides as it would without us.

    `onednn`: its oneDNN kernels on CPUs; `tf32`: TensorFloat-32 in float32 products on GPUs. `intra_op_threads`:
    threads within an operation; `inter_op_threads`: for operations side by side.
    """

    onednn: bool | None = None
    tf32: bool | None = None
    intra_op_threads: int | None = None
    inter_op_threads: int | None = None

    def __post_init__(self) -> None:
        for name in THREADS:
            threads = getattr(self, name)
            if threads is not None and not 1 <= threads <= MOST_THREADS:
                raise PlanError(f"{name} {threads} is not between 1 and {MOST_THREADS}")

    def __str__(self) -> str:
        """As people write it: `onednn=off intra_op_threads=2`; empty where TensorFlow decides everything."""
        settings = ((each.name, getattr(self, each.name)) for each in fields(self))
        return " ".join(f"{name}={setting_text(value)}" for name, value in settings if value is not None)


NO_SETTINGS = Runtime()
"""TensorFlow decides everything."""

SWITCHES = {"on": True, "off": False}

SETTINGS = tuple(each.name for each in fields(Runtime))


def setting_text(value: bool | int) -> str:
    """The value of a setting as people write it."""
    return str(value) if not isinstance(value, bool) else "on" if value else "off"


def parse_runtime(words: Sequence[str]) -> Runtime:
    """A Runtime from `onednn=off`, `intra_op_threads=2`. Raises PlanError."""
    settings: dict[str, Any] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if name not in SETTINGS or not sign:
            raise PlanError(f"{word}: give a setting and its value, such as onednn=off: there is {', '.join(SETTINGS)}")
        if settings.setdefault(name, parse_setting(name, text)) != parse_setting(name, text):
            raise PlanError(f"{name} is given twice")
    return Runtime(**settings)


def parse_setting(name: str, text: str) -> bool | int:
    """The value of one of SETTINGS: `on`, `off`, or a number of threads. Raises PlanError."""
    if name in THREADS:
        if re.fullmatch(r"[0-9]{1,9}", text):
            return int(text)
        raise PlanError(f"{name}={text}: give a number of threads, such as {name}=1")
    if text.lower() not in SWITCHES:
        raise PlanError(f"{name}={text}: give {name}=on or {name}=off")
    return SWITCHES[text.lower()]
