"""TensorFlow in a step's process: the device taken hold of, and calls timed on it."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

from tests.gpu.probe import Setting, kind_of


def take(setting: Setting, *, soft_placement: bool = False) -> tuple[Any, str]:
    """Import TensorFlow with the setting's device alone visible; return it and the device's name in this process.

    Without soft placement an op that has no kernel for the device is an error, and no figure of the CPU.
    """
    import tensorflow as tf

    kind, _, index = setting.device.partition(":")
    gpus = tf.config.list_physical_devices("GPU")
    chosen = [gpus[int(index)]] if kind == "GPU" else []
    tf.config.set_visible_devices(chosen, "GPU")
    for gpu in chosen:
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.set_soft_device_placement(soft_placement)
    return tf, f"/device:{'GPU:0' if kind_of(setting.device) == 'GPU' else setting.device}"


def then_synchronised(tf: Any, call: Callable[..., Any], *arguments: Any) -> Callable[[], None]:
    """Return a function that makes the call and waits until the device has finished it."""

    def synchronised() -> None:
        call(*arguments)
        tf.raw_ops.SyncDevice()

    return synchronised


def seconds(call: Callable[[], Any]) -> float:
    """Return how long a call takes, by the clock."""
    start = perf_counter()
    call()
    return perf_counter() - start


def median_s(call: Callable[[], Any], samples: int = 50) -> float:
    """Return the median time of a call in seconds, after two that warm it up."""
    for _ in range(2):
        call()
    return statistics.median(seconds(call) for _ in range(samples))


def tried(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what became of a call: whether it worked, else its error's type and first words."""
    try:
        call()
    except Exception as error:
        return {"ok": False, "error": f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"}
    return {"ok": True}
