"""Which classes and functions a Keras model's file needs that Keras does not have."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BUILT_IN = ("activations", "constraints", "initializers", "losses", "metrics", "optimizers", "regularizers")
"""The modules of Keras whose functions a file names without their module."""


def missing_objects(path: Path, *, compiled: bool) -> tuple[str, ...]:
    """Return the names of what a `.keras` file lacks, with the package each was registered in, in the file's order.

    `compiled`: what the model was compiled with is needed, too. Empty for a file that cannot be read so.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            model = json.loads(archive.read("config.json"))
        if not compiled:
            model.pop("compile_config", None)
        return tuple(dict.fromkeys(_missing(model)))
    except (OSError, KeyError, ValueError, AttributeError, RecursionError, zipfile.BadZipFile):
        return ()


def _missing(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _missing(each)
    if not isinstance(node, dict):
        return
    if "class_name" in node and "registered_name" in node and (name := _lacking(node)):
        yield name
    for each in node.values():
        yield from _missing(each)


def _lacking(node: dict[str, Any]) -> str:
    """Return the name of an object that Keras does not have; empty for one that it has, and for any other record."""
    import keras

    module, name, registered = node.get("module") or "", node["class_name"], node["registered_name"]
    if module.partition(".")[0].startswith("keras") or name.startswith("__"):
        return ""
    is_function = name == "function"
    if is_function:
        name = node["config"]
        registered = name if registered in ("", None, "function") else registered
    if not isinstance(name, str) or keras.saving.get_registered_object(registered or name) is not None:
        return ""
    if is_function and any(hasattr(getattr(keras, each), name.rpartition(">")[2]) for each in BUILT_IN):
        return ""
    return registered if registered and ">" in registered else name
