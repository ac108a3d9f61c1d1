"""A GPU's facts by TensorFlow and NVML, over stubs of their documented shapes; what is not told is blank."""

from __future__ import annotations

import ctypes
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Device, GpuFacts
from bench.worker.machine.gpu_facts import with_facts
from tests.nvidia_driver import DRIVER_NOT_LOADED, Cuda, Nvml

DETAILS = {"device_name": "NVIDIA H100 80GB HBM3", "compute_capability": (9, 0)}

GPUS = [SimpleNamespace(name=f"/physical_device:GPU:{number}", device_type="GPU") for number in range(2)]

BUILD = {"cpu_compiler": "clang", "cuda_version": "12.5.1", "cudnn_version": "9", "is_cuda_build": True}


def tensorflow(details: dict[str, Any] = DETAILS, build: dict[str, Any] = BUILD) -> Any:
    """TensorFlow with two GPUs."""
    experimental = SimpleNamespace(get_device_details=lambda _: details)
    config = SimpleNamespace(list_physical_devices=lambda _: GPUS, experimental=experimental)
    return SimpleNamespace(config=config, sysconfig=SimpleNamespace(get_build_info=lambda: build))


class Cudnn:
    """A loaded libcudnn."""

    def __init__(self, version: int) -> None:
        self._version = version

    def cudnnGetVersion(self) -> int:  # noqa: N802
        return self._version


@pytest.fixture(autouse=True)
def libraries(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The libraries of the driver, by name; cuDNN's can be had only where it is loaded already."""
    present: dict[str, Any] = {"libcuda.so.1": Cuda(), "libnvidia-ml.so.1": Nvml()}

    def load(name: str, mode: int = 0) -> Any:
        if name not in present or ("cudnn" in name and not mode & os.RTLD_NOLOAD):
            raise OSError(f"{name}: cannot open shared object file")
        return present[name]

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setitem(sys.modules, "pynvml", None)
    return present


def facts(tf: Any) -> GpuFacts:
    """Return the facts of the GPU that the driver's stub has."""
    device = with_facts(tf, [Device("CPU:0", "A Processor"), Device("GPU:1", "NVIDIA H100 80GB HBM3")])[1]
    assert device.gpu is not None
    return device.gpu


def test_of_a_gpu_all_that_moves_its_figures_is_recorded(libraries: dict[str, Any]) -> None:
    libraries["libcudnn.so.9"] = Cudnn(91_002)
    assert facts(tensorflow()) == GpuFacts(
        driver="580.65.06",
        driver_cuda="13.0",
        cuda="12.5.1",
        cudnn="9.10.2",
        compute_capability="9.0",
        memory_bytes=80 << 30,
        max_clock_mhz=1980,
        max_memory_clock_mhz=2619,
        power_limit_w=700.0,
        mig=False,
    )


def test_other_devices_stay_as_they_are() -> None:
    cpu, emulated = Device("CPU:0", "A Processor"), Device("XLA_CPU:0", "A Processor")
    assert with_facts(None, [cpu, emulated]) == (cpu, emulated)


@pytest.mark.parametrize(
    ("version", "words"), [(90_300, "9.3.0"), (91_002, "9.10.2"), (8_907, "8.9.7"), (100_000, "10.0.0")]
)
def test_cudnn_is_the_one_that_is_loaded(version: int, words: str, libraries: dict[str, Any]) -> None:
    libraries["libcudnn.so.9"] = Cudnn(version)
    assert facts(tensorflow()).cudnn == words


@pytest.mark.parametrize("loaded", [{}, {"libcudnn.so.9": SimpleNamespace()}])
def test_where_cudnn_does_not_tell_it_is_the_one_that_tensorflow_was_built_with(
    loaded: dict[str, Any], libraries: dict[str, Any]
) -> None:
    libraries.update(loaded)
    assert facts(tensorflow()).cudnn == "9"


def test_where_nvml_cannot_be_asked_tensorflows_facts_stay(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"].starting = DRIVER_NOT_LOADED
    assert facts(tensorflow()) == GpuFacts(cuda="12.5.1", cudnn="9", compute_capability="9.0")


def test_where_nobody_tells_anything_the_facts_are_blank(libraries: dict[str, Any]) -> None:
    libraries.clear()
    assert facts(tensorflow({}, {})) == GpuFacts()
