"""Results as files for others: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import fields
from textwrap import indent
from typing import Any

from .printable import printable_json
from .repeat import environment_text, repeat_command, utc
from .results import CaseResult
from .rows import COLUMNS, rows_of
from .session import Session

__all__ = ["COLUMNS", "csv_text", "environment_text", "json_text", "repeat_command"]


# --- CSV ----------------------------------------------------------------------------------------------------------


def csv_text(session: Session) -> str:
    """A header and a row for each case and mode, as RFC 4180 has it; what is not known is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows_of(session))
    return out.getvalue()


# --- JSON ---------------------------------------------------------------------------------------------------------


def json_text(session: Session) -> str:
    """A list of cases, with everything the session knows of them; what is not known is null."""
    # One case after another: of thousands, the objects take ten times the memory of the text.
    cases = [indent(_dumped(_plain(_case_object(session, case))), "  ") for case in session.begun]
    return "[\n" + ",\n".join(cases) + "\n]\n" if cases else "[]\n"


def _dumped(value: Any) -> str:
    return printable_json(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _case_object(session: Session, case: CaseResult) -> dict[str, Any]:
    return {
        "session_id": session.session_id,
        "far": session.far,
        **_by_name(case, "case", "plan"),
        **_by_name(case.case, "modes"),
        "dims": dict(case.case.dims),
        "rules": _by_name(case.plan, "cases"),
        "started_at": utc(case.started_at) or None,
    }


def _by_name(record: Any, *but: str) -> dict[str, Any]:
    """A record's fields but some, as they are."""
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name not in but}


def _plain(value: Any) -> Any:
    """As JSON has it: numbers, words, lists and objects; a number without end is null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return _plain(_by_name(value))
