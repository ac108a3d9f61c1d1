"""What NVML tells of other processes and held clocks, and what reading it costs (findings 9 and 15)."""

from __future__ import annotations

import ctypes
import importlib.util
import subprocess
import sys
from dataclasses import asdict
from time import perf_counter, sleep

from bench.events import GpuState
from bench.worker.machine.gpu_facts import facts_of
from bench.worker.machine.monitor import WINDOW_S
from bench.worker.machine.nvidia import POWER_CAP, Gpu, find_gpu
from tests.gpu.computing import median_s, take
from tests.gpu.evidence import Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step
from tests.gpu.probes.killing import READY, hold

LOAD_S = 4.0

SAMPLES_S = 2.5
"""By then NVML has new samples of what processes use: it takes some every second."""

FACTS = ("driver", "driver_cuda", "cuda", "cudnn", "compute_capability", "max_clock_mhz", "power_limit_w")


def measure(setting: Setting) -> Figures:
    """Read the GPU's facts, and its state as the product does: alone, beside other processes, and under load."""
    yield "nvidia_ml_py", importlib.util.find_spec("pynvml") is not None
    yield "libnvidia_ml", _loads("libnvidia-ml.so.1")
    tf, device = take(setting)
    with tf.device(device):
        size = 8192 if setting.on_gpu else 128
        a = tf.random.normal((size, size))
        tf.matmul(a, a)
        tf.raw_ops.SyncDevice()
        gpu = find_gpu(tf, setting.device)
        yield "found", gpu is not None
        if gpu is None:
            return
        yield "read_s", median_s(gpu.state, 50)
        yield "alone", asdict(gpu.state())
        yield "facts", asdict(facts_of(tf, setting.device, gpu))
        for what in ("idle", "busy"):
            yield f"beside_{what}_process", _beside(what, setting, gpu)
        throttled: set[str] = set()
        clocks: list[int] = []
        after: list[GpuState] = []
        end = perf_counter() + LOAD_S
        while perf_counter() < end:
            for _ in range(10):
                tf.matmul(a, a)
            state = gpu.state()
            tf.raw_ops.SyncDevice()
            after.append(gpu.state())
            throttled.update(state.throttled or ())
            clocks += [state.clock_mhz] if state.clock_mhz is not None else []
        yield "under_load", {"throttled": sorted(throttled), "clock_mhz": [min(clocks), max(clocks)] if clocks else []}
        idle = [state.idle for state in after if state.idle is not None]
        yield "between_rounds", {"idle_share": sum(idle) / len(idle) if idle else None}


def _beside(what: str, setting: Setting, gpu: Gpu) -> dict[str, object]:
    """Return the state beside a process that holds the device, over a time in which it does nothing but that."""
    code = f"from {hold.__module__} import hold; hold({setting.device!r}, {what!r})"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        held = any(READY in line for line in process.stdout)
        sleep(SAMPLES_S)
        gpu.state()  # what it computed when it took hold is told here
        sleep(SAMPLES_S)
        state = gpu.state()
        process.kill()
    return {"held": held, **asdict(state)}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def idle_process_counts(figures: Evidence) -> Answer:
    """Decide by the processes that the product counts without and with an idle one beside it."""
    alone = figures.number("nvml", "alone", "busy_processes")
    if not figures.flag("nvml", "beside_idle_process", "held"):
        return Answer(CANNOT_TELL, "the idle process could not take hold of the device")
    beside = figures.number("nvml", "beside_idle_process", "busy_processes")
    words = f"processes that compute: {alone:.0f} alone, {beside:.0f} beside an idle one"
    return Answer(CONFIRMED if beside > alone else REFUTED, words)


def busy_process_is_missed(figures: Evidence) -> Answer:
    """Decide by the processes that the product counts beside one that computes all the time."""
    if not figures.flag("nvml", "beside_busy_process", "held"):
        return Answer(CANNOT_TELL, "the busy process could not take hold of the device")
    beside = figures.number("nvml", "beside_busy_process", "busy_processes")
    return Answer(REFUTED if beside else CONFIRMED, f"processes that compute: {beside:.0f} beside a busy one")


