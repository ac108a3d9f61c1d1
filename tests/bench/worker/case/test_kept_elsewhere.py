"""The sentences about what is not compared."""

from __future__ import annotations

import numpy as np
import pytest

from bench.worker.case.kept_elsewhere import named, why_not_variables
from bench.worker.case.observation import Observation

ZEROS = np.zeros(2, np.float32)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["calls"], "`calls`"),
        (["calls", "self.steps"], "`calls` and `self.steps`"),
        (["a", "b", "c"], "`a`, `b` and `c`"),
        (["a", "b", "c", "d", "e"], "`a`, `b`, `c` and 2 more"),
    ],
)
def test_a_few_objects_are_named(names: list[str], text: str) -> None:
    assert named(names) == text


def test_variables_that_do_not_correspond_are_told() -> None:
    none, one, unread = (Observation(((),), (state,)) for state in ((), (ZEROS,), (None,)))
    assert why_not_variables(one, one, "eager") == ""
    assert why_not_variables(one, none, "eager") == (
        "its variables do not correspond to those of eager, so only outputs are compared"
    )
    assert why_not_variables(unread, unread, "eager") == "one of its variables cannot be read and is not compared"
