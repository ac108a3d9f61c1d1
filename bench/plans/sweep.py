"""Sweeps: one setup over a range of sizes, several dtypes or devices, or settings of TensorFlow's.

An axis is written `NAME=VALUES`. Values are a list, `float32,bfloat16` or `64,100,256`, or a range, both ends included:
`64..4096:x2` by factors, `64..512:+64` by steps, `64..4096` by doubling. Names that go together are all named:
`m=k=n=64..1024`. Several axes are crossed, the last one the quickest. Beside dimensions and `dtype` there are `device`,
and what a Runtime has: `onednn=on,off`, `intra_op_threads=1..8`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from ..catalogue import Dim
from ..plan import PRECISIONS, Case, PlanError
from ..runtime import SETTINGS, THREADS, parse_setting, setting_text

DTYPE, DEVICE = "dtype", "device"

SIZELESS = (DTYPE, DEVICE, *(name for name in SETTINGS if name not in THREADS))
"""Axes whose values are words."""

ALONE = (*SIZELESS, *THREADS)
"""Axes that go with no dimension."""

MOST_CASES = 10_000

SIZE = re.compile(r"\d{1,10}", re.ASCII)
RANGE = re.compile(
    r"(?P<first>\d{1,10})\.\.(?P<last>\d{1,10})(?::(?P<by>[x+])(?P<step>\d{1,10}(?:\.\d{1,10})?))?", re.ASCII
)

EXAMPLE = "such as m=64..4096:x2 or dtype=float32,bfloat16"

HOW = "give a list, such as 64,128, or a range, such as 64..4096:x2 or 64..512:+64"


@dataclass(frozen=True)
class Axis:
    """The dimensions that take each value together, or one of ALONE; and the values, each once, in the order given."""

    names: tuple[str, ...]
    values: tuple[int, ...] | tuple[str, ...]

    @property
    def name(self) -> str:
        """The names as they were written: `m=k=n`."""
        return "=".join(self.names)

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.names[0] not in SIZELESS

    @cached_property
    def places(self) -> dict[int | str, int]:
        """Where along the axis each value stands: sizes in ascending order, in whichever they were given."""
        values: tuple[int | str, ...] = tuple(sorted(self.values)) if self.is_numeric else self.values
        return {value: place for place, value in enumerate(values)}

    def place_of(self, case: Case) -> int | None:
        """Where along the axis the case stands; None for one that is elsewhere, as code may settle its own dtype."""
        value = self.value_of(case)
        return None if value is None else self.places.get(value)

    def value_of(self, case: Case) -> int | str | None:
        """The case's own value on the axis; None where it has none."""
        name = self.names[0]
        if name in SETTINGS:
            setting: bool | int | None = getattr(case.runtime, name)
            return setting_text(setting) if isinstance(setting, bool) else setting
        return str(getattr(case, name)) if name in (DTYPE, DEVICE) else dict(case.dims).get(name)

    def set(self, case: Case, value: int | str) -> Case:
        """The case with this value on the axis. Raises PlanError."""
        name, changed = self.names[0], dict[str, Any]()
        if name in (DTYPE, DEVICE):
            changed[name] = value
            return replace(case, **changed)
        if name in SETTINGS:
            changed[name] = parse_setting(name, str(value))
            return replace(case, runtime=replace(case.runtime, **changed))
        sizes: dict[str, Any] = dict(case.dims)
        return replace(case, dims=tuple({**sizes, **dict.fromkeys(self.names, value)}.items()))


def parse_axis(text: str) -> Axis:
    """An axis as it is written. Raises PlanError."""
    *names, values = (part.strip() for part in text.split("="))
    if not names or not all(names) or not values:
        raise PlanError(f"--sweep {text}: give a name and values, {EXAMPLE}")
    if len(set(names)) < len(names):
        raise PlanError(f"--sweep {text}: a dimension is named twice")
    if len(names) > 1 and (alone := next((name for name in names if name in ALONE), "")):
        raise PlanError(f"--sweep {text}: {alone} goes with no dimension")
    if names[0] in SIZELESS:
        return Axis(tuple(names), tuple(dict.fromkeys(_words(names[0], values, text))))
    return Axis(tuple(names), tuple(dict.fromkeys(_sizes(values, text))))


