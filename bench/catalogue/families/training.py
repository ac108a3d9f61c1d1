"""A whole training step: forward, backward, and the optimiser's update of every weight.

FLOPs: the products and convolutions alone, a multiplication and an addition each: forward, the gradient of the weights,
and the gradient of the inputs, which no one asks of the first layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...plan import MIXED, compute_dtype, weight_dtype
from .. import traffic
from ..keras_policy import policy
from ..workload import workload
from .attention import block_elements_unfused, build_block

DTYPES = ("float32", "float64", *MIXED)
"""In a narrow dtype throughout, weights take no small steps: of Adam's 0.999 bfloat16 makes 1."""


def training_step(model: Callable[[Any], Any], weights: list[Any], dtype: str) -> Callable[[Any, Any], Any]:
    """One step of Adam on the mean squared error of `model(x)` to y, which it returns, in the dtype of y.

    Gradients in float16 are those of a scaled loss: of the loss itself, many would be zero.
    """
    import keras
    import tensorflow as tf

    optimizer = keras.optimizers.Adam()
    optimizer.build(weights)
    if compute_dtype(dtype) == "float16":
        # Last, so that all variables before are those of a step without.
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        optimizer.build(weights)

    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(tf.cast(model(x), y.dtype) - y))
            scaled_loss = optimizer.scale_loss(loss)
        optimizer.apply(tape.gradient(scaled_loss, weights), weights)
        return loss

    return step


def examples(x_shape: tuple[int, ...], y_shape: tuple[int, ...], dtype: str) -> tuple[Any, Any]:
    """What goes in, as layers compute, and what should come out, as the loss does: in float32 where that is mixed."""
    import tensorflow as tf

    x = tf.random.normal(x_shape, dtype=compute_dtype(dtype))
    return x, tf.random.normal(y_shape, dtype=weight_dtype(dtype))


def step_traffic(parameters: int, inputs: int, outputs: int, itemsize: int, weight_itemsize: int) -> int:
    """Bytes of a step: Adam reads and writes each parameter and its two moments; targets and loss are as wide."""
    return itemsize * inputs + weight_itemsize * (6 * parameters + outputs + 1)


def weight_count(features: int, hidden: int, layers: int, outputs: int) -> int:
    """Elements of the weight matrices, biases left out."""
    return features * hidden + (layers - 1) * hidden * hidden + hidden * outputs


def step_flops(*, batch: int, features: int, hidden: int, layers: int, outputs: int) -> int:
    return batch * (6 * weight_count(features, hidden, layers, outputs) - 2 * features * hidden)


def step_bytes(
    *, batch: int, features: int, hidden: int, layers: int, outputs: int, itemsize: int, weight_itemsize: int
) -> int:
    parameters = step_parameters(features, hidden, layers, outputs)
    return step_traffic(parameters, batch * features, batch * outputs, itemsize, weight_itemsize)


def step_parameters(features: int, hidden: int, layers: int, outputs: int) -> int:
    return weight_count(features, hidden, layers, outputs) + layers * hidden + outputs


def step_elements_unfused(*, batch: int, features: int, hidden: int, layers: int, outputs: int) -> int:
    """Numbers read and written by every op of a step."""
    first = traffic.dense(batch, features, hidden) + traffic.dense_gradient(batch, features, hidden, of_inputs=False)
    between = traffic.dense(batch, hidden, hidden) + traffic.dense_gradient(batch, hidden, hidden)
    last = traffic.dense(batch, hidden, outputs) + traffic.dense_gradient(batch, hidden, outputs)
    activation = traffic.relu(batch * hidden) + traffic.relu_gradient(batch * hidden)
    model = first + (layers - 1) * between + layers * activation + last
    loss = traffic.squared_error_and_gradient(batch * outputs)
    return model + loss + traffic.adam(step_parameters(features, hidden, layers, outputs))


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
    dtypes=DTYPES,
    flops=step_flops,
    bytes_moved=step_bytes,
    bytes_unfused=lambda itemsize, **dims: itemsize * step_elements_unfused(**dims),
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
    """One step of Adam on a Keras MLP, (batch, features) to a scalar loss."""
    import keras

    with policy(dtype):
        dense = [keras.layers.Dense(hidden, activation="relu") for _ in range(layers)]
        model = keras.Sequential([*dense, keras.layers.Dense(outputs)])
        model.build((batch, features))
    step = training_step(model, model.trainable_variables, dtype)
    return step, examples((batch, features), (batch, outputs), dtype)


def cnn_flops(*, batch: int, size: int, channels: int, filters: int, layers: int, outputs: int) -> int:
    convolutions = 9 * size * size * filters * (3 * channels - channels + (layers - 1) * 3 * filters)
    return 2 * batch * (convolutions + 3 * filters * outputs)


def cnn_bytes(
    *,
    batch: int,
    size: int,
    channels: int,
    filters: int,
    layers: int,
    outputs: int,
    itemsize: int,
    weight_itemsize: int,
) -> int:
    parameters = cnn_parameters(channels, filters, layers, outputs)
    return step_traffic(parameters, batch * size * size * channels, batch * outputs, itemsize, weight_itemsize)


