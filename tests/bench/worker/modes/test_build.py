"""What a builder may return, and what stays of a user's file."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from bench.catalogue import describe
from bench.plan import Case, PlanError
from bench.worker.errors import UnsupportedError
from bench.worker.modes.build import ArgumentSets, build
from bench.worker.modes.tf_options import PLAIN, Options, present, set_options

pytestmark = pytest.mark.usefixtures("tf")


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


def grown(*sizes: int) -> Any:
    """A workload of a `tf.function`, called with vectors of these sizes."""
    import tensorflow as tf

    sets = [(tf.zeros((size,)),) for size in sizes]
    return describe(lambda: (tf.function(lambda x: x + 1.0), sets), family="test")


def test_a_concrete_function_is_called_with_what_it_was_traced_with() -> None:
    built = build(grown(3, 3), Case("f"), "concrete")
    concrete = built.function.get_concrete_function(*built.arguments)  # type: ignore[attr-defined]
    assert built.by_its_only(concrete).function is concrete


def test_a_concrete_function_is_not_called_with_a_shape_it_was_not_made_for() -> None:
    built = build(grown(3, 3, 4), Case("f"), "concrete")
    concrete = built.function.get_concrete_function(*built.arguments)  # type: ignore[attr-defined]
    with pytest.raises(UnsupportedError, match="argument set 3 needs a trace of its own"):
        built.by_its_only(concrete)


def switched_on() -> Any:
    """A workload whose builder switches TensorFlow's options on, as a user's file may."""
    import tensorflow as tf

    def builder() -> Any:
        tf.config.optimizer.set_jit(True)
        tf.config.optimizer.set_experimental_options({"constant_folding": False})
        return tf.function(lambda x: x + 1.0), (tf.zeros((3,)),)

    return describe(builder, family="test")


@pytest.mark.parametrize("mode", ["eager", "as-written", "graph", "xla"])
def test_what_a_file_has_switched_on_is_off_again_and_in_force_as_it_was_written(mode: str) -> None:
    built = build(switched_on(), Case("f"), mode)
    assert present() == PLAIN
    written = Options(autoclustering=True, grappler=(("constant_folding", False),))
    assert built.options == (written if mode == "as-written" else PLAIN)


def test_what_a_file_has_switched_on_is_said_of_it_as_it_was_written() -> None:
    note = build(switched_on(), Case("f"), "as-written").note
    switched = """set_jit("autoclustering") and set_experimental_options({'constant_folding': False})"""
    assert note == f"as written it is a tf.function, under {switched}"


def test_a_builder_that_fails_leaves_nothing_switched_on() -> None:
    def builder() -> Any:
        set_options(Options(autoclustering=True))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - whatever a user's file raises
        build(describe(builder, family="test"), Case("f"), "graph")
    assert present() == PLAIN
