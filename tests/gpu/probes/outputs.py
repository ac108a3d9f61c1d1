"""Where outputs lie, and whether they repeat (findings 17 and 18)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bench.worker.machine.devices import device_of
from tests.gpu.computing import take
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

REPEATS = 10


def measure_places(setting: Setting) -> Figures:
    """See for several outputs which device the product tells, and which holds their memory."""
    tf, device = take(setting)
    with tf.device(device):
        a = tf.random.normal((64, 64))
        outputs = {
            "product": tf.matmul(a, a),
            "int32": tf.constant([1, 2]) + 1,
            "shape": tf.shape(a),
            "qr": tf.linalg.qr(a)[0],
        }
        for name, output in outputs.items():
            yield name, {"told": device_of(output), "memory": str(output.backing_device).rpartition("device:")[2]}


def told_device_is_not_the_memorys(figures: Evidence) -> Answer:
    """Decide by whether the two differ for any output."""
    places = {name: figures.mapping("places", name) for name in figures.mapping("places")}
    apart = [
        f"{name}: told {each['told']}, in {each['memory']}"
        for name, each in places.items()
        if each["told"] != each["memory"]
    ]
    return Answer(CONFIRMED if apart else REFUTED, "; ".join(apart) or f"the same for {', '.join(places)}")


def measure_repeats(setting: Setting) -> Figures:
    """Compute the same sums several times; the results differ from the first so often."""
    tf, device = take(setting)
    size = 1 << (22 if setting.on_gpu else 16)
    with tf.device(device):
        for dtype in ("float64", "float32", "float16", "bfloat16"):
            values = tf.cast(tf.random.stateless_normal((size,), (1, 2)), dtype)
            matrix = tf.reshape(values, (-1, 256))
            segments = tf.random.stateless_uniform((size,), (3, 4), 0, 16, tf.int32)
            sums: dict[str, Callable[[], Any]] = {
                "reduce_sum": partial(tf.reduce_sum, values),
                "segment_sum": partial(tf.math.unsorted_segment_sum, values, segments, 16),
                "product": partial(tf.matmul, matrix, matrix, transpose_a=True),
            }
            differing: dict[str, int] = {}
            for name, call in sums.items():
                try:
                    first, *others = (call().numpy().tobytes() for _ in range(REPEATS))
                except tf.errors.OpError:
                    continue
                differing[name] = sum(other != first for other in others)
            yield dtype, differing


def sums_differ(figures: Evidence) -> Answer:
    """Decide by the sums in the dtypes whose repeatability the product relies on."""
    told: list[str] = []
    tried = 0
    for dtype in ("float64", "float16", "bfloat16"):
        for name in figures.mapping("repeats", dtype):
            tried += 1
            if often := figures.number("repeats", dtype, name):
                told.append(f"{name} in {dtype}: {often:.0f} of {REPEATS - 1}")
    if not tried:
        return Answer(CANNOT_TELL, "no sum could be computed")
    return Answer(CONFIRMED if told else REFUTED, "; ".join(told) or f"all {tried} sums repeat, bit by bit")


PROBE = Probe(
    name="outputs",
    tried="Asked where outputs lie, as the product does and by their memory.",
    steps=(Step("places", measure_places),),
    rules=(
        Rule(
            18,
            "The device that the product tells is not the memory's",
            "Confirmed if the two differ for any of the outputs; refuted if for none.",
            told_device_is_not_the_memorys,
        ),
    ),
    kinds=("GPU", "XLA_CPU"),
)

REPEATS_PROBE = Probe(
    name="repeats",
    tried=f"Computed sums, segment sums and products {REPEATS} times each and compared their bits.",
    steps=(Step("repeats", measure_repeats),),
    rules=(
        Rule(
            17,
            "Sums in float64 or 16 bits differ from call to call",
            "Confirmed if the bits of any differ from those of its first call; refuted if all are the same.",
            sums_differ,
        ),
    ),
    kinds=("GPU", "CPU"),
)
