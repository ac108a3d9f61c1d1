"""What the user's code is called with, and what is said where that is not what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.plan import Case
from tests.driver import Driver

CODE = """
import tensorflow as tf

class Scale(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.float32, "context")])
    def __call__(self, context): return 2.0 * context

tf.saved_model.save(Scale(), {saved!r})
loaded = tf.saved_model.load({saved!r})

def pick(table, ids, scale=1.0): return tf.gather(table, ids) * scale
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return a file with a function, a class and a SavedModel that it loads."""
    path = tmp_path / "mine.py"
    path.write_text(CODE.format(saved=str(tmp_path / "saved")), encoding="utf-8")
    return path


def test_names_reach_their_parameters_and_those_of_earlier_versions_are_taken_in_order(
    driver: Driver, code: Path
) -> None:
    by_name = Case(f"{code}::pick", inputs="ids=int32[8], table=float32[20,4]", inputs_by_name=True)
    in_order = Case(f"{code}::pick", inputs="x=float32[20,4], i=int32[8]")
    right, earlier = driver.measure(by_name, in_order)
    assert right.all_ok
    assert earlier.all_ok
    (note,) = earlier.modes[0].notes
    assert note == "x, i are no parameters of pick: the inputs were taken in their order"
    assert right.modes[0].notes == ()


def test_a_loaded_saved_model_has_no_eager_and_is_none_the_worse_for_it(driver: Driver, code: Path) -> None:
    (result,) = driver.measure(Case(f"{code}::loaded", inputs="context=float32[4,8]", inputs_by_name=True))
    assert [(mode.mode, mode.status, mode.absent) for mode in result.modes] == [
        ("eager", "unsupported", True),
        ("graph", "ok", False),
        ("xla", "ok", False),
    ]
    assert result.all_ok


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [("Scale", "", "is a class"), ("pick", "tabel=float32[2]", "did you mean table?"), ("pick", "", "pick_inputs()")],
)
def test_what_is_impossible_is_refused_and_not_failed(
    driver: Driver, code: Path, name: str, inputs: str, words: str
) -> None:
    (result,) = driver.measure(Case(f"{code}::{name}", inputs=inputs, inputs_by_name=True))
    assert result.refused
    assert {mode.status for mode in result.modes} == {"refused"}
    assert words in result.error
