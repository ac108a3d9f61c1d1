"""What Keras does around a model's call: `predict` and a train step, compiled by Keras itself as the mode says.

They are no functions to wrap: each builds a `tf.function` of its own, from the settings that `compile` was given.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

PREDICT, TRAIN_STEP = "predict", "train_step"

METHODS = (PREDICT, TRAIN_STEP)


class KerasMethod:
    """One of METHODS of a model, by the way that a mode takes.

    A train step is one of Adam on the mean squared error, whatever the model was compiled with: its own loss may want
    targets that nobody can draw.
    """

    def __init__(self, model: Any, method: str) -> None:
        self.model = model
        self.method = method

    def __call__(self, *arguments: Any) -> Any:
        """A call, eagerly."""
        return self.in_mode("eager")(*arguments)

    def in_mode(self, mode: str) -> Callable[..., Any]:
        """What to call in that mode; it returns tensors."""
        import keras
        import tensorflow as tf

        model, optimizer = self.model, None
        if self.method == TRAIN_STEP:
            optimizer = keras.optimizers.Adam()
            optimizer.build(model.trainable_variables)  # before the variables of a loss scale, which Keras may add
        model.compile(
            optimizer=optimizer,
            loss="mse" if self.method == TRAIN_STEP else None,
            run_eagerly=mode == "eager",
            jit_compile=mode == "xla",
        )

        def predict(x: Any) -> Any:
            return tf.nest.map_structure(tf.convert_to_tensor, model.predict(x, verbose=0))

        def train_step(x: Any, y: Any) -> Any:
            return tf.convert_to_tensor(model.train_on_batch(x, y))

        if self.method == PREDICT:
            return predict
        model.optimizer.build(model.trainable_variables)
        return train_step


def keras_method(value: Any) -> KerasMethod | None:
    """The method of a Keras model that a value is; None for anything else."""
    import keras

    if not inspect.ismethod(value) or not isinstance(value.__self__, keras.Model):
        return None
    name = value.__name__
    return KerasMethod(value.__self__, name) if name in METHODS else None
