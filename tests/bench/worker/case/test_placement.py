"""What is said of a mode that did not run on the case's device: here calls run on a CPU, in a case for a GPU."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.events import Event, Noted, Suspicious
from bench.plan import Case, Effort
from bench.worker.case.job import Job, Stopped
from bench.worker.case.observation import Observation
from bench.worker.case.placement import tell_op_devices
from bench.worker.case.prepared import Prepared
from bench.worker.machine.suspensions import Stops
from bench.worker.modes.build import Built
from bench.worker.modes.variables import Starts, Variables


class Stage:
    """A case in one mode."""

    def __init__(self, device: str, *, modes: tuple[str, ...] = ("eager",), stopped: bool = False) -> None:
        self.events: list[Event] = []
        channel: Any = SimpleNamespace(
            emit=self.events.append, running=lambda _: None, stop_requested=lambda: stopped, log=None
        )
        unused: Any = None
        self._variables = Variables(Starts())
        self._job = Job(
            channel=channel,
            case_id="1",
            case=Case("softmax", device=device, modes=modes),
            workload=unused,
            effort=Effort(),
            effect=0.05,
            device="GPU:0",
            peaks=unused,
            stops=Stops(),
        )

    def variable(self, make: Callable[[], Any]) -> Any:
        """Return a variable of the mode, which begins as it is made."""
        with self._variables.recorded():
            made = make()
        self._variables.begin()
        return made

    def tell(self, function: Callable[..., Any], *arguments: Any) -> list[Event]:
        """Return what is reported of a function."""
        built = Built(function, (arguments,), self._variables)
        prepared = Prepared(built, None, 0.0, 0.0, Observation((), ()), "")
        tell_op_devices(self._job, {"eager": prepared})
        return self.events


def test_what_has_no_kernel_is_a_note_and_a_mode_that_ran_elsewhere_altogether_is_suspicious(tf: Any) -> None:
    told = Stage("GPU:1").tell(tf.strings.as_string, tf.ones(2))
    assert [event.note for event in told if isinstance(event, Noted)] == [
        "AsString ran on the CPU: it has no kernel for GPU:1"
    ]
    assert [event.reason for event in told if isinstance(event, Suspicious)] == [
        "all of it ran on the CPU, so its figure is the CPU's and not that of GPU:1"
    ]


def test_a_mode_that_xla_has_compiled_in_part_is_not_suspicious(tf: Any) -> None:
    compiled = tf.function(lambda x: x * 2, jit_compile=True)
    told = Stage("GPU:0").tell(lambda x: tf.strings.as_string(compiled(x)), tf.ones(2))
    assert [type(event) for event in told] == [Noted]


@pytest.mark.parametrize(("device", "modes"), [("CPU:0", ("eager",)), ("GPU:0", ("graph",))])
def test_nothing_is_called_on_a_cpu_or_for_a_mode_that_nobody_asked_for(device: str, modes: tuple[str, ...]) -> None:
    def never() -> None:
        raise AssertionError

    assert Stage(device, modes=modes).tell(never) == []


def test_variables_begin_the_next_call_as_if_this_one_had_not_been(tf: Any) -> None:
    stage = Stage("GPU:0")
    steps = stage.variable(lambda: tf.Variable([1.0, 2.0]))
    stage.tell(lambda: steps.assign_add([1.0, 1.0]))
    assert np.array_equal(steps.numpy(), [1.0, 2.0])


@pytest.mark.usefixtures("tf")
def test_a_call_that_fails_now_tells_nothing() -> None:
    def ended() -> None:
        raise StopIteration

    assert Stage("GPU:0").tell(ended) == []


@pytest.mark.usefixtures("tf")
def test_a_stop_comes_before_the_call() -> None:
    with pytest.raises(Stopped):
        Stage("GPU:0", stopped=True).tell(lambda: None)
