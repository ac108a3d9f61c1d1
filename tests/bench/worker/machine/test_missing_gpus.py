"""Why TensorFlow lists no GPU where the driver has one, by logs as TensorFlow writes them."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.worker.machine import missing_gpus
from bench.worker.machine.missing_gpus import driver_gpus, why_missing
from tests.nvidia_driver import DRIVER_NOT_LOADED, Nvml

LOG_WITHOUT_A_DRIVER = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1796085171.214874    6496 port.cc:153] oneDNN custom operations are on. You may see slightly different \
numerical results. To turn them off, set the environment variable `TF_ENABLE_ONEDNN_OPTS=0`.
I0000 00:00:1796085171.215540    6496 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be \
used.
E0000 00:00:1796085171.903987    6496 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to \
cuInit: UNKNOWN ERROR (303)
"""
"""As TensorFlow 2.21 wrote it on a machine without a GPU."""

CANNOT_DLOPEN = (
    "Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above are installed properly "
    "if you would like to use GPU. Follow the guide at https://www.tensorflow.org/install/gpu for how to download and "
    "setup the required libraries for your platform."
)
"""This and the logs below are put together from the texts in TensorFlow 2.21's libraries."""


def old_form(text: str) -> str:
    """Return a line as TensorFlow wrote it before its logs were absl's."""
    return f"2026-02-24 16:46:54.066807: W tensorflow/core/common_runtime/gpu/gpu_device.cc:2343] {text}"


def new_form(text: str) -> str:
    return f"W0000 00:00:1796085171.903987    6496 gpu_device.cc:2342] {text}"


def cannot_start(text: str) -> str:
    return new_form(f"failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: {text}")


TF = SimpleNamespace(test=SimpleNamespace(is_built_with_cuda=lambda: True))


