"""Results as a CSV: a row for each case and mode."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator

from ..events import PairEstimate
from ..printable import on_one_line
from ..session.results import CaseResult, ModeResult
from ..session.session import Session
from .reproduce import utc

COLUMNS = (
    "session_id",
    "case_id",
    "started_at",
    "host",
    "workload",
    "dims",
    "dtype",
    "device",
    "mode",
    "status",
    "error",
    "rounds",
    "calls_per_block",
    "latency_us_p50",
    "latency_us_ci95_low",
    "latency_us_ci95_high",
    "latency_us_p90",
    "latency_us_p99",
    "trace_ms",
    "compile_ms",
    "first_call_ms",
    "speedup_vs_eager",
    "speedup_ci95_low",
    "speedup_ci95_high",
    "verdict",
    "break_even_calls",
    "max_rel_error",
    "tensorflow_version",
    "device_name",
    "seed",
    "ran_on",
    "speedup_vs_graph",
    "speedup_vs_graph_ci95_low",
    "speedup_vs_graph_ci95_high",
    "break_even_ci95_low",
    "break_even_ci95_high",
    "cold_us_p50",
    "throughput_us",
    "enqueue_us",
    "synced_us",
    "dispatch_us",
    "cores_used",
    "bound",
    "peak_memory_mib",
    "peak_memory_source",
    "discarded_rounds",
    "disturbed_rounds",
    "suspicious",
    "cached",
    "retraces",
    "recompiles",
    "recompile_ms",
    "voided_rounds",
    "processes",
    "inputs",
    "runtime",
    "far",
    "break_even_never",
    "break_even_ci95_high_never",
    "machine_name",
)
"""New ones are only ever added at the end: others' scripts read this."""

FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet would run a cell that begins so."""

SIGNIFICANT_DIGITS = 6
MOST_DECIMALS = 12

LINE_END = "\r\n"
"""The line end of a CSV (RFC 4180)."""


def csv_text(session: Session) -> str:
    """A header and a row for each case and mode, as RFC 4180 has it; what is not known is an empty cell."""
    return csv_header() + csv_rows(session, session.begun)


def csv_header() -> str:
    """The first line of a CSV."""
    return ",".join(COLUMNS) + LINE_END


def csv_rows(session: Session, cases: Iterable[CaseResult]) -> str:
    """The rows of some of a session's cases."""
    out = io.StringIO()
    csv.DictWriter(out, COLUMNS, lineterminator=LINE_END).writerows(rows_of(session, cases))
    return out.getvalue()


def rows_of(session: Session, cases: Iterable[CaseResult]) -> Iterator[dict[str, str]]:
    """A row for each of these cases and each of its modes; columns in which nothing is known are left out."""
    for case in cases:
        for mode in case.modes:
            yield _row(session, case, mode)


def _row(session: Session, case: CaseResult, mode: ModeResult) -> dict[str, str]:
    estimate = mode.estimate
    row = {
        "session_id": _text(session.session_id),
        "case_id": _text(case.case_id),
        "started_at": utc(case.started_at),
        "host": _text(case.hello.host if case.hello else ""),
        "workload": _text(case.case.workload),
        "dims": _text(case.case.dims_text),
        "dtype": _text(case.case.dtype),
        "device": _text(case.case.device),
        "mode": _text(mode.mode),
        "status": _text(mode.status),
        "error": _text(mode.error),
        "rounds": str(len(mode.rounds) or ""),
        "trace_ms": _number(mode.trace_s, 1e3),
        "compile_ms": _number(mode.compile_s, 1e3),
        "first_call_ms": _number(mode.first_call_s, 1e3),
        "max_rel_error": _error(mode.max_rel_error),
        "tensorflow_version": _text(case.hello.tensorflow if case.hello else ""),
        "device_name": _text(case.hardware),
        "seed": str(case.case.seed),
        "ran_on": _text(case.ran_on),
        "suspicious": _text("; ".join(mode.suspicions)),
        "cached": _text(" ".join(case.caches)),
        "inputs": _text(case.case.inputs),
        "runtime": _text(str(case.case.runtime)),
        "far": _text(case.case.far),
        "machine_name": _text(case.machine_name),
    }
    if estimate is not None:
        row |= {
            "calls_per_block": str(estimate.calls_per_block),
            "latency_us_p50": _number(estimate.latency_s, 1e6),
            "latency_us_ci95_low": _number(estimate.low_s, 1e6),
            "latency_us_ci95_high": _number(estimate.high_s, 1e6),
            "latency_us_p90": _number(estimate.p90_s, 1e6),
            "latency_us_p99": _number(estimate.p99_s, 1e6),
            "cold_us_p50": _number(estimate.cold_s, 1e6),
            "discarded_rounds": str(estimate.discarded_rounds),
            "disturbed_rounds": _count(case.disturbed_rounds),
            "processes": str(mode.processes),
        }
    row |= _done_again(mode) | _where_the_time_goes(mode)
    return row | _against_eager(case, mode) | _against_graph(case, mode)


