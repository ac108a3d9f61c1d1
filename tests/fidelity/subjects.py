"""What tools are tried on: callables as a user of each mode has them, built as the worker builds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.catalogue import find
from bench.plan import Case
from bench.worker.machine import environment
from bench.worker.modes.build import build


@dataclass(frozen=True)
class Subject:
    """A callable to time, and its arguments. It has been called: what any first call pays for is paid."""

    name: str
    call: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __call__(self) -> Any:
        return self.call(*self.arguments)


CASES: dict[str, tuple[str, Case]] = {
    "eager matmul 16²": ("eager", Case("matmul", dims=(("m", 16), ("k", 16), ("n", 16)))),
    "eager matmul 256²": ("eager", Case("matmul", dims=(("m", 256), ("k", 256), ("n", 256)))),
    "graph chain": ("graph", Case("elementwise_chain", dims=(("size", 1_000),))),
    "xla chain": ("xla", Case("elementwise_chain", dims=(("size", 1_000),))),
    "tiny_ops": ("graph", Case("tiny_ops")),
    "lstm": ("graph", Case("lstm")),
}
"""The subjects that are compared with themselves: a mode, and the case to build in it."""


@cache
def subject(name: str) -> Subject:
    """The subject of that name, the same one throughout a process."""
    mode, case = CASES[name]
    return from_catalogue(name, mode, case)


def from_catalogue(name: str, mode: str, case: Case) -> Subject:
    """A new build of a workload of the catalogue."""
    import_tensorflow()
    built = build(find(case.workload), case, mode)
    built()
    return Subject(name, built.function, built.arguments)


@cache
def import_tensorflow() -> Any:
    """TensorFlow, as a worker imports it, on the CPU."""
    environment.prepare()
    import tensorflow as tf

    tf.config.set_visible_devices([], "GPU")
    return tf
