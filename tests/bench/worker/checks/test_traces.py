"""Traces of functions wherever they are made: counted once, by their names and places."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from bench.worker.checks.recompiles import RecompileWatch
from bench.worker.checks.traces import Traced, trace_log


class Quiet:
    """A log in which nothing is compiled."""

    def new_text(self) -> str:
        return ""


def traced_in(call: Callable[..., Any], *arguments: Any) -> list[Traced]:
    """Return what is traced in a later call."""
    call(*arguments)
    with trace_log().recording() as traced:
        call(*arguments)
    return traced


def line_of(function: Callable[..., Any], text: str) -> int:
    """Return the line of this file on which the function has the text."""
    lines, first = inspect.getsourcelines(function)
    return first + next(index for index, line in enumerate(lines) if text in line)


def makes_anew(tf: Any) -> Callable[..., Any]:
    def call(x: Any) -> Any:
        @tf.function  # type: ignore[untyped-decorator]
        def improve(w: Any) -> Any:
            return w + 1.0

        return improve(improve(x))

    return call


def makes_a_lambda(tf: Any) -> Callable[..., Any]:
    return lambda x: tf.function(lambda y: y + 1.0, jit_compile=True)(x)


def makes_nested(tf: Any) -> Callable[..., Any]:
    def call(x: Any) -> Any:
        @tf.function  # type: ignore[untyped-decorator]
        def outer(x: Any) -> Any:
            return tf.function(lambda y: y + 1.0)(x)

        return outer(x)

    return call


def makes_of_a_partial(tf: Any) -> Callable[..., Any]:
    def add(one: float, other: Any) -> Any:
        return one + other

    return lambda x: tf.function(functools.partial(add, 1.0))(x)


def counts_up(tf: Any) -> Callable[..., Any]:
    class Model(tf.Module):  # type: ignore[misc]
        numbers = itertools.count()

        @tf.function  # type: ignore[untyped-decorator]
        def step(self, x: Any, n: int) -> Any:
            return x * float(n)

        def __call__(self, x: Any) -> Any:
            return self.step(x, next(self.numbers))

    return Model()


def vectorizes(tf: Any) -> Callable[..., Any]:
    return lambda x: tf.vectorized_map(lambda row: row * 2.0, x)


def reads_data(tf: Any) -> Callable[..., Any]:
    return lambda x: list(tf.data.Dataset.from_tensor_slices(x).map(lambda row: row * 2.0))


@pytest.mark.parametrize(
    ("program", "name", "text"),
    [
        (makes_anew, "`improve`", "@tf.function"),
        (makes_a_lambda, "a lambda", "lambda y"),
        (makes_nested, "`outer`", "@tf.function"),
        (makes_of_a_partial, "`add`", "def add"),
        (counts_up, "`step`", "@tf.function"),
        (vectorizes, "", "vectorized_map"),
        (reads_data, "", "map(lambda"),
    ],
)
def test_what_is_traced_in_each_eager_call_has_a_name_and_a_place(
    tf: Any, program: Callable[..., Any], name: str, text: str
) -> None:
    (traced,) = traced_in(program(tf), tf.ones((3,)))
    assert traced == Traced(name, f"test_traces.py:{line_of(program, text)}")
    assert traced.caller == ("" if name else text.partition("(")[0]), "what of TensorFlow's traces is named"


def test_what_is_traced_once_is_not_traced_again(tf: Any) -> None:
    inner = tf.function(lambda x: x * 2.0)
    assert traced_in(lambda x: inner(x), tf.ones((3,))) == []
    assert traced_in(tf.function(lambda x: tf.function(lambda y: y + 1.0)(x)), tf.ones((3,))) == []


def test_a_gradient_or_a_variable_adds_no_trace(tf: Any) -> None:
    kept: list[Any] = []

    @tf.function  # type: ignore[untyped-decorator]
    def step(x: Any) -> Any:
        if not kept:
            kept.append(tf.Variable(1.0))
        return kept[0] * x

    def gradient(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = step(x)
        return tape.gradient(y, x)

    watch = RecompileWatch(Quiet(), gradient)  # type: ignore[arg-type]
    gradient(tf.ones(()))
    first = watch.retraces()
    assert first.functions == (f"`step`, test_traces.py:{line_of(gradient, 'def gradient') - 6}",)
    gradient(tf.ones(()))
    assert watch.retraces().traces == first.traces


def test_a_functions_own_trace_is_counted_once_and_not_named(tf: Any) -> None:
    graph = tf.function(lambda x: tf.function(lambda y: y + 1.0)(x))
    watch = RecompileWatch(Quiet(), graph)  # type: ignore[arg-type]
    graph(tf.ones((2,)))
    graph(tf.ones((3,)))
    again = watch.retraces()
    assert (again.traces, again.functions) == (2, ())


def test_what_python_code_within_a_graph_traces_is_counted_too(tf: Any) -> None:
    inner = makes_a_lambda(tf)
    graph = tf.function(lambda x: tf.py_function(inner, [x], tf.float32), autograph=False)
    graph(tf.ones((2,)))
    watch = RecompileWatch(Quiet(), graph)  # type: ignore[arg-type]
    graph(tf.ones((2,)))
    assert watch.retraces().traces == 1


def test_what_a_method_was_traced_with_is_described(tf: Any) -> None:
    (traced,) = traced_in(counts_up(tf), tf.ones((3,)))
    assert set(traced.arguments) == {"x", "n"}


@pytest.mark.usefixtures("tf")
def test_stacks_that_hold_something_else_break_no_call() -> None:
    before = trace_log().count
    trace_log().note(None)
    assert trace_log().count == before + 1
