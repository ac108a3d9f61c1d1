"""Gates on one run: conditions on its speedups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from click.testing import Result

from bench.events import CaseFinished, Event, PairEstimate, PlanFinished
from bench.plan import EFFORTS, Case, Effort, Plan, PlanError
from bench.session.results import CaseResult
from tests.examples import (
    MATMUL,
    NO_MODE_WINS,
    compared,
    first_case,
    session_events,
    settled_events,
    suspicious,
    sweep_events,
)
from tests.tui.command import Scripted, invoke, kept, one_line, stand_in
from tui.cli import startup
from tui.cli.gate import Condition, parse_condition

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("text", "mode", "baseline", "operator", "limit"),
    [
        ("xla_vs_graph < 1.3", "xla", "graph", "<", 1.3),
        ("graph_vs_eager<=1", "graph", "eager", "<=", 1),
        ("  as_written_vs_graph  >  2x ", "as-written", "graph", ">", 2),
        ("no-grappler_vs_reduce-retracing >= .5", "no-grappler", "reduce-retracing", ">=", 0.5),
        ("EAGER_vs_XLA < 10", "eager", "xla", "<", 10),
        ("new_vs_old < 0.98", "new", "old", "<", 0.98),
        ("graph_vs_old_graph < 1", "graph", "old-graph", "<", 1),
    ],
)
def test_a_condition_names_two_modes_and_a_limit(
    text: str, mode: str, baseline: str, operator: str, limit: float
) -> None:
    assert parse_condition(text) == Condition(mode, baseline, operator, limit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "give a speedup and a limit, such as 'xla_vs_graph < 1.3'"),
        ("xla < 1.3", "give a speedup and a limit"),
        ("xla_vs_graph", "give a speedup and a limit"),
        ("xla_vs_graph < fast", "give a speedup and a limit"),
        (f"xla_vs_graph < {'9' * 400}", "the limit is too large"),
        ("xla_vs_graph == 2", "give a speedup and a limit"),
        ("xla_vs_graph_vs_eager < 2", "give a speedup and a limit"),
        ("xla_vs_grahp < 2", "there is no mode 'grahp': did you mean graph"),
        ("xla_vs_xla < 2", "xla is always as quick as itself"),
    ],
)
def test_what_is_no_condition_is_told_with_the_nearest_mode(text: str, message: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_condition(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"--fail-if {text}: ")


def outcome(condition: str, pair: PairEstimate, *, beside: Sequence[Event] = ()) -> str:
    """What becomes of a condition where XLA and graph compare so."""
    case = replace(MATMUL, modes=("graph", "xla"))
    latencies_s = {"graph": (0.02,) * 3, "xla": (0.01,) * 3}
    return parse_condition(condition).outcome(first_case(settled_events(latencies_s, pair, case=case, beside=beside)))


TWICE = compared("x/g", 0.5, 0.4, 0.625, "faster")
"""XLA is 2 times as quick, between 1.6 and 2.5."""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("xla_vs_graph < 1.3", "held"),
        ("xla_vs_graph < 1.6", "held"),
        ("xla_vs_graph < 2", "cannot tell"),
        ("xla_vs_graph < 2.6", "failed"),
        ("xla_vs_graph <= 2.5", "failed"),
        ("xla_vs_graph < 2.5", "cannot tell"),
        ("xla_vs_graph > 1.3", "failed"),
        ("xla_vs_graph > 2.5", "held"),
        ("xla_vs_graph >= 2.5", "cannot tell"),
        ("graph_vs_xla > 0.7", "held"),
        ("graph_vs_xla > 0.3", "failed"),
        ("graph_vs_xla > 0.5", "cannot tell"),
    ],
)
def test_the_whole_range_of_a_speedup_decides(condition: str, expected: str) -> None:
    assert outcome(condition, TWICE) == expected


def test_a_speedup_without_a_range_or_of_a_suspicious_mode_cannot_be_told() -> None:
    assert outcome("xla_vs_graph < 1.3", compared("x/g", 0.5, None, None, "unclear")) == "cannot tell"
    assert outcome("xla_vs_graph < 1.3", TWICE, beside=[suspicious("xla")]) == "cannot tell"


GRAPH_XLA = Case("tiny_ops", (("repeats", 20), ("size", 4)), modes=("graph", "xla"))


def gated(monkeypatch: pytest.MonkeyPatch, *words: str, events: Sequence[Event] = ()) -> tuple[Result, Plan]:
    """A run of two modes of which XLA is twice as quick, and the plan that it was."""
    latencies_s = {"graph": (0.02,) * 3, "xla": (0.01,) * 3}
    source = stand_in(monkeypatch, Scripted(events or settled_events(latencies_s, TWICE, case=GRAPH_XLA)))
    result = invoke("run", "tiny_ops", "--modes", "graph,xla", *words)
    return result, source.plans[0]


@pytest.mark.parametrize(
    ("conditions", "code", "told"),
    [
        (["xla_vs_graph < 1.3"], 0, "held: "),
        (["xla_vs_graph < 3"], 1, "failed: "),
        (["xla_vs_graph < 2"], 3, "cannot tell: "),
        (["xla_vs_graph < 1.3", "xla_vs_graph > 2.1"], 3, "cannot tell: "),
        (["xla_vs_graph < 2", "xla_vs_graph < 3"], 1, "failed: "),
    ],
)
def test_the_conditions_decide_the_exit_code(
    conditions: list[str], code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [word for condition in conditions for word in ("--fail-if", condition)]
    result, _ = gated(monkeypatch, *words)
    assert result.exit_code == code
    last = result.stdout.splitlines()[-1]
    assert last.startswith(f"{told}tiny_ops · repeats=20 size=4 · float32 · CPU:0: xla_vs_graph is 2.0 (likely range ")


def test_a_condition_is_told_with_its_speedup(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = gated(monkeypatch, "--fail-if", "xla_vs_graph < 1.3")
    assert result.stdout.endswith(
        "held: tiny_ops · repeats=20 size=4 · float32 · CPU:0: "
        "xla_vs_graph is 2.0 (likely range 1.6-2.5); fails if xla_vs_graph < 1.3\n"
    )


AGAINST = Case("step.py::new", modes=("graph", "xla"), against="step.py::old")


def of_two(graph: tuple[float, float], xla: tuple[float, float] | None) -> CaseResult:
    """Return a case in which the new implementation's time lies between these ends over the old one's."""
    ends = {"graph": graph, "xla": xla}
    pairs = [
        PairEstimate(mode, f"old-{mode}", sum(each) / 2, *each, "unclear", None) for mode, each in ends.items() if each
    ]
    return first_case(session_events(dict.fromkeys(AGAINST.modes, 0.01), *pairs, case=AGAINST))


@pytest.mark.parametrize(
    ("graph", "xla", "outcome"),
    [
        ((0.9, 0.95), (0.9, 1.0), "held"),
        ((0.9, 0.95), (1.1, 1.2), "failed"),
        ((0.9, 0.95), (0.9, 1.2), "cannot tell"),
        ((1.1, 1.2), (0.9, 1.2), "failed"),
        ((0.9, 0.95), None, "cannot tell"),
    ],
)
def test_new_against_old_must_hold_in_each_mode(
    graph: tuple[float, float], xla: tuple[float, float] | None, outcome: str
) -> None:
    case, condition = of_two(graph, xla), parse_condition("new_vs_old < 0.98")
    assert condition.outcome(case) == outcome
    graph_told, xla_told = condition.told(case).splitlines()
    assert "graph_vs_old_graph is" in graph_told
    assert "fails if xla_vs_old_xla < 0.98" in xla_told


def test_a_gate_takes_three_processes_unless_their_number_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = ("--fail-if", "xla_vs_graph < 1.3")
    assert gated(monkeypatch)[1].effort == Effort()
    assert gated(monkeypatch, *condition)[1].effort == Effort(processes=3)
    assert gated(monkeypatch, *condition, "--processes", "5")[1].effort == Effort(processes=5)
    assert gated(monkeypatch, *condition, "--processes", "1")[1].effort == Effort()
    assert gated(monkeypatch, *condition, "--effort", "thorough")[1].effort == EFFORTS["thorough"]


def test_a_gate_in_one_process_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    events = session_events({"graph": 0.02, "xla": 0.01}, TWICE, case=GRAPH_XLA)
    result, _ = gated(monkeypatch, "--fail-if", "xla_vs_graph < 1.3", "--processes", "1", events=events)
    assert result.exit_code == 0
    assert "(likely range 1.6-2.5) in one process, and others may run at other speeds" in result.stdout


@pytest.mark.parametrize(
    ("events", "why"),
    [
        (
            session_events({"graph": 0.02}, failed={"xla": ("unsupported", "op Lu")}, case=GRAPH_XLA),
            "XLA cannot compile this on CPU:0: op Lu; fails if",
        ),
        (
            session_events({"graph": 0.02, "xla": 0.01}, case=GRAPH_XLA, wrong={"xla": "nan in 1 of 4 values"}),
            "Do not use XLA: its output differs from eager (nan in 1 of 4 values)",
        ),
        (
            session_events({}, case=GRAPH_XLA, finish=CaseFinished(case_id="1", error="the worker could not start")),
            "the worker could not start; fails if",
        ),
    ],
    ids=["failed", "wrong", "no worker"],
)
def test_what_failed_or_came_out_wrong_cannot_be_told(
    events: Sequence[Event], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = gated(monkeypatch, "--fail-if", "xla_vs_graph < 1.3", events=events)
    assert result.exit_code == 3
    assert f"cannot tell: tiny_ops · repeats=20 size=4 · float32 · CPU:0: {why}" in result.stdout


def test_a_mode_that_no_condition_names_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    latencies_s = {"graph": 0.02, "xla": 0.01}
    events = session_events(latencies_s, TWICE, failed={"eager": ("failed", "no such op")})
    assert gated(monkeypatch, "--fail-if", "xla_vs_graph < 1.3", events=events)[0].exit_code == 0
    assert gated(monkeypatch, events=events)[0].exit_code == 1


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("xla_vs_eager < 1.3", "--fail-if xla_vs_eager: eager is not measured: --modes graph,xla"),
        ("xla_vs_grahp < 1.3", "there is no mode 'grahp': did you mean graph"),
        ("new_vs_old < 0.98", "--fail-if new_vs_old: there is no old implementation: name it by --against"),
        ("xla_vs_old_xla < 1", "--fail-if xla_vs_old_xla: there is no old implementation: name it by --against"),
    ],
)
def test_a_condition_on_what_is_not_measured_is_a_usage_error(
    condition: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    result = invoke("run", "tiny_ops", "--modes", "graph,xla", "--fail-if", condition)
    assert result.exit_code == 2
    assert message in one_line(result)


@pytest.mark.usefixtures("knows_python3")
def test_a_session_that_is_gone_on_with_is_gated_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [event for event in sweep_events(10, 100, 1000) if getattr(event, "case_id", None) in ("2", "3")]
    source = Scripted([*rest, PlanFinished()])
    monkeypatch.setattr(startup, "reopen_engine", lambda *_: (source, None))
    result = invoke("run", "--resume", kept("begun", sweep_events(10)), "--fail-if", "xla_vs_graph < 1.3")
    assert result.exit_code == 1
    told = [line.partition(" ·")[0] for line in result.stdout.splitlines() if "fails if" in line]
    assert told == ["failed: elementwise_chain", "held: elementwise_chain", "held: elementwise_chain"]
