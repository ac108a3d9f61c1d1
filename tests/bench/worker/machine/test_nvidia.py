"""A GPU's facts and state over a stub of the driver's libraries: through the real nvidia-ml-py, and without it."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.events import GpuFacts, GpuState
from bench.worker.machine.nvidia import Gpu, find_gpu
from tests.nvidia_driver import DRIVER_NOT_LOADED, GPU_IS_LOST, UUIDS, Cuda, Nvml, OldNvml

NO_DEVICE = 100

TF = SimpleNamespace(
    config=SimpleNamespace(
        list_physical_devices=lambda kind: [
            SimpleNamespace(name=f"/physical_device:{kind}:{number}", device_type=kind) for number in range(2)
        ]
    )
)


@pytest.fixture(autouse=True, params=["nvidia-ml-py", "ctypes"])
def libraries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The driver's libraries, by name; nvidia-ml-py is loaded afresh, to find these, or is missing."""
    present: dict[str, Any] = {"libcuda.so.1": Cuda(), "libnvidia-ml.so.1": Nvml()}

    def load(name: str) -> Any:
        if name not in present:
            raise OSError(f"{name}: cannot open shared object file")
        return present[name]

    monkeypatch.setattr(ctypes, "CDLL", load)
    if request.param == "ctypes":
        monkeypatch.setitem(sys.modules, "pynvml", None)
        return present
    spec = find_spec("pynvml")
    assert spec is not None
    assert spec.loader is not None
    monkeypatch.setitem(sys.modules, "pynvml", module := module_from_spec(spec))
    spec.loader.exec_module(module)
    return present


def found() -> Gpu:
    gpu = find_gpu(TF, "GPU:1")
    assert gpu is not None
    return gpu


def nvml(libraries: dict[str, Any]) -> Nvml:
    return cast("Nvml", libraries["libnvidia-ml.so.1"])


def test_a_card_is_found_by_its_uuid_and_tells_its_state() -> None:
    gpu = found()
    assert gpu.name == "GPU:1"
    assert gpu.state() == GpuState(
        uuid=f"GPU-{UUIDS[1]}",
        clock_mhz=1905,
        memory_clock_mhz=2619,
        throttled=(),
        temperature_c=41,
        power_w=121.5,
        other_processes=0,
        busy_processes=0,
        idle=False,
    )


def test_a_card_tells_what_stays_the_same() -> None:
    assert found().facts() == GpuFacts(
        driver="580.65.06",
        driver_cuda="13.0",
        memory_bytes=80 << 30,
        max_clock_mhz=1980,
        max_memory_clock_mhz=2619,
        power_limit_w=700.0,
        mig=False,
    )


def test_an_instance_tells_its_own_memory_and_that_the_card_is_divided(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = Nvml("MIG")
    assert found().facts() == GpuFacts(driver="580.65.06", driver_cuda="13.0", memory_bytes=10 << 30, mig=True)


def test_a_card_that_nvml_does_not_have_is_not_taken_for_another() -> None:
    assert find_gpu(TF, "GPU:0") is None, "NVML's only card is CUDA's second"


def test_what_a_mig_instance_does_not_tell_is_blank(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = Nvml("MIG")
    assert found().state() == GpuState(uuid=f"MIG-{UUIDS[1]}", other_processes=0)


def test_reasons_for_held_down_clocks_are_named_and_idling_is_none(libraries: dict[str, Any]) -> None:
    gpu = found()
    for reasons, words in [
        (0x001, ()),
        (0x002 | 0x100, ()),
        (0x004, ("SW power cap",)),
        (0x001 | 0x008 | 0x040, ("HW slowdown", "HW thermal slowdown")),
    ]:
        nvml(libraries).reasons = reasons
        assert gpu.state().throttled == words
        assert gpu.state().idle is bool(reasons & 0x001)


def test_an_old_driver_tells_them_under_their_old_name(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = old = OldNvml()
    old.reasons = 0x020
    assert found().state().throttled == ("SW thermal slowdown",)


@pytest.mark.parametrize(
    ("others", "told"),
    [([], 0), ([7], 1), ([7, 8, 8], 2), ([0], None)],
    ids=["alone", "one", "one of two twice", "one whose number is not ours to see"],
)
def test_processes_beside_this_one_are_counted(libraries: dict[str, Any], others: list[int], told: int | None) -> None:
    nvml(libraries).pids = [os.getpid(), *others]
    assert found().state().other_processes == told


@pytest.mark.parametrize("pids", [[], [4711], [4711, 4712]])
def test_where_this_process_is_not_listed_the_others_are_unknown(libraries: dict[str, Any], pids: list[int]) -> None:
    nvml(libraries).pids = pids
    assert found().state().other_processes is None


def test_processes_that_computed_since_the_last_reading_are_counted(libraries: dict[str, Any]) -> None:
    mine, idle, other, third = os.getpid(), 7, 8, 9
    library = nvml(libraries)
    library.pids = [mine, idle, other, third]
    gpu = found()
    told = []
    for used in [
        [(other, 1_000, 70)],
        [(mine, 2_000, 90), (idle, 2_000, 0)],
        [(mine, 3_000, 50), (other, 3_000, 20), (other, 3_100, 20), (third, 3_100, 5)],
        [(mine, 4_000, 99)],
    ]:
        library.used += used
        told.append(gpu.state().busy_processes)
    assert told == [1, 0, 2, 0], "an idle process, this one and what was told before do not count"


def test_where_processes_have_other_numbers_nobody_is_said_to_compute(libraries: dict[str, Any]) -> None:
    nvml(libraries).pids, nvml(libraries).used = [4711], [(4711, 1_000, 70)]
    assert found().state().busy_processes is None


def test_a_driver_that_does_not_tell_who_computes_is_no_trouble(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = OldNvml()
    assert found().state().busy_processes is None


def test_a_gpu_that_is_lost_tells_nothing_and_raises_nothing(libraries: dict[str, Any]) -> None:
    gpu = found()
    nvml(libraries).failing = GPU_IS_LOST
    assert gpu.state() == GpuState(uuid=f"GPU-{UUIDS[1]}")
    assert gpu.facts() == GpuFacts()


def test_a_driver_that_is_not_loaded_is_no_gpu(libraries: dict[str, Any]) -> None:
    nvml(libraries).starting = DRIVER_NOT_LOADED
    assert find_gpu(TF, "GPU:1") is None


@pytest.mark.parametrize("missing", ["libcuda.so.1", "libnvidia-ml.so.1"])
def test_a_library_that_is_missing_is_no_gpu(libraries: dict[str, Any], missing: str) -> None:
    del libraries[missing]
    assert find_gpu(TF, "GPU:1") is None


def test_a_cuda_that_fails_is_no_gpu(libraries: dict[str, Any]) -> None:
    libraries["libcuda.so.1"].failing = NO_DEVICE
    assert find_gpu(TF, "GPU:1") is None


def test_a_cpu_case_asks_nobody() -> None:
    assert find_gpu(None, "CPU:0") is None