def repeated_values(text: str) -> tuple[str, ...]:
    """Return the values that an axis names more than once, as `64` in `m=64,64..256`. Raises PlanError."""
    *names, values = (part.strip() for part in text.split("="))
    every = list(_words(names[0], values, text) if names[0] in SIZELESS else map(str, _sizes(values, text)))
    return tuple(value for value in dict.fromkeys(every) if every.count(value) > 1)


def main_axis(axes: Sequence[Axis]) -> Axis:
    """The one along which conclusions are drawn: the last that has sizes, or else the last."""
    return next((axis for axis in reversed(axes) if axis.is_numeric), axes[-1])


def suggest_axis(dim: Dim, size: int) -> str:
    """An axis around a size, to begin with: from a sixteenth of it to twice as much, within the bounds."""
    return f"{dim.name}={max(size // 16, dim.low)}..{min(2 * size, dim.high)}"


def sweep(cases: Iterable[Case], axes: Sequence[Axis]) -> tuple[Case, ...]:
    """Every case at every combination of the axes' values. Raises PlanError."""
    names = [name for axis in axes for name in axis.names]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise PlanError(f"--sweep {twice} is given twice")
    cases = tuple(cases)
    count = len(cases) * prod(len(axis.values) for axis in axes)
    if count > MOST_CASES:
        raise PlanError(f"a sweep of {count:,} cases is more than {MOST_CASES:,}: take larger steps")
    values: list[tuple[int | str, ...]] = [axis.values for axis in axes]
    return tuple(_at(case, axes, point) for case in cases for point in product(*values))


def _at(case: Case, axes: Sequence[Axis], point: Sequence[int | str]) -> Case:
    for axis, value in zip(axes, point, strict=True):
        case = axis.set(case, value)
    return case


def _words(name: str, values: str, text: str) -> Iterator[str]:
    for value in (value.strip() for value in values.split(",")):
        if name == DTYPE and value not in PRECISIONS:
            raise PlanError(f"--sweep {text}: {value or 'nothing'} is not one of {', '.join(PRECISIONS)}")
        if name == DEVICE:
            value = value.upper()
        elif name in SETTINGS:
            parse_setting(name, value)
        yield value


def _sizes(values: str, text: str) -> Iterator[int]:
    for part in values.split(","):
        part = part.strip()
        if SIZE.fullmatch(part):
            yield int(part)
        elif match := RANGE.fullmatch(part):
            yield from _range(int(match["first"]), int(match["last"]), match["by"] or "x", match["step"] or "2", text)
        else:
            raise PlanError(f"--sweep {text}: {part or 'nothing'} is no size: {HOW}")


def _range(first: int, last: int, by: str, step: str, text: str) -> Iterator[int]:
    """From first to last; what a factor makes no whole number of is rounded, and grows by one at least."""
    if first > last:
        raise PlanError(f"--sweep {text}: {first} is above {last}")
    if by == "+" and not step.isdigit():
        raise PlanError(f"--sweep {text}: a step is a whole number")
    amount = float(step)
    if amount <= (1 if by == "x" else 0):
        raise PlanError(f"--sweep {text}: {by}{step} goes nowhere: {HOW}")
    if by == "x" and first == 0:
        raise PlanError(f"--sweep {text}: no factor leads away from 0")
    exact, size = float(first), first
    for _ in range(MOST_CASES + 1):
        if size > last:
            return
        yield size
        exact = exact * amount if by == "x" else exact + amount
        size = max(round(exact), size + 1)
