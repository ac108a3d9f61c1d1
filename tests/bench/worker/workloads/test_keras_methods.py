"""What Keras's steps are handed: what `fit`, `evaluate` and `predict` would hand to them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from bench.plan import PlanError
from bench.worker.workloads.keras_methods import KerasMethod
from bench.worker.workloads.user_modules import FILE_MODULE

from .conftest import Measured

CODE = """
import numpy as np

class Kept(keras.Model):
    seen = None
    def train_step(self, data):
        type(self).seen = tf.nest.map_structure(lambda part: (type(part).__name__, tuple(part.shape)), data)
        return {"loss": tf.constant(1.0)}
    test_step = train_step
    def predict_step(self, data):
        return self.train_step(data)["loss"]

a = keras.Input((4,))
model = Kept(a, keras.layers.Dense(1)(a))
model.compile("sgd", "mse")
"""

TENSOR = "EagerTensor"


def seen(built: Measured, code: str, name: str, inputs: str = "") -> object:
    """Return what a step that is run eagerly was handed."""
    call = built(f"{CODE}{code}", name, inputs)
    call()
    return sys.modules[FILE_MODULE].Kept.seen


X, Y, WEIGHTS = (TENSOR, (8, 4)), (TENSOR, (8, 1)), (TENSOR, (8,))


@pytest.mark.parametrize(
    ("returned", "handed"),
    [
        ("return tf.ones((8, 4)), tf.ones((8, 1))", (X, Y)),
        ("return tf.ones((8, 4)), tf.ones((8, 1)), tf.ones(8)", (X, Y, WEIGHTS)),
        ("return np.ones((8, 4)), np.ones((8, 1))", (X, Y)),
        ("return ((tf.ones((8, 4)), tf.ones((8, 1))),)", (X, Y)),
        ("return tf.ones((8, 4))", X),
        ("return {'x': tf.ones((8, 4)), 'y': tf.ones((8, 1))}", (X, Y)),
        ("return {'image': tf.ones((8, 4)), 'label': tf.ones((8, 1))}", {"image": X, "label": Y}),
        ("return tf.data.Dataset.from_tensors((tf.ones((8, 4)), tf.ones((8, 1))))", (X, Y)),
        ("return tf.data.Dataset.from_tensors({'image': tf.ones((8, 4))})", {"image": X}),
    ],
)
def test_a_train_step_takes_data_as_fit_hands_it(built: Measured, returned: str, handed: object) -> None:
    assert seen(built, f"def train_step_inputs(): {returned}", "model.train_step") == handed


@pytest.mark.parametrize(
    ("inputs", "handed"),
    [
        ("x=float32[8,4], y=float32[8,1]", (X, Y)),
        ("y=float32[8,1], x=float32[8,4], sample_weight=float32[8]", (X, Y, WEIGHTS)),
        ("float32[8,4], float32[8,1]", (X, Y)),
        ("data=(float32[8,4], float32[8,1])", (X, Y)),
        ("data={image: float32[8,4]}", {"image": X}),
    ],
)
@pytest.mark.parametrize("step", ["train_step", "test_step"])
def test_inputs_say_the_parts_of_data_or_all_of_it(built: Measured, step: str, inputs: str, handed: object) -> None:
    assert seen(built, "", f"model.{step}", inputs) == handed


def test_what_predict_hands_to_its_step_is_the_inputs_alone(built: Measured) -> None:
    assert seen(built, "", "model.predict_step", "x=float32[8,4]") == X


GUIDE = """
class Guide(keras.Model):
    {decorator}
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables))
        return {{"loss": loss}}

a = keras.Input((4,))
model = Guide(a, keras.layers.Dense(1)(a))
model.compile("sgd", {loss})
"""


@pytest.mark.parametrize("decorator", ["", "@tf.function"])
def test_a_step_written_as_in_kerass_guide_is_run_in_every_mode(built: Measured, decorator: str) -> None:
    code = GUIDE.format(decorator=decorator, loss="'mse'")
    assert [built(code, "model.train_step", mode=mode)()["loss"].shape for mode in ("eager", "graph", "xla")] == 3 * [
        ()
    ]


def test_a_loss_that_does_not_take_random_targets_says_what_to_write(built: Measured) -> None:
    code = GUIDE.format(decorator="", loss="lambda y, p: y['label'] - p")
    call = built(code, "model.train_step")
    with pytest.raises(
        PlanError, match=r"does not take targets drawn at random .* write a function train_step_inputs\(\)"
    ):
        call()


SUBCLASSED = """
class Auto(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = keras.layers.Dense(3)
    def call(self, x): return self.out(x)
    {step}

auto = Auto()
auto.compile("adam", "mse")
def inputs(): return tf.ones((8, 3))
"""

OWN_STEP = """def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(data) - data) ** 2)
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables))
        return {"loss": loss}"""


def test_a_model_that_is_not_built_yet_makes_its_own_variables(built: Measured) -> None:
    for mode in ("eager", "graph"):
        assert built(SUBCLASSED.replace("{step}", OWN_STEP), "auto.train_step", mode=mode)()["loss"].shape == ()


def test_inputs_of_the_whole_file_have_no_targets_for_kerass_own_step(built: Measured) -> None:
    with pytest.raises(
        PlanError, match=r"inputs\(\) returns no targets, which train_step needs: write a function train_"
    ):
        built(SUBCLASSED.replace("{step}", ""), "auto.train_step")


def test_each_mode_of_one_model_runs_as_it_was_compiled_whatever_came_after(tf: Any) -> None:
    seen: list[bool] = []

    class Model(tf.keras.Model):  # type: ignore[misc]
        def train_step(self, data: object) -> dict[str, object]:
            seen.append(tf.executing_eagerly())
            return {"loss": tf.reduce_sum(data)}

    step = KerasMethod(Model(), "train_step")
    eager, graph = step.compiled(run_eagerly=True)[0], step.compiled()[0]
    for call in (eager, graph, eager):
        call(tf.ones(3))
    assert seen == [True, False, True]


OWN_COMPILE = """
class Gan(keras.Model):
    def compile(self, d_optimizer, loss_fn):
        super().compile()
        self.d_optimizer, self.loss_fn = d_optimizer, loss_fn
    def call(self, x):
        return x
    def train_step(self, x):
        return {"loss": self.loss_fn(x, x + 2.0)}

class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
    def compile(self, optimizer, loss):
        super().compile(optimizer=optimizer, loss=loss)
    def call(self, x):
        return self.dense(x)

gan, uncompiled, two = Gan(), Gan(), Two()
gan.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
def train_step_inputs():
    return tf.ones((8, 4))
"""


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_a_step_has_what_the_models_own_compile_was_given(built: Measured, mode: str) -> None:
    assert float(built(OWN_COMPILE, "gan.train_step", mode=mode)()["loss"]) == 4.0


def test_a_model_whose_own_compile_takes_something_else_must_be_compiled(built: Measured) -> None:
    words = r"its own compile\(\) takes d_optimizer, loss_fn: call it in the file"
    with pytest.raises(PlanError, match=words):
        built(OWN_COMPILE, "uncompiled.train_step")


def test_a_models_own_compile_need_not_take_what_says_how_it_runs(built: Measured) -> None:
    call = built(OWN_COMPILE, "two.train_step", "x=float32[8,4], y=float32[8,1]")
    assert float(call()["loss"]) > 0
