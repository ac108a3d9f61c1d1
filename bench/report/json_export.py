"""Results as JSON: everything that is known of each case."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields
from textwrap import indent
from typing import Any

from ..analysis.retrace_causes import describe_cause
from ..events import PairEstimate
from ..printable import printable_json
from ..session.results import CaseResult, Retraces
from ..session.session import Session
from .reproduce import utc


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
        "pairs": [_pair_object(pair) for pair in case.pairs],
        **_by_name(case.case, "modes"),
        "dims": dict(case.case.dims),
        "rules": _by_name(case.plan, "cases"),
        "started_at": utc(case.started_at) or None,
    }


def _pair_object(pair: PairEstimate) -> dict[str, Any]:
    """A pair, and whether a null number of calls means never (true) or unknown (null)."""
    never = {"break_even_never": pair.never_repaid, "break_even_high_never": pair.may_never_be_repaid}
    return {**_by_name(pair), **never}


def _retraces_object(retraces: Retraces) -> dict[str, Any]:
    """Retraces with their cause in words, however it was recorded."""
    return {**_by_name(retraces, "changes"), "cause": describe_cause(retraces)}


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
    return _plain(_retraces_object(value) if isinstance(value, Retraces) else _by_name(value))
