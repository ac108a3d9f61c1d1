"""Where the device cannot be tried, one line says why; results of another machine are not gone on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gpu.availability import why_unavailable
from tests.gpu.outcomes import DIED, OK, Outcome, Outcomes, OutcomesError
from tests.gpu.probe import Step

HERE: dict[str, Any] = {
    "driver_gpus": 1,
    "driver_version": "570.86.10",
    "tensorflow": "2.21.0",
    "built_with_cuda": True,
    "gpus": [{"name": "NVIDIA H100", "capability": "9.0"}],
    "reasons": [],
}
DLOPEN = "Cannot dlopen some GPU libraries."


def why(place: Path, device: str = "GPU:0", *, status: str = OK, error: str = "", **changed: Any) -> str:
    """What is said of a device on a machine like HERE, but for what has changed."""

    def run(probe: str, step: Step, _limit_s: float) -> Outcome:
        return Outcome(probe, step.name, status, {**HERE, **changed}, error)

    return why_unavailable(device, run, Outcomes(place))


@pytest.mark.parametrize(
    ("device", "changed", "words"),
    [
        ("GPU:0", {}, ""),
        ("CPU:0", {"gpus": []}, ""),
        (
            "GPU:0",
            {"gpus": [], "reasons": [DLOPEN]},
            f"no GPU:0: TensorFlow 2.21.0 lists no GPU, the driver has 1. Its log says: {DLOPEN}",
        ),
        (
            "GPU:0",
            {"gpus": [], "driver_gpus": None},
            "no GPU:0: TensorFlow 2.21.0 lists no GPU, no CUDA driver answers. Its log says: nothing",
        ),
        (
            "GPU:0",
            {"gpus": [], "built_with_cuda": False},
            "no GPU:0: TensorFlow 2.21.0 lists no GPU, the driver has 1. It is built without CUDA",
        ),
        ("GPU:1", {}, "no GPU:1: TensorFlow 2.21.0 lists 1 GPU, the driver has 1. Its log says: nothing"),
        (
            "GPU:0",
            {"status": DIED, "error": "Illegal instruction"},
            "no GPU:0: TensorFlow cannot be asked: Illegal instruction",
        ),
    ],
)
def test_one_line_says_why_a_device_cannot_be_tried(
    device: str, changed: dict[str, Any], words: str, tmp_path: Path
) -> None:
    assert why(tmp_path, device, **changed) == words


def test_results_of_the_same_machine_are_gone_on_with(tmp_path: Path) -> None:
    assert why(tmp_path) == why(tmp_path) == ""


@pytest.mark.parametrize("changed", [{"tensorflow": "2.20.0"}, {"gpus": [{"name": "Tesla T4"}]}])
def test_results_of_another_machine_are_an_error_that_says_what_to_do(changed: dict[str, Any], tmp_path: Path) -> None:
    why(tmp_path, **changed)
    with pytest.raises(OutcomesError, match=r"of another machine .*: choose another --out, or .* with --fresh"):
        why(tmp_path)
