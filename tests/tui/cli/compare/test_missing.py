"""`tfjit-tui compare`: what one side lacks, and limits of a plan's file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bench.plan import Case
from tests.examples import MATMUL
from tests.tui.cli.compare.sized_cases import FEWER, MORE, PLAN, SLOWER, Latencies, settled, sized
from tests.tui.command import BEFORE, invoke, kept, one_line

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("before", "after", "missing", "code", "summary"),
    [
        (FEWER, MORE, "tell", 3, "Cannot tell of 3 of 6 whether they are more than 2 % slower."),
        (FEWER, MORE, "ok", 0, "Held: none of 3 is more than 2 % slower. Left out: 3 are new."),
        (MORE, FEWER, "ok", 0, "Held: none of 3 is more than 2 % slower. Left out: 3 are gone."),
        (
            MORE,
            FEWER,
            "fail",
            1,
            "Failed: 3 of 6 are missing: eager of matmul · m=16 k=1024 n=1024 · float32 · CPU:0; graph of matmul "
            "· m=16 k=1024 n=1024 · float32 · CPU:0; xla of matmul · m=16 k=1024 n=1024 · float32 · CPU:0.",
        ),
    ],
    ids=["tell", "new", "gone", "fail"],
)
def test_what_one_side_lacks_cannot_be_told_is_left_out_or_fails(
    before: Mapping[Case, Latencies], after: Mapping[Case, Latencies], missing: str, code: int, summary: str
) -> None:
    a, b = kept("a", settled(before)), kept("b", settled(after))
    result = invoke("compare", a, b, "--missing", missing)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (code, summary)


def test_the_side_that_lacks_it_is_named() -> None:
    a, b = kept("a", settled(FEWER)), kept("b", settled(MORE))
    told = "Eager, graph and xla are {}: this was not measured {}.\n"
    assert told.format("new", "before") in invoke("compare", a, b, "--missing", "ok").stdout
    assert told.format("gone", "after") in invoke("compare", b, a, "--missing", "ok").stdout
    assert told.format("missing", "before") in invoke("compare", a, b, "--missing", "fail").stdout
    told = json.loads(invoke("compare", a, b, "--missing", "ok", "--json").stdout)
    assert [(each["missing"], each["gate"]) for each in told["pairs"][1]["changes"]] == [("before", "new")] * 3


def test_a_mode_that_one_side_was_not_asked_for_is_missing_and_one_that_failed_is_not() -> None:
    two = replace(MATMUL, modes=("eager", "graph"))
    a = kept("a", settled({two: {"eager": (0.024,) * 3, "graph": (0.02,) * 3}}))
    asked = kept("b", settled({MATMUL: BEFORE}))
    failed = kept("c", settled({MATMUL: {"eager": (0.024,) * 3, "graph": (0.02,) * 3}}))
    assert invoke("compare", a, asked, "--missing", "ok").exit_code == 0
    assert invoke("compare", asked, failed, "--missing", "ok").exit_code == 3


def test_a_regression_is_told_before_what_is_missing() -> None:
    a, b = kept("a", settled(MORE)), kept("b", settled({sized(8): SLOWER}))
    result = invoke("compare", a, b, "--missing", "fail", "--modes", "graph")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == (
        "Regressed: 1 of 2 is more than 2 % slower: graph of matmul · m=8 k=1024 n=1024 · float32 · CPU:0; "
        "1 of 2 is missing: graph of matmul · m=16 k=1024 n=1024 · float32 · CPU:0."
    )


def test_where_nothing_is_on_both_sides_nothing_is_held() -> None:
    a, b = kept("a", settled({sized(8): BEFORE})), kept("b", settled({sized(16): BEFORE}))
    result = invoke("compare", a, b, "--missing", "ok")
    assert result.exit_code == 3
    assert result.stdout.endswith("Cannot tell: there is nothing on both sides. Left out: 3 are new and 3 are gone.\n")


def test_a_plans_file_has_limits_of_its_own_for_some_cases() -> None:
    Path("PLAN.toml").write_text(PLAN)
    a, b = kept("a", settled(MORE)), kept("b", settled({sized(8): SLOWER, sized(16): SLOWER}))
    result = invoke("compare", a, b, "--plan", "PLAN.toml", "--modes", "graph")
    assert result.exit_code == 1
    assert "fails if more than 20 % slower\n" in result.stdout
    assert result.stdout.endswith(
        "Regressed: 1 of 2 is slower than its limit allows: graph of matmul · m=16 k=1024 n=1024 · float32 · CPU:0.\n"
    )
    assert invoke("compare", a, b, "--plan", "PLAN.toml", "--modes", "graph", "--fail-if-slower", "20").exit_code == 0
    told = json.loads(invoke("compare", a, b, "--plan", "PLAN.toml", "--json").stdout)
    assert [pair["limit"] for pair in told["pairs"]] == [0.2, 0.02]


def test_the_limit_of_a_mode_is_the_smallest_of_the_planned_cases_that_have_it() -> None:
    cases = [(["eager", "graph"], 5), (["eager", "xla"], 50)]
    tables = [f"[[cases]]\nmodes = {modes}\nfail_if_slower_percent = {limit}\n" for modes, limit in cases]
    a, b = kept("a", settled({MATMUL: BEFORE})), kept("b", settled({MATMUL: {**BEFORE, "graph": (0.024,) * 3}}))
    for order in (tables, tables[::-1]):
        Path("PLAN.toml").write_text('workload = "matmul"\n' + "".join(order))
        result = invoke("compare", a, b, "--plan", "PLAN.toml", "--csv", "out.csv")
        assert result.exit_code == 1
        assert "fails if more than 5 % (eager and graph), 50 % (xla) slower\n" in result.stdout
        assert "neither session has it" not in result.stdout
        assert "1 of 3 is slower than its limit allows: graph of matmul" in result.stdout
        rows = csv.DictReader(io.StringIO(Path("out.csv").read_text()))
        assert [float(row["limit_percent"]) for row in rows] == [5, 5, 50]
        told = json.loads(invoke("compare", a, b, "--plan", "PLAN.toml", "--json").stdout)
        assert [each["limit"] for each in told["pairs"][0]["changes"]] == [0.05, 0.05, 0.5]


@pytest.mark.parametrize(
    ("missing", "code", "words"), [("tell", 3, "cannot tell"), ("fail", 1, "missing"), ("ok", 0, "left out")]
)
def test_a_case_with_a_limit_that_neither_session_has_is_missing(missing: str, code: int, words: str) -> None:
    Path("PLAN.toml").write_text(PLAN)
    a, b = kept("a", settled({sized(16): BEFORE})), kept("b", settled({sized(16): BEFORE}))
    result = invoke("compare", a, b, "--plan", "PLAN.toml", "--missing", missing, "--md", "out.md", "--csv", "o.csv")
    assert result.exit_code == code
    alone = [row for row in csv.DictReader(io.StringIO(Path("o.csv").read_text())) if row["missing"]]
    assert [row["mode"] for row in alone] == list(MATMUL.modes)
    assert {(row["dims"], row["missing"], row["reason"], row["gate"]) for row in alone} == {
        ("m=8 k=1024 n=1024", "both", "neither session has it", words)
    }
    assert "matmul · m=8 k=1024 n=1024 · float32 · CPU:0\nneither session has it\n" in result.stdout
    assert "neither session has it" in Path("out.md").read_text()
    assert invoke("compare", f"{a}#0", f"{b}#0", "--plan", "PLAN.toml").exit_code == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('workload = "matmul"', "PLAN.toml has no fail_if_slower_percent: give it, or leave out --plan"),
        ("work", "PLAN.toml: not TOML"),
        (None, "cannot read PLAN.toml: No such file"),
    ],
)
def test_a_plan_that_gives_no_limit_is_a_usage_error(text: str | None, why: str) -> None:
    if text is not None:
        Path("PLAN.toml").write_text(text)
    result = invoke("compare", kept("a", settled(MORE)), kept("b", settled(MORE)), "--plan", "PLAN.toml")
    assert result.exit_code == 2
    assert why in one_line(result)
