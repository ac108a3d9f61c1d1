"""What a compile and a first call cost by what came before, and what memory a compile takes (findings 7 and 13)."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from tests.gpu.computing import seconds, take, then_synchronised
from tests.gpu.evidence import Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step


def measure_again(setting: Setting) -> Figures:
    """Compile the same product twice at several sizes; what any first compile costs is paid before."""
    tf, device = take(setting)
    sync = tf.raw_ops.SyncDevice

    sizes = (1536, 1408, 1280, 1152) if setting.on_gpu else (320, 288, 256)
    with tf.device(device):
        before = tf.random.normal((96, 96))
        _product(tf)(before)
        sync()
        first: list[float] = []
        again: list[float] = []
        memory: list[list[int | None]] = []
        for size in sizes:
            a = tf.random.normal((size, size))
            for times in (first, again):
                call = _product(tf)
                peak_bytes = _watch(tf, device)
                times.append(seconds(then_synchronised(tf, call, a)))
                compile_bytes = peak_bytes()
                peak_bytes = _watch(tf, device)
                call(a)
                sync()
                memory.append([compile_bytes, peak_bytes()])
        yield "first_s", first
        yield "again_s", again
        if all(None not in pair for pair in memory):
            yield "compile_bytes", [pair[0] for pair in memory][::2]
            yield "call_bytes", [pair[1] for pair in memory][::2]


def _product(tf: Any) -> Any:
    """Return a function of its own, which XLA compiles anew."""
    return tf.function(lambda a: tf.matmul(a, a) + 1.0, jit_compile=True)


def _watch(tf: Any, device: str) -> Callable[[], int | None]:
    """Reset the peak of the device's memory; return what tells how far it rose since, None where nothing does."""
    name, memory = device.removeprefix("/device:"), tf.config.experimental
    try:
        memory.reset_memory_stats(name)
        before = memory.get_memory_info(name)["current"]
    except (ValueError, tf.errors.OpError):
        return lambda: None
    return lambda: int(memory.get_memory_info(name)["peak"] - before)


def second_compile_is_cheaper(figures: Evidence) -> Answer:
    """Decide by the medians over sizes."""
    first_s, again_s = (statistics.median(figures.numbers("again", name)) for name in ("first_s", "again_s"))
    words = f"first {first_s * 1e3:.0f} ms, again {again_s * 1e3:.0f} ms, medians over sizes"
    share = again_s / first_s
    return Answer(CONFIRMED if share <= 0.8 else REFUTED if share >= 0.9 else CANNOT_TELL, words)


def compiling_takes_memory(figures: Evidence) -> Answer:
    """Decide by the peak of the call that compiles over that of the next."""
    compile_bytes, call_bytes = figures.numbers("again", "compile_bytes"), figures.numbers("again", "call_bytes")
    ratios = [first / max(call, 1.0) for first, call in zip(compile_bytes, call_bytes, strict=True)]
    words = f"peak of the call that compiles over the next call's, by size: {', '.join(f'{r:.2f}' for r in ratios)}"
    return by_thresholds(statistics.median(ratios), refuted_up_to=1.1, confirmed_from=1.5, words=words)


def measure_eager_first(setting: Setting) -> Figures:
    """Make the first calls of a process eager, then graph, then XLA."""
    return _first_calls(setting, ("eager", "graph", "xla"))


def measure_xla_first(setting: Setting) -> Figures:
    """Make the first calls of a process XLA, then graph, then eager."""
    return _first_calls(setting, ("xla", "graph", "eager"))


def _first_calls(setting: Setting, order: tuple[str, ...]) -> Figures:
    tf, device = take(setting)
    size = 56 if setting.on_gpu else 16

    def step(image: Any, kernel: Any) -> Any:
        return tf.nn.relu(tf.nn.conv2d(image, kernel, 1, "SAME")) * 2.0 + 1.0

    functions = {"eager": step, "graph": tf.function(step), "xla": tf.function(step, jit_compile=True)}
    with tf.device(device):
        image, kernel = tf.random.normal((8, size, size, 64)), tf.random.normal((3, 3, 64, 64))
        tf.raw_ops.SyncDevice()
        for mode in order:
            yield mode, seconds(then_synchronised(tf, functions[mode], image, kernel))


def who_goes_first_pays(figures: Evidence) -> Answer:
    """Decide by how much dearer the first call of a mode is when it is the first of the process."""
    ratios = {
        mode: figures.number(first, mode) / figures.number(second, mode)
        for mode, first, second in (("eager", "eager first", "xla first"), ("xla", "xla first", "eager first"))
    }
    words = ", ".join(f"{mode} {ratio:.2f}×" for mode, ratio in ratios.items())
    words = f"first call of a mode as the first of the process over as the last: {words}"
    return by_thresholds(max(ratios.values()), refuted_up_to=1.1, confirmed_from=1.25, words=words)


PROBE = Probe(
    name="compiling",
    tried="Compiled the same products twice in a process, watched their memory; made first calls in either order.",
    steps=(
        Step("again", measure_again, 120),
        Step("eager first", measure_eager_first),
        Step("xla first", measure_xla_first),
    ),
    rules=(
        Rule(
            7,
            "XLA compiles the same computation for less the second time",
            "Medians over sizes, after another compile: up to 80 % of the first confirms, 90 % and more refutes.",
            second_compile_is_cheaper,
        ),
        Rule(
            7,
            "The mode that goes first pays for what every first call costs",
            "The most that a mode's first call takes as the first of the process over as the last: 1.25 times "
            "confirms, 1.1 and less refutes.",
            who_goes_first_pays,
        ),
        Rule(
            13,
            "The call that compiles takes more memory than the next",
            "The median over sizes of one peak over the other: 1.5 confirms, 1.1 and less refutes.",
            compiling_takes_memory,
        ),
    ),
    kinds=("GPU", "CPU"),
)
