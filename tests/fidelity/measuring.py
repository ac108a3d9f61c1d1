"""Measuring what is missing of a part, one unit after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import groupby
from time import monotonic

from tests.fidelity.lines import Results, check_alike
from tests.fidelity.machine import Machine
from tests.fidelity.part import Key, Line, Part, Values
from tests.fidelity.process import OwnProcess


class UnitFailedError(Exception):
    """A unit, or a whole part, that could not be measured: which, and why."""


def measure_missing(
    part: Part,
    results: Results,
    *,
    repeats: int | None = None,
    scale: float = 1.0,
    end_at: float = float("inf"),
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> bool:
    """Measure the units that `results` lack, in order; False if `end_at`, by the monotonic clock, came first.

    `scale` is what a rehearsal multiplies budgets by. Raises UnitFailedError; ResultsError where earlier results are
    from another machine, or from a rehearsal and these are not.
    """
    machine = Machine.here()
    lines = results.of(part.name)
    here = Line(part.name, {}, {}, machine, "", scale)
    check_alike([*lines, here])
    measured = {_identity(line.key) for line in lines}
    units = list(part.units(repeats or part.repeats))
    missing = [key for key in units if _identity(key) not in measured]
    if missing and part.prepare:
        try:
            part.prepare()
        except Exception as error:
            raise UnitFailedError(f"{part.name} cannot be prepared: {error}") from error
    done, began = len(units) - len(missing), monotonic()
    for _, keys in groupby(missing, key=part.process):
        with _measurer(part) as measure:
            for key in keys:
                if monotonic() >= end_at:
                    return False
                try:
                    values = measure(_rehearsed(key, scale))
                except Exception as error:
                    raise UnitFailedError(f"{part.name}, {describe(key)}: {error}") from error
                at = datetime.now(timezone.utc).isoformat(timespec="seconds")
                results.append(Line(part.name, dict(key), dict(values), machine, at, scale))
                done += 1
                spent_s = monotonic() - began
                left_s = spent_s / (done - len(units) + len(missing)) * (len(units) - done)
                say(f"{part.name} {done}/{len(units)}, {describe(key)}; about {left_s / 60:.0f} min left")
    return True


def describe(key: Key) -> str:
    """A key in words."""
    return ", ".join(f"{name} {value}" for name, value in key.items())


@contextmanager
def _measurer(part: Part) -> Iterator[Callable[[Key], Values]]:
    if part.process is None:
        yield part.measure
        return
    own = OwnProcess(part.measure)
    try:
        yield own.measure
    finally:
        own.close()


def _identity(key: Key) -> str:
    return json.dumps(dict(key), sort_keys=True)


def _rehearsed(key: Key, scale: float) -> Key:
    return {**key, "budget_s": float(key["budget_s"]) * scale} if "budget_s" in key else key
