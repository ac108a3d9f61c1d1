"""Mixed precision: layers compute in a narrow dtype and keep float32 weights; every mode is held against float64."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.plan import Case
from bench.session.results import CaseResult
from tests.driver import Driver
from tests.slow import slowly

LAYERS = """
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="gelu"), keras.layers.Dense(4)])
hidden, out = keras.layers.Dense(16, activation="gelu"), keras.layers.Dense(4)
kept = keras.layers.Dense(4, dtype="float32")

@tf.function(input_signature=[tf.TensorSpec((None, 8))])
def two_layers(x):
    return out(hidden(x))

def one_layer(x):
    return hidden(x)

def one_layer_inputs(*, batch: int = 8, dtype: str = "float32"):
    return tf.random.normal((batch, 8), dtype=dtype)

def in_the_catalogues_form(*, batch: int = 8, dtype: str = "float32"):
    layer = keras.layers.Dense(16)
    layer.build((batch, 8))
    return lambda x: layer(x), (tf.random.normal((batch, 8), dtype=dtype),)

def no_layers(x: tf.TensorSpec((4,))):
    return tf.tanh(x)

def kept_layer(x: tf.TensorSpec((None, 8))):
    return kept(x)
"""


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    """Someone's file, which says nothing of precision."""
    path = tmp_path / "layers.py"
    path.write_text(LAYERS)
    return path


def assert_right(result: CaseResult) -> None:
    """Every mode was compared with float64, and was as far from it as its dtype makes one."""
    assert result.error == ""
    assert [(mode.mode, mode.status, mode.reference) for mode in result.modes] == [
        (mode, "ok", "float64") for mode in ("eager", "graph", "xla")
    ]
    assert all(mode.max_rel_error is not None and 1e-6 < mode.max_rel_error < 0.1 for mode in result.modes)


@pytest.mark.parametrize(
    ("workload", "dtype"),
    [
        ("train_step", "mixed_float16"),
        ("transformer_block", "mixed_bfloat16"),
        *slowly(("train_step", "mixed_bfloat16"), ("transformer_block", "mixed_float16")),
    ],
)
def test_a_workload_of_keras_layers_is_right_in_mixed_precision(driver: Driver, workload: str, dtype: str) -> None:
    (result,) = driver.measure(Case(workload, dtype=dtype))
    assert_right(result)
    assert result.case.dtype == dtype


@pytest.mark.slow
def test_an_image_model_is_right_in_mixed_precision(driver: Driver) -> None:
    (result,) = driver.measure(Case("mobilenet_v2", (("size", 32),), dtype="mixed_bfloat16"))
    assert_right(result)


@pytest.mark.parametrize(
    "name",
    [
        "two_layers",
        "hidden",
        "model",
        "in_the_catalogues_form",
        *slowly("one_layer", "model.predict", "model.train_step"),
    ],
)
def test_layers_of_ones_own_take_up_the_policy(driver: Driver, layers: Path, name: str) -> None:
    inputs = "float32[8,8]" if name == "hidden" else ""
    (result,) = driver.measure(Case(f"{layers}::{name}", dtype="mixed_bfloat16", inputs=inputs))
    assert_right(result)


def test_a_train_step_of_ones_own_scales_its_loss(driver: Driver, layers: Path) -> None:
    (result,) = driver.measure(Case(f"{layers}::model.train_step", dtype="mixed_float16"))
    assert_right(result)


@pytest.mark.parametrize("name", ["no_layers", "kept_layer"])
def test_code_that_takes_up_no_policy_is_not_said_to_be_in_mixed_precision(
    driver: Driver, layers: Path, name: str
) -> None:
    mixed, plain = driver.measure(
        Case(f"{layers}::{name}", dtype="mixed_bfloat16"), Case(f"{layers}::{name}", dtype="float32")
    )
    assert mixed.error.startswith(f"{name} computes nothing in bfloat16: mixed precision is a policy of Keras layers")
    assert plain.all_ok


def test_the_layers_of_a_saved_keras_model_take_up_the_policy(driver: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    attend = keras.layers.MultiHeadAttention(2, 4)
    x = keras.Input((6, 5))
    keras.Model(x, keras.layers.LSTM(3)(attend(x, x))).save(tmp_path / "small.keras")
    (result,) = driver.measure(Case(str(tmp_path / "small.keras"), dtype="mixed_bfloat16"))
    assert_right(result)


def test_a_keras_model_saved_in_another_precision_keeps_it(driver: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    layer = keras.layers.Dense(3, dtype="float16")
    keras.Sequential([keras.Input((5,), dtype="float16"), layer]).save(tmp_path / "half.keras")
    (result,) = driver.measure(Case(str(tmp_path / "half.keras"), dtype="mixed_bfloat16"))
    kept = "half.keras keeps the precision it was saved with: no layer of it names the policy float32"
    assert result.error == kept


def test_a_saved_model_keeps_the_precision_it_was_saved_with(driver: Driver, tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    module = tf.Module()
    double = tf.function(lambda x: {"doubled": 2 * x}, input_signature=[tf.TensorSpec((None,), name="x")])
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures=double)
    (result,) = driver.measure(Case(f"{tmp_path / 'saved'}/", dtype="mixed_bfloat16"))
    assert result.error == "saved keeps the precision it was saved with: mixed_bfloat16 cannot be put into its graphs"
