"""Results as files for others: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from typing import Any

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
    cases = [_case_object(session, case) for case in session.begun]
    return json.dumps(_finite(cases), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


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
