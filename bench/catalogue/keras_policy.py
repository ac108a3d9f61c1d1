"""Keras's policies: in which precision its layers compute, and in which they keep their weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def policy(name: str) -> Iterator[None]:
    """Layers made within have this policy, unless they are given another: a dtype's name, or one of MIXED."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
