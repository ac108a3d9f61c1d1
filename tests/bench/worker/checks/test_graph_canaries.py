"""What a graph leaves out of each call, told where it is much of the work; and that nothing honest is suspected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.catalogue import WORKLOADS, Workload
from bench.plan import Case
from bench.worker.checks.graph_canaries import suspicions_of_graph
from bench.worker.modes.build import build
from bench.worker.workloads.load import load_workload
from tests.programs import CANARIES
from tests.slow import IMAGE_MODELS, slowly


def suspicions(tf: Any, function: Any, *arguments: Any) -> tuple[str, ...]:
    """What is said of the function's graph."""
    return suspicions_of_graph(tf.function(function).get_concrete_function(*arguments))


def suspicions_of_canary(tf: Any, name: str) -> tuple[str, ...]:
    function, arguments = load_workload(f"{CANARIES}::{name}").build()
    return suspicions(tf, function, *arguments)


@pytest.mark.parametrize(
    ("canary", "suspicion"),
    [
        ("unused_output", "10 of 11 operations are not computed, since nothing uses their results"),
        (
            "constant_input",
            "the output depends on no argument and no variable, so it is computed once and not in each call",
        ),
        (
            "constant_share",
            "2 of 3 operations depend on no argument and no variable, so they are computed once and not in each call",
        ),
        ("duplicated", "9 of 11 operations compute the same as another, and are not computed again"),
        ("transposed_twice", "a transpose undoes the one before it, so neither is computed"),
    ],
)
def test_a_canary_is_seen(tf: Any, canary: str, suspicion: str) -> None:
    assert suspicions_of_canary(tf, canary) == (suspicion,)


FROZEN = "constant in the graph, so nothing of it is computed in a call"


def test_an_output_that_python_computed_is_a_constant(tf: Any) -> None:
    def values(size: int) -> Any:
        return tf.constant(np.random.default_rng(1).random(size))

    def suspected(*outputs: int) -> tuple[str, ...]:
        """Return what is said of a function that returns its argument's double, for 0, or a constant of that size."""
        return suspicions(tf, lambda x: tuple(values(size) if size else x * 2.0 for size in outputs), tf.ones((3,)))

    assert suspected(1) == suspected(99, 1) == (f"the output is a {FROZEN}",)
    assert suspected(0, 99) == (f"of 2 outputs, number 2 is a {FROZEN}",)
    assert suspected(99, 0, 99) == (f"of 3 outputs, numbers 1, 3 are {FROZEN.replace('constant', 'constants')}",)
    assert suspected(0, 3) == (), "it may be a shape"
    assert suspicions(tf, lambda x: (x, tf.zeros((99,))), tf.ones((3,))) == ()


@pytest.mark.parametrize(
    "twin", ["used_output", "variable_input", "tensor_closed_over", "chained", "transposed_differently"]
)
def test_its_honest_twin_is_not_suspected(tf: Any, twin: str) -> None:
    assert suspicions_of_canary(tf, twin) == ()


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize("mode", ["graph", *slowly("xla")])
@pytest.mark.parametrize(
    "workload",
    [
        pytest.param(workload, id=name, marks=pytest.mark.slow if name in IMAGE_MODELS else ())
        for name, workload in WORKLOADS.items()
    ],
)
def test_no_workload_of_the_catalogue_is_suspected(workload: Workload, mode: str) -> None:
    small = tuple((dim.name, max(dim.low, min(dim.default, 8))) for dim in workload.dims)
    for dims in ((), small):
        built = build(workload, Case(workload.name, dims), mode)
        traced: Any = built.function
        assert suspicions_of_graph(traced.get_concrete_function(*built.arguments)) == ()


# --- what Keras and TensorFlow write themselves ----------------------------------------------------------------------


def trained(tf: Any, layers: list[Any], inputs: Any) -> Any:
    """A step of Adam that returns the loss, and its arguments."""
    import keras

    model = keras.Sequential(layers)
    model.build(inputs.shape)
    weights = model.trainable_variables
    optimizer = keras.optimizers.Adam(clipnorm=1.0)
    optimizer.build(weights)

    def step(x: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True)))
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step, inputs


def test_keras_models_are_not_suspected(tf: Any) -> None:
    from keras import layers

    dense = [layers.Dense(8, activation="gelu"), layers.Dropout(0.5), layers.Dense(4, activation="softmax")]
    images = [
        layers.Conv2D(8, 3),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(2),
    ]
    sequence = [layers.LSTM(8, return_sequences=True), layers.GRU(4), layers.Dense(2)]
    assert suspicions(tf, *trained(tf, dense, tf.zeros((2, 3)))) == ()
    assert suspicions(tf, *trained(tf, images, tf.zeros((2, 8, 8, 3)))) == ()
    assert suspicions(tf, *trained(tf, sequence, tf.zeros((2, 5, 3)))) == ()


def test_gradients_that_tensorflow_computes_in_vain_are_its_own_affair(tf: Any) -> None:
    """The gradient of the images, which it takes together with the kernel's."""
    from keras import layers

    step, images = trained(tf, [layers.Conv2D(64, 5)], tf.zeros((8, 32, 32, 64)))
    operations = {op.type for op in tf.function(step).get_concrete_function(images).graph.get_operations()}
    assert "Conv2DBackpropInput" in operations
    assert suspicions(tf, step, images) == ()


