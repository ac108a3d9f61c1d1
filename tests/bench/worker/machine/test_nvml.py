"""NVML by ctypes is what the real nvidia-ml-py is: its shapes, its numbers, its names; and it speaks to a C library."""

from __future__ import annotations

import ctypes
import inspect
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pynvml
import pytest

from bench.worker.machine import nvml
from bench.worker.machine.nvidia import CLOCKS_HELD_DOWN, SLOWDOWNS

LIBRARY = """
#include <stdio.h>
#include <string.h>

typedef struct device *nvmlDevice_t;
typedef struct { unsigned int pid; unsigned long long usedGpuMemory; } first_info;
typedef struct { unsigned int pid; unsigned long long timeStamp; unsigned int sm, mem, enc, dec; } sample;
typedef struct { unsigned long long total, free, used; } memory;

static int started;

int nvmlInitWithFlags(unsigned int flags) { started = flags == 0; return 0; }

int nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    return snprintf(version, length, "580.65.06") < (int)length ? 0 : 7;
}

int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 3; return started ? 0 : 1; }

int nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
    *device = (nvmlDevice_t)0x7f00123456789abcULL;
    return strcmp(uuid, "GPU-1") ? 6 : 0;
}

static int is_it(nvmlDevice_t device) { return device == (nvmlDevice_t)0x7f00123456789abcULL; }

int nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *now, unsigned int *pending) {
    *now = 0; *pending = 1; return is_it(device) ? 0 : 2;
}

int nvmlDeviceGetMemoryInfo(nvmlDevice_t device, memory *is) {
    is->total = 85899345920ULL; is->free = 1; is->used = 2; return is_it(device) ? 0 : 2;
}

int nvmlDeviceGetClockInfo(nvmlDevice_t device, int clock, unsigned int *mhz) {
    *mhz = clock == 1 ? 1980 : 2619; return is_it(device) ? 0 : 2;
}

int nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device, unsigned long long *reasons) {
    *reasons = 0x100000004ULL; return is_it(device) ? 0 : 2;
}

int nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, first_info *infos) {
    if (!is_it(device)) return 2;
    if (*count < 2) { *count = 2; return 7; }
    infos[0].pid = 41; infos[1].pid = 4294967295U; *count = 2;
    return 0;
}

int nvmlDeviceGetProcessUtilization(nvmlDevice_t device, sample *samples, unsigned int *count,
                                    unsigned long long seen) {
    if (!is_it(device)) return 2;
    if (seen >= 1796085171214874ULL) return 6;
    if (!samples) { *count = 1; return 7; }
    samples[0].pid = 41; samples[0].timeStamp = 1796085171214874ULL; samples[0].sm = 70; *count = 1;
    return 0;
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> nvml.Nvml:
    """A library in C with NVML's functions, those of an older driver."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("there is no C compiler")
    folder: Path = tmp_path_factory.mktemp("nvml")
    (folder / "nvml.c").write_text(LIBRARY, encoding="utf-8")
    built = folder / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, folder / "nvml.c"], check=True)
    return nvml.Nvml(ctypes.CDLL(str(built)))


def test_a_c_library_is_spoken_to_as_its_header_says(library: nvml.Nvml) -> None:
    library.nvmlInit()
    assert library.nvmlSystemGetDriverVersion() == "580.65.06"
    assert library.nvmlDeviceGetCount() == 3
    card = library.nvmlDeviceGetHandleByUUID("GPU-1")
    assert library.nvmlDeviceGetMigMode(card) == [0, 1]
    assert library.nvmlDeviceGetMemoryInfo(card).total == 80 << 30
    assert library.nvmlDeviceGetClockInfo(card, library.NVML_CLOCK_SM) == 1980
    assert library.nvmlDeviceGetClockInfo(card, library.NVML_CLOCK_MEM) == 2619
    assert library.nvmlDeviceGetCurrentClocksEventReasons(card) == 0x1_0000_0004


def test_lists_of_an_older_driver_are_read_in_their_older_shape(library: nvml.Nvml) -> None:
    card = library.nvmlDeviceGetHandleByUUID("GPU-1")
    assert [process.pid for process in library.nvmlDeviceGetComputeRunningProcesses(card)] == [41, 2**32 - 1]


