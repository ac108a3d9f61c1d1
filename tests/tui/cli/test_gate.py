"""Gates for CI: `compare`, and conditions on one run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from click.testing import Result

from bench.analysis.comparison import Change
from bench.events import CaseFinished, Event, PairEstimate, PlanFinished
from bench.plan import EFFORTS, Case, Effort, Plan, PlanError
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
from tests.paths import RECORDINGS
from tests.tui.command import BEFORE, Scripted, invoke, kept, one_line, stand_in
from tui.cli import startup
from tui.cli.compare.case_text import change_cell, range_cell
from tui.cli.gate import Condition, parse_condition

pytestmark = pytest.mark.usefixtures("home")

ONE_CASE = replace(MATMUL, modes=("eager", "graph", "xla"))


def against_before(after: Mapping[str, Sequence[float]], *options: str, **more: str) -> Result:
    """What `compare` says of these latencies, after those in BEFORE."""
    a, b = kept("a", settled_events(BEFORE)), kept("b", settled_events(after, **more))  # type: ignore[arg-type]
    return invoke("compare", a, b, *options)


# --- compare: what passes -------------------------------------------------------------------------------------------


def test_what_has_not_become_slower_is_held() -> None:
    result = against_before(BEFORE)
    assert result.exit_code == 0
    assert result.stdout.endswith("Held: none of 3 is more than 2 % slower.\n")


def test_what_has_become_slower_is_told_by_mode_and_is_exit_code_1() -> None:
    result = against_before({**BEFORE, "graph": (0.023,) * 3, "xla": (0.006,) * 3}, tensorflow="2.22.0")
    assert result.exit_code == 1
    assert result.stdout == (
        "matmul · m=1024 k=1024 n=1024 · float32 · CPU:0 (A Processor)\n"
        "TensorFlow 2.21.0 → 2.22.0\n"
        "mode   before  after  change  likely range  verdict  gate\n"
        "eager  24 ms   24 ms  0 %     −1 to +1 %    same     held\n"
        "graph  20 ms   23 ms  +15 %   +13 to +17 %  slower   regressed\n"
        "xla    26 ms   6 ms   0.23×   0.228-0.234×  faster   held\n"
        "\n"
        "Regressed: 1 of 3 is more than 2 % slower: graph of matmul · m=1024 k=1024 n=1024 · float32 · CPU:0.\n"
    )


@pytest.mark.parametrize(
    ("graph_s", "limit", "code"),
    [
        (0.0230, "5%", 1),  # +13 to +17 %
        (0.0230, "15 %", 3),
        (0.0230, "20", 0),
        (0.0202, "2", 3),  # −0.4 to +2.4 %
        (0.0202, "5", 0),
    ],
)
def test_the_whole_range_decides_on_which_side_of_the_limit_a_change_is(graph_s: float, limit: str, code: int) -> None:
    assert against_before({**BEFORE, "graph": (graph_s,) * 3}, "--fail-if-slower", limit).exit_code == code


def test_a_wide_range_has_no_more_decimals_than_each_end_needs() -> None:
    change = Change("xla", 0.01, 0.028, 2.8, 0.443, 18.17, "unclear", "")
    assert (change_cell(change), range_cell(change)) == ("2.8×", "0.44-18×")
    narrow = replace(change, low=2.71, high=2.89)
    assert range_cell(narrow) == "2.7-2.9×"
    assert range_cell(replace(change, low=None, high=None)) == ""


def test_a_regression_is_told_before_what_cannot_be_told() -> None:
    result = against_before({"eager": (0.030,) * 3, "graph": (0.0202,) * 3})
    assert result.exit_code == 1
    assert "Cannot tell about xla: it failed after: it was not measured." in result.stdout
    assert result.stdout.endswith("CPU:0; of 2 it cannot be told.\n")


def test_a_gate_may_look_at_some_modes_alone() -> None:
    slower = {**BEFORE, "eager": (0.030,) * 3}
    assert against_before(slower, "--modes", "graph,xla").exit_code == 0
    assert against_before(slower, "--modes", "predict").stdout == "Cannot tell: neither has predict.\n"
    assert against_before(slower, "--modes", "predict").exit_code == 3


def test_runners_of_one_kind_are_compared_on_purpose_and_how_they_differ_is_told() -> None:
    a = kept("a", settled_events(BEFORE, machine="ci-4core", host="runner-1", cores=4))
    slower = {**BEFORE, "graph": (0.023,) * 3}
    b = kept("b", settled_events(slower, machine="ci-4core", host="runner-2", hardware="B Processor", cores=2))
    result = invoke("compare", a, b)
    assert result.exit_code == 1
    assert "host runner-1 → runner-2\nprocessor A Processor → B Processor\ncores 4 → 2\n" in result.stdout
    other = kept("c", settled_events(BEFORE, machine="laptop", host="runner-1"))
    assert invoke("compare", a, other).exit_code == 3


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (settled_events(BEFORE, host="cube"), "measured on another machine: box before, cube after"),
        (NO_MODE_WINS, "measured in one process after, and others run at other speeds: give it --processes 3"),
        (session_events({"eager": 0.024}, wrong={"eager": "nan in 1 of 4 values"}), "it came out wrong after"),
        (session_events({"eager": 0.024}, failed={"xla": ("unsupported", "op Lu")}), "it could not run after: op Lu"),
        (settled_events(BEFORE, case=replace(ONE_CASE, seed=7)), "this was not measured before"),
        (session_events({})[:3], "this was not measured after"),
    ],
    ids=["another machine", "one process", "wrong", "failed", "another case", "nothing"],
)
def test_what_cannot_be_told_is_exit_code_3_and_why(after: Sequence[Event], why: str) -> None:
    result = invoke("compare", kept("a", settled_events(BEFORE)), kept("b", after))
    assert result.exit_code == 3
    assert why in result.stdout
    assert "Cannot tell of " in result.stdout


def test_the_effect_of_the_second_sessions_plan_is_the_limit() -> None:
    a = kept("a", settled_events(BEFORE))
    b = kept("b", settled_events({**BEFORE, "graph": (0.0208,) * 3}, effect=0.1))
    assert invoke("compare", a, b).stdout.endswith("Held: none of 3 is more than 10 % slower.\n")


def test_a_session_that_broke_off_is_compared_as_far_as_it_came() -> None:
    a, b = kept("a", settled_events(BEFORE)), kept("b", settled_events(BEFORE)[:-2])
    assert invoke("compare", a, b).exit_code == 0


# --- compare: of what -----------------------------------------------------------------------------------------------


def test_two_cases_of_one_session_are_named_by_their_ids() -> None:
    tour = str(RECORDINGS / "tour.jsonl")
    result = invoke("compare", f"{tour}#1", f"{tour}#2")
    first, second = "matmul · m=256 k=256 n=256 · float32 · CPU:0", "matmul · m=512 k=256 n=256 · float32 · CPU:0"
    assert result.stdout.startswith(f"{first} → {second} (")
    assert result.exit_code == 3  # it was recorded in one process


@pytest.mark.parametrize(("limit", "words"), [("1000%", "1,000 %"), ("1e-5%", "0.00001 %"), ("1e7", "10,000,000 %")])
def test_a_limit_is_told_without_an_exponent(limit: str, words: str) -> None:
    slower = {**BEFORE, "graph": (4e5,) * 3, "xla": (0.030,) * 3}
    assert f" more than {words} slower" in against_before(slower, "--fail-if-slower", limit).stdout


def test_the_comparison_as_json() -> None:
    result = against_before({**BEFORE, "graph": (0.023,) * 3}, "--json", "--fail-if-slower", "5%")
    told = json.loads(result.stdout)
    assert (told["before"], told["after"], told["limit"], told["exit_code"]) == ("a", "b", 0.05, 1)
    (pair,) = told["pairs"]
    assert (pair["workload"], pair["dims"]["m"]) == ("matmul", 1024)
    by_mode = {change["mode"]: change for change in pair["changes"]}
    assert by_mode["graph"]["ratio"] == pytest.approx(1.15)
    assert {mode: change["gate"] for mode, change in by_mode.items()} == {
        "eager": "held",
        "graph": "regressed",
        "xla": "held",
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("compare a.jsonl", "Missing argument 'B'"),
        ("compare a.jsonl nowhere", "there is no file nowhere"),
        ("compare a.jsonl a.jsonl", "A and B are the same: name two sessions, or two cases of one, SESSION#CASE_ID"),
        ("compare a.jsonl#1 a.jsonl#1", "A and B are the same"),
        ("compare a.jsonl#1 b.jsonl", "name one case on both sides, SESSION#CASE_ID, or on neither"),
        ("compare a.jsonl#9 b.jsonl#1", "a.jsonl has no case '9': it has 1"),
        ("compare a.jsonl b.jsonl --modes ,", "--modes ,: name one or more, such as --modes graph,xla"),
        ("compare a.jsonl b.jsonl --modes exla", "there is no mode 'exla': did you mean xla?"),
        ("compare a.jsonl b.jsonl --fail-if-slower much", "'much' is no percentage: give one such as 5%"),
        ("compare a.jsonl b.jsonl --fail-if-slower -3", "'-3' is no percentage: give one such as 5%"),
        ("compare a.jsonl b.jsonl --fail-if-slow 3", "No such option '--fail-if-slow'"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(words: str, message: str) -> None:
    for name in ("a", "b"):
        kept(name, settled_events(BEFORE))
    result = invoke(*words.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


# --- run --fail-if: the condition -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mode", "baseline", "operator", "limit"),
    [
        ("xla_vs_graph < 1.3", "xla", "graph", "<", 1.3),
        ("graph_vs_eager<=1", "graph", "eager", "<=", 1),
        ("  as_written_vs_graph  >  2x ", "as-written", "graph", ">", 2),
        ("no-grappler_vs_reduce-retracing >= .5", "no-grappler", "reduce-retracing", ">=", 0.5),
        ("EAGER_vs_XLA < 10", "eager", "xla", "<", 10),
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


# --- run --fail-if: the run -----------------------------------------------------------------------------------------

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
