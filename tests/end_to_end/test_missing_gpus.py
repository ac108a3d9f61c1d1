"""A driver with a GPU, and a TensorFlow that lists none: a stub of NVML, and all else as users have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.worker.machine.missing_gpus import driver_gpus

pytestmark = [pytest.mark.slow, pytest.mark.tensorflow]

NVML = """
int nvmlInitWithFlags(unsigned int flags) { return 0; }
int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 1; return 0; }
"""


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    """The folder of a driver's NVML that has one GPU."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    if driver_gpus():
        pytest.skip("there is a GPU")
    (tmp_path / "nvml.c").write_text(NVML, encoding="utf-8")
    built = tmp_path / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, tmp_path / "nvml.c"], check=True)
    return tmp_path


def devices(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run `tfjit-tui devices` with these variables."""
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, "-m", "tui", "devices"], env=environment, capture_output=True, text=True, check=True
    )


def test_the_log_of_this_tensorflow_is_quoted(driver: Path) -> None:
    ran = devices(LD_LIBRARY_PATH=str(driver))
    assert ran.stdout.splitlines()[1].startswith("CPU:0")
    assert ran.stderr.startswith("The driver has 1 GPU, TensorFlow lists none: libcuda.so.1 is not found: ")
    assert "TensorFlow's log: Could not find cuda drivers on your machine" in ran.stderr


def test_without_a_driver_nothing_is_said() -> None:
    if driver_gpus():
        pytest.skip("there is a GPU")
    assert devices().stderr == ""
