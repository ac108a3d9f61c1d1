"""What the modes are, a few words each, and how they are written: for the help, and where they are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Written:
    """How a user writes a mode above a function: `before` is said once for the whole program, `settings` are those of
    `tf.function`, which it has none of where they are null; `remark` is what no decorator says.
    """

    settings: str | None = None
    before: str = ""
    remark: str = ""

    def lines(self, signature: str = "") -> tuple[str, ...]:
        """The lines above the function; `signature`: a further setting, of its arguments."""
        settings = ", ".join(filter(None, (signature, self.settings)))
        decorator = "" if self.settings is None else f"@tf.function({settings})" if settings else "@tf.function"
        remark = f"# {self.remark}" if self.remark else ""
        return tuple(filter(None, (self.before, "  ".join(filter(None, (decorator, remark))))))


WRITTEN: Mapping[str, Written] = {
    "eager": Written(),
    "as-written": Written(remark="as you have written it"),
    "graph": Written(""),
    "concrete": Written("", remark="of it, get_concrete_function(…)"),
    "reduce-retracing": Written("reduce_retracing=True"),
    "no-grappler": Written("", 'tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})'),
    "autocluster": Written("", 'tf.config.optimizer.set_jit("autoclustering")'),
    "xla": Written("jit_compile=True"),
    "predict": Written(remark="model.predict(…)"),
}
"""By mode; a test holds them against what the worker does."""
