"""Results as a CSV: a row for each case and mode."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..events import Breakdown, ModeEstimate, PairEstimate
from ..implementations import old
from ..printable import on_one_line
from ..session.results import CaseResult, ModeResult, Retraces
from ..session.session import Session
from .reproduce import utc

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
    csv.writer(out, lineterminator=LINE_END).writerows(_rows_of(session, cases))
    return out.getvalue()


def _rows_of(session: Session, cases: Iterable[CaseResult]) -> Iterator[list[str]]:
    """Yield a row for each of these cases and each of its modes: the cells of COLUMNS."""
    for case in cases:
        for mode in case.modes:
            row = Row(session, case, mode)
            yield [cell(row) for cell in CELLS.values()]


@dataclass(frozen=True)
class Row:
    """A case and one of its modes: what a row tells of."""

    session: Session
    case: CaseResult
    mode: ModeResult

    def pair(self, baseline: str) -> PairEstimate | None:
        """Return the comparison of the mode with `baseline`, or None where they may not be compared."""
        return self.case.pair(self.mode.mode, baseline) if self.mode.comparable else None

    @property
    def tells_retraces(self) -> bool:
        """Return whether it is known how often the mode was traced and compiled again."""
        mode = self.mode
        return bool(mode.measured or mode.retraces.calls or mode.late_retraces.calls)


Cell = Callable[[Row], str]
"""Returns a cell of the CSV; an empty one where the value is not known."""


# --- cells of what may be missing -------------------------------------------------------------------------------------


def _estimated(text: Callable[[ModeEstimate], str]) -> Cell:
    """Return a cell of the mode's estimate."""
    return lambda row: "" if row.mode.estimate is None else text(row.mode.estimate)


def _broken_down(text: Callable[[Breakdown], str]) -> Cell:
    """Return a cell of where the mode's time goes."""
    return lambda row: "" if row.mode.breakdown is None else text(row.mode.breakdown)


def _done_again(text: Callable[[Retraces, Retraces], str]) -> Cell:
    """Return a cell of what was traced and compiled again: with arguments new to the mode, and in later rounds."""
    return lambda row: text(row.mode.retraces, row.mode.late_retraces) if row.tells_retraces else ""


def _against(baseline: str, text: Callable[[PairEstimate], str]) -> Cell:
    """Return a cell of the mode's comparison with `baseline`; an empty one where they may not be compared."""

    def cell(row: Row) -> str:
        pair = row.pair(baseline)
        return "" if pair is None else text(pair)

    return cell


def _against_old(text: Callable[[PairEstimate], str]) -> Cell:
    """Return a cell of the mode's comparison with the old implementation's; an empty one where there is none."""

    def cell(row: Row) -> str:
        pair = row.pair(old(row.mode.mode))
        return "" if pair is None else text(pair)

    return cell


def _repaid(calls: Callable[[PairEstimate], int | None]) -> Cell:
    """Return a cell of the calls that repay the one-off cost over eager; an empty one where none would.

    Whether none would stands in a column of its own, so that readers with types take the numbers for numbers.
    """
    return _against("eager", lambda pair: _count(calls(pair)) if pair.verdict == "faster" else "")


# --- cells ------------------------------------------------------------------------------------------------------------


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


# --- the columns ------------------------------------------------------------------------------------------------------

