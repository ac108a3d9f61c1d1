"""What is said of functions that a mode traces in every call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.plan import Case, Effort
from bench.worker.case.hidden_traces import Hidden, describe_traces, find_hidden
from bench.worker.case.job import Job
from bench.worker.checks.argument_descriptions import describe
from bench.worker.checks.traces import Traced
from bench.worker.machine.suspensions import Stops
from bench.worker.modes.build import Built
from bench.worker.modes.variables import Starts, Variables


def made(name: str, place: str) -> Traced:
    """Return a function of another object each time."""
    return Traced(name, place, object())


ONE = object()


def anew(**arguments: Any) -> Traced:
    """Return the same function with these arguments."""
    described = {name: describe(value) for name, value in arguments.items()}
    return Traced("`step`", "steps.py:3", ONE, described)


STEP = "eager traces a `tf.function` anew in every call (`step`, steps.py:3)"


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize(
    ("device", "compiled", "hidden", "reasons"),
    [
        (
            "/device:XLA_CPU:0",
            [1, 1, 1],
            Hidden(compiles=True),
            ["the emulated device compiles a part of it in every call, which is in its figure"],
        ),
        ("/device:XLA_CPU:0", [1, 0], Hidden(), []),
        ("CPU:0", [1], Hidden(), []),
    ],
)
def test_only_an_emulated_device_compiles_in_every_call_and_is_steady(
    device: str, compiled: list[int], hidden: Hidden, reasons: list[str]
) -> None:
    texts = iter(text for count in compiled for text in ("", "Compiled f 1 times, compile time: 9 us, ..." * count))
    events: list[Any] = []
    channel: Any = SimpleNamespace(
        emit=events.append,
        log=SimpleNamespace(new_text=lambda: next(texts)),
        running=lambda _: None,
        stop_requested=lambda: False,
    )
    unused: Any = None
    job = Job(channel, "1", Case("softmax"), unused, Effort(), 0.05, device, unused, Stops())
    assert find_hidden(job, "eager", Built(lambda: None, ((),), Variables(Starts()))) == hidden
    assert [event.reason for event in events] == reasons


@pytest.mark.parametrize(
    ("calls", "reasons"),
    [
        (
            [[made("`improve`", "steps.py:5")] for _ in range(3)],
            ["eager makes and traces a `tf.function` in every call (`improve`, steps.py:5): make it once, outside"],
        ),
        (
            [[made("a lambda", "steps.py:5"), made("a lambda", "steps.py:5")] for _ in range(3)],
            ["eager makes and traces a `tf.function` in every call (a lambda, steps.py:5): make it once, outside"],
        ),
        (
            [[made(f"`{name}`", "steps.py:5") for name in "abcd"] for _ in range(3)],
            [
                "eager makes and traces `tf.function`s in every call (`a`, steps.py:5; `b`, steps.py:5; `c`, "
                "steps.py:5; 1 more): make it once, outside"
            ],
        ),
        *(
            (
                [[replace(made("", "steps.py:9"), caller=name)] for _ in range(3)],
                [f"eager calls what traces a function in every call (`{name}`, steps.py:9): {remedy}"],
            )
            for name, remedy in (
                ("vectorized_map", "call it within a `tf.function`"),
                ("map", "make the dataset once, outside"),
                ("predict", "call the model itself"),
                ("fit", "measure the model's train_step itself"),
                ("evaluate", "measure the model's test_step itself"),
            )
        ),
        ([[made("", "")] for _ in range(3)], []),
        (
            [[anew(x=np.zeros(3), n=n)] for n in range(3)],
            [f"{STEP}, because `n`, a Python number, changes value: pass it as a tensor"],
        ),
        (
            [[anew(mode=mode)] for mode in "abc"],
            [f"{STEP}, because `mode`, a Python string, changes value: keep it the same"],
        ),
        (
            [[anew(batch={"ids": np.zeros(3), "made": object()})] for _ in range(3)],
            [f"{STEP}, because `batch['made']` is another Python object each time: pass the same one"],
        ),
        ([[anew(x=np.zeros(n))] for n in range(3)], [f"{STEP}, because the shape of `x` changes: keep it the same"]),
        ([[anew(x=np.zeros(3))] for _ in range(3)], [STEP]),
    ],
)
def test_each_way_to_mend_it_has_its_sentence(calls: Sequence[Sequence[Traced]], reasons: list[str]) -> None:
    assert list(describe_traces("eager", calls)) == reasons
