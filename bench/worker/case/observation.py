"""What a mode leaves behind: outputs, and what its variables hold, after each of two calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checks.python_state.watch import PythonState
from ..checks.verify import LAST, Key, Part, epsilon_of
from ..modes.build import Built, has_tensors, to_arrays
from ..modes.variables import Value, spoken_name

CALLS = 2
"""A train step returns the loss before its update: only the next call tells whether the update was right."""

Arrays = tuple[NDArray[Any], ...]
Signature = list[tuple[tuple[int, ...], str] | None]


@dataclass(frozen=True)
class Observation:
    """What two calls from one start left behind, the first argument set given to both.

    `outputs` and `states` have an entry for each call; a state is what each variable held, in the order in which they
    were made, None of what cannot be read. `last`: the output for the last of several argument sets; where calls change
    variables, of a call with each set in turn, from their start. `returns_tensors`: some output is no mere number of
    Python's. `python_changes`: the objects of the user's Python that the calls change, of eager where that was watched.
    """

    outputs: tuple[Arrays, ...]
    states: tuple[tuple[Value | None, ...], ...]
    last: Arrays | None = None
    returns_tensors: bool = True
    python_changes: tuple[str, ...] = ()

    @property
    def signature(self) -> Signature:
        """Shape and dtype of each variable."""
        return [None if value is None else (value.shape, value.dtype.name) for value in self.states[0]]

    @property
    def repeats(self) -> bool:
        """Tell whether the second call has left behind exactly what the first did."""
        first, second = ((*outputs, *state) for outputs, state in zip(self.outputs, self.states, strict=True))
        return len(first) == len(second) and all(
            ours is theirs or (ours is not None and theirs is not None and _same(ours, theirs))
            for ours, theirs in zip(first, second, strict=True)
        )

    def changes_state(self, start: Sequence[Value | None]) -> bool:
        """Tell whether a call has changed a variable."""
        return any(
            value is not None and begun is not None and not _same(value, begun)
            for state in self.states
            for value, begun in zip(state, start, strict=False)
        )

    def parts(self, built: Built) -> dict[Key, Part]:
        """Return every array, outputs before variables; variables that cannot be read are left out."""
        found: dict[Key, Part] = {}
        for call, outputs in (*enumerate(self.outputs), (LAST, self.last or ())):
            several = len(outputs) > 1
            for number, array in enumerate(outputs):
                found[Key("output", number, call)] = Part(partial(_output_name, number, call, several=several), array)
        for call, state in enumerate(self.states):
            for number, (variable, value) in enumerate(zip(built.variables, state, strict=False)):
                if value is not None:
                    found[Key("variable", number, call)] = Part(partial(_variable_name, variable, call), value)
        return found


class Observer:
    """Keeps what the first calls of a mode leave behind, as they are made, and what they do to the user's Python."""

    def __init__(self, built: Built, python: PythonState | None = None) -> None:
        self._built = built
        self._python = python
        if python:
            python.look()
        self._outputs: list[Arrays] = []
        self._states: list[tuple[Value | None, ...]] = []
        self._returns_tensors = False

    def see(self, output: Any) -> None:
        """Take what a call has returned, unless as many were seen before."""
        if len(self._outputs) < CALLS:
            self._returns_tensors |= has_tensors(output)
            self._outputs.append(tuple(to_arrays(output)))
            self._states.append(tuple(self._built.variables.values()))
            if self._python:
                self._python.look()

    def first(self) -> Arrays:
        """Return the outputs of the first call, which is made unless it was seen."""
        if not self._outputs:
            self.see(self._built())
        return self._outputs[0]

    def observation(
        self, calls: int = CALLS, *, through: Callable[[Callable[[], Any]], Any] = lambda built: built()
    ) -> Observation:
        """Make the calls that are missing, and return what was seen; `through` makes a call and returns its output."""
        while len(self._outputs) < calls:
            self.see(through(self._built))
        return Observation(
            tuple(self._outputs),
            tuple(self._states),
            returns_tensors=self._returns_tensors,
            python_changes=self._python.changes() if self._python else (),
        )


def observe(built: Built, *, calls: int, with_last: bool) -> Observation:
    """Call a mode from its start so many times, with its last argument set too if that is asked for."""
    built.variables.begin_again()
    observation = Observer(built).observation(calls)
    return replace(observation, last=last_of_all_sets(built)) if with_last else observation


def last_of_all_sets(built: Built) -> Arrays:
    """Call a mode from its start with each argument set in turn; return the output for the last.

    A function without variables needs the last alone.
    """
    earlier = built.argument_sets[:-1] if built.variables else ()
    built.variables.begin_again()
    for arguments in earlier:
        built(arguments)
    return tuple(to_arrays(built(built.argument_sets[-1])))


def _output_name(number: int, call: int, *, several: bool) -> str:
    which = f"output {number + 1}" if several else "the output" if call else ""
    return which + {0: "", LAST: " for the last argument set"}.get(call, " of the second call")


def _variable_name(variable: Any, call: int) -> str:
    return f"variable `{spoken_name(variable)}`" + (" after the second call" if call else "")


def _same(value: Value, begun: Value) -> bool:
    return np.array_equal(value, begun, equal_nan=epsilon_of(value) is not None)
