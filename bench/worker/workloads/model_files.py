"""Models as files: Keras's own, and SavedModels, of which each signature can be called."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ...plan import KERAS_METHODS, MIXED, PlanError
from ..errors import ERRORS, unreadable_model
from .graph_functions import GraphFunction, restored_functions
from .missing_objects import missing_objects
from .mixed_precision import with_policy
from .user_modules import go_home
from .user_object import UserObject


def read_model(place: str, part: str) -> UserObject:
    """The Keras model in a file, or a signature of the SavedModel in a directory. Raises PlanError."""
    go_home()
    path = Path(os.path.abspath(os.path.expanduser(place)))  # noqa: PTH100, PTH111 - as the shell would name it
    if path.is_file():
        return _keras_model(path, part)
    if (path / "saved_model.pb").is_file():
        return _signature(place, path, part)
    if path.is_dir():
        raise PlanError(f"{path} is no SavedModel: there is no saved_model.pb in it")
    raise PlanError(f"there is no model {path}")


def _keras_model(path: Path, part: str) -> UserObject:
    import keras

    if part and part not in KERAS_METHODS:
        raise PlanError(f"{path.name} has no {part!r}: it is called as it is, or ::{', ::'.join(KERAS_METHODS)}")
    # How it was compiled is what its methods do; a plain call needs no optimizer of the user's.
    try:
        model = keras.models.load_model(path, compile=bool(part))
    except ERRORS as error:
        reason = unreadable_model(error, part, missing_objects(path, compiled=bool(part)))
        if reason is None:
            raise
        raise reason from error
    model = with_policy(model, path.name)
    return UserObject(getattr(model, part), f"{path.name}::{part}") if part else UserObject(model, path.name)


def _signature(place: str, path: Path, part: str) -> UserObject:
    import keras
    import tensorflow as tf

    if (policy := keras.config.dtype_policy().name) in MIXED:
        raise PlanError(f"{path.name} keeps the precision it was saved with: {policy} cannot be put into its graphs")
    loaded = tf.saved_model.load(str(path))
    names = sorted(loaded.signatures)
    if not names or (part and part not in names and part in restored_functions(loaded)):
        raise PlanError(_how_to_call(place, path, loaded, part))
    if not part and len(names) > 1:
        raise PlanError(
            f"{path.name} has several signatures: name one, as {path.name}::{names[0]} ({', '.join(names)})"
        )
    name = part or names[0]
    if name not in names:
        raise PlanError(f"{path.name} has no signature {name!r}: it has {', '.join(names)}")
    signature = loaded.signatures[name]
    return UserObject(GraphFunction(signature, [signature], owner=loaded), f"{path.name}::{name}")


def _how_to_call(place: str, path: Path, loaded: Any, part: str) -> str:
    """Return what can be called of a SavedModel that has no such signature, and how."""
    functions = restored_functions(loaded)
    lacks = f"has no signature {part!r}" if part else "has no signature to call"
    if not functions:
        return f"{path.name} {lacks}, nor any function: save it with one"
    chosen = part or next(iter(functions))
    called = "model" if chosen == "__call__" else f"model.{chosen}"
    return (
        f"{path.name} {lacks}; what can be called is {', '.join(functions.values())}: write model = "
        f"tf.saved_model.load({place!r}) in a FILE.py and run FILE.py::{called}"
    )
