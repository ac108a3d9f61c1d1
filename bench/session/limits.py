"""Limits of events and session files: far above what is ever measured, low enough to be read.

A plan of 10,000 cases is one line of 4.6 MB where names and inputs are long; the sessions of such a plan have some
700,000 lines and 280 MB.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..events import Event, Hello, PlanStarted, Round, SessionStarted
from ..implementations import plain_modes
from ..plan import EVERY_MODE, Case, Plan
from ..plans.sweep import main_axis, parse_axis
from ..rules import LARGEST

LONGEST_LINE_BYTES = 16 << 20
LONGEST_EVENT_BYTES = 4 << 20
"""Limit of every event but a plan. A far side sends 1 MiB at most; escaping can make it longer."""

MOST_LINES = 5_000_000
MOST_FILE_BYTES = 2 << 30
MOST_CASES, MOST_PLANNED = 100_000, 50_000
"""Limits for a plan and for a session. A sweep has 10,000 cases at most, on each of several far sides."""

GREATEST_COUNT = 2**53
"""The largest integer that every reader of JSON keeps exactly."""

GREATEST_FIGURE = 1e100
LATEST = 253_402_300_000.0
"""The end of the year 9999: no calendar goes further."""

MOST_VALUES = 100_000
"""Limit of a list in an event, except the cases of a plan."""

MOST_FARS, MOST_DIMS, MOST_AXES = 100, 1_000, 10
LONGEST_NAME = 1_000
"""Characters of every text but these: names, versions, what a machine is called."""

LONGEST_COMMAND = 30_000
"""Characters of a far side's command, a workload's name or its inputs, and of all settings of a worker together. No
system starts a longer command.
"""

LONGEST_MESSAGE = 100_000
"""Characters of an error, or of a line of a log."""

LONG_TEXTS: Mapping[str, int] = {
    **dict.fromkeys(("far", "fars", "name", "workload", "settings", "caches", "help", "teaches"), LONGEST_COMMAND),
    **dict.fromkeys(
        ("cause", "error", "log_tail", "message", "note", "reason", "text", "traceback", "wrong"), LONGEST_MESSAGE
    ),
}
"""Limits of text fields, where they are not LONGEST_NAME."""

SIGNED = ("dims", "exit_code", "temperature_c")
"""Integer fields that may be negative."""

POSITIVE = ("latency_s", "low_s", "high_s")
"""Fields that must be above 0: their ratios and logarithms are taken."""

SHORTEST = 5e-324

UNBOUNDED = ("max_rel_error",)
"""Float fields without a limit."""

Check = Callable[[Any], object]


class LimitError(ValueError):
    """An event beyond the limits: what and where, in one line."""


def check(event: Event) -> None:
    """Raise LimitError if a value in the event is beyond its limit."""
    if not 0 <= event.at <= LATEST:
        raise LimitError(f"at {event.at:g} is no time that a calendar reaches")
    kind = type(event)
    if kind not in _CHECKS:
        _CHECKS[kind] = tuple(filter(None, (_check_for_record(kind), WHOLE.get(kind))))
    for check_event in _CHECKS[kind]:
        check_event(event)


_CHECKS: dict[type[Event], tuple[Check, ...]] = {}


def _check_for_record(kind: type[Any]) -> Check | None:
    """Return the check of a record type: its numbers, grouped by their limits, and its nested records and lists."""
    hints = {field.name: _known(get_type_hints(kind)[field.name]) for field in dataclasses.fields(kind)}
    hints.pop("at", None)
    sorts: dict[tuple[float, float], list[str]] = {}
    for name, hint in hints.items():
        if (bounds := _bounds(hint, name)) is not None:
            sorts.setdefault(bounds, []).append(name)
    numbers = tuple((_getter(names), *bounds) for bounds, names in sorts.items())
    texts = tuple(_texts(hints))
    checks = ((name, _check_for(hint, name)) for name, hint in hints.items() if hint not in (int, float, str))
    others = tuple((name, check_value) for name, check_value in checks if check_value is not None)

    def check_record(value: Any) -> None:
        for get, least, greatest in numbers:
            for number in get(value):
                if number is not None and not least <= number <= greatest:
                    _tell(value, hints)
        for get, longest in texts:
            for text in get(value):
                if text is not None and len(text) > longest:
                    _tell(value, hints)
        for name, check_value in others:
            if (part := getattr(value, name)) is not None:
                check_value(part)

    return check_record if numbers or texts or others else None


def _texts(hints: Mapping[str, Any]) -> Iterator[tuple[Callable[[Any], tuple[Any, ...]], int]]:
    """Yield what gets the texts of a record that share a limit, and the limit."""
    names: dict[int, list[str]] = {}
    for name, hint in hints.items():
        if hint is str:
            names.setdefault(LONG_TEXTS.get(name, LONGEST_NAME), []).append(name)
    return ((_getter(each), longest) for longest, each in names.items())


def _bounds(hint: Any, name: str) -> tuple[float, float] | None:
    """Return the smallest and the largest allowed value of a field; None if it is no number or has no limit."""
    if hint is int:
        return (-LARGEST, LARGEST) if name in SIGNED else (0, GREATEST_COUNT)
    if hint is not float or name in UNBOUNDED:
        return None
    return SHORTEST if name in POSITIVE else -GREATEST_FIGURE, GREATEST_FIGURE


def _known(hint: Any) -> Any:
    """Return the type without `| None`."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: (getattr(value, names[0]),)


