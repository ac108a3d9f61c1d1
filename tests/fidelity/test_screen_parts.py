"""What the parts about the screen and about recompiles make of what they measured."""

from __future__ import annotations

import numpy as np
import pyte
import pytest

from bench.events import CaseStarted, Estimate, PhaseStarted, PlanStarted
from bench.plan import Case, Plan
from tests.fidelity import first_bar, interference, many_rows, recompiles
from tests.fidelity.machine import Machine
from tests.fidelity.part import Line, Values

MACHINE = Machine(2, "cpu", 24, "Linux", "3.11", "2.21.0", "8.2.8")

QUIET = {"eager": {"p50": 0.002, "p99": 0.004}}
SLOWER = {"eager": {"p50": 0.00201, "p99": 0.008}}


def line(values: Values, **key: str | int) -> Line:
    return Line("part", {"repeat": 0, **key}, dict(values), MACHINE, "2026-01-02T03:04:05+00:00")


def test_percentiles_are_of_all_turns_together() -> None:
    turns = [{"graph": np.full(99, 1.0)}, {"graph": np.array([3.0])}]
    assert interference.percentiles(turns) == {"graph": {"p50": 1.0, "p99": pytest.approx(1.02)}}


def test_what_the_screen_does_stands_beside_what_a_thread_does_and_what_nothing_does() -> None:
    values = {"headless": QUIET, "screen": SLOWER, "thread": SLOWER, "first": QUIET, "second": QUIET}
    median, tail = interference.rows([line(values, case="chain")])
    assert (median.reached, median.must_reach) == ("eager 1.005 (1.005-1.005)", "within 1%")
    assert (tail.reached, tail.must_reach) == ("eager 2.000 (2.000-2.000)", "within 5%")
    assert tail.beside == (
        "engine in a UI thread: eager 2.000 (2.000-2.000); "
        "headless turns over headless turns: eager 1.000 (1.000-1.000)"
    )


def test_the_interface_is_told_in_parts_of_a_core() -> None:
    lines = [line({"headless": 0.01, "screen": part}, case="chain", size="80×24") for part in (0.03, 0.04, 0.06)]
    (row,) = interference.cpu_rows(lines)
    assert (row.reached, row.beside) == ("4.0 % of a core (3.0-6.0)", "headless: 1.0 %")


def test_a_bar_is_looked_for_among_the_latencies_alone() -> None:
    latency, rounds = "─setup──latency per call: median", "─latest rounds──"
    assert first_bar.has_bar([latency, " m  256  graph  ████▌┤  1.20 ms", rounds])
    assert not first_bar.has_bar([latency, " m  256  graph  tracing", rounds, "graph  ▁▂█"])
    assert not first_bar.has_bar(["graph  ████", latency, "graph  waiting", rounds])


def test_steps_reach_from_the_key_to_the_bar() -> None:
    case = Case("softmax")
    events = [
        PlanStarted(at=10.1, plan=Plan((case,)), case_ids=("1",)),
        CaseStarted(at=10.3, case_id="1"),
        PhaseStarted(at=10.6, case_id="1", mode="graph", phase="build"),
        Estimate(at=11.0, case_id="1", rounds=1, modes=(), pairs=(), spent_s=0.1, left_s=1.0),
        Estimate(at=12.0, case_id="1", rounds=9, modes=(), pairs=(), spent_s=1.1, left_s=0.0),
    ]
    steps = first_bar.steps(events, 10.0, 11.5)
    assert list(steps) == ["plan_started", "case_started", "graph build", "first round", "bar"]
    assert sum(steps.values()) == pytest.approx(1.5)


def test_recompiles_are_told_beside_the_trace_counts() -> None:
    values = {"happened": 30, "seen": 29, "traces": 0, "misjudged": 1}
    (row,) = recompiles.rows([line(values, way="call by call", situation="rows change")])
    assert (row.reached, row.must_reach) == ("29 / 30, 1 calls misjudged", "30 / 30")
    assert row.beside == "trace counts alone: 0"


def test_a_key_is_answered_when_what_it_changes_is_drawn_otherwise() -> None:
    drawn = [(1.0, "size=1"), (2.1, "size=1"), (2.2, ""), (2.3, "size=2"), (3.5, "size=3")]
    assert many_rows.answers([2.0, 3.0], drawn) == pytest.approx([0.3, 0.5])
    with pytest.raises(RuntimeError, match="not answered"):
        many_rows.answers([4.0], drawn)


def test_what_a_key_changes_is_found_on_the_screen() -> None:
    screen = pyte.Screen(60, 5)
    assert many_rows.look(screen) == many_rows.Look("", "", "", "")
    pyte.Stream(screen).feed(
        " tfjit  chain · size=17 length=60 · 3 of 9\r\n─results by dims · 3 of 9────\r\n"
        " elementwise_chain size=16 \r\n\x1b[1m elementwise_chain size=17 \x1b[0m"
    )
    assert many_rows.look(screen) == many_rows.Look(
        " elementwise_chain size=17", "tfjit  chain · size=17", "─results by dims · 3 of 9", "elementwise_chain size=16"
    )


def test_only_the_most_rows_have_a_bound() -> None:
    lines = [line({name: [0.01, 0.03] for name in many_rows.ANSWERS}, rows=rows) for rows in many_rows.SIZES]
    few, *_, many = many_rows.rows(lines)
    assert (few.reached, few.must_reach, few.beside) == ("29.8", "–", "median 20.0, most 30.0")
    assert many.must_reach == "≤ 50"
