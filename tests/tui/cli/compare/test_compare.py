"""`tfjit-tui compare`: what passes, what does not, and what cannot be told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from click.testing import Result

from bench.analysis.comparison import Change
from bench.events import Event
from tests.examples import MATMUL, NO_MODE_WINS, session_events, settled_events
from tests.paths import RECORDINGS
from tests.tui.command import BEFORE, invoke, kept
from tui.cli.compare.case_text import change_cell, range_cell

pytestmark = pytest.mark.usefixtures("home")

ONE_CASE = replace(MATMUL, modes=("eager", "graph", "xla"))


def against_before(after: Mapping[str, Sequence[float]], *options: str, **more: str) -> Result:
    """What `compare` says of these latencies, after those in BEFORE."""
    a, b = kept("a", settled_events(BEFORE)), kept("b", settled_events(after, **more))  # type: ignore[arg-type]
    return invoke("compare", a, b, *options)


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