def test_a_vectorised_map_is_made_from_a_body_that_is_left_behind(tf: Any) -> None:
    def mapped(x: Any) -> Any:
        return tf.vectorized_map(lambda row: tf.sin(tf.cos(row)), x)

    assert suspicions(tf, mapped, tf.zeros((3, 4))) == ()


def test_a_table_made_in_the_call_is_no_constant_benchmark(tf: Any) -> None:
    def spectrum(x: Any) -> Any:
        return tf.abs(tf.signal.stft(x, frame_length=16, frame_step=8))

    assert suspicions(tf, spectrum, tf.zeros((4, 64))) == ()


# --- what makes a constant, a duplicate, an inverse ------------------------------------------------------------------


def test_what_is_drawn_at_random_is_no_constant(tf: Any) -> None:
    assert suspicions(tf, lambda _: tf.matmul(tf.random.normal((8, 8)), tf.ones((8, 8))), tf.zeros(())) == ()


def test_what_needs_only_an_arguments_shape_is_constant(tf: Any) -> None:
    (suspicion,) = suspicions(tf, lambda x: tf.matmul(tf.ones_like(x), tf.ones_like(x)), tf.zeros((8, 8)))
    assert suspicion.startswith("the output depends on no argument")
    unknown = tf.TensorSpec((None, None), tf.float32)
    assert suspicions(tf, lambda x: tf.matmul(tf.ones_like(x), tf.ones_like(x)[:, :1]), unknown) == ()


def test_a_step_that_returns_a_constant_but_updates_a_variable_is_at_work(tf: Any) -> None:
    total = tf.Variable(tf.zeros((8, 8)))

    def step(x: Any) -> Any:
        total.assign_add(tf.matmul(x, x))
        return tf.ones((8, 8))

    assert suspicions(tf, step, tf.zeros((8, 8))) == ()


def test_two_draws_are_no_duplicates(tf: Any) -> None:
    assert suspicions(tf, lambda x: tf.random.normal((8, 8)) + tf.random.normal((8, 8)) + x, tf.zeros((8, 8))) == ()


def test_operations_that_differ_in_an_attribute_or_a_constant_are_no_duplicates(tf: Any) -> None:
    def step(x: Any) -> Any:
        return tf.matmul(x, x), tf.matmul(x, x, transpose_a=True), x * 2.0, x * 3.0

    assert suspicions(tf, step, tf.zeros((8, 8))) == ()


def test_duplicates_are_seen_through_identities_swapped_operands_and_equal_constants(tf: Any) -> None:
    def step(x: Any, y: Any) -> Any:
        return tf.sin(x * y) + 2.0, tf.sin(tf.identity(y) * x) + 2.0

    (suspicion,) = suspicions(tf, step, tf.zeros((8, 8)), tf.zeros((8, 8)))
    assert suspicion == "3 of 6 operations compute the same as another, and are not computed again"


def test_one_operation_is_spoken_of_as_one(tf: Any) -> None:
    def step(x: Any) -> Any:
        tf.sin(x)
        return tf.cos(x)

    (suspicion,) = suspicions(tf, step, tf.zeros((8, 8)))
    assert suspicion == "1 of 2 operations is not computed, since nothing uses its result"


def test_a_pair_that_cancels_beside_much_work_distorts_nothing(tf: Any) -> None:
    def step(x: Any) -> Any:
        return tf.matmul(tf.transpose(tf.transpose(x)), x)

    assert suspicions(tf, step, tf.zeros((1024, 1024))) == ()


def test_of_three_negations_two_cancel(tf: Any) -> None:
    (suspicion,) = suspicions(tf, lambda x: tf.negative(tf.negative(tf.negative(x))), tf.zeros((8, 8)))
    assert suspicion == "a negation undoes the one before it, so neither is computed"


# --- loops, branches and calls ---------------------------------------------------------------------------------------


def test_what_nothing_uses_is_seen_inside_a_loop(tf: Any) -> None:
    def body(i: Any, x: Any) -> Any:
        for _ in range(3):
            tf.matmul(x, x)
        return i + 1, tf.tanh(x)

    (suspicion,) = suspicions(tf, lambda x: tf.while_loop(lambda i, _: i < 9, body, (0, x))[1], tf.zeros((8, 8)))
    assert suspicion == "3 of 4 operations are not computed, since nothing uses their results"


def test_what_precedes_a_loop_is_little_beside_it(tf: Any) -> None:
    def step(x: Any) -> Any:
        tf.tanh(x)
        return tf.while_loop(lambda i, _: i < 9, lambda i, x: (i + 1, tf.tanh(x)), (0, x))[1]

    assert suspicions(tf, step, tf.zeros((8, 8))) == ()


def test_a_graph_inside_is_a_graph_in_eager_too(tf: Any) -> None:
    def wasteful(x: Any) -> Any:
        tf.matmul(x, x)
        return tf.sin(x)

    inner = tf.function(wasteful)
    assert suspicions(tf, lambda x: inner(x), tf.zeros((8, 8))) == ()
    (suspicion,) = suspicions(tf, lambda x: (inner(x), tf.cos(x))[1], tf.zeros((8, 8)))
    assert suspicion.startswith("1 of 2 operations is not computed")
