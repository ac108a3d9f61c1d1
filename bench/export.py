"""Results as files for others: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .files import ExportError, ExportExistsError, write_text
from .repeat import environment_text, repeat_command, utc
from .results import CaseResult, ModeResult
from .session import Session

__all__ = [
    "COLUMNS",
    "ExportError",
    "ExportExistsError",
    "csv_text",
    "environment_text",
    "json_text",
    "repeat_command",
    "write_csv",
    "write_json",
]

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
)
"""New ones are only ever added at the end: others' scripts read this."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a cell that begins so."""

SIGNIFICANT_DIGITS = 6
MOST_DECIMALS = 12


# --- CSV ----------------------------------------------------------------------------------------------------------


def csv_text(session: Session) -> str:
    """A header and a row for each case and mode, as RFC 4180 has it; what is not known is an empty cell."""
    return _csv_text(_rows(session))


def write_csv(session: Session, path: Path, *, overwrite: bool = False) -> int:
    """Write the CSV file; returns how many rows it has. Raises ExportError, ExportExistsError."""
    rows = list(_rows(session))
    write_text(_csv_text(rows), path, overwrite=overwrite)
    return len(rows)


def _csv_text(rows: Iterable[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rows(session: Session) -> Iterator[dict[str, str]]:
    for case in _begun(session):
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
    }
    if estimate is not None:
        row |= {
            "calls_per_block": str(estimate.calls_per_block),
            "latency_us_p50": _number(estimate.latency_s, 1e6),
            "latency_us_ci95_low": _number(estimate.low_s, 1e6),
            "latency_us_ci95_high": _number(estimate.high_s, 1e6),
            "latency_us_p90": _number(estimate.p90_s, 1e6),
            "latency_us_p99": _number(estimate.p99_s, 1e6),
        }
    return row | _against_eager(case, mode)


def _against_eager(case: CaseResult, mode: ModeResult) -> dict[str, str]:
    """The mode's speedup over eager and what it takes to repay it; nothing where they may not be compared."""
    pair = case.pair(mode.mode, "eager")
    if pair is None or not mode.comparable:
        return {}
    never = pair.verdict in ("same", "slower") or (pair.verdict == "faster" and pair.break_even_calls is None)
    known = pair.verdict == "faster" and pair.break_even_calls is not None
    return {
        "speedup_vs_eager": _inverse(pair.ratio),
        "speedup_ci95_low": _inverse(pair.high),
        "speedup_ci95_high": _inverse(pair.low),
        "verdict": pair.verdict,
        "break_even_calls": str(pair.break_even_calls) if known else "inf" if never else "",
    }


# --- JSON ---------------------------------------------------------------------------------------------------------


def json_text(session: Session) -> str:
    """A list of cases, with everything the session knows of them; what is not known is null."""
    cases = [_case_object(session, case) for case in _begun(session)]
    return json.dumps(_finite(cases), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(session: Session, path: Path, *, overwrite: bool = False) -> int:
    """Write the JSON file; returns how many cases it has. Raises ExportError, ExportExistsError."""
    write_text(json_text(session), path, overwrite=overwrite)
    return len(list(_begun(session)))


def _case_object(session: Session, case: CaseResult) -> dict[str, Any]:
    known = asdict(case)
    asked, rules = known.pop("case"), known.pop("plan")
    del asked["modes"], rules["cases"]
    return {
        "session_id": session.session_id,
        "far": session.far,
        **known,
        **asked,
        "dims": dict(case.case.dims),
        "rules": rules,
        "started_at": utc(case.started_at) or None,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


# --- cells ----------------------------------------------------------------------------------------------


def _begun(session: Session) -> Iterator[CaseResult]:
    return (case for case in session.cases.values() if case.state != "waiting")


def _text(words: str) -> str:
    words = words.replace("\0", "")
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words


def _number(value: float | None, scale: float = 1.0) -> str:
    """Six significant digits, written out: spreadsheets and people read these."""
    if value is None or not math.isfinite(value := value * scale):
        return ""
    decimals = SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(value))) if value else 0
    text = f"{value:.{min(max(decimals, 0), MOST_DECIMALS)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _error(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.3g}"


def _inverse(ratio: float | None) -> str:
    return _number(1 / ratio) if ratio else ""
