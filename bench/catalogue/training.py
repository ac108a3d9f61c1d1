"""A whole training step: forward, backward, and the optimiser's update of every weight.

FLOPs: the matrix products alone, a multiplication and an addition each.
"""

from __future__ import annotations

from typing import Any

from .workload import workload


def weight_count(features: int, hidden: int, layers: int, outputs: int) -> int:
    """Elements of the weight matrices, biases left out."""
    return features * hidden + (layers - 1) * hidden * hidden + hidden * outputs


def step_flops(*, batch: int, features: int, hidden: int, layers: int, outputs: int) -> int:
    # Forward, gradient of the weights, gradient of the inputs; no one asks for the first layer's.
    return batch * (6 * weight_count(features, hidden, layers, outputs) - 2 * features * hidden)


def step_bytes(*, batch: int, features: int, hidden: int, layers: int, outputs: int, itemsize: int) -> int:
    parameters = weight_count(features, hidden, layers, outputs) + layers * hidden + outputs
    # Adam reads and writes each parameter and its two moments, which mixed precision keeps in float32.
    return 6 * max(itemsize, 4) * parameters + itemsize * (batch * (features + outputs) + 1)


@workload(
    family="training",
    teaches="Over a hundred small ops, gradients and Adam, around a few products: eager pays for each of them.",
    bounds={
        "batch": (1, 65_536),
        "features": (1, 16_384),
        "hidden": (1, 16_384),
        "layers": (1, 64),
        "outputs": (1, 16_384),
    },
    # float16 would need loss scaling, and so another step.
    dtypes=("bfloat16", "float32", "float64"),
    flops=step_flops,
    bytes_moved=step_bytes,
)
def train_step(
    *,
    batch: int = 64,
    features: int = 128,
    hidden: int = 256,
    layers: int = 2,
    outputs: int = 16,
    dtype: str = "float32",
) -> Any:
    """One step of Adam on a Keras MLP, (batch, features) to a scalar loss.

    bfloat16 is Keras's mixed precision, with its weights in float32.
    """
    import keras
    import tensorflow as tf

    # In bfloat16 throughout, 0.999 is 1 and Adam stands still.
    policy = "mixed_bfloat16" if dtype == "bfloat16" else dtype
    dense = [keras.layers.Dense(hidden, activation="relu", dtype=policy) for _ in range(layers)]
    model = keras.Sequential([*dense, keras.layers.Dense(outputs, dtype=policy)])
    model.build((batch, features))
    weights = model.trainable_variables
    optimizer = keras.optimizers.Adam()
    optimizer.build(weights)

    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step, (tf.random.normal((batch, features), dtype=dtype), tf.random.normal((batch, outputs), dtype=dtype))
