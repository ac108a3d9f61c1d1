"""Say why TensorFlow lists no GPU where NVIDIA's driver has one: what its log says, in a sentence with what to do.

Without a driver nothing is missing, and nothing is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...number_text import counted
from ...printable import on_one_line
from . import nvml

KERNELS_LIST = Path("/proc/driver/nvidia/gpus")
DEVICE_FILES = Path("/dev")
DEVICE_FILE = re.compile(r"nvidia\d+")

INSTALL = "pip install 'tensorflow[and-cuda]'"
CONTAINER = "start the container with --gpus all"

REMEDIES = (
    (
        r"does not match DSO version|SYSTEM_DRIVER_MISMATCH|unsupported display driver",
        "the driver was updated and the old one still runs: restart the machine",
    ),
    (
        r"version is insufficient|COMPAT_NOT_SUPPORTED|forward compatibility was attempted",
        "the driver is too old for TensorFlow's CUDA: install a newer driver",
    ),
    (r"SYSTEM_NOT_READY", "its switches are not ready: start the service nvidia-fabricmanager"),
    (
        r"minimum required Cuda capability",
        "the card is too old for this TensorFlow: install one of the time of the card",
    ),
    (
        r"Could not find cuda drivers|UNKNOWN ERROR \(303\)|libcuda\.so\.1|kernel driver does not appear",
        f"libcuda.so.1 is not found: put its folder on LD_LIBRARY_PATH, or {CONTAINER}",
    ),
    (
        r"CUDA_ERROR_UNKNOWN|unknown error|INVALID_DEVICE|NOT_INITIALIZED",
        "the driver does not start: see what nvidia-smi says, restart the machine",
    ),
    (r"CUDA_ERROR_NO_DEVICE|no CUDA-capable device", f"see whether nvidia-smi lists it, or {CONTAINER}"),
    (
        r"cannot dlopen|could not load dynamic library|skipping registering",
        f"CUDA's libraries are missing: {INSTALL}",
    ),
    (r"failed call to cuInit", "the driver does not start: see what nvidia-smi says"),
)
"""Lists what a line of TensorFlow's log may hold, and what is to be done then; the first that fits counts."""

PREFIX = re.compile(r"^[IWEF]\d{4,} \d[\d:. ]*\s+\d+ [\w.]+:\d+\] |^\d{4}-\d\d-\d\d [\d:.]+: [IWEF] \S+\] ")
"""Finds what stands before a line's text in either of the two forms of TensorFlow's logs."""

NO_GPU = ("", "-1")
"""Values of CUDA_VISIBLE_DEVICES that leave none."""

MOST_QUOTED = 2
LONGEST_QUOTE = 200
LONGEST_VALUE = 80


def why_missing(tf: Any, log: str, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return why TensorFlow lists no GPU though the driver has one, and what to do; empty without a driver's GPU.

    `log`: what TensorFlow logged until it had listed its GPUs, none. Never raises.
    """
    there = driver_gpus()
    if there == 0:
        return ()
    why, quoted = _reason(tf, log, environ)
    quote = f" (TensorFlow's log: {'; '.join(quoted)})" if quoted else ""
    return (f"the driver has {counted(there, 'GPU')}, TensorFlow lists none: {why}{quote}",)


def driver_gpus() -> int:
    """Return how many GPUs the driver has, by the kernel, by the files of devices or by NVML: none is initialised."""
    return _kernels_gpus() or _device_files() or _nvml_gpus()


def _kernels_gpus() -> int:
    try:
        return sum(1 for _ in KERNELS_LIST.iterdir())
    except OSError:
        return 0


def _device_files() -> int:
    try:
        return sum(1 for path in DEVICE_FILES.iterdir() if DEVICE_FILE.fullmatch(path.name))
    except OSError:
        return 0


def _nvml_gpus() -> int:
    library = nvml.load()
    if library is None:
        return 0
    try:
        library.nvmlInit()
        return library.nvmlDeviceGetCount()
    except nvml.NVMLError:
        return 0


def _reason(tf: Any, log: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return why, with what to do, and the lines of the log that say so."""
    if not tf.test.is_built_with_cuda():
        return f"this TensorFlow was not built with CUDA: {INSTALL}", ()
    lines = tuple(PREFIX.sub("", line).strip() for line in log.splitlines())
    visible = environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and (visible.strip() in NO_GPU or any("NO_DEVICE" in line for line in lines)):
        hides = "hides every GPU" if visible.strip() in NO_GPU else "may hide it"
        return f"CUDA_VISIBLE_DEVICES={on_one_line(visible)[:LONGEST_VALUE]!r} {hides}: unset it", ()
    if _kernels_gpus() and not _device_files():
        return f"there is no /dev/nvidia0 here: {CONTAINER}", ()
    for pattern, remedy in REMEDIES:
        if quoted := tuple(dict.fromkeys(_quotes(lines, pattern)))[:MOST_QUOTED]:
            return remedy, quoted
    return f"its log does not say why: see what nvidia-smi says, or {INSTALL}", ()


def _quotes(lines: tuple[str, ...], pattern: str) -> Iterator[str]:
    """Yield the first sentence of each line that holds the pattern."""
    for line in lines:
        if re.search(pattern, line, re.IGNORECASE):
            sentence = on_one_line(line.partition(". ")[0]).rstrip(".")
            yield sentence if len(sentence) <= LONGEST_QUOTE else f"{sentence[:LONGEST_QUOTE]}…"
