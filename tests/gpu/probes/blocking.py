"""Calls that block inside, and what the product says they wait for (finding 12)."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

from bench.worker.measurement.cache_flush import cache_flush
from bench.worker.measurement.call_parts import Parts, bound_by
from bench.worker.measurement.timing import Timed
from bench.worker.measurement.waiting import waits_inside
from tests.gpu.computing import median_s, take, then_synchronised
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

CONTROL = "matmul"
"""It does not block on a GPU: where it does, times cannot tell what blocks."""

BLOCKS_FROM = 0.8
REPEATS = 5


def measure(setting: Setting) -> Figures:
    """Time until each call returned and until the device had finished it, and ask the product what it waits for."""
    tf, device = take(setting)
    sync = tf.raw_ops.SyncDevice
    size = 4096 if setting.on_gpu else 128
    with tf.device(device):
        flush = cache_flush(tf, setting.device)
        for name, call in _calls(tf, size).items():
            enqueue, synced = [], []
            call()
            sync()
            for _ in range(20):
                start = perf_counter()
                call()
                enqueue.append(perf_counter() - start)
                sync()
                synced.append(perf_counter() - start)
            enqueue_s, synced_s = statistics.median(enqueue), statistics.median(synced)
            throughput_s = median_s(then_synchronised(tf, _repeatedly, call), 5) / REPEATS
            parts = Parts(throughput_s, enqueue_s, synced_s, 1.0, None)
            timed = Timed(name, call, ((),)).one_by_one()
            waits = waits_inside(timed, sync, flush.start, enqueue_s) if flush and parts.may_wait_inside else None
            bound = bound_by(replace(parts, waits_inside=waits), asynchronous=True)
            times = {"enqueue_s": enqueue_s, "synced_s": synced_s, "throughput_s": throughput_s}
            yield name, {**times, "waits_inside": waits, "bound": bound}


def _repeatedly(call: Callable[[], Any]) -> None:
    for _ in range(REPEATS):
        call()


def _calls(tf: Any, size: int) -> dict[str, Callable[[], Any]]:
    a, small = tf.random.normal((size, size)), tf.random.normal((min(size, 512), min(size, 512)))

    def until_small(a: Any) -> Any:
        return tf.while_loop(lambda x: tf.reduce_max(x) > 1e-3, lambda x: (tf.abs(x) * 0.1,), (a,))

    def cond(a: Any) -> Any:
        return tf.cond(tf.reduce_sum(a) > 0.0, lambda: tf.matmul(a, a), lambda: a)

    loop_graph, cond_graph = tf.function(until_small), tf.function(cond)
    return {
        CONTROL: lambda: tf.matmul(a, a),
        "loop": lambda: loop_graph(a),
        "cond": lambda: cond_graph(a),
        "boolean_mask": lambda: tf.boolean_mask(a, a > 0.0),
        "qr": lambda: tf.linalg.qr(small),
    }


def blocking_called_host_bound(figures: Evidence) -> Answer:
    """Decide by what the product says of the calls that return hardly before the device has finished."""
    shares = {
        name: figures.number("calls", name, "enqueue_s") / figures.number("calls", name, "synced_s")
        for name in figures.mapping("calls")
    }
    if shares.get(CONTROL, 1.0) >= BLOCKS_FROM:
        return Answer(CANNOT_TELL, f"{CONTROL} blocks, too, or was not measured: every call blocks on this device")
    blocking = [name for name, share in shares.items() if share >= BLOCKS_FROM]
    if not blocking:
        return Answer(
            REFUTED, f"no call blocks: the share of its time until it returned is at most {max(shares.values()):.0%}"
        )
    called = [name for name in blocking if figures.value("calls", name, "bound") == "host"]
    told = [f"{name} {figures.mapping('calls', name).get('waits_inside')}" for name in blocking]
    words = f"{', '.join(blocking)} blocks; called host-bound: {', '.join(called) or 'none'}"
    words += f"; late on an occupied device, as the product finds: {', '.join(told)}"
    return Answer(CONFIRMED if called else REFUTED, words)


PROBE = Probe(
    name="blocking",
    tried="Timed a loop without trip count, a cond, boolean_mask and qr until they returned and until they were done.",
    steps=(Step("calls", measure),),
    rules=(
        Rule(
            12,
            "The product calls a call host-bound that blocks inside",
            f"A call blocks if it returns after {BLOCKS_FROM:.0%} of its time or later. Confirmed if the product calls "
            "such a one host-bound; refuted if none blocks, or none of these is called so. It cannot be told if a "
            "plain product blocks, too.",
            blocking_called_host_bound,
        ),
    ),
    kinds=("GPU", "CPU"),
)
