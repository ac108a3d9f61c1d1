"""Asks how TensorFlow itself is to run."""

from __future__ import annotations

from bench.runtime import SETTINGS, Runtime, parse_runtime

from .line import AskingScreen

BY_ITSELF = "TensorFlow decides everything else as it would by itself."


class RuntimeScreen(AskingScreen[Runtime]):
    """Settings of TensorFlow's to type, side by side."""

    title_text = "how TensorFlow runs"
    how = f"{', '.join(SETTINGS)}, such as onednn=off intra_op_threads=2:"
    accept = "Set"

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(str(runtime))

    def read(self, text: str) -> Runtime:
        """The settings that a text names. Raises PlanError."""
        return parse_runtime(text.split())

    def told(self, answer: Runtime) -> str:
        """What is left to TensorFlow."""
        return BY_ITSELF
