"""Results as rows of the screen's table: what stands in them, which are shown, in which order. Pure."""

from __future__ import annotations

from bench.figures import count
from bench.plan import MODES, short_name
from bench.results import CaseResult, ModeResult

from .activity import describe_case
from .format import UNKNOWN, duration, shorten

SHORT_DTYPES = {"float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64"}
FIGURES = (*MODES, "pays after")
COLUMNS = ("workload", "dims", "dtype", "device", *MODES, "best", "pays after")
SHORT_HEADINGS = {"dtype": "type", "device": "dev"}
SHORT_BELOW = 100
"""The width below which sizes stand without their names, and dtypes and numbers are abbreviated."""

LEAST = {"device": 6, "dims": 8, "workload": 8}
"""What gives way where the row is wider than the table, in this order, and the width that each keeps."""

DROPPED = ("device", "dtype", "pays after", "dims")
"""What is left out where that is not enough: a figure is never cut, since what is left of it is another figure."""


def row_of(case: CaseResult, *, short: bool) -> dict[str, str]:
    """A cell for each of COLUMNS; `short`: for a narrow screen."""
    asked = case.case
    best, pays_after = _summary(case)
    figures = {**{mode: _latency(case.mode(mode)) for mode in MODES}, "best": best}
    if short:
        return {
            "workload": short_name(asked.workload),
            "dims": " ".join(str(size) for _, size in asked.dims),
            "dtype": SHORT_DTYPES[asked.dtype],
            "device": asked.device,
            **figures,
            "pays after": _abbreviated(pays_after),
        }
    return {
        "workload": asked.workload,
        "dims": asked.dims_text,
        "dtype": asked.dtype,
        "device": f"{asked.device} {shorten(case.hardware, 20)}".strip(),
        **figures,
        "pays after": pays_after,
    }


def is_wanted(case: CaseResult, words: str) -> bool:
    """Whether every word stands in what was measured, or in the mode that is best."""
    about = f"{describe_case(case.case)} {_summary(case)[0]}".lower() if words else ""
    return all(word in about for word in words.lower().split())


def in_order(cases: dict[str, CaseResult], column: str) -> list[str]:
    """The ids of the cases by a column, what has no figure in it last; as they were measured where it is empty."""
    if not column:
        return list(cases)
    return sorted(cases, key=lambda case_id: _place(cases[case_id], column))


def _place(case: CaseResult, column: str) -> tuple[bool, float, str, tuple[tuple[str, int], ...]]:
    words, figure = "", None
    if column in MODES:
        mode = case.mode(column)
        figure = mode.estimate.latency_s if mode and mode.estimate and mode.comparable else None
    elif column == "dims":
        return False, 0.0, "", case.case.dims
    else:
        words = row_of(case, short=False)[column]
        return not words, 0.0, words, ()
    return figure is None, figure or 0.0, words, ()


def _latency(mode: ModeResult | None) -> str:
    if mode is None:
        return ""
    if mode.status in ("", "ok", "cancelled") and mode.estimate:
        return duration(mode.estimate.latency_s)
    words = {"unsupported": "no XLA", "out_of_memory": "memory", "timed_out": "time-out", "cancelled": "stopped"}
    return words.get(mode.status, mode.status) or "…"


def _summary(case: CaseResult) -> tuple[str, str]:
    """The best mode, and after how many calls its one-off cost is repaid: beside eager's where that was measured."""
    if not case.ended:
        return "", ""
    from bench.verdict import choose  # not for the first frame

    choice = choose(case)
    if not choice.certain:
        return f"{choice.mode}?", UNKNOWN
    calls = choice.repaid_after
    if pair := case.pair(choice.mode, "eager"):
        if pair.verdict == "unclear":
            return choice.mode, UNKNOWN
        calls = pair.break_even_calls
    if calls is not None:
        return choice.mode, count(calls)
    compared = sum(mode.comparable for mode in case.modes) > 1
    return choice.mode, "never" if compared else UNKNOWN if choice.mode else ""


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
