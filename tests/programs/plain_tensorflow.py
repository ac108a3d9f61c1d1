"""Calls workloads as a user of TensorFlow would, on one device and with nothing of the worker: what works there?

`python -m tests.programs.plain_tensorflow DEVICE` reads a workload's name and sizes from each line of standard input,
`{"name": "matmul", "dims": {"m": 2}}`, and answers with a line that says what became of each mode: `works`, `differs`
(it runs, and its output has another shape than eager's), or the first words of the error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bench.catalogue import WORKLOADS

WORKS, DIFFERS = "works", "differs"


def shapes(output: Any) -> list[tuple[int, ...]]:
    """Return the shapes of an output's tensors."""
    import tensorflow as tf

    return [tuple(part.numpy().shape) for part in tf.nest.flatten(output, expand_composites=True)]


def tried(call: Callable[[], Any], expected: list[tuple[int, ...]] | None) -> tuple[str, list[tuple[int, ...]] | None]:
    """Return what became of a call, and the shapes of its output if it ran."""
    try:
        found = shapes(call())
    except Exception as error:
        return " ".join(f"{type(error).__name__}: {error}".split())[:300], None
    return (WORKS if expected in (None, found) else DIFFERS), found


def outcomes(name: str, dims: Mapping[str, int], device: str) -> dict[str, str]:
    """Return what becomes of a workload in each of the default modes."""
    import tensorflow as tf

    wraps: dict[str, Callable[[Any], Any]] = {
        "eager": lambda function: getattr(function, "python_function", function),
        "graph": tf.function,
        "xla": lambda function: tf.function(function, jit_compile=True),
    }
    told: dict[str, str] = {}
    expected: list[tuple[int, ...]] | None = None
    sets: list[Any] = []
    for mode, wrap in wraps.items():
        with tf.device(device):
            function, arguments = WORKLOADS[name].build(**dims, dtype="float32")
            sets = sets or (arguments if isinstance(arguments, list) else [arguments])  # the same for all
            call = wrap(function)
            told[mode], found = tried(lambda call=call, sets=sets: [call(*each) for each in sets], expected)  # type: ignore[misc]
        expected = expected or found
    return told


def main(device: str) -> None:
    """Answer each line of standard input with a line."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # a workload may print
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(outcomes(asked["name"], asked["dims"], device)), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
