"""TensorFlow's own switches, as global as the process: put in force for a while, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import RefusedError


@dataclass(frozen=True)
class Options:
    """What `tf.config` says of how functions run.

    `autoclustering`: XLA compiles what it can of every graph. `grappler`: what of the graph optimiser is set, by
    TensorFlow's names. `eagerly`: every `tf.function` runs as plain Python.
    """

    autoclustering: bool = False
    grappler: tuple[tuple[str, Any], ...] = ()
    eagerly: bool = False

    @property
    def words(self) -> str:
        """What switches them on, as code has it; empty where nothing is."""
        said = ['set_jit("autoclustering")'] if self.autoclustering else []
        said += [f"set_experimental_options({dict(self.grappler)})"] if self.grappler else []
        said += ["run_functions_eagerly(True)"] if self.eagerly else []
        return " and ".join(said)


PLAIN = Options()


def present() -> Options:
    """Those in force now."""
    import tensorflow as tf

    grappler = tf.config.optimizer.get_experimental_options()
    told = tuple((name, value) for name, value in sorted(grappler.items()) if value != _UNSET.get(name))
    eagerly = tf.config.functions_run_eagerly()
    return Options(bool(tf.config.optimizer.get_jit()), told, eagerly)


@contextmanager
def in_force(options: Options) -> Iterator[None]:
    """Have these in force, then none. Whoever times calls enters before the first of them.

    What a call of another mode has switched on by itself is off here.
    """
    set_options(options)
    try:
        yield
    finally:
        set_options(PLAIN)


def set_options(options: Options) -> None:
    """Put these in force in place of all others.

    TensorFlow works out what each call is told in the first one after a change, in up to a millisecond: that call is
    made here, so that it is nobody's.
    """
    import tensorflow as tf

    now = present()
    if now == options:
        return
    tf.config.run_functions_eagerly(options.eagerly)
    tf.config.optimizer.set_jit("autoclustering" if options.autoclustering else False)
    unset = {name: _UNSET.get(name) for name, _ in now.grappler}
    tf.config.optimizer.set_experimental_options({**unset, **dict(options.grappler)})
    _nothing()()


def check_unswitched(options: Options) -> None:
    """Raise RefusedError where what was called has switched others on, or these off."""
    now = present()
    if now == options:
        return
    added = Options(
        autoclustering=now.autoclustering and not options.autoclustering,
        grappler=tuple(each for each in now.grappler if each not in options.grappler),
        eagerly=now.eagerly and not options.eagerly,
    )
    did = f"calls {added.words}" if added.words else "takes back what this mode has switched on"
    raise RefusedError(f"your code {did} while it runs, so this mode is not what it says: take that out")


_UNSET = {"disable_model_pruning": False, "disable_meta_optimizer": False}
"""What TensorFlow tells of those that nobody has set; of others it tells nothing."""


@cache
def _nothing() -> Any:
    """A function that does nothing."""
    import tensorflow as tf

    return tf.function(lambda: None).get_concrete_function()
