"""What is said of functions that a mode traces in every call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bench.worker.case.hidden_traces import describe_traces
from bench.worker.checks.argument_descriptions import describe
from bench.worker.checks.traces import Traced


def made(name: str, place: str) -> Traced:
    """Return a function of another object each time."""
    return Traced(name, place, object())


ONE = object()


def anew(**arguments: Any) -> Traced:
    """Return the same function with these arguments."""
    described = {name: describe(value) for name, value in arguments.items()}
    return Traced("`step`", "steps.py:3", ONE, described)


STEP = "eager traces a `tf.function` anew in every call (`step`, steps.py:3)"


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
