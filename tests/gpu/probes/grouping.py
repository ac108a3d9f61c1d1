"""Single calls against groups of calls, and whether SyncDevice waits for XLA (finding 3)."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter
from typing import Any

from tests.gpu.computing import median_s, seconds, take
from tests.gpu.evidence import CannotTellError, Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

GROUP, ROUNDS, SINGLES = 30, 15, 4
"""Calls a group; rounds; single calls a round."""

SHORT_S = 1e-3
"""Longer calls the product does not group."""

COMPARABLE_FROM = 0.95

LONG_ENOUGH_S = 5e-3


def measure_calls(setting: Setting) -> Figures:
    """Time the same calls one by one and in groups, synchronised once each, eager and by XLA, at several sizes."""
    tf, device = take(setting)
    sync = tf.raw_ops.SyncDevice

    def eager(a: Any) -> Any:
        return tf.tanh(tf.matmul(a, a)) * 2.0 + 1.0

    with tf.device(device):
        yield "idle_sync_s", median_s(sync, 200)
        for size in (256, 512, 1024, 2048, 4096) if setting.on_gpu else (64, 256):
            a = tf.random.normal((size, size))
            times = {"eager": _times(eager, a, sync), "xla": _times(tf.function(eager, jit_compile=True), a, sync)}
            yield f"size_{size}", times


def _times(call: Callable[[Any], Any], a: Any, sync: Callable[[], Any]) -> dict[str, float]:
    """Time single calls and groups in turn, so that a machine that changes its speed does so for both."""

    def group() -> None:
        for _ in range(GROUP):
            call(a)
        sync()

    group()
    enqueue, singles, groups = [], [], []
    for _ in range(ROUNDS):
        for _ in range(SINGLES):
            start = perf_counter()
            call(a)
            returned = perf_counter()
            sync()
            singles.append(perf_counter() - start)
            enqueue.append(returned - start)
        groups.append(seconds(group) / GROUP)
    medians = map(statistics.median, (singles, groups, enqueue))
    return dict(zip(("single_s", "grouped_s", "enqueue_s"), medians, strict=True))


def _sizes(figures: Evidence) -> list[str]:
    return [name for name in figures.mapping("calls") if name.startswith("size_")]


def _single_over_grouped(figures: Evidence, less_s: float) -> dict[str, float]:
    """Return how many times a call of a group a single call takes, less so many seconds, for the short calls."""
    ratios: dict[str, float] = {}
    for size in _sizes(figures):
        for mode in ("eager", "xla"):
            single_s, grouped_s = (figures.number("calls", size, mode, name) for name in ("single_s", "grouped_s"))
            if grouped_s < SHORT_S:
                ratios[f"{mode} {size.removeprefix('size_')}"] = (single_s - less_s) / grouped_s
    if not ratios:
        raise CannotTellError("no call is short enough to be grouped")
    return ratios


def _comparable(figures: Evidence) -> dict[str, float]:
    """Return single calls over those of groups. Raises CannotTellError if groups take longer."""
    ratios = _single_over_grouped(figures, 0.0)
    name, least = min(ratios.items(), key=lambda each: each[1])
    if least < COMPARABLE_FROM:
        raise CannotTellError(
            f"a single call takes {least:.2f} times one of a group ({name}), so they cannot be compared"
        )
    return ratios


def groups_overlap(figures: Evidence) -> Answer:
    """Decide by single calls over those of groups: less an idle sync to confirm, with it to refute."""
    whole = _comparable(figures)
    less = _single_over_grouped(figures, figures.number("calls", "idle_sync_s"))
    words = ", ".join(f"{name} {whole[name]:.2f}× ({less[name]:.2f}× less an idle sync)" for name in whole)
    verdict = CANNOT_TELL
    if max(less.values()) >= 1.25:
        verdict = CONFIRMED
    elif max(whole.values()) <= 1.1:
        verdict = REFUTED
    return Answer(verdict, f"single over grouped: {words}")


def idle_sync_is_too_much(figures: Evidence) -> Answer:
    """Decide by whether a single call less an idle sync takes less than a call of a group, which no call does."""
    _comparable(figures)
    idle_s = figures.number("calls", "idle_sync_s")
    less = _single_over_grouped(figures, idle_s)
    words = ", ".join(f"{name} {ratio:.2f}×" for name, ratio in less.items())
    words = f"idle sync {idle_s * 1e6:.0f} µs; single less that over grouped: {words}"
    least = min(less.values())
    return Answer(CONFIRMED if least <= 0.9 else REFUTED if least >= 1.0 else CANNOT_TELL, words)


def speedups_differ(figures: Evidence) -> Answer:
    """Compare the speedup of XLA by single calls with the one by groups, for the short calls."""
    _comparable(figures)
    apart: dict[str, float] = {}
    for size in _sizes(figures):
        eager, xla = (
            {name: figures.number("calls", size, mode, name) for name in ("single_s", "grouped_s")}
            for mode in ("eager", "xla")
        )
        if eager["grouped_s"] < SHORT_S:
            by_single, by_group = (eager[name] / xla[name] for name in ("single_s", "grouped_s"))
            apart[size.removeprefix("size_")] = max(by_single / by_group, by_group / by_single) - 1
    words = ", ".join(f"at {size} by {share:.0%}" for size, share in apart.items())
    most = max(apart.values())
    return by_thresholds(most, refuted_up_to=0.05, confirmed_from=0.15, words=f"the two speedups differ {words}")


def measure_sync(setting: Setting) -> Figures:
    """Time a long call of an XLA function, the sync after it, and reading a number of its result after that."""
    tf, device = take(setting)
    size, steps = (4096, 40) if setting.on_gpu else (256, 20)
    with tf.device(device):
        a = tf.random.normal((size, size))
        products = tf.function(
            lambda a: tf.foldl(lambda s, _: tf.matmul(s, a) * 1e-3, tf.zeros(steps), a), jit_compile=True
        )
        rounds: list[list[float]] = []
        # The first round loads what reading needs: without it, loading a kernel would look like waiting.
        for _ in range(6):
            marks = [perf_counter()]
            result = products(a)
            marks.append(perf_counter())
            tf.raw_ops.SyncDevice()
            marks.append(perf_counter())
            result[0, 0].numpy()
            marks.append(perf_counter())
            rounds.append([after - before for before, after in pairwise(marks)])
    for name, times in zip(("enqueue_s", "sync_s", "read_s"), zip(*rounds[1:], strict=True), strict=True):
        yield name, statistics.median(times)


def sync_waits(figures: Evidence) -> Answer:
    """Decide by what is left to wait for after the sync, if the call itself did not wait."""
    enqueue_s, sync_s, read_s = (figures.number("sync", name) for name in ("enqueue_s", "sync_s", "read_s"))
    words = f"call {enqueue_s * 1e3:.2f} ms, sync {sync_s * 1e3:.2f} ms, reading {read_s * 1e3:.2f} ms"
    total_s = enqueue_s + sync_s + read_s
    if total_s < LONG_ENOUGH_S or enqueue_s > 0.5 * total_s:
        return Answer(CANNOT_TELL, f"{words}: the call is too short, or waits by itself")
    share = read_s / total_s
    return Answer(CONFIRMED if share <= 0.1 else REFUTED if share >= 0.5 else CANNOT_TELL, words)


PROBE = Probe(
    name="grouping",
    tried="Timed short and long calls one by one and in groups; called XLA, synchronised, then read the result.",
    steps=(Step("calls", measure_calls, 120), Step("sync", measure_sync)),
    rules=(
        Rule(
            3,
            "A call of a group takes less than a single call",
            "The most that a single call takes over one of a group, where that takes under 1 ms: 1.25 times without an "
            "idle sync confirms, 1.1 times and less with it refutes.",
            groups_overlap,
        ),
        Rule(
            3,
            "Taking an idle sync off a single call takes off too much",
            "The least that is left of a single call over one of a group, where that takes under 1 ms: 0.9 times and "
            "less confirms, since no call is shorter than that; once and more refutes.",
            idle_sync_is_too_much,
        ),
        Rule(
            3,
            "Speedups by groups differ from those by latencies",
            "Where calls take under 1 ms, the most by which XLA's two speedups differ: 15 % confirms, 5 % and less "
            "refutes.",
            speedups_differ,
        ),
        Rule(
            0,
            "SyncDevice waits for what XLA runs",
            "Reading the result after the sync takes at most 10 % of all: confirmed; half and more: refuted. It cannot "
            "be told if all took under 5 ms, or the call itself took over half of it.",
            sync_waits,
        ),
    ),
    kinds=("GPU", "CPU"),
)
