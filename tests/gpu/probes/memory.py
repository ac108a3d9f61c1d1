"""What a worker holds when it is warm, and what comes after the device's memory ran out (findings 10 and 11)."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from bench.worker.machine.memory import held_bytes
from tests.gpu.computing import seconds, take, tried
from tests.gpu.evidence import Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

GIB = 1 << 30
MOST_GIB = 512


def measure_resident(setting: Setting) -> Figures:
    """See what the process holds: with TensorFlow imported, with the device, with CUDA's libraries, with XLA."""
    yield "before_bytes", held_bytes()
    tf, device = take(setting)
    yield "imported_bytes", held_bytes()
    sync = tf.raw_ops.SyncDevice
    with tf.device(device):
        start = perf_counter()
        x = tf.ones((256, 256))
        sync()
        yield "device_ready_after_s", perf_counter() - start
        yield "device_bytes", held_bytes()
        tf.matmul(x, x)
        tf.nn.conv2d(tf.ones((1, 32, 32, 16)), tf.ones((3, 3, 16, 16)), 1, "SAME")
        tf.linalg.cholesky(tf.eye(64))
        sync()
        yield "libraries_bytes", held_bytes()
        tf.function(lambda x: tf.tanh(tf.matmul(x, x)) + 1.0, jit_compile=True)(x)
        sync()
        yield "warm_bytes", held_bytes()


def warm_worker_is_large(figures: Evidence) -> Answer:
    """Decide by what a warm process holds, beside the 3 GiB at which workers were recycled."""
    stages = {name: figures.number("resident", f"{name}_bytes") / GIB for name in ("imported", "device", "warm")}
    words = ", ".join(f"{name} {size:.2f} GiB" for name, size in stages.items())
    return by_thresholds(stages["warm"], refuted_up_to=1.5, confirmed_from=2.0, words=words)


def start_is_long(figures: Evidence) -> Answer:
    """Decide by the time until the first op was done."""
    ready_s = figures.number("resident", "device_ready_after_s")
    words = f"{ready_s:.1f} s from the first op until it was done"
    return by_thresholds(ready_s, refuted_up_to=1.0, confirmed_from=3.0, words=words)


def measure_out_of_memory(setting: Setting) -> Figures:
    """Ask for more than there is, fill the device up, and see how long each error takes and what works after it."""
    tf, device = take(setting)

    def works() -> dict[str, Any]:
        return tried(lambda: tf.matmul(tf.ones((8, 8)), tf.ones((8, 8))).numpy())

    with tf.device(device):
        works()
        waits: list[float] = []
        for _ in range(2):
            start = perf_counter()
            yield "too_large", tried(lambda: (tf.zeros((1 << 20, 1 << 20)), tf.raw_ops.SyncDevice()))
            waits.append(perf_counter() - start)
        yield "error_after_s", waits
        yield "after_too_large", works()
        big = tf.function(lambda: tf.zeros((1 << 20, 1 << 18)) + tf.random.normal((1, 1)), jit_compile=True)
        yield "xla_error_after_s", seconds(lambda: tried(big))
        yield "after_xla", works()
        kept: list[Any] = []
        filled = tried(lambda: kept.extend(tf.zeros((GIB // 4,)) for _ in range(MOST_GIB)))
        yield "filled", filled
        yield "while_full", works()
        kept.clear()
        yield "after_full", works()


def errors_wait(figures: Evidence) -> Answer:
    """Decide by the longest wait for the error of an eager op that asks for too much."""
    waits = figures.numbers("out of memory", "error_after_s")
    if figures.flag("out of memory", "too_large", "ok"):
        return Answer(CANNOT_TELL, "4 TiB were there")
    words = f"the error came after {', '.join(f'{wait:.1f}' for wait in waits)} s"
    return by_thresholds(max(waits), refuted_up_to=2.0, confirmed_from=5.0, words=words)


def later_calls_suffer(figures: Evidence) -> Answer:
    """Decide by whether a small call works after each error, once what was held is freed."""
    names = ("after_too_large", "after_xla", "after_full")
    works = {name: figures.flag("out of memory", name, "ok") for name in names}
    words = ", ".join(f"{name.replace('_', ' ')}: {'works' if ok else 'fails'}" for name, ok in works.items())
    return Answer(REFUTED if all(works.values()) else CONFIRMED, words)


PROBE = Probe(
    name="memory",
    tried="Watched the size of a process while it warms up, and the time of its first op.",
    steps=(Step("resident", measure_resident, 120),),
    rules=(
        Rule(
            11,
            "A warm worker holds most of the 3 GiB at which workers are recycled",
            "Resident once it is warm: 2 GiB and more confirms, 1.5 GiB and less refutes.",
            warm_worker_is_large,
        ),
        Rule(
            16,
            "Taking hold of the device takes long enough to be told apart",
            "From the first op until it was done: 3 s and more confirms, 1 s and less refutes.",
            start_is_long,
        ),
    ),
    kinds=("GPU", "CPU"),
)

OUT_OF_MEMORY_PROBE = Probe(
    name="out_of_memory",
    tried="Asked for 4 TiB, eager and in XLA, and filled the device up; tried a small product after each.",
    steps=(Step("out of memory", measure_out_of_memory, 150),),
    rules=(
        Rule(
            10,
            "An out-of-memory error comes after seconds of waiting",
            "The longest of two: 5 s and more confirms, 2 s and less refutes.",
            errors_wait,
        ),
        Rule(
            10,
            "Calls fail after the memory ran out, though it is free again",
            "Confirmed if a small product fails after any of the three errors; refuted if it works after all.",
            later_calls_suffer,
        ),
    ),
)
