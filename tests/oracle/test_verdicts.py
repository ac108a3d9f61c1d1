"""Programs without a fault agree in every mode, and one with a fault differs, wherever the fault lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.oracle.program import HERE, Program, program_by_chance
from tests.oracle.sowing import EXCHANGED, FAULTS, judge_sown, sow_into

pytestmark = pytest.mark.usefixtures("tf")

MEAN = Program(HERE / "by_hand" / "modules.py", "running_mean", "float32")
"""It has a variable, and its output changes from call to call."""

SQUARES = Program(HERE / "by_hand" / "integers.py", "of_int32")

BYTES = Program(HERE / "by_hand" / "rounded_to_integers.py", "gamma_to_bytes")


def outcomes(program: Program) -> Mapping[str, str]:
    """Return what is said of each mode."""
    from tests.oracle.verdicts import verdicts

    return {mode: verdict.outcome for mode, verdict in verdicts(program).items()}


ALL_AGREE = {"eager": "agrees", "graph": "agrees", "xla": "agrees"}


@pytest.mark.parametrize("seed", [4, 12])
def test_a_program_by_chance_agrees(seed: int) -> None:
    assert outcomes(program_by_chance(seed)) == ALL_AGREE


def test_floats_next_to_a_step_may_be_rounded_to_either_side() -> None:
    assert outcomes(BYTES) == ALL_AGREE


def test_numbers_that_numpy_drew_in_the_trace_are_frozen() -> None:
    program = Program(HERE / "by_hand" / "random_numbers.py", "numpy_in_the_trace")
    assert outcomes(program) == {"eager": "agrees", "graph": "frozen", "xla": "frozen"}


def test_a_fault_is_found_in_the_mode_into_which_it_was_sown(tmp_path: Path) -> None:
    assert outcomes(sow_into(MEAN, "element", "xla", tmp_path)) == {**ALL_AGREE, "xla": "differs"}


def test_every_fault_that_a_program_can_have_is_found() -> None:
    judged = {(each.fault, each.mode): each.outcome for each in judge_sown(MEAN)}
    cannot_have = {"wrapped"}
    for fault in set(FAULTS) - {EXCHANGED}:
        right = "does not apply" if fault in cannot_have else "differs"
        assert {judged[fault, "graph"], judged[fault, "xla"]} == {right}, fault


def test_integers_that_wrap_are_found(tmp_path: Path) -> None:
    wrong_when_traced = {"eager": "agrees", "graph": "differs", "xla": "differs"}
    assert outcomes(sow_into(SQUARES, "wrapped", "both", tmp_path)) == wrong_when_traced
