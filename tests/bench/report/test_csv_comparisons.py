"""The columns of the CSV that compare modes: speedups, verdicts and break-even."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bench.events import CaseFinished, ProcessFinished
from bench.report.csv_export import csv_text
from bench.report.json_export import json_text
from bench.session.session import Session
from tests.csv_rows import FASTER, SLOWER, row, rows
from tests.examples import THREE_MODES, compared, planned, process_events, session_events, together


@pytest.mark.parametrize(
    ("low", "high", "cells"),
    [
        (40, 70, ("40", "70", "false")),
        (40, None, ("40", "", "true")),
        (0, 0, ("0", "0", "false")),
        (None, None, ("", "", "")),
    ],
)
def test_the_interval_of_break_even_may_end_at_never(low: int | None, high: int | None, cells: Any) -> None:
    pair = replace(FASTER, break_even_low=low, break_even_high=high)
    written = row("xla", pair)
    names = ("break_even_ci95_low", "break_even_ci95_high", "break_even_ci95_high_never")
    assert tuple(written[name] for name in names) == cells


@pytest.mark.parametrize(
    ("pair", "verdict", "calls", "never"),
    [
        (FASTER, "faster", 51, False),
        (compared("x/e", 0.5, 0.4, 0.625, "faster", 0), "faster", 0, False),
        (compared("x/e", 0.5, 0.4, 0.625, "faster"), "faster", None, True),
        (compared("x/e", 1.0, 0.99, 1.01, "same"), "same", None, True),
        (compared("x/e", 2.0, 1.9, 2.1, "slower"), "slower", None, True),
        (compared("x/e", 1.0, 0.9, 1.1, "unclear"), "unclear", None, None),
    ],
)
def test_break_even_is_a_number_never_or_not_known(
    pair: Any, verdict: str, calls: int | None, never: bool | None
) -> None:
    cells = row("xla", pair)
    told = "" if calls is None else str(calls), "" if never is None else str(never).lower()
    assert (cells["verdict"], cells["break_even_calls"], cells["break_even_never"]) == (verdict, *told)
    (case,) = json.loads(json_text(Session(session_events({"eager": 0.02, "xla": 0.01}, pair))))
    assert [(each["break_even_calls"], each["break_even_never"]) for each in case["pairs"]] == [(calls, never)]


def test_a_speedup_is_the_inverse_of_the_ratio_and_so_are_its_ends() -> None:
    cells = row("xla", FASTER)
    assert (cells["speedup_vs_eager"], cells["speedup_ci95_low"], cells["speedup_ci95_high"]) == ("2", "1.6", "2.5")


def test_eager_is_the_baseline_and_has_no_verdict() -> None:
    cells = row("eager", FASTER, SLOWER)
    assert {cells[name] for name in ("speedup_vs_eager", "verdict", "break_even_calls")} == {""}


def test_a_wrong_mode_keeps_its_latency_and_has_no_speedup() -> None:
    cells = row("xla", FASTER, wrong={"xla": "shape (0, 8), not (10, 8)"})
    assert (cells["status"], cells["latency_us_p50"]) == ("wrong", "26000")
    assert (cells["speedup_vs_eager"], cells["verdict"], cells["break_even_calls"]) == ("", "", "")
    assert row("xla", compared("x/g", 0.5, 0.4, 0.625, "faster"), wrong={"xla": "no"})["speedup_vs_graph"] == ""


def test_a_row_says_from_how_many_processes_its_figures_come() -> None:
    both = together({"eager": (1.0, 4.0), "graph": (0.6, 0.7), "xla": (0.5,)}, compared("g/e", 0.4, 0.1, 0.9, "faster"))
    process_by_process = [
        *process_events(THREE_MODES, process=1),
        ProcessFinished(case_id="1", process=1),
        *process_events(THREE_MODES, process=2),
    ]
    written = rows(csv_text(Session([*planned(), *process_by_process, both, CaseFinished(case_id="1")])))
    assert [row["processes"] for row in written] == ["2", "2", "1"]
    assert [row["rounds"] for row in written] == ["8", "8", "8"]
    assert (written[0]["latency_us_p50"], written[1]["speedup_ci95_low"]) == ("2000000", "1.11111")
