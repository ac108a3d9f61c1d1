"""A few of the recorded programs fail here and now as they did when they were recorded, on the line that raises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bench.worker.errors import ModelFileError, describe_failure, whole_text
from bench.worker.workloads.load import load_workload
from tests.programs.record_failures import call
from tests.recorded_failures import right_lines

PROGRAMS = {
    ("deep", "graph"): 'raise ValueError("from the third")',
    ("layer_in_model", "eager"): 'raise ValueError("five channels are wanted, not four")',
    ("layer_in_function", "graph"): 'raise ValueError("five channels are wanted, not four")',
    ("silent_layer", "graph"): "assert x.shape[-1] == 5",
    ("py_function", "graph"): 'raise ValueError("no such file: rows.csv")',
    ("late_reshape", "graph"): "return tf.reshape(tf.boolean_mask(x, x > 2.0), (2, 4))",
    ("data_ran_out", "eager"): "return [next(rows) for _ in range(3)]",
    ("variable_in_layer_call", "graph"): "table = tf.Variable(tf.ones((50, 8)))",
    ("eigenvalues", "xla"): "return tf.linalg.eigvals(x @ tf.transpose(x))",
    ("iterator_argument", "xla"): "return next(rows) + 1",
}
"""The line of the program that each has to name."""


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize(("program", "mode"), PROGRAMS, ids=lambda value: str(value))
def test_a_program_that_fails_now_gives_the_recorded_line(program: str, mode: str) -> None:
    from tests.programs import failing

    try:
        call(*failing.PROGRAMS[program](), mode=mode)
    except Exception as error:
        told = describe_failure(error, mode)
    place = re.search(r"\((\w+\.py):(\d+)\)$", told[1])
    assert place
    source = (Path(failing.__file__).parent / place[1]).read_text(encoding="utf-8").splitlines()
    assert source[int(place[2]) - 1].strip() == PROGRAMS[program, mode]
    assert f"{told[0]}: {told[1]}".replace(f":{place[2]})", ")") == right_lines()[program, mode]


def test_a_model_file_says_all_that_it_needs_for_what_is_called(tf: Any, tmp_path: Path) -> None:
    """Be known here, but not to Keras."""
    import keras

    class Swish2(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x * tf.sigmoid(x)

    def huberish(y: Any, p: Any) -> Any:
        return tf.math.log1p((y - p) ** 2)

    model = keras.Sequential([keras.Input((3,)), Swish2(), keras.layers.Dense(1, activation="relu")])
    model.compile("adam", huberish)
    model.save(tmp_path / "swish.keras")
    assert reason(f"{tmp_path}/swish.keras") == (
        "it needs `Swish2`, which is not in the file: load it in a FILE.py and run FILE.py::model"
    )
    assert reason(f"{tmp_path}/swish.keras::train_step") == (
        "it needs `Swish2` and `huberish`, which are not in the file: "
        "load it with them as custom_objects in a FILE.py and run FILE.py::model.train_step"
    )


def reason(name: str) -> str:
    """Return why a model's file cannot be read."""
    with pytest.raises(ModelFileError) as raised:
        load_workload(name)
    assert "Could not locate class 'Swish2'" in whole_text(raised.value)
    status, words = describe_failure(raised.value, "")
    assert status == "failed"
    return words
