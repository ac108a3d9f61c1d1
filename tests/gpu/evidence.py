"""The figures of a probe as its rules read them; one that is missing, or is no number, is an error that says why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tests.gpu.outcomes import NOT_RUN, OK, Outcome


class CannotTellError(Exception):
    """A figure that a rule needs is missing, or tells nothing: which, and why, on one line."""


class Evidence:
    """The outcomes of a probe's steps, by step."""

    def __init__(self, outcomes: Mapping[str, Outcome]) -> None:
        self._outcomes = outcomes

    def value(self, step: str, *names: str) -> Any:
        """Return the figure under these names, one inside the other. Raises CannotTellError."""
        outcome = self._outcomes.get(step)
        value: Any = outcome.figures if outcome else {}
        for name in names:
            if not isinstance(value, dict) or value.get(name) is None:
                raise CannotTellError(f"no {' '.join(names)}: {_why(step, outcome)}")
            value = value[name]
        return value

    def number(self, step: str, *names: str) -> float:
        """Return a finite number. Raises CannotTellError."""
        return _finite(self.value(step, *names), names)

    def numbers(self, step: str, *names: str) -> list[float]:
        """Return a list of finite numbers, at least one. Raises CannotTellError."""
        values = self.value(step, *names)
        if not isinstance(values, list) or not values:
            raise CannotTellError(f"{' '.join(names)} is no list of numbers")
        return [_finite(value, names) for value in values]

    def mapping(self, step: str, *names: str) -> dict[str, Any]:
        """Return figures by name, at least one. Raises CannotTellError."""
        values = self.value(step, *names)
        if not isinstance(values, dict) or not values:
            raise CannotTellError(f"no figures of {' '.join(names) or step}: {_why(step, self._outcomes.get(step))}")
        return values

    def flag(self, step: str, *names: str) -> bool:
        """Return yes or no. Raises CannotTellError."""
        value = self.value(step, *names)
        if not isinstance(value, bool):
            raise CannotTellError(f"{' '.join(names)} is neither yes nor no")
        return value


def _finite(value: Any, names: tuple[str, ...]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CannotTellError(f"{' '.join(names)} is no finite number")
    return float(value)


def _why(step: str, outcome: Outcome | None) -> str:
    if outcome is None or outcome.status == NOT_RUN:
        return f"{step} was not run"
    if outcome.status == OK:
        return f"{step} did not measure it"
    return f"{step} {outcome.status}{f' ({outcome.error})' if outcome.error else ''}"
