"""What Keras does around a model's call: `predict` and a train step, compiled by Keras itself as the mode says.

They are no functions to wrap: each builds a `tf.function` of its own, from the settings that `compile` was given.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ...plan import PlanError
from ..errors import ERRORS, UnsupportedError, describe_failure
from .input_specs import WHOLE_NUMBERS, Classes

PREDICT, TRAIN_STEP = "predict", "train_step"

METHODS = (PREDICT, TRAIN_STEP)

UNCOMPILED = "the model is not compiled, so its train step is Adam's on the mean squared error"

SPARSE = "sparse"
"""Losses whose targets are the numbers of classes are called so."""

Called = tuple[Callable[..., Any], str]
"""What to call, which returns tensors, and what there is to know of it: a sentence, mostly empty."""


class KerasMethod:
    """One of METHODS of a model; a train step has the optimizer and the loss that the model was compiled with."""

    def __init__(self, model: Any, method: str) -> None:
        self.model = model
        self.method = method

    def __call__(self, *arguments: Any) -> Any:
        """A call, eagerly."""
        return self.compiled(run_eagerly=True)[0](*arguments)

    def compiled(self, *, run_eagerly: bool = False, jit_compile: bool | str = False) -> Called:
        """Have Keras compile it with these settings. Raises UnsupportedError for what Keras leaves to plain graphs."""
        import keras

        model, note = self.model, ""
        if self.method == PREDICT or model.compiled:
            model.run_eagerly = run_eagerly
            model.jit_compile = None if jit_compile == "auto" else jit_compile  # unset, it is what "auto" becomes
        else:
            adam = keras.optimizers.Adam()
            adam.build(model.trainable_variables)  # before the variables of a loss scale, which Keras may add
            model.compile(optimizer=adam, loss="mse", run_eagerly=run_eagerly, jit_compile=jit_compile)
            note = UNCOMPILED
        if jit_compile == "auto":
            note = f'predict is compiled with jit_compile="auto", which became {model.jit_compile}'
        elif jit_compile and not model.jit_compile:
            raise UnsupportedError("Keras does not compile this model by XLA")
        return self._call(), note

    def as_written(self) -> Called:
        """As the model was compiled by its user. Raises UnsupportedError for a train step of one that was not."""
        model = self.model
        if model.compiled:
            eagerly = "run_eagerly=True" if model.run_eagerly else f"jit_compile={model.jit_compile}"
            became = "" if model.run_eagerly else ' (written so, or what "auto" became)'
            return self._call(), f"as written it is compiled with {eagerly}{became}"
        if self.method == TRAIN_STEP:
            raise UnsupportedError("the model is not compiled, so it has no train step of its own")
        return self._call(), f'as written it is not compiled: Keras\'s jit_compile="auto" became {model.jit_compile}'

    def _call(self) -> Callable[..., Any]:
        """Its call under the settings that the model has now."""
        import tensorflow as tf

        model = self.model

        def predict(x: Any) -> Any:
            return tf.nest.map_structure(tf.convert_to_tensor, model.predict(x, verbose=0))

        def train_step(x: Any, y: Any) -> Any:
            return tf.convert_to_tensor(model.train_on_batch(x, y))

        if self.method == PREDICT:
            model.make_predict_function(force=True)
            return predict
        model.optimizer.build(model.trainable_variables)
        model.make_train_function(force=True)
        return train_step

    # --- the targets of a train step ----------------------------------------------------------------------------------

    def target_specs(self) -> Any:
        """The specs of targets that the loss takes, in the structure of the model's outputs.

        A sparse loss takes the number of a class for each output; any other, what the output is.
        """
        import tensorflow as tf

        outputs = tf.nest.flatten(self.model.outputs)
        losses = tf.nest.flatten(self.model.loss) if self.model.compiled else []
        losses = losses if len(losses) == len(outputs) else losses[:1] * len(outputs) or [None] * len(outputs)
        specs = [_target_spec(output, loss) for output, loss in zip(outputs, losses, strict=True)]
        return specs[0] if len(specs) == 1 else specs

    def check_targets(self, x: Any, y: Any) -> None:
        """Raise PlanError where the loss cannot take targets that were drawn."""
        if not self.model.compiled:
            return
        try:
            self.model.compute_loss(x=x, y=y, y_pred=self.model(x))
        except ERRORS as error:
            why = describe_failure(error, "")[1]
            how = f"write a function {TRAIN_STEP}_inputs() beside it that returns inputs and targets, or give --inputs"
            raise PlanError(f"the model's loss does not take targets drawn at random ({why}): {how}") from None


def _target_spec(output: Any, loss: Any) -> Any:
    import tensorflow as tf

    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    if SPARSE not in name.lower():
        return tf.TensorSpec(output.shape, output.dtype)
    return Classes(tf.TensorSpec(output.shape[:-1], tf.int32), output.shape[-1] or WHOLE_NUMBERS)


def keras_method(value: Any) -> KerasMethod | None:
    """The method of a Keras model that a value is; None for anything else."""
    model = _owner(value)
    return KerasMethod(model, value.__name__) if model is not None and value.__name__ in METHODS else None


def model_called_by(function: Any) -> Any:
    """The Keras model whose plain call this is; None for anything else."""
    return _owner(function) if getattr(function, "__name__", "") == "__call__" else None


def _owner(value: Any) -> Any:
    """The Keras model that a value is a method of; None for anything else."""
    import keras

    return value.__self__ if inspect.ismethod(value) and isinstance(value.__self__, keras.Model) else None