class Machine:
    """What the kernel, the files of devices and NVML show of GPUs: one by the first two, at first."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kernels_list, self.device_files = folder / "gpus", folder / "dev"
        self.library: Any = None
        self.device_files.mkdir()
        monkeypatch.setattr(missing_gpus, "KERNELS_LIST", self.kernels_list)
        monkeypatch.setattr(missing_gpus, "DEVICE_FILES", self.device_files)
        monkeypatch.setattr(ctypes, "CDLL", self._load)

    def with_gpus(self, kernels: int = 1, files: int = 1) -> Machine:
        for number in range(kernels):
            (self.kernels_list / f"0000:{number:02x}:00.0").mkdir(parents=True)
        for number in range(files):
            (self.device_files / f"nvidia{number}").touch()
        (self.device_files / "nvidiactl").touch()
        return self

    def _load(self, name: str) -> Any:
        if self.library is None:
            raise OSError(name)
        return self.library


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.fixture
def box(machine: Machine) -> Machine:
    """A machine with one GPU."""
    return machine.with_gpus()


@pytest.mark.parametrize("log", ["", LOG_WITHOUT_A_DRIVER, new_form(CANNOT_DLOPEN)])
@pytest.mark.usefixtures("machine")
def test_without_a_driver_nothing_is_missing(log: str) -> None:
    assert why_missing(TF, log, {"CUDA_VISIBLE_DEVICES": ""}) == ()


@pytest.mark.usefixtures("box")
@pytest.mark.parametrize("form", [old_form, new_form])
def test_libraries_that_are_missing_are_told_with_what_to_install(form: Any) -> None:
    log = f"{LOG_WITHOUT_A_DRIVER.splitlines()[1]}\n{form(CANNOT_DLOPEN)}\nSkipping registering GPU devices...\n"
    assert why_missing(TF, log, {}) == (
        "the driver has 1 GPU, TensorFlow lists none: CUDA's libraries are missing: pip install "
        "'tensorflow[and-cuda]' (TensorFlow's log: Cannot dlopen some GPU libraries; Skipping registering GPU devices)",
    )


@pytest.mark.usefixtures("box")
@pytest.mark.parametrize(
    ("log", "advice", "quote"),
    [
        (LOG_WITHOUT_A_DRIVER, "libcuda.so.1 is not found", "Could not find cuda drivers on your machine"),
        (cannot_start("CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected"), "--gpus all", "NO_DEVICE"),
        (cannot_start("CUDA_ERROR_UNKNOWN: unknown error"), "restart the machine", "CUDA_ERROR_UNKNOWN"),
        (cannot_start("CUDA_ERROR_SYSTEM_NOT_READY: system not yet initialized"), "nvidia-fabricmanager", "NOT_READY"),
        (
            cannot_start(
                "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: system has unsupported display driver / cuda driver combination"
            ),
            "the driver was updated and the old one still runs",
            "unsupported display driver",
        ),
        (
            new_form("kernel version 570.86.10 does not match DSO version 580.65.6 -- cannot find working devices"),
            "restart the machine",
            "570.86.10 does not match DSO version 580.65.6",
        ),
        (
            new_form("CUDA driver version is insufficient for CUDA runtime version"),
            "install a newer driver",
            "driver version is insufficient",
        ),
        (
            new_form(
                "Ignoring visible gpu device (device: 0, name: Tesla K40) with Cuda compute capability 3.5. The "
                "minimum required Cuda capability is 6.0."
            ),
            "the card is too old for this TensorFlow",
            "Tesla K40",
        ),
        (cannot_start("CUDA_ERROR_OUT_OF_MEMORY: out of memory"), "see what nvidia-smi says", "OUT_OF_MEMORY"),
    ],
)
def test_what_the_log_says_is_quoted_with_what_to_do(log: str, advice: str, quote: str) -> None:
    [why] = why_missing(TF, log, {})
    assert why.startswith("the driver has 1 GPU, TensorFlow lists none: ")
    assert advice in why
    assert quote in why.partition("(TensorFlow's log: ")[2]
    assert "\n" not in why


@pytest.mark.usefixtures("box")
def test_a_tensorflow_without_cuda_says_so_by_itself() -> None:
    tf = SimpleNamespace(test=SimpleNamespace(is_built_with_cuda=lambda: False))
    [why] = why_missing(tf, "", {})
    assert why.endswith("this TensorFlow was not built with CUDA: pip install 'tensorflow[and-cuda]'")


NO_DEVICE = cannot_start("CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected")


@pytest.mark.usefixtures("box")
@pytest.mark.parametrize(
    ("value", "log", "words"),
    [
        ("", NO_DEVICE, "CUDA_VISIBLE_DEVICES='' hides every GPU: unset it"),
        ("-1", NO_DEVICE, "CUDA_VISIBLE_DEVICES='-1' hides every GPU: unset it"),
        ("NoDevFiles", NO_DEVICE, "CUDA_VISIBLE_DEVICES='NoDevFiles' may hide it: unset it"),
        ("7", NO_DEVICE, "CUDA_VISIBLE_DEVICES='7' may hide it: unset it"),
        ("0", new_form(CANNOT_DLOPEN), "CUDA's libraries are missing"),
    ],
)
def test_the_users_own_variable_is_blamed_where_it_hides_the_gpu(value: str, log: str, words: str) -> None:
    [why] = why_missing(TF, log, {"CUDA_VISIBLE_DEVICES": value})
    assert why.startswith(f"the driver has 1 GPU, TensorFlow lists none: {words}")


def test_a_container_without_the_devices_is_told_to_be_started_with_them(machine: Machine) -> None:
    machine.with_gpus(kernels=4, files=0)
    [why] = why_missing(TF, LOG_WITHOUT_A_DRIVER, {})
    begins = "the driver has 4 GPUs, TensorFlow lists none: there is no /dev/nvidia0 here: start the container with"
    assert why.startswith(begins)


@pytest.mark.usefixtures("box")
def test_where_the_log_says_nothing_that_is_told() -> None:
    [why] = why_missing(TF, LOG_WITHOUT_A_DRIVER.splitlines()[1], {})
    assert "its log does not say why: see what nvidia-smi says" in why


@pytest.mark.usefixtures("box")
def test_a_quote_is_printable_short_and_on_one_line() -> None:
    [why] = why_missing(TF, cannot_start("CUDA_ERROR_UNKNOWN \x1b[2J" + "x" * 5_000), {})
    assert "\x1b" not in why
    assert r"\x1b" in why
    assert len(why) < 600


def test_the_driver_is_asked_where_the_kernel_shows_nothing(machine: Machine) -> None:
    assert driver_gpus() == 0
    machine.library = library = Nvml()
    assert driver_gpus() == 2
    library.starting = DRIVER_NOT_LOADED
    assert driver_gpus() == 0


def test_files_of_devices_are_counted_where_the_kernel_has_no_list(machine: Machine) -> None:
    machine.with_gpus(kernels=0, files=2)
    assert driver_gpus() == 2
