"""What the product calls an eager op that has no kernel for the device (finding 14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.worker.errors import describe_failure
from tests.gpu.computing import take
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step


def measure(setting: Setting) -> Figures:
    """Call each op eagerly where TensorFlow may not run it on the CPU, and let the product describe the failure."""
    tf, device = take(setting, soft_placement=False)
    with tf.device(device):
        ops: dict[str, Callable[[], Any]] = {
            "as_string": lambda: tf.strings.as_string(tf.ones(2)),
            "print": lambda: tf.print("x"),
            "eig": lambda: tf.linalg.eig(tf.ones((4, 4))),
            "scatter_bfloat16": lambda: tf.tensor_scatter_nd_add(
                tf.zeros((8,), tf.bfloat16), [[1]], tf.ones((1,), tf.bfloat16)
            ),
            "unique": lambda: tf.unique(tf.ones((8,))),
        }
        for name, call in ops.items():
            try:
                call()
            except Exception as error:
                status, words = describe_failure(error, "eager", device=setting.device)
                yield name, {"status": status, "words": words[:300], "length": len(words)}
            else:
                yield name, {"status": "ok"}


def called_failed(figures: Evidence) -> Answer:
    """Decide by the status that the product gives."""
    statuses = {name: figures.value("ops", name, "status") for name in figures.mapping("ops")}
    words = ", ".join(f"{name} {status}" for name, status in statuses.items())
    return Answer(CONFIRMED if "failed" in statuses.values() else REFUTED, words)


PROBE = Probe(
    name="eager_ops",
    tried="Called ops without a GPU kernel eagerly, soft placement off, and let the product describe what came of it.",
    steps=(Step("ops", measure),),
    rules=(
        Rule(
            14,
            "The product calls an eager op without a kernel failed",
            "Confirmed if any is called failed; refuted if each works or is called unsupported.",
            called_failed,
        ),
    ),
    kinds=("GPU", "XLA_CPU"),
)
