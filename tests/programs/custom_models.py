"""Models that need something which is not in their file; `python -m tests.programs.custom_models` writes them."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import keras
from keras import layers


class Swish2(layers.Layer):
    def call(self, x):
        return x * keras.ops.sigmoid(2.0 * x)


@keras.saving.register_keras_serializable("my")
class Registered(layers.Layer):
    def call(self, x):
        return x * 2.0


@keras.saving.register_keras_serializable("my")
def curved(x):
    return x * x


def bent(x):
    return x * x


def huberish(y, p):
    return keras.ops.mean(keras.ops.log1p(keras.ops.square(y - p)), axis=-1)


class Huberish(keras.losses.Loss):
    def call(self, y, p):
        return huberish(y, p)


def hits(y, p):
    return keras.ops.mean(keras.ops.abs(y - p) < 0.5)


class Hits(keras.metrics.Mean):
    pass


class Slow(keras.optimizers.SGD):
    pass


class Zeros(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.zeros(shape)

    def get_config(self):
        return {}


class Net(keras.Model):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.out = layers.Dense(2)

    def call(self, x):
        return self.out(x)


class Cell(layers.Layer):
    state_size = output_size = 4

    def call(self, x, states):
        return x + states[0], [x + states[0]]


def model(*inner: Any, size: tuple[int, ...] = (4,), **compiled: Any) -> Any:
    made = keras.Sequential([keras.Input(size), *inner])
    if compiled:
        made.compile(**compiled)
    return made


def models() -> dict[str, Any]:
    """Return the models by the names of their files, without endings."""
    net = Net()
    net(keras.ops.ones((2, 4)))
    dense = layers.Dense
    return {
        "layer": model(dense(5), Swish2(), dense(1)),
        "registered": model(dense(5), Registered()),
        "activation": model(dense(5, activation=bent)),
        "registered_activation": model(dense(5, activation=curved)),
        "loss": model(dense(1), optimizer="adam", loss=huberish),
        "loss_class": model(dense(1), optimizer="adam", loss=Huberish()),
        "metric": model(dense(1), optimizer="adam", loss="mse", metrics=[hits]),
        "metric_class": model(dense(1), optimizer="adam", loss="mse", metrics=[Hits()]),
        "optimizer": model(dense(1), optimizer=Slow(), loss="mse"),
        "initializer": model(dense(1, kernel_initializer=Zeros())),
        "lambda": model(layers.Lambda(lambda x: x * 2.0), dense(1)),
        "named_lambda": model(layers.Lambda(bent), dense(1)),
        "subclassed": net,
        "cell": model(layers.RNN(Cell()), size=(3, 4)),
        "wrapped": model(layers.TimeDistributed(Swish2()), size=(3, 4)),
        "nested": model(model(Swish2())),
    }


def write(place: Path) -> None:
    """Write each model as .keras and as .h5, and files that are no models."""
    for name, each in models().items():
        for ending in ("keras", "h5"):
            each.save(place / f"{name}.{ending}")
    model(layers.Dense(3)).save_weights(place / "only.weights.h5")
    whole = (place / "layer.keras").read_bytes()
    (place / "cut.keras").write_bytes(whole[: len(whole) // 2])
    (place / "text.h5").write_text("no model", encoding="utf-8")
    with zipfile.ZipFile(place / "other.keras", "w") as archive:
        archive.writestr("readme.txt", "no model")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
