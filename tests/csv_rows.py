"""The rows of a CSV as their readers have them."""

from __future__ import annotations

import csv
import io
from typing import Any

from bench.report.csv_export import csv_text
from bench.session.session import Session
from tests.examples import THREE_MODES, compared, session_events

FASTER = compared("x/e", 0.5, 0.4, 0.625, "faster", 51)
SLOWER = compared("g/e", 1.25, 1.2, 1.3, "slower")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(mode: str, *pairs: Any, **more: Any) -> dict[str, str]:
    return next(
        row for row in rows(csv_text(Session(session_events(THREE_MODES, *pairs, **more)))) if row["mode"] == mode
    )