def test_samples_are_read_from_the_last_one_on(library: nvml.Nvml) -> None:
    card = library.nvmlDeviceGetHandleByUUID("GPU-1")
    [sample] = library.nvmlDeviceGetProcessUtilization(card, 0)
    assert (sample.pid, sample.timeStamp, sample.smUtil) == (41, 1_796_085_171_214_874, 70)
    with pytest.raises(nvml.NVMLError) as nothing:
        library.nvmlDeviceGetProcessUtilization(card, sample.timeStamp)
    assert nothing.value.value == pynvml.NVML_ERROR_NOT_FOUND


def test_an_error_and_a_function_that_is_missing_are_nvmls_errors(library: nvml.Nvml) -> None:
    with pytest.raises(nvml.NVMLError) as unknown:
        library.nvmlDeviceGetHandleByUUID("GPU-2")
    assert unknown.value.value == pynvml.NVML_ERROR_NOT_FOUND
    with pytest.raises(nvml.NVMLError) as missing:
        library.nvmlDeviceGetPowerUsage(None)
    assert missing.value.value == pynvml.NVML_ERROR_FUNCTION_NOT_FOUND


def test_a_library_that_is_missing_is_no_nvml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml, "LIBRARY", "libnvidia-ml-that-nobody-has.so.1")
    assert nvml.load() is None


def layout(shape: Any) -> tuple[int, list[tuple[str, int, int]]]:
    """Return a structure's size, and each field with its place and its size."""
    names = [field[0] for field in shape._fields_]
    return ctypes.sizeof(shape), [(name, getattr(shape, name).offset, getattr(shape, name).size) for name in names]


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        (nvml.ProcessInfo, pynvml.c_nvmlProcessInfo_v3_t),
        (nvml.ProcessInfo, pynvml.c_nvmlProcessInfo_v2_t),
        (nvml.ProcessUtilizationSample, pynvml.c_nvmlProcessUtilizationSample_t),
        (nvml.Memory, pynvml.c_nvmlMemory_t),
    ],
)
def test_the_shapes_are_those_of_nvidia_ml_py(own: Any, theirs: Any) -> None:
    assert layout(own) == layout(theirs)


FUNCTIONS = [name for name in vars(nvml.Nvml) if name.startswith("nvml")]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_nvidia_ml_py_has_the_same_name_and_takes_as_much(name: str) -> None:
    theirs = inspect.signature(getattr(pynvml, name)).parameters.values()
    own = inspect.signature(getattr(nvml.Nvml, name)).parameters
    assert len(own) - 1 == sum(parameter.default is parameter.empty for parameter in theirs)


def test_the_numbers_are_those_of_nvidia_ml_py() -> None:
    for name in ("NVML_TEMPERATURE_GPU", "NVML_CLOCK_SM", "NVML_CLOCK_MEM"):
        assert getattr(nvml.Nvml, name) == getattr(pynvml, name)
    assert nvml.INSUFFICIENT_SIZE == pynvml.NVML_ERROR_INSUFFICIENT_SIZE
    assert nvml.FUNCTION_NOT_FOUND == pynvml.NVML_ERROR_FUNCTION_NOT_FOUND


def test_the_reasons_of_held_clocks_are_those_of_nvidia_ml_py() -> None:
    slowdowns = {
        "HW slowdown": pynvml.nvmlClocksThrottleReasonHwSlowdown,
        "SW thermal slowdown": pynvml.nvmlClocksThrottleReasonSwThermalSlowdown,
        "HW thermal slowdown": pynvml.nvmlClocksThrottleReasonHwThermalSlowdown,
        "HW power brake slowdown": pynvml.nvmlClocksThrottleReasonHwPowerBrakeSlowdown,
    }
    others = {
        "SW power cap": pynvml.nvmlClocksThrottleReasonSwPowerCap,
        "sync boost": pynvml.nvmlClocksThrottleReasonSyncBoost,
    }
    assert {**slowdowns, **others}.items() <= {words: bit for bit, words in CLOCKS_HELD_DOWN.items()}.items()
    assert {*slowdowns} == {*SLOWDOWNS}
