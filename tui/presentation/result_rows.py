"""Results as rows of the screen's table: what stands in them, which are shown, in which order. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

from bench.plan import EVERY_MODE, MORE_MODES, short_name
from bench.session.results import CaseResult, ModeResult

from .fixed_width import duration
from .status_text import describe_case

SHORT_DTYPES = {
    "float16": "f16",
    "bfloat16": "bf16",
    "float32": "f32",
    "float64": "f64",
    "mixed_float16": "mixf16",
    "mixed_bfloat16": "mixbf16",
}
HOW = "how"
"""The column of the far side and of TensorFlow's settings."""

OPTIONAL = (HOW, *EVERY_MODE)
PAYS_AFTER = "pays after"
FIGURES = frozenset((*EVERY_MODE, PAYS_AFTER))
SHORT_HEADINGS = {"dtype": "type", "device": "dev"}
SHORT_BELOW = 100
"""The width below which sizes stand without their names, and dtypes and numbers are abbreviated."""

LEAST = {"device": 6, "dims": 8, "workload": 8, HOW: 8, "best": 8}
"""What gives way where the row is wider than the table, in this order, and the width that each keeps."""

DROPPED = ("device", "dtype", "pays after", "dims", *reversed(MORE_MODES))
"""What is left out where that is not enough: a figure is never cut, since what is left of it is another figure."""


def columns_for(present: Collection[str]) -> tuple[str, ...]:
    """The columns of a table in which some case has something to say in each of these OPTIONAL ones."""
    optional = (column for column in OPTIONAL if column in present)
    return ("workload", "dims", "dtype", "device", *optional, "best", "pays after")


def heading_of(column: str, *, short: bool) -> str:
    """What stands above a column; `short`: on a narrow screen."""
    return SHORT_HEADINGS.get(column, column) if short else column


def row_of(case: CaseResult) -> dict[str, str]:
    """A cell for each column that the case has, as a wide screen shows it."""
    from bench.analysis.verdict import in_brief  # not for the first frame

    asked = case.case
    best, pays_after = in_brief(case)
    return {
        "workload": asked.workload,
        "dims": asked.dims_text,
        "dtype": asked.dtype,
        "device": f"{asked.device} {case.hardware}".strip(),
        HOW: f"{asked.far} {asked.runtime}".strip(),
        **{mode.mode: _latency(mode) for mode in case.modes},
        "best": best,
        "pays after": pays_after,
    }


def shortened(case: CaseResult, row: Mapping[str, str]) -> dict[str, str]:
    """The row of a case as a narrow screen shows it."""
    asked = case.case
    return {
        **row,
        "workload": short_name(asked.workload),
        "dims": " ".join(str(size) for _, size in asked.dims),
        "dtype": SHORT_DTYPES[asked.dtype],
        "device": asked.device,
        "pays after": _abbreviated(row["pays after"]),
    }


def says_nothing(case: CaseResult) -> bool:
    """Whether a case was stopped before anything was known of it. In a sweep that is a gap, which says something."""
    return (
        case.state == "cancelled"
        and not case.plan.sweep
        and all(mode.status == "cancelled" and not mode.measured for mode in case.modes)
    )


def about(case: CaseResult, row: Mapping[str, str]) -> str:
    """What a filter looks at: what was measured, and the mode that is best."""
    return f"{describe_case(case.case)} {row['best']}".lower()


Place = float | str | tuple[tuple[str, int], ...]
"""Of one kind for all rows of a column: plain, since thousands of them are sorted while a key waits."""

LAST = "\U0010ffff"


def figures_of(case: CaseResult, row: Mapping[str, str]) -> dict[str, float]:
    """What rows are sorted by in the columns of figures; infinite where nothing is known."""
    latencies = {
        mode.mode: mode.estimate.latency_s if mode.estimate and mode.comparable else math.inf for mode in case.modes
    }
    return {**latencies, PAYS_AFTER: _number(row[PAYS_AFTER])}


def place_by(column: str, case: CaseResult, row: Mapping[str, str], figures: Mapping[str, float]) -> Place:
    """Where a row stands when rows are sorted by a column: those without a figure there are the last."""
    if column in FIGURES:
        return figures.get(column, math.inf)
    return case.case.dims if column == "dims" else row[column] or LAST


SCALES = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "M": 1e6, "G": 1e9, "T": 1e12}

NEVER = 1e300
"""After every number of calls, and before those that are not known."""


def _number(text: str) -> float:
    """A number of calls as a row has it: `1,234`, `1.4 million`, `1.4M`, `never`; infinite where it is not known."""
    if text == "never":
        return NEVER
    match = re.fullmatch(r"([\d.]+) ?([a-zA-Z]*)", text.replace(",", ""))
    if match is None or (match[2] and match[2] not in SCALES):
        return math.inf
    return float(match[1]) * SCALES.get(match[2], 1.0)


def _latency(mode: ModeResult) -> str:
    if mode.status in ("", "ok", "cancelled") and mode.estimate:
        return duration(mode.estimate.latency_s)
    unsupported = "no XLA" if mode.mode == "xla" else "n/a"
    words = {"unsupported": unsupported, "out_of_memory": "memory", "timed_out": "time-out", "cancelled": "stopped"}
    return words.get(mode.status, mode.status) or "…"


def fit(natural: dict[str, int], room: int) -> dict[str, int]:
    """The columns that fit into `room` side by side, a space after each, and their widths."""
    widths = dict(natural)
    for dropped in ("", *DROPPED):
        widths.pop(dropped, None)
        fitted = dict(widths)
        for column, least in LEAST.items():
            over = sum(fitted.values()) + len(fitted) - room
            if over > 0 and column in fitted:
                fitted[column] = max(fitted[column] - over, min(fitted[column], least))
        if sum(fitted.values()) + len(fitted) <= room:
            break
    return fitted


def _abbreviated(number: str) -> str:
    return number.replace(" million", "M").replace(" billion", "G").replace(" trillion", "T")