def _check_for(hint: Any, name: str) -> Check | None:
    if get_origin(hint) is tuple:
        *rest, last = get_args(hint)
        return _check_for_list(rest[0], name) if last is Ellipsis else _check_for_row((*rest, last), name)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return None if hint is Plan else _check_for_record(hint)
    if hint is str:
        return partial(_check_length, name, LONG_TEXTS.get(name, LONGEST_NAME))
    return None if (bounds := _bounds(hint, name)) is None else partial(_check_number, name, *bounds)


def _check_for_list(hint: Any, name: str) -> Check:
    check_one = _check_for(hint, name)

    def check_all(values: tuple[Any, ...]) -> None:
        if len(values) > MOST_VALUES:
            raise LimitError(f"{name} has {len(values):,} values, more than {MOST_VALUES:,}")
        if check_one is not None:
            for value in values:
                check_one(value)

    return check_all


def _check_for_row(hints: tuple[Any, ...], name: str) -> Check | None:
    checks = tuple(_check_for(hint, name) for hint in hints)

    def check_each(values: tuple[Any, ...]) -> None:
        for value, check_value in zip(values, checks, strict=True):
            if check_value is not None:
                check_value(value)

    return check_each if any(checks) else None


def _tell(record: Any, hints: Mapping[str, Any]) -> None:
    """Raise LimitError for the first number or text of a record that is beyond its limit."""
    for name, hint in hints.items():
        value = getattr(record, name)
        if value is not None and (bounds := _bounds(hint, name)) is not None:
            _check_number(name, *bounds, value)
        elif isinstance(value, str):
            _check_length(name, LONG_TEXTS.get(name, LONGEST_NAME), value)


def _check_number(name: str, least: float, greatest: float, value: float) -> None:
    if least <= value <= greatest:
        return
    if least == SHORTEST and value <= 0:
        raise LimitError(f"{name} {value:g} is no time that a call takes")
    shown = f"of {value.bit_length():,} bits" if isinstance(value, int) and abs(value) > 10 * greatest else f"{value}"
    raise LimitError(f"{name} {shown} is not between {least} and {greatest}")


# --- what fields have to do with each other -------------------------------------------------------------------------


def _check_start(event: SessionStarted) -> None:
    if len(event.fars) > MOST_FARS:
        raise LimitError(f"{len(event.fars):,} far sides are more than {MOST_FARS}")
    for name, _ in event.fars:
        _check_length("far", LONGEST_NAME, name)


def _check_hello(event: Hello) -> None:
    """Every row of an export repeats them."""
    texts = (*event.caches, *(text for setting in event.settings for text in setting))
    _check_length("settings", LONGEST_COMMAND, "".join(texts))


def _check_plan(event: PlanStarted) -> None:
    cases, case_ids, axes = event.plan.cases, event.case_ids, event.plan.sweep
    if len(cases) > MOST_PLANNED:
        raise LimitError(f"{len(cases):,} cases are more than {MOST_PLANNED:,}")
    if len(case_ids) != len(cases):
        raise LimitError(f"{len(case_ids):,} case ids name {len(cases):,} cases")
    if len(set(case_ids)) != len(case_ids):
        (twice, _), *_ = Counter(case_ids).most_common(1)
        raise LimitError(f"case id {twice[:LONGEST_NAME]!r} stands for two cases")
    for case in cases:
        if len(case.dims) > MOST_DIMS:
            raise LimitError(f"a case has {len(case.dims):,} dimensions, more than {MOST_DIMS:,}")
        texts = {"modes": "".join(plain_modes(case.modes)), "dtype": case.dtype, "device": case.device, "far": case.far}
        for name, text in texts.items():
            _check_length(name, LONGEST_NAME, text)
        names = {"workload": case.workload, "against": case.against, "against_ref": case.against_ref}
        for name, text in {**names, "inputs": case.inputs, "dims": "".join(dict(case.dims))}.items():
            _check_length(name, LONGEST_COMMAND, text)
    _check_length("preset", LONGEST_NAME, event.plan.preset)
    if len(axes) > MOST_AXES:
        raise LimitError(f"a sweep along {len(axes):,} axes is more than along {MOST_AXES}")
    try:
        _check_sweep(cases, axes)
    except (ValueError, OverflowError) as error:  # a size of thousands of digits is no PlanError
        raise LimitError(str(error)) from None


def _check_sweep(cases: tuple[Case, ...], axes: tuple[str, ...]) -> None:
    """Raise ValueError, OverflowError where the cases cannot vary along the axes."""
    if axes:
        axis = main_axis([parse_axis(text) for text in axes])
        for case in cases:
            axis.set(case, axis.values[0])


def _check_round(event: Round) -> None:
    if len(event.visits) > len(EVERY_MODE) or len({visit.mode for visit in event.visits}) < len(event.visits):
        raise LimitError("a mode is visited more than once in a round")


def _check_length(name: str, longest: int, text: str) -> None:
    if len(text) > longest:
        raise LimitError(f"{name} of {len(text):,} characters is longer than {longest:,}")


WHOLE: Mapping[type[Event], Check] = {
    Hello: _check_hello,
    SessionStarted: _check_start,
    PlanStarted: _check_plan,
    Round: _check_round,
}
