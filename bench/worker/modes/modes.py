"""The modes: how each wraps what is to be timed, and what is in force of TensorFlow's options while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...implementations import plain
from ..errors import UnsupportedError
from ..workloads.keras_methods import PREDICT, KerasMethod, model_called_by
from .tf_options import PLAIN, Options

Function = Callable[..., Any]


@dataclass(frozen=True)
class Wrapped:
    """What a mode calls, and what there is to know of it beside its figures: a sentence, mostly empty."""

    function: Function
    note: str = ""


@dataclass(frozen=True)
class Mode:
    """A mode. Wrapping raises UnsupportedError for what it does not exist for.

    `of_function` wraps a function, `of_keras` a method of a Keras model, which makes functions of its own. `options`
    are in force while it is traced and called; null: those that the user's file has switched on. `is_concrete`: its one
    trace is called, not the wrapper. `calls_to_compile`: XLA may compile a part as late as in this call with the same
    arguments. `uncompiled`: what to say where it has compiled nothing.
    """

    of_function: Callable[[Function], Wrapped]
    of_keras: Callable[[KerasMethod], Wrapped]
    options: Options | None = PLAIN
    is_concrete: bool = False
    calls_to_compile: int = 1
    uncompiled: str = ""

    def wrap(self, function: Function) -> Wrapped:
        """What a user of the mode would write. Raises UnsupportedError."""
        return self.of_keras(function) if isinstance(function, KerasMethod) else self.of_function(function)


# --- functions --------------------------------------------------------------------------------------------------------


def _python(function: Function) -> Wrapped:
    """The Python itself: what is a `tf.function` already is unwrapped."""
    if reason := getattr(function, "graph_only", ""):
        raise UnsupportedError(reason)
    return Wrapped(getattr(function, "python_function", function))


def _graph(function: Function, **settings: Any) -> Wrapped:
    """A `tf.function` of the same Python, with these settings.

    What the user's own says about the arguments that one trace serves is kept; there is no public way to read
    `reduce_retracing`.
    """
    import tensorflow as tf

    kept: dict[str, Any] = {}
    if hasattr(function, "python_function"):
        relaxed = getattr(function, "_reduce_retracing", False)
        kept = {"input_signature": getattr(function, "input_signature", None), "reduce_retracing": relaxed}
        function = function.python_function
    return Wrapped(tf.function(function, **{**kept, **settings}))


TOLD = {"_jit_compile": "jit_compile", "_reduce_retracing": "reduce_retracing"}
"""What is told of a user's `tf.function`, by where TensorFlow keeps it: there is no public way to read it."""


def _as_written(function: Function) -> Wrapped:
    if hasattr(function, "graph_only"):
        return Wrapped(function, f"as written it is {getattr(function, 'told', 'a graph')}")
    if not hasattr(function, "python_function"):
        raise UnsupportedError("it is plain Python, which eager runs as it is written")
    said = [f"{name}=True" for place, name in TOLD.items() if getattr(function, place, False)]
    return Wrapped(function, " with ".join(filter(None, ("as written it is a tf.function", " and ".join(said)))))


def _predict(function: Function) -> Wrapped:
    model = model_called_by(function)
    if model is None:
        raise UnsupportedError("it is no Keras model")
    return _compiled(KerasMethod(model, PREDICT), jit_compile="auto")


# --- methods of Keras models ------------------------------------------------------------------------------------------


def _compiled(method: KerasMethod, **settings: Any) -> Wrapped:
    return Wrapped(*method.compiled(**settings))


def _keras_as_written(method: KerasMethod) -> Wrapped:
    return Wrapped(*method.as_written())


def _keras_predict(method: KerasMethod) -> Wrapped:
    if method.method != PREDICT:
        raise UnsupportedError(f"it is a {method.method.replace('_', ' ')}")
    return _compiled(method, jit_compile="auto")


def _unsupported(reason: str) -> Callable[[KerasMethod], Wrapped]:
    def refuse(_: KerasMethod) -> Wrapped:
        raise UnsupportedError(reason)

    return refuse


# --- all of them ------------------------------------------------------------------------------------------------------

NO_CLUSTER = "autoclustering found nothing to compile, so it is graph under another name"

MODES: Mapping[str, Mode] = {
    "eager": Mode(_python, partial(_compiled, run_eagerly=True)),
    "as-written": Mode(_as_written, _keras_as_written, options=None),
    "graph": Mode(_graph, _compiled),
    "concrete": Mode(_graph, _unsupported("Keras calls functions of its own making"), is_concrete=True),
    "reduce-retracing": Mode(
        partial(_graph, reduce_retracing=True), _unsupported("Keras's own functions have it already")
    ),
    "no-grappler": Mode(_graph, _compiled, Options(grappler=(("disable_meta_optimizer", True),))),
    "autocluster": Mode(_graph, _compiled, Options(autoclustering=True), calls_to_compile=2, uncompiled=NO_CLUSTER),
    "xla": Mode(partial(_graph, jit_compile=True), partial(_compiled, jit_compile=True)),
    "predict": Mode(_predict, _keras_predict),
}
"""By the names of `plan.MODES`, and in their order."""


def mode_of(name: str) -> Mode:
    """The mode of that name."""
    return MODES[plain(name)]


def forget_conversions() -> None:
    """Make the next trace pay for AutoGraph's conversion of the Python, as the first trace in a process does.

    AutoGraph keeps what it converted for the whole process: the second mode to be traced would look up to four times
    cheaper than the first. There is no public way to empty that cache; where it has moved, the figure keeps its bias.
    """
    from tensorflow.python.autograph.impl import api

    if hasattr(api, "_TRANSPILER") and hasattr(api, "PyToTF"):
        api._TRANSPILER = api.PyToTF()
