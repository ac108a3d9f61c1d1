"""Where the time of a call goes: the figures beside the headline, what each of them means, and how the rounds went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..events import Looked, MachineState
from ..number_text import duration, memory
from ..session.results import CaseResult, ModeResult
from .findings import SPOKEN, capitalised
from .remarks import disturbed, disturbed_by

MEANINGS = {
    "hot": "warmed in: the headline",
    "cold": "unwarmed: the first of a round",
    "throughput": "synchronised once for many",
    "enqueue": "until the call returns",
    "synced": "until the device is done too",
    "dispatch": "tf.function beyond its graph",
    "cpu": "all threads, warm-in included",
    "cores": "CPU time over wall time",
    "memory": "peak, beyond what was in use",
    "bound": "by the host or by the device",
}
"""What the figures are, in their order."""


def figures_of(mode: ModeResult, in_words: Callable[[float], str]) -> dict[str, str]:
    """Those of MEANINGS that are known of a mode, times as `in_words` has them."""
    times_s: dict[str, float | None] = {}
    others: dict[str, str] = {}
    if (estimate := mode.estimate) is not None:
        times_s |= {"hot": estimate.latency_s, "cold": estimate.cold_s, "cpu": estimate.cpu_s}
    if (parts := mode.breakdown) is not None:
        times_s |= {"throughput": parts.throughput_s, "enqueue": parts.enqueue_s, "synced": parts.synced_s}
        times_s["dispatch"] = parts.dispatch_s
        others["cores"] = "" if parts.cores_used is None else f"{parts.cores_used:.1f}"
        others["bound"] = parts.bound
    if mode.peak_memory is not None:
        others["memory"] = memory(mode.peak_memory.peak_bytes)
    told = {name: in_words(time_s) for name, time_s in times_s.items() if time_s is not None}
    return {**told, **{name: text for name, text in others.items() if text}}


def rounds_told(case: CaseResult) -> Iterator[str]:
    """How the rounds went, as far as is known: how many were disturbed, and which do not count; a sentence each."""
    if case.disturbed_rounds:
        yield f"{'; '.join(filter(None, (disturbed(case), disturbed_by(case))))}."
    elif case.disturbed_rounds == 0 and case.rounds:
        yield f"None of {case.rounds:,} rounds is known to have been disturbed."
    estimates = [mode.estimate for mode in case.modes if mode.estimate]
    discarded = {estimate.mode: estimate.discarded_rounds for estimate in estimates if estimate.discarded_rounds}
    if discarded:
        yield f"Discarded as warm-up: {_by_mode(discarded)}."
    voided = {estimate.mode: estimate.voided_rounds for estimate in estimates if estimate.voided_rounds}
    if voided:
        yield f"Void, since something was traced or compiled: {_by_mode(voided)}."
    for pair in case.pairs:
        if pair.autocorrelated:
            mode, baseline = capitalised(SPOKEN[pair.mode]), SPOKEN[pair.baseline]
            yield f"{mode}'s time over {baseline}'s stays high or low for rounds on end, so its range is wider."


def times_told(case: CaseResult) -> Iterator[str]:
    """Yield how the rounds went and what the times of a case hold, a sentence each."""
    yield from rounds_told(case)
    if (idle_s := case.idle_sync_s) is not None:
        yield (
            f"Each call was synchronised and timed alone, and nothing is taken off. Synchronising {case.case.device} "
            f"while it is idle takes {duration(idle_s)}."
        )
    if case.caches:
        yield f"Compile times are cached ones: {', '.join(case.caches)}."
    if case.autotuned:
        yield (
            "Compile times may be too small: this worker had compiled the workload before, and XLA keeps what it has "
            "tuned (autotuned earlier)."
        )


def tracebacks_told(case: CaseResult) -> Iterator[str]:
    """Where in the user's files the case or a mode of it failed, a line each; the same lines only once."""
    seen: set[tuple[str, ...]] = set()
    for what, lines in (("It", case.traceback), *((mode.mode, mode.traceback) for mode in case.modes)):
        if lines and lines not in seen:
            seen.add(lines)
            yield from _headed(f"{what} failed at:", lines)


def messages_told(case: CaseResult) -> Iterator[str]:
    """Return all that was said when the case or a mode of it failed, indented; the same text only once."""
    texts: dict[str, list[str]] = {}
    for what, text in (("it", case.message), *((mode.mode, mode.message) for mode in case.modes)):
        if text:
            texts.setdefault(text, []).append(what)
    for text, failed in texts.items():
        yield from _headed(f"All that was said when {' and '.join(failed)} failed:", text.splitlines())


def look_told(looked: Looked) -> Iterator[str]:
    """Yield where code of the user's failed when it was read, and all that was said then."""
    if looked.traceback:
        yield from _headed("It failed at:", looked.traceback)
    if looked.message:
        yield from _headed("All that was said:", looked.message.splitlines())


def _headed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield heading
    yield from (f"  {line}" for line in lines)


def machine_told(state: MachineState) -> str:
    """What was read of the machine's state last, in one line; empty where nothing was."""
    parts = []
    if state.others_cores is not None:
        parts.append(f"other processes use {state.others_cores:.1f} cores")
    if state.cpu_mhz is not None:
        parts.append(f"CPU {state.cpu_mhz:,.0f} MHz")
    if (gpu := state.gpu) is not None:
        figures = (gpu.clock_mhz, "MHz"), (gpu.temperature_c, "°C"), (gpu.power_w, "W")
        told = [f"{figure:,.0f} {unit}" for figure, unit in figures if figure is not None]
        parts += [f"GPU {' '.join(told)}"] if told else []
        parts += [f"throttled: {', '.join(gpu.throttled)}"] if gpu.throttled else []
    return ", ".join(parts)


def _by_mode(rounds: dict[str, int]) -> str:
    return ", ".join(f"{mode} {number:,}" for mode, number in rounds.items())
