"""What a Keras model's file needs that Keras does not have, as its configuration says."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bench.worker.workloads.missing_objects import missing_objects

pytestmark = pytest.mark.usefixtures("tf")

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}, "registered_name": None}
ACTIVATION = {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}
LOSS = {"module": "builtins", "class_name": "function", "config": "huberish", "registered_name": "function"}


def layer(name: str, registered: str = "", **config: Any) -> dict[str, Any]:
    """Return the record of a class of somebody's."""
    return {"module": None, "class_name": name, "config": config, "registered_name": registered or name}


def missing(tmp_path: Path, *layers: dict[str, Any], compiled: bool = False) -> tuple[str, ...]:
    """Return what the file of a model of these layers lacks."""
    config = {"module": "keras", "class_name": "Sequential", "config": {"layers": layers}, "registered_name": None}
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({**config, "compile_config": {"loss": LOSS}}))
    return missing_objects(tmp_path / "model.keras", compiled=compiled)


def test_classes_are_named_once_in_their_order(tmp_path: Path) -> None:
    assert missing(tmp_path, layer("Swish"), DENSE, layer("Halve"), layer("Swish")) == ("Swish", "Halve")


def test_what_lies_within_another_layer_is_named(tmp_path: Path) -> None:
    assert missing(tmp_path, layer("Outer", cell=layer("Inner", "my>Inner"))) == ("Outer", "my>Inner")


def test_what_keras_has_is_not_named(tmp_path: Path) -> None:
    assert missing(tmp_path, DENSE, {**DENSE, "config": {"activation": ACTIVATION}}) == ()


def test_a_loss_is_needed_where_the_compiled_model_is(tmp_path: Path) -> None:
    assert missing(tmp_path, DENSE, compiled=True) == ("huberish",)


def test_what_was_registered_is_not_missing(tmp_path: Path) -> None:
    import keras

    with keras.saving.custom_object_scope({"my>Halve": keras.layers.Dense}):
        assert missing(tmp_path, layer("Halve", "my>Halve")) == ()


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive"])
def test_a_file_that_cannot_be_read_lacks_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.keras").write_bytes(content)
    assert missing_objects(tmp_path / "model.keras", compiled=True) == ()
