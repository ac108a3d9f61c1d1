"""What tables say of a case, as rows of cells: its modes, where the time of a call goes, what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..analysis.breakdown import MEANINGS, figures_of
from ..analysis.shared_reasons import reason_beside
from ..analysis.verdict import in_brief
from ..device_names import is_accelerator
from ..events import ModeEstimate, PairEstimate
from ..implementations import old
from ..number_text import UNKNOWN, count, duration, duration_range, times_decimals
from ..plan import EVERY_MODE
from ..plans.presets import PRESETS
from ..session.results import CaseResult, ModeResult

Row = tuple[str, ...]

WHAT = ("workload", "sizes", "dtype", "device", "settings", "far side")
"""The columns that say what was measured."""


def mode_rows(case: CaseResult) -> list[Row]:
    """A row for each mode under one of headings; of what went wrong, the last column tells."""
    first_call = {"": "first call", "cached": "cached first call"}.get(
        case.compile_label, f"first call ({case.compile_label})"
    )
    timed = ("per call", "likely range", "throughput", "vs eager", "vs old", "pays after", "trace", first_call)
    header = ("mode", *timed, "claimed", "status")
    return [header, *(_mode_row(case, mode) for mode in case.modes)]


def breakdown_rows(case: CaseResult) -> list[Row]:
    """Where the time of each mode's call goes, under a row of headings; empty where nothing is known of that."""
    names = [name for name in MEANINGS if name != "hot"]
    figures = {mode.mode: figures_of(mode, duration) for mode in case.modes}
    known = [name for name in names if any(name in of_mode for of_mode in figures.values())]
    if not known:
        return []
    return [
        ("mode", *known),
        *((mode, *(of_mode.get(name, "") for name in known)) for mode, of_mode in figures.items()),
    ]


def case_table(cases: Sequence[CaseResult]) -> tuple[str, list[Row]]:
    """What is the same of several cases, in words, and a row for each under one of headings, about the rest: what was
    measured, each mode's latency, and which mode to use.
    """
    header, *rows = _case_rows(cases)
    alike = [len(set(column)) == 1 for column in zip(*(row[: len(WHAT)] for row in rows), strict=True)]
    told = [cell for cell, is_same in zip(rows[0], alike, strict=False) if is_same and cell]
    kept = [place for place in range(len(header)) if place >= len(WHAT) or not alike[place]]
    return ", ".join(told), filled(tuple(row[place] for place in kept) for row in (header, *rows))


def _case_rows(cases: Sequence[CaseResult]) -> list[Row]:
    measured = {mode.mode for case in cases for mode in case.modes}
    modes = [mode for mode in EVERY_MODE if mode in measured]
    header = (*WHAT, *modes, "use", "pays after", "trouble")
    return [header, *(_case_row(case, modes) for case in cases)]


def filled(rows: Iterable[Row]) -> list[Row]:
    """The rows without those columns whose cells are all empty, whatever their heading."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    return list(zip(*columns, strict=True))


def _mode_row(case: CaseResult, mode: ModeResult) -> Row:
    estimate = mode.estimate
    pair = case.pair(mode.mode, "eager") if mode.comparable else None
    preset = PRESETS.get(case.plan.preset)
    claim = preset.claim(mode.mode) if preset else None
    pays = ""
    if pair is not None and pair.verdict in ("faster", "slower", "same"):
        pays = "never" if pair.break_even_calls is None else count(pair.break_even_calls)
    return (
        mode.mode,
        duration(estimate.latency_s) if estimate else UNKNOWN,
        likely_range(estimate) if estimate else "",
        _throughput(case, mode),
        _times(pair),
        _times(case.pair(mode.mode, old(mode.mode))),
        pays,
        duration(mode.trace_s) if mode.trace_s else "",
        duration(mode.first_call_s) if mode.first_call_s else "",
        duration_range(claim.low_s, claim.high_s, digits=1) if claim else "",
        _trouble(mode, reason_beside(mode, case.modes)) or ("suspicious" if mode.suspicions else ""),
    )


def _times(pair: PairEstimate | None) -> str:
    """Return how many times quicker a mode is than its baseline."""
    return f"{1 / pair.ratio:.{times_decimals(1 / pair.ratio)}f}×" if pair and pair.ratio else ""


def _throughput(case: CaseResult, mode: ModeResult) -> str:
    """Return the time of a call among many that are synchronised together; empty on a CPU."""
    return duration(mode.breakdown.throughput_s) if mode.breakdown and is_accelerator(case.case.device) else ""


def likely_range(estimate: ModeEstimate) -> str:
    """The 95 % interval of a latency; empty where there is none."""
    if estimate.low_s is None or estimate.high_s is None:
        return ""
    return duration_range(estimate.low_s, estimate.high_s)


def _case_row(case: CaseResult, modes: Sequence[str]) -> Row:
    asked = case.case
    results = {mode.mode: mode for mode in case.modes}
    best, pays_after = in_brief(case)
    troubles = (
        [case.error] if case.error else [f"{mode.mode} {_trouble(mode)}" for mode in case.modes if _trouble(mode)]
    )
    troubles += [f"{mode.mode} suspicious" for mode in case.modes if mode.suspicions]
    return (
        asked.workload,
        asked.dims_text,
        asked.dtype,
        asked.device,
        str(asked.runtime),
        asked.far,
        *(_latency(results[mode]) if mode in results else "" for mode in modes),
        best,
        pays_after,
        "; ".join(dict.fromkeys(troubles)),
    )


def _latency(mode: ModeResult) -> str:
    """What came out wrong has a time, and it counts for nothing: it says so beside."""
    if mode.estimate is None:
        return UNKNOWN
    return duration(mode.estimate.latency_s) + ("" if mode.comparable else f" ({mode.status})")


def _trouble(mode: ModeResult, words: str | None = None) -> str:
    """`unsupported: op AsString`; empty where the mode came out right. `words`: said instead of its reason."""
    if mode.outcome in ("", "ok"):
        return ""
    return f"{mode.outcome.replace('_', ' ')}: {mode.error if words is None else words}".rstrip(": ")
