"""What Keras does around a model's call: `predict` and its steps, compiled by Keras itself as the mode says.

They are no functions to wrap: each builds a `tf.function` of its own, from the settings that `compile` was given. A
step is given what `fit`, `evaluate` or `predict` would hand to it.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from ...plan import KERAS_METHODS, PlanError
from ..errors import ERRORS, UnsupportedError, describe_failure
from .input_specs import WHOLE_NUMBERS, Classes

PREDICT, TRAIN_STEP, TEST_STEP, PREDICT_STEP = KERAS_METHODS

WITH_TARGETS = (TRAIN_STEP, TEST_STEP)

FUNCTIONS = {
    PREDICT: ("make_predict_function", "predict_function"),
    PREDICT_STEP: ("make_predict_function", "predict_function"),
    TEST_STEP: ("make_test_function", "test_function"),
    TRAIN_STEP: ("make_train_function", "train_function"),
}
"""The method of a Keras model that makes what each of them runs, and the attribute that it is kept in."""

UNCOMPILED = "the model is not compiled, so its train step is Adam's on the mean squared error"

UNCOMPILED_TEST = "the model is not compiled, so its loss is the mean squared error"

SPARSE = "sparse"
"""Losses whose targets are the numbers of classes are called so."""

LOSS = ("compute_loss", "_compute_loss")
"""The functions of Keras in which a loss meets its targets."""

DATA = "data"
"""What a step takes: one thing, as it is, or x, y and sample_weight, of which `fit` makes a tuple."""

_models_run: WeakKeyDictionary[Callable[..., Any], Any] = WeakKeyDictionary()
"""The models of compiled calls: an attribute of the call would look like one of the user's."""

Called = tuple[Callable[..., Any], str]
"""What to call, which returns tensors, and what there is to know of it: a sentence, mostly empty."""


