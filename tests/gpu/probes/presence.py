"""Which GPU there is; where there is none, what TensorFlow's log says of it (finding 8)."""

from __future__ import annotations

import ctypes
import os
import platform
import re
from pathlib import Path

from bench.worker.machine import missing_gpus
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

REASONS = re.compile(
    r"cannot dlopen|could not find cuda|could not load|failed call to cuinit|no cuda-capable|kernel driver|"
    r"driver version|skipping registering gpu|gpu will not be used|not built with|compute capability",
    re.IGNORECASE,
)
"""Of the lines of TensorFlow's log, those that may say why it lists no GPU."""

PREFIX = re.compile(r"^[IWEF]\d{4,} \d[\d:. ]*\s+\d+ [\w.]+:\d+\] |^\d{4}-\d\d-\d\d [\d:.]+: [IWEF] \S+\] ")
"""What stands before a line's text in either of the two forms of TensorFlow's logs."""

MOST_LINES = 6
LOG_BYTES = 1 << 16


def measure(_setting: Setting) -> Figures:
    """See what the driver has, import TensorFlow, list its GPUs, and read why there may be none in its log."""
    yield "driver_gpus", _driver_gpus()
    yield "driver_version", driver_version()
    import tensorflow as tf

    yield "tensorflow", tf.__version__
    yield "python", platform.python_version()
    yield "built_with_cuda", tf.test.is_built_with_cuda()
    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    yield "gpus", [{"name": str(each.get("device_name", "")), **_capability(each)} for each in details]
    build = tf.sysconfig.get_build_info()
    yield "build", {name: str(build[name]) for name in ("cuda_version", "cudnn_version") if name in build}
    yield "reasons", reasons_in(_own_log())
    yield "product_sees", missing_gpus.driver_gpus()
    yield "product_says", [] if gpus else list(missing_gpus.why_missing(tf, _own_log()))


def _capability(details: dict[str, object]) -> dict[str, str]:
    capability = details.get("compute_capability")
    return {"capability": ".".join(map(str, capability))} if isinstance(capability, tuple) else {}


def _driver_gpus() -> int | None:
    """Return how many GPUs CUDA's driver has for this process; None if there is no driver, or it does not start."""
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    count = ctypes.c_int()
    failed = cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count))
    return None if failed else count.value


def driver_version() -> str | None:
    """Return the version of the NVIDIA driver; None where the kernel does not tell it."""
    try:
        text = Path("/proc/driver/nvidia/version").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    match = re.search(r"\b(\d{3,}\.[\d.]+)\b", text)
    return match[1] if match else None


def _own_log() -> str:
    """Return the end of what this process has logged, as far as its log is a file."""
    try:
        size = os.fstat(2).st_size
        return os.pread(2, LOG_BYTES, max(size - LOG_BYTES, 0)).decode(errors="replace")
    except OSError:
        return ""


def reasons_in(log: str) -> list[str]:
    """Return the lines of a log that may say why there is no GPU, each once, without what stands before their text."""
    lines = (PREFIX.sub("", line).strip() for line in log.splitlines() if REASONS.search(line))
    return list(dict.fromkeys(lines))[:MOST_LINES]


def reason_stays_in_the_log(figures: Evidence) -> Answer:
    """Decide by what the driver has and TensorFlow lists."""
    listed = len(figures.value("presence", "gpus"))
    if listed:
        return Answer(CANNOT_TELL, f"TensorFlow lists {listed}")
    driver = figures.number("presence", "driver_gpus")
    if not driver:
        return Answer(CANNOT_TELL, "the driver has none")
    reasons = figures.value("presence", "reasons")
    words = f"the driver has {driver:.0f}, TensorFlow lists none; its log says: {'; '.join(reasons) or 'nothing'}"
    return Answer(CONFIRMED if reasons else REFUTED, words)


def product_says_nothing(figures: Evidence) -> Answer:
    """Decide by what the product says where the driver has a GPU and TensorFlow lists none, or there is no driver."""
    said = figures.value("presence", "product_says")
    words = f"the product says: {'; '.join(map(str, said)) or 'nothing'}"
    driver = figures.number("presence", "driver_gpus")
    if figures.value("presence", "gpus") or not driver:
        return Answer(CANNOT_TELL, words)
    return Answer(REFUTED if said else CONFIRMED, words)


PROBE = Probe(
    name="presence",
    tried="Asked the driver and TensorFlow for GPUs, and read TensorFlow's log.",
    steps=(Step("presence", measure, 120),),
    rules=(
        Rule(
            8,
            "Where the driver has a GPU and TensorFlow lists none, the log says why",
            "Confirmed if it does; refuted if no line of the log is a reason. It cannot be told where TensorFlow lists "
            "one, or the driver has none.",
            reason_stays_in_the_log,
        ),
        Rule(
            8,
            "The product does not say why TensorFlow lists no GPU",
            "Confirmed if it says nothing where the driver has one; refuted if it says something. It cannot be told "
            "where TensorFlow lists one, or the driver has none.",
            product_says_nothing,
        ),
    ),
    kinds=("GPU", "CPU", "XLA_CPU"),
)