def _done_again(mode: ModeResult) -> dict[str, str]:
    again, late = mode.retraces, mode.late_retraces
    if not (mode.measured or again.calls or late.calls):
        return {}
    return {
        "retraces": str(again.traces + late.traces),
        "recompiles": str(again.compilations + late.compilations),
        "recompile_ms": _number(again.compile_s + late.compile_s, 1e3),
        "voided_rounds": str(len(mode.void_rounds)),
    }


def _where_the_time_goes(mode: ModeResult) -> dict[str, str]:
    row: dict[str, str] = {}
    if parts := mode.breakdown:
        row |= {
            "throughput_us": _number(parts.throughput_s, 1e6),
            "enqueue_us": _number(parts.enqueue_s, 1e6),
            "synced_us": _number(parts.synced_s, 1e6),
            "dispatch_us": _number(parts.dispatch_s, 1e6),
            "cores_used": _number(parts.cores_used),
            "bound": _text(parts.bound),
        }
    if peak := mode.peak_memory:
        row |= {"peak_memory_mib": _number(peak.peak_bytes, 2**-20), "peak_memory_source": _text(peak.source)}
    return row


def _against_eager(case: CaseResult, mode: ModeResult) -> dict[str, str]:
    """The mode's speedup over eager and what it takes to repay it; nothing where they may not be compared."""
    pair = case.pair(mode.mode, "eager")
    if pair is None or not mode.comparable:
        return {}
    return {
        "speedup_vs_eager": _inverse(pair.ratio),
        "speedup_ci95_low": _inverse(pair.high),
        "speedup_ci95_high": _inverse(pair.low),
        "verdict": _text(pair.verdict),
        **_break_even(pair),
    }


def _break_even(pair: PairEstimate) -> dict[str, str]:
    """The calls that repay the one-off cost and their interval; a number that would be infinite is empty.

    Whether it is stands in a column of its own, so that readers with types take the numbers for numbers.
    """
    row = {
        "break_even_never": _truth(pair.never_repaid),
        "break_even_ci95_high_never": _truth(pair.may_never_be_repaid),
    }
    if pair.verdict == "faster":
        row |= {
            "break_even_calls": _count(pair.break_even_calls),
            "break_even_ci95_low": _count(pair.break_even_low),
            "break_even_ci95_high": _count(pair.break_even_high),
        }
    return row


def _against_graph(case: CaseResult, mode: ModeResult) -> dict[str, str]:
    pair = case.pair(mode.mode, "graph")
    if pair is None or not mode.comparable:
        return {}
    return {
        "speedup_vs_graph": _inverse(pair.ratio),
        "speedup_vs_graph_ci95_low": _inverse(pair.high),
        "speedup_vs_graph_ci95_high": _inverse(pair.low),
    }


# --- cells ----------------------------------------------------------------------------------------------


def _text(words: str) -> str:
    """Return a cell on one line, without escape sequences, that no spreadsheet takes for a formula."""
    words = on_one_line(words)
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words


def _number(value: float | None, scale: float = 1.0) -> str:
    """Six significant digits, written out: spreadsheets and people read these."""
    if value is None or not math.isfinite(value := value * scale):
        return ""
    decimals = SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(value))) if value else 0
    text = f"{value:.{min(max(decimals, 0), MOST_DECIMALS)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _truth(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _error(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.3g}"


def _inverse(ratio: float | None) -> str:
    return _number(1 / ratio) if ratio else ""


def text_cell(words: str) -> str:
    """Return a cell of text that no spreadsheet takes for a formula."""
    return _text(words)


def number_cell(value: float | None, scale: float = 1.0) -> str:
    """Return a cell with a number; an empty one where it is unknown."""
    return _number(value, scale)
