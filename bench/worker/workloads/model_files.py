"""Models as files: Keras's own, and SavedModels, of which each signature can be called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...plan import MIXED, PlanError
from .keras_methods import METHODS
from .mixed_precision import with_policy
from .user_modules import go_home
from .user_workload import UserObject

NO_PYTHON = "a SavedModel holds graphs: there is no Python left to run eagerly"


class Signature:
    """A signature of a SavedModel, called with its inputs in alphabetical order; `loaded` owns its variables.

    By position, TensorFlow takes ten times as long as by keyword.
    """

    graph_only = NO_PYTHON

    def __init__(self, loaded: Any, function: Any) -> None:
        self._loaded = loaded
        self._function: Callable[..., Any] = function
        self._specs = dict(sorted(function.structured_input_signature[1].items()))

    @property
    def input_signature(self) -> tuple[Any, ...]:
        """What it is called with."""
        import tensorflow as tf

        return tuple(tf.TensorSpec(spec.shape, spec.dtype, name) for name, spec in self._specs.items())

    def __call__(self, *arguments: Any) -> Any:
        """Its outputs, by name."""
        return self._function(**dict(zip(self._specs, arguments, strict=True)))


def read_model(place: str, part: str) -> UserObject:
    """The Keras model in a file, or a signature of the SavedModel in a directory. Raises PlanError."""
    go_home()
    path = Path(os.path.abspath(os.path.expanduser(place)))  # noqa: PTH100, PTH111 - as the shell would name it
    if path.is_file():
        return _keras_model(path, part)
    if (path / "saved_model.pb").is_file():
        return _signature(path, part)
    if path.is_dir():
        raise PlanError(f"{path} is no SavedModel: there is no saved_model.pb in it")
    raise PlanError(f"there is no model {path}")


def _keras_model(path: Path, part: str) -> UserObject:
    import keras

    if part and part not in METHODS:
        raise PlanError(f"{path.name} has no {part!r}: it is called as it is, or ::{', ::'.join(METHODS)}")
    # How it was compiled is what its methods do; a plain call needs no optimizer of the user's.
    model = with_policy(keras.models.load_model(path, compile=bool(part)), path.name)
    return UserObject(getattr(model, part), f"{path.name}::{part}") if part else UserObject(model, path.name)


def _signature(path: Path, part: str) -> UserObject:
    import keras
    import tensorflow as tf

    if (policy := keras.config.dtype_policy().name) in MIXED:
        raise PlanError(f"{path.name} keeps the precision it was saved with: {policy} cannot be put into its graphs")
    loaded = tf.saved_model.load(str(path))
    names = sorted(loaded.signatures)
    if not names:
        raise PlanError(f"{path.name} has no signature to call")
    if not part and len(names) > 1:
        raise PlanError(
            f"{path.name} has several signatures: name one, as {path.name}::{names[0]} ({', '.join(names)})"
        )
    name = part or names[0]
    if name not in names:
        raise PlanError(f"{path.name} has no signature {name!r}: it has {', '.join(names)}")
    return UserObject(Signature(loaded, loaded.signatures[name]), f"{path.name}::{name}")