CELLS: Mapping[str, Cell] = {
    "session_id": lambda row: _text(row.session.session_id),
    "case_id": lambda row: _text(row.case.case_id),
    "started_at": lambda row: utc(row.case.started_at),
    "host": lambda row: _text(row.case.hello.host if row.case.hello else ""),
    "workload": lambda row: _text(row.case.case.workload),
    "dims": lambda row: _text(row.case.case.dims_text),
    "dtype": lambda row: _text(row.case.case.dtype),
    "device": lambda row: _text(row.case.case.device),
    "mode": lambda row: _text(row.mode.mode),
    "status": lambda row: _text(row.mode.outcome),
    "error": lambda row: _text(row.mode.error),
    "rounds": lambda row: str(len(row.mode.rounds) or ""),
    "calls_per_block": _estimated(lambda estimate: str(estimate.calls_per_block)),
    "latency_us_p50": _estimated(lambda estimate: _number(estimate.latency_s, 1e6)),
    "latency_us_ci95_low": _estimated(lambda estimate: _number(estimate.low_s, 1e6)),
    "latency_us_ci95_high": _estimated(lambda estimate: _number(estimate.high_s, 1e6)),
    "latency_us_p90": _estimated(lambda estimate: _number(estimate.p90_s, 1e6)),
    "latency_us_p99": _estimated(lambda estimate: _number(estimate.p99_s, 1e6)),
    "trace_ms": lambda row: _number(row.mode.trace_s, 1e3),
    "compile_ms": lambda row: _number(row.mode.compile_s, 1e3),
    "first_call_ms": lambda row: _number(row.mode.first_call_s, 1e3),
    "speedup_vs_eager": _against("eager", lambda pair: _inverse(pair.ratio)),
    "speedup_ci95_low": _against("eager", lambda pair: _inverse(pair.high)),
    "speedup_ci95_high": _against("eager", lambda pair: _inverse(pair.low)),
    "verdict": _against("eager", lambda pair: _text(pair.verdict)),
    "break_even_calls": _repaid(lambda pair: pair.break_even_calls),
    "max_rel_error": lambda row: _error(row.mode.max_rel_error),
    "tensorflow_version": lambda row: _text(row.case.hello.tensorflow if row.case.hello else ""),
    "device_name": lambda row: _text(row.case.hardware),
    "seed": lambda row: str(row.case.case.seed),
    "ran_on": lambda row: _text(row.case.ran_on),
    "speedup_vs_graph": _against("graph", lambda pair: _inverse(pair.ratio)),
    "speedup_vs_graph_ci95_low": _against("graph", lambda pair: _inverse(pair.high)),
    "speedup_vs_graph_ci95_high": _against("graph", lambda pair: _inverse(pair.low)),
    "break_even_ci95_low": _repaid(lambda pair: pair.break_even_low),
    "break_even_ci95_high": _repaid(lambda pair: pair.break_even_high),
    "cold_us_p50": _estimated(lambda estimate: _number(estimate.cold_s, 1e6)),
    "throughput_us": _broken_down(lambda parts: _number(parts.throughput_s, 1e6)),
    "enqueue_us": _broken_down(lambda parts: _number(parts.enqueue_s, 1e6)),
    "synced_us": _broken_down(lambda parts: _number(parts.synced_s, 1e6)),
    "dispatch_us": _broken_down(lambda parts: _number(parts.dispatch_s, 1e6)),
    "cores_used": _broken_down(lambda parts: _number(parts.cores_used)),
    "bound": _broken_down(lambda parts: _text(parts.bound)),
    "peak_memory_mib": lambda row: _number(row.mode.peak_memory.peak_bytes, 2**-20) if row.mode.peak_memory else "",
    "peak_memory_source": lambda row: _text(row.mode.peak_memory.source) if row.mode.peak_memory else "",
    "discarded_rounds": _estimated(lambda estimate: str(estimate.discarded_rounds)),
    "disturbed_rounds": lambda row: _count(row.case.disturbed_rounds) if row.mode.measured else "",
    "suspicious": lambda row: _text("; ".join(row.mode.suspicions)),
    "cached": lambda row: _text(" ".join((*row.case.caches, *(["autotuned-earlier"] if row.case.autotuned else [])))),
    "retraces": _done_again(lambda again, late: str(again.traces + late.traces)),
    "recompiles": _done_again(lambda again, late: str(again.compilations + late.compilations)),
    "recompile_ms": _done_again(lambda again, late: _number(again.compile_s + late.compile_s, 1e3)),
    "voided_rounds": lambda row: str(len(row.mode.void_rounds)) if row.tells_retraces else "",
    "processes": lambda row: str(row.mode.processes) if row.mode.measured else "",
    "inputs": lambda row: _text(row.case.case.inputs),
    "runtime": lambda row: _text(str(row.case.case.runtime)),
    "far": lambda row: _text(row.case.case.far),
    "break_even_never": _against("eager", lambda pair: _truth(pair.never_repaid)),
    "break_even_ci95_high_never": _against("eager", lambda pair: _truth(pair.may_never_be_repaid)),
    "machine_name": lambda row: _text(row.case.machine_name),
    "throughput_us_ci95_low": _broken_down(lambda parts: _number(parts.throughput_low_s, 1e6)),
    "throughput_us_ci95_high": _broken_down(lambda parts: _number(parts.throughput_high_s, 1e6)),
    "idle_sync_us": lambda row: _number(row.case.idle_sync_s, 1e6) if row.mode.measured else "",
    "cpu_us": _estimated(lambda estimate: _number(estimate.cpu_s, 1e6)),
    "against": lambda row: _text(row.case.case.against),
    "against_ref": lambda row: _text(row.case.case.against_ref),
    "speedup_vs_old": _against_old(lambda pair: _inverse(pair.ratio)),
    "speedup_vs_old_ci95_low": _against_old(lambda pair: _inverse(pair.high)),
    "speedup_vs_old_ci95_high": _against_old(lambda pair: _inverse(pair.low)),
    "verdict_vs_old": _against_old(lambda pair: _text(pair.verdict)),
}
"""The columns in their order, each with what makes its cell.

New ones are only ever added at the end: others' scripts read this.
"""

COLUMNS = tuple(CELLS)
