"""Whether XLA has a form of what a function is called with: some of what it lacks ends the process, not the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import RefusedError

MAY_BE_COMPILED = ("as-written", "xla")
"""Modes in which XLA may compile the whole function, or refuse it."""

MUST_COMPILE = "_XlaMustCompile"
"""How TensorFlow marks a function whose `jit_compile` is true."""


def check_compilable(mode: str, concrete: Any) -> None:
    """Raise RefusedError where XLA would be given a string, which it has no form of."""
    if mode not in MAY_BE_COMPILED or MUST_COMPILE not in concrete.function_def.attr:
        return
    arguments, keywords = concrete.structured_input_signature
    names = [*concrete.function_type.parameters, *map(str, range(len(arguments)))]
    found = [path for name, spec in zip(names, arguments, strict=False) for path in _strings(spec, name)]
    found += [path for name, spec in keywords.items() for path in _strings(spec, name)]
    if found:
        are = "are strings" if len(found) > 1 else "is a string"
        words = " and ".join(f"`{path}`" for path in found)
        raise RefusedError(f"argument{'s' if len(found) > 1 else ''} {words} {are}, which XLA has no form of")
    if any(captured.dtype.name == "string" for captured in concrete.captured_inputs):
        raise RefusedError("it uses a string from outside the function, which XLA has no form of")


def _strings(spec: Any, path: str) -> Iterator[str]:
    """Yield where strings are in an argument: `batch['words']`."""
    import tensorflow as tf

    if isinstance(spec, dict):
        for key, part in spec.items():
            yield from _strings(part, f"{path}[{key!r}]")
    elif isinstance(spec, list | tuple):
        for number, part in enumerate(spec):
            yield from _strings(part, f"{path}[{number}]")
    elif any(part.dtype == tf.string for part in _tensors(spec)):
        yield path


def _tensors(spec: Any) -> list[Any]:
    """Return the specs of tensors that a spec is made of; none for a Python value."""
    import tensorflow as tf

    parts = tf.nest.flatten(spec, expand_composites=True)
    return [part for part in parts if isinstance(part, tf.TensorSpec)]