def cnn_parameters(channels: int, filters: int, layers: int, outputs: int) -> int:
    return 9 * filters * (channels + (layers - 1) * filters) + layers * filters + (filters + 1) * outputs


def cnn_elements_unfused(*, batch: int, size: int, channels: int, filters: int, layers: int, outputs: int) -> int:
    """Numbers read and written by every op of a step; the gradient of the images is computed, too, in eager."""
    places = batch * size * size
    first = traffic.dense(places, channels, filters, 9) + traffic.dense_gradient(places, channels, filters, 9)
    between = traffic.dense(places, filters, filters, 9) + traffic.dense_gradient(places, filters, filters, 9)
    activation = traffic.relu(places * filters) + traffic.relu_gradient(places * filters)
    # A mean; its gradient is spread out, then divided.
    pooling = 4 * places * filters + 2 * batch * filters
    last = traffic.dense(batch, filters, outputs) + traffic.dense_gradient(batch, filters, outputs)
    model = first + (layers - 1) * between + layers * activation + pooling + last
    loss = traffic.squared_error_and_gradient(batch * outputs)
    return model + loss + traffic.adam(cnn_parameters(channels, filters, layers, outputs))


@workload(
    family="training",
    teaches="Convolutions and their gradients, where libraries are strong: what eager adds matters less.",
    bounds={
        "batch": (1, 4_096),
        "size": (1, 512),
        "channels": (1, 1_024),
        "filters": (1, 1_024),
        "layers": (1, 64),
        "outputs": (1, 16_384),
    },
    dtypes=DTYPES,
    flops=cnn_flops,
    bytes_moved=cnn_bytes,
    bytes_unfused=lambda itemsize, **dims: itemsize * cnn_elements_unfused(**dims),
)
def cnn_train_step(
    *,
    batch: int = 16,
    size: int = 16,
    channels: int = 3,
    filters: int = 16,
    layers: int = 3,
    outputs: int = 10,
    dtype: str = "float32",
) -> Any:
    """One step of Adam on 3 × 3 convolutions and a dense layer."""
    import keras

    shape = (batch, size, size, channels)
    with policy(dtype):
        convolutions = [keras.layers.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(layers)]
        head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(outputs)]
        model = keras.Sequential([*convolutions, *head])
        model.build(shape)
    step = training_step(model, model.trainable_variables, dtype)
    return step, examples(shape, (batch, outputs), dtype)


def transformer_train_flops(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    tokens, width = batch * length, heads * head_dim
    # Three times the forward pass, but the inputs' gradient for q, k and v is asked for too: a norm lies before them.
    return 3 * (8 * tokens * width * width + 4 * tokens * length * width + 4 * tokens * width * hidden)


def transformer_train_bytes(
    *, batch: int, length: int, heads: int, head_dim: int, hidden: int, itemsize: int, weight_itemsize: int
) -> int:
    tokens, width = batch * length, heads * head_dim
    return step_traffic(
        transformer_parameters(width, hidden), tokens * width, tokens * width, itemsize, weight_itemsize
    )


def transformer_parameters(width: int, hidden: int) -> int:
    return 4 * (width * width + width) + 2 * width * hidden + hidden + width + 4 * width


def transformer_elements_unfused(*, batch: int, length: int, heads: int, head_dim: int, hidden: int) -> int:
    """Numbers read and written by every op of a step."""
    tokens, width = batch * length, heads * head_dim
    forward = block_elements_unfused(batch=batch, length=length, heads=heads, head_dim=head_dim, hidden=hidden)
    feed_forward = traffic.dense_gradient(tokens, width, hidden) + traffic.gelu_gradient(tokens * hidden)
    feed_forward += traffic.dense_gradient(tokens, hidden, width) + traffic.layer_norm_gradient(tokens, width)
    attention = traffic.attention_gradient(batch, length, heads, head_dim)
    attention += traffic.layer_norm_gradient(tokens, width, of_inputs=False)
    loss = traffic.squared_error_and_gradient(tokens * width)
    return forward + feed_forward + attention + loss + traffic.adam(transformer_parameters(width, hidden))


@workload(
    family="training",
    teaches="Hundreds of ops forward and back: the most that graph and XLA can win on something real.",
    bounds={"batch": (1, 4_096), "length": (1, 8_192), "heads": (1, 128), "head_dim": (1, 512), "hidden": (1, 65_536)},
    dtypes=DTYPES,
    flops=transformer_train_flops,
    bytes_moved=transformer_train_bytes,
    bytes_unfused=lambda itemsize, **dims: itemsize * transformer_elements_unfused(**dims),
)
def transformer_train_step(
    *, batch: int = 4, length: int = 32, heads: int = 4, head_dim: int = 16, hidden: int = 256, dtype: str = "float32"
) -> Any:
    """One step of Adam on a Keras transformer block."""
    shape = (batch, length, heads * head_dim)
    block, weights = build_block(shape, heads, head_dim, hidden, dtype)
    return training_step(block, weights, dtype), examples(shape, shape, dtype)
