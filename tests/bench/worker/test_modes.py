"""What a builder may return, and what becomes of it in each mode."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from bench.catalogue import describe
from bench.plan import Case, PlanError
from bench.worker.modes import ArgumentSets, build, wrap
from bench.worker.recompiles import count_traces


class Pair(NamedTuple):
    """An argument that is a tuple too."""

    first: int
    second: int


def sets_of(arguments: Any) -> ArgumentSets:
    """The argument sets of a workload whose builder returns `arguments`."""
    return build(describe(lambda: (print, arguments), family="test"), Case("f"), "eager").argument_sets


@pytest.mark.parametrize(
    ("arguments", "sets"),
    [
        ((1, 2), ((1, 2),)),
        ((), ((),)),
        ([1, 2], ((1, 2),)),
        ([], ((),)),
        ([(1,), (2,), (3,)], ((1,), (2,), (3,))),
        ([(1, 2)], ((1, 2),)),
        ([(1,), 2], (((1,), 2),)),
        (((1,), (2,)), (((1,), (2,)),)),
        ([Pair(1, 2)], ((Pair(1, 2),),)),
    ],
)
def test_a_list_of_tuples_is_a_set_for_each_call_and_all_else_is_one(arguments: Any, sets: Any) -> None:
    assert sets_of(arguments) == sets


def test_what_is_no_function_with_arguments_is_refused() -> None:
    with pytest.raises(PlanError, match="must return the function to time and a tuple of its arguments"):
        sets_of("x")


@pytest.mark.parametrize("mode", ["graph", "xla"])
def test_a_decorated_function_keeps_what_decides_when_it_is_traced(mode: str) -> None:
    import tensorflow as tf

    signature = [tf.TensorSpec((None,), tf.float32)]
    signed = wrap(tf.function(lambda x: x + 1.0, input_signature=signature), mode)
    relaxed = wrap(tf.function(lambda x: x + 1.0, reduce_retracing=True), mode)
    plain = wrap(lambda x: x + 1.0, mode)
    for size in range(1, 6):
        for function in (signed, relaxed, plain):
            function(tf.zeros((size,)))
    traces = [count_traces(function) for function in (signed, relaxed, plain)]
    assert traces == [1, 2, 5]
