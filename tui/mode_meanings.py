"""What the modes are, a few words each: for the help, and where they are chosen."""

from __future__ import annotations

MEANINGS = {
    "eager": "each operation by itself, as plain TensorFlow code runs",
    "as-written": "your own settings, untouched",
    "graph": "inside @tf.function",
    "concrete": "its concrete function, called",
    "reduce-retracing": "with reduce_retracing=True",
    "no-grappler": "without its graph optimiser",
    "autocluster": "XLA compiles parts of a graph",
    "xla": "inside @tf.function(jit_compile=True)",
    "predict": "a Keras model's own predict",
}
"""By mode, simplest first."""

NAME_WIDTH = 1 + max(map(len, MEANINGS))
