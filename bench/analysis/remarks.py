"""What else there is to say of a case: what is suspicious, what explains a difference, what disturbed the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..number_text import counted, duration_range
from ..session.results import CaseResult, ModeResult
from .findings import SPOKEN, Finding, capitalised, one_line

OFTEN = 0.1
"""Of the rounds: where more were disturbed, processes may differ because of that."""

FEWER_CORES = 0.7
"""A mode that uses less than this share of another's cores leaves some idle."""

BOUND = {
    "host": "Both are host-bound: the device waits for Python and TensorFlow.",
    "device": "Both are device-bound: what is left is the device's own work.",
}


@dataclass(frozen=True)
class Doubt:
    """A sentence about figures that may not mean what they seem to, and the modes whose figures these are."""

    sentence: str
    modes: tuple[str, ...]


def doubts_about(case: CaseResult) -> list[Doubt]:
    """What is suspicious, a doubt for each reason."""
    concerned: dict[str, list[str]] = {}
    for mode in case.modes:
        for reason in mode.suspicions:
            concerned.setdefault(one_line(reason), []).append(mode.mode)
    return [Doubt(f"{_figures_of(modes)} suspicious: {reason}.", tuple(modes)) for reason, modes in concerned.items()]


def _figures_of(modes: Sequence[str]) -> str:
    *others, last = (SPOKEN[mode] for mode in modes)
    return f"The figures of {', '.join(others)} and {last} are" if others else f"{capitalised(last)}'s figure is"


def notes_on(case: CaseResult) -> list[str]:
    """What else there is to know of the modes, a sentence each; what several share is said once."""
    return [f"{capitalised(note)}." for note in dict.fromkeys(note for mode in case.modes for note in mode.notes)]


def explanation(case: CaseResult, finding: Finding) -> str:
    """Why the mode of a finding does no better than the simpler one, where the figures tell; else empty."""
    pair = finding.pair
    mode, best = (case.mode(pair.mode), case.mode(pair.baseline)) if pair else (None, None)
    if pair is None or mode is None or best is None or mode.breakdown is None or best.breakdown is None:
        return ""
    if pair.verdict == "slower" and case.case.device.startswith("CPU"):
        return _idle_cores(mode, best)
    bounds = {mode.breakdown.bound, best.breakdown.bound}
    return BOUND.get(bounds.pop(), "") if pair.verdict == "same" and len(bounds) == 1 else ""


def _idle_cores(mode: ModeResult, best: ModeResult) -> str:
    used, by_best = (each.breakdown.cores_used if each.breakdown else None for each in (mode, best))
    if used is None or by_best is None or used > FEWER_CORES * by_best:
        return ""
    ours, theirs = capitalised(SPOKEN[mode.mode]), SPOKEN[best.mode]
    return f"{ours} keeps {used:.1f} cores busy, {theirs} {by_best:.1f}."


def differing_processes(case: CaseResult) -> str:
    """Which modes took longer in one process than in another though steady within each; empty where none did."""
    took = [
        f"{SPOKEN[mode.mode]} took {duration_range(min(mode.spread.latencies_s), max(mode.spread.latencies_s))}"
        for mode in case.modes
        if mode.spread and mode.spread.differ
    ]
    if not took:
        return ""
    *others, last = took
    both = f"{', '.join(others)} and {last}" if others else last
    apart = f"{capitalised(both)} a call in different processes"
    if (case.disturbed_rounds or 0) > OFTEN * case.rounds:
        return f"{apart}; what disturbed the rounds may be why."
    return f"{apart}, steady within each: another process may see either."


def disturbed(case: CaseResult) -> str:
    """How many rounds were disturbed; empty where none is known to have been."""
    if not case.disturbed_rounds:
        return ""
    were = "was" if case.disturbed_rounds == 1 else "were"
    return f"{case.disturbed_rounds:,} of {counted(case.rounds, 'round')} {were} disturbed"


def disturbed_by(case: CaseResult) -> str:
    """What happened in the longest stretch of disturbed rounds, counted from 1; empty where it is not known."""
    if not case.disturbances:
        return ""
    longest = max(case.disturbances, key=lambda disturbance: disturbance.last - disturbance.first)
    first, last = longest.first + 1, longest.last + 1
    stretch = f"round {first:,}" if first == last else f"rounds {first:,}-{last:,}"
    return f"in {stretch}, for instance, {one_line(longest.reason)}"
