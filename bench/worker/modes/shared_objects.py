"""What the modes of a case share though each is built by itself, as it is made once in a process."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from weakref import ReferenceType, ref

from ...catalogue import Workload
from ...plan import is_own
from ..workloads.keras_methods import model_run_by
from ..workloads.load import Reading, load_workload
from .variables import Starts, Variables

ALIKE = "eager runs first, and every mode starts from the same values"


class SharedObjects:
    """Reads the user's code for a case, and knows which of its variables are made once in a process.

    They are those of imported modules, which are read once, and all of a file that cannot be read twice.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._reading = Reading(name) if is_own(name) else None
        self._read: list[ReferenceType[Any]] = []
        """What was read first made; it is gone once code has been read twice."""
        self._imported: list[Any] = []
        self._starts = Starts()

    def load(self, inputs: str = "", *, by_name: bool = False) -> Workload:
        """Return the workload. Raises as `load_workload` does."""
        self._starts = starts = Starts()
        variables = Variables(starts)
        with variables.recorded():
            workload = load_workload(self.name, inputs, by_name=by_name, reading=self._reading)
        self._imported += starts.shared.values()
        if not self.once:
            self._read = [*map(ref, variables)]
        return workload

    @property
    def once(self) -> str:
        """Why the user's code cannot be read twice in a process; empty while it can."""
        return self._reading.once if self._reading else ""

    @property
    def variables(self) -> Collection[Any]:
        """The variables that are known to be shared, in the order of making."""
        return self._starts.shared.values()

    def starts(self) -> Starts:
        """Return the starts of a case's variables, none of which is known yet."""
        shared = [one for each in self._read if (one := each()) is not None] if self.once else self._imported
        self._starts = Starts(shared=dict(enumerate(shared)))
        return self._starts

    def in_words(self) -> str:
        """Say what is shared, and what comes of it; empty if nothing is."""
        if self.once:
            return (
                f"the code cannot be read twice in one process ({self.once}), so the modes share its objects: {ALIKE}"
            )
        count = len(self.variables)
        return f"the modes share {_variables(count)} created once per process: {ALIKE}" if count else ""


def _variables(count: int) -> str:
    return "a variable that is" if count == 1 else f"{count:,} variables that are"


def uses(function: Any, variable: Any) -> bool:
    """Tell whether a graph, a function that it calls, or a Keras model's own function reads or writes a variable."""
    captured = getattr(function, "captured_inputs", ())
    return any(each is variable.handle for each in captured) or any(each is variable for each in _of_model(function))


def _of_model(function: Any) -> Iterator[Any]:
    """Yield the variables of the Keras model that a function runs, those of its optimizer and metrics among them."""
    model = model_run_by(function)
    if model is not None:
        optimizer = getattr(model, "optimizer", None)
        for each in (*model.variables, *getattr(optimizer, "variables", ())):
            yield each.value