class KerasMethod:
    """One of KERAS_METHODS of a model; a train step has the optimizer and the loss that the model was compiled with.

    `has_drawn_targets`: its targets are random, so that the loss may not take them.
    """

    def __init__(self, model: Any, method: str) -> None:
        self.model = model
        self.method = method
        self.has_drawn_targets = False

    @property
    def takes_targets(self) -> bool:
        """Tell whether `fit` or `evaluate` hand targets to it."""
        return self.method in WITH_TARGETS

    def __call__(self, *arguments: Any) -> Any:
        """A call, eagerly."""
        return self.compiled(run_eagerly=True)[0](*arguments)

    def signature(self, names: tuple[str, ...] = ()) -> inspect.Signature:
        """Return its parameters; `names`: those that somebody has named."""
        if self.takes_targets and DATA not in names:
            y = inspect.Parameter.empty if "sample_weight" in names else None
            kinds = [("x", inspect.Parameter.empty), ("y", y), ("sample_weight", None)]
        else:
            kinds = [(DATA if DATA in names else "x", inspect.Parameter.empty)]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature([inspect.Parameter(name, kind, default=default) for name, default in kinds])

    def compiled(self, *, run_eagerly: bool = False, jit_compile: bool | str = False) -> Called:
        """Have Keras compile it with these settings. Raises UnsupportedError for what Keras leaves to plain graphs."""
        import keras

        model, note = self.model, ""
        if not self.takes_targets or model.compiled:
            model.run_eagerly = run_eagerly
            model.jit_compile = None if jit_compile == "auto" else jit_compile  # unset, it is what "auto" becomes
        else:
            adam = keras.optimizers.Adam()
            if model.trainable_variables:
                adam.build(model.trainable_variables)  # before the variables of a loss scale, which Keras may add
            self._compile(adam)
            model.run_eagerly, model.jit_compile = run_eagerly, jit_compile
            note = UNCOMPILED if self.method == TRAIN_STEP else UNCOMPILED_TEST
        if jit_compile == "auto":
            note = f'predict is compiled with jit_compile="auto", which became {model.jit_compile}'
        elif jit_compile and not model.jit_compile:
            raise UnsupportedError("Keras does not compile this model by XLA")
        call = self._call()
        return (self._blaming_targets(call) if run_eagerly and self.has_drawn_targets else call), note

    def _compile(self, optimizer: Any) -> None:
        """Compile a model that its user has not. Raises PlanError where its own `compile` takes something else."""
        settings = {"optimizer": optimizer, "loss": "mse"}
        signature = inspect.signature(self.model.compile)
        try:
            signature.bind(**settings)
        except TypeError:
            takes = ", ".join(signature.parameters) or "nothing"
            raise PlanError(
                f"the model is not compiled, and its own compile() takes {takes}: call it in the file; it "
                "must call super().compile()"
            ) from None
        self.model.compile(**settings)

    def as_written(self) -> Called:
        """As the model was compiled by its user. Raises UnsupportedError for a step of one that was not."""
        model = self.model
        if model.compiled:
            eagerly = "run_eagerly=True" if model.run_eagerly else f"jit_compile={model.jit_compile}"
            became = "" if model.run_eagerly else ' (written so, or what "auto" became)'
            return self._call(), f"as written it is compiled with {eagerly}{became}"
        if self.takes_targets:
            raise UnsupportedError(
                f"the model is not compiled, so it has no {self.method.replace('_', ' ')} of its own"
            )
        return self._call(), f'as written it is not compiled: Keras\'s jit_compile="auto" became {model.jit_compile}'

    def _call(self) -> Callable[..., Any]:
        """Its call under the settings that the model has now."""
        import tensorflow as tf

        model = self.model

        if self.method == TRAIN_STEP and model.optimizer is not None and model.trainable_variables:
            model.optimizer.build(model.trainable_variables)
        make, kept_as = FUNCTIONS[self.method]
        getattr(model, make)(force=True)
        function = getattr(model, kept_as)  # where modes share the model, the next one makes another

        def predict(x: Any) -> Any:
            model.predict_function = function
            return tf.nest.map_structure(tf.convert_to_tensor, model.predict(x, verbose=0))

        def predict_step(*data: Any) -> Any:
            return function([handed(data)])

        def step(*data: Any) -> Any:
            return _as_tensors(function(iter([handed(data)])))

        call = {PREDICT: predict, PREDICT_STEP: predict_step}.get(self.method, step)
        _models_run[call] = model
        return call

    def _blaming_targets(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the call, which raises PlanError where the loss does not take the targets that were drawn."""

        def checked(*data: Any) -> Any:
            try:
                return call(*data)
            except ERRORS as error:
                if not any(frame.name in LOSS for frame in traceback.extract_tb(error.__traceback__)):
                    raise
                why = describe_failure(error, "")[1]
                write = f"write a function {self.method}_inputs() beside it that returns inputs and targets"
                raise PlanError(
                    f"the model's loss does not take targets drawn at random ({why}): {write}, or give --inputs"
                ) from None

        return checked

    # --- the targets of a train step ----------------------------------------------------------------------------------

    def target_specs(self) -> Any:
        """The specs of targets that the loss takes, in the structure of the model's outputs.

        A sparse loss takes the number of a class for each output; any other, what the output is.
        """
        import tensorflow as tf

        structure = getattr(self.model, "_outputs_struct", self.model.outputs)
        outputs = tf.nest.flatten(structure)
        losses = tf.nest.flatten(self.model.loss) if self.model.compiled else []
        losses = losses if len(losses) == len(outputs) else losses[:1] * len(outputs) or [None] * len(outputs)
        specs = [_target_spec(output, loss) for output, loss in zip(outputs, losses, strict=True)]
        packed = tf.nest.pack_sequence_as(structure, specs)
        return packed[0] if isinstance(packed, list) and len(packed) == 1 else packed

    def check_targets(self, arguments: tuple[Any, ...], maker: str) -> None:
        """Raise PlanError where Keras's own step is given inputs alone, by a maker that serves the whole file."""
        import keras

        own = getattr(type(self.model), self.method, None), type(self.model).compute_loss
        is_kerass = own == (getattr(keras.Model, self.method, None), keras.Model.compute_loss)
        if self.takes_targets and is_kerass and len(arguments) == 1 and not isinstance(arguments[0], tuple):
            write = f"write a function {self.method}_inputs() beside it that returns inputs and targets"
            raise PlanError(f"{maker}() returns no targets, which {self.method} needs: {write}")


def handed(data: tuple[Any, ...]) -> Any:
    """Return what `fit` hands to a step: a single argument as it is, inputs with targets and weights as a tuple."""
    return data[0] if len(data) == 1 else data


def converted(data: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what is handed to a step as `fit` converts it: arrays are tensors, of Keras's dtype if they are floats."""
    import keras
    import numpy as np
    import tensorflow as tf

    def one(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        return tf.convert_to_tensor(value, keras.config.floatx() if value.dtype.kind == "f" else None)

    return tuple(tf.nest.map_structure(one, each) for each in data)


def _as_tensors(logs: Any) -> Any:
    """Return what a step returns, with numbers as tensors: metrics by their names, in order."""
    import tensorflow as tf

    return tf.nest.map_structure(tf.convert_to_tensor, logs)


def _target_spec(output: Any, loss: Any) -> Any:
    import tensorflow as tf

    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    if SPARSE not in name.lower():
        return tf.TensorSpec(output.shape, output.dtype)
    return Classes(tf.TensorSpec(output.shape[:-1], tf.int32), output.shape[-1] or WHOLE_NUMBERS)


def keras_method(value: Any) -> KerasMethod | None:
    """The method of a Keras model that a value is; None for anything else."""
    model = _owner(value)
    return KerasMethod(model, value.__name__) if model is not None and value.__name__ in KERAS_METHODS else None


def model_run_by(function: Any) -> Any:
    """Return the Keras model whose method a compiled call runs; None for anything else."""
    return _models_run.get(function) if inspect.isfunction(function) else None


def model_called_by(function: Any) -> Any:
    """The Keras model whose plain call this is; None for anything else."""
    return _owner(function) if getattr(function, "__name__", "") == "__call__" else None


def _owner(value: Any) -> Any:
    """The Keras model that a value is a method of; None for anything else."""
    import keras

    return value.__self__ if inspect.ismethod(value) and isinstance(value.__self__, keras.Model) else None