def facts_are_missing(figures: Evidence) -> Answer:
    """Decide by the facts that the product reads of the card."""
    facts = figures.mapping("nvml", "facts")
    missing = sorted(name for name in FACTS if not facts.get(name))
    told = ", ".join(f"{name} {facts[name]}" for name in FACTS if facts.get(name)) or "nothing"
    return Answer(CONFIRMED if missing else REFUTED, f"told: {told}; missing: {', '.join(missing) or 'nothing'}")


def power_cap_counts(figures: Evidence) -> Answer:
    """Decide by the reasons that the product reads under a heavy product."""
    throttled = figures.mapping("nvml", "under_load").get("throttled")
    if not isinstance(throttled, list):
        return Answer(CANNOT_TELL, "NVML tells no reasons")
    words = f"throttled under load: {', '.join(map(str, throttled)) or 'no reason'}"
    return Answer(CONFIRMED if POWER_CAP in throttled else REFUTED, words)


def idle_between_rounds(figures: Evidence) -> Answer:
    """Decide by how often the product finds the GPU idle where it reads its state: just after the device is done."""
    share = figures.number("nvml", "between_rounds", "idle_share")
    words = f"idle in {share:.0%} of the readings just after the device was done"
    return by_thresholds(share, refuted_up_to=0.5, confirmed_from=0.95, words=words)


def reading_is_dear(figures: Evidence) -> Answer:
    """Decide by the time of a reading as a share of the window between two."""
    read_s = figures.number("nvml", "read_s")
    words = f"a reading takes {read_s * 1e3:.2f} ms, one every {WINDOW_S} s at most"
    return by_thresholds(read_s / WINDOW_S, refuted_up_to=0.01, confirmed_from=0.05, words=words)


def package_is_missed(figures: Evidence) -> Answer:
    """Decide by whether NVML could be asked without the package that is missing."""
    package, library = figures.flag("nvml", "nvidia_ml_py"), figures.flag("nvml", "libnvidia_ml")
    found = figures.flag("nvml", "found")
    words = (
        f"nvidia-ml-py is {'there' if package else 'missing'}, libnvidia-ml {'loads' if library else 'does not load'}, "
        f"the product {'reads' if found else 'does not read'} the GPU's state"
    )
    if package or not library:
        return Answer(CANNOT_TELL, words)
    return Answer(REFUTED if found else CONFIRMED, words)


PROBE = Probe(
    name="nvml",
    tried="Read the GPU's state as the product does: alone, beside an idle and a busy process, and under load.",
    steps=(Step("nvml", measure, 180),),
    rules=(
        Rule(
            9,
            "An idle process that holds the device counts as a disturbance",
            "Confirmed if the product counts one more process that computes beside it; refuted if it does not.",
            idle_process_counts,
        ),
        Rule(
            9,
            "A process that computes on the device all the time is not noticed",
            "Confirmed if the product counts no process that computes beside it; refuted if it counts one.",
            busy_process_is_missed,
        ),
        Rule(
            9,
            "A heavy product runs into the power cap",
            f"Confirmed if the product reads {POWER_CAP!r} within {LOAD_S:.0f} s of matrix products; refuted if not.",
            power_cap_counts,
        ),
        Rule(
            9,
            "Between rounds the GPU reads as idle, so that its clock is never judged",
            "Confirmed if 95 % of the readings just after work find it idle; refuted if at most half do.",
            idle_between_rounds,
        ),
        Rule(
            9,
            "Reading the GPU's state takes a good part of the time between two readings",
            "5 % of it and more confirms, 1 % and less refutes.",
            reading_is_dear,
        ),
        Rule(
            15,
            "Without nvidia-ml-py the GPU's state is missing, though the driver's library is there",
            "Confirmed if the package is missing, the library loads and the product reads no state; refuted if it "
            "reads one all the same. It cannot be told where the package is installed.",
            package_is_missed,
        ),
        Rule(
            15,
            "Of the card, the driver and the libraries something is not recorded",
            f"Confirmed if one of {', '.join(FACTS)} is missing; refuted if all are there. Under MIG some are.",
            facts_are_missing,
        ),
    ),
)
