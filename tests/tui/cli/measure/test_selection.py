"""Which cases `run` measures: with some words, each once; and what a dry run tells of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import PlanFinished
from bench.plan import Case, Plan
from tests.examples import NO_MODE_WINS, sweep_events
from tests.tui.command import Scripted, invoke, kept, one_line, stand_in
from tui.cli import startup
from tui.cli.measure.selection import distinct
from tui.presentation.search import has_words

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The source that stands in for an engine."""
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


# --- each once --------------------------------------------------------------------------------------------------------

TWO_ALIKE = """
workload = "tiny_ops"
[[cases]]
dims = { repeats = 3 }
[[cases]]
dims = { repeats = 3, size = 4 }
[[cases]]
dims = { repeats = 4 }
"""


@pytest.mark.parametrize(
    ("words", "cases", "told"),
    [
        ("matmul matmul", 1, "matmul · m=1024 k=1024 n=1024 · float32 · CPU:0"),
        ("matmul --device CPU:0 --device cpu:0", 1, "matmul · m=1024"),
        ("matmul lstm matmul lstm", 2, "n=1024 · float32 · CPU:0; lstm · batch=8"),
        ("tiny_ops --sweep size=4,4..8", 2, "4 in size=4,4..8"),
        ("matmul --sweep dtype=float32,float32", 1, "float32 in dtype=float32,float32"),
        ("matmul --device CPU:0 --device GPU:0 --sweep device=CPU:0,GPU:0", 2, "· CPU:0; matmul"),
        ("plan.toml", 2, "tiny_ops · repeats=3 size=4 · float32 · CPU:0"),
        ("steps.py::f --dim a=1 --dim b=2 steps.py::f", 1, "steps.py::f · a=1 b=2 · float32 · CPU:0"),
    ],
)
def test_what_is_given_twice_is_measured_once_and_that_is_said(
    words: str, cases: int, told: str, source: Scripted
) -> None:
    Path("plan.toml").write_text(TWO_ALIKE)
    Path("steps.py").write_text("def f(x): ...\n")
    result = invoke("run", *words.split())
    (plan,) = source.plans
    assert len(plan.cases) == len(set(plan.cases)) == cases
    assert result.stderr.startswith("given more than once, measured once: ")
    assert told in result.stderr.splitlines()[0]


@pytest.mark.parametrize(
    "words", ["matmul lstm", "tiny_ops --sweep size=4,8", "matmul --device CPU:0 --device CPU:1", "matmul --seed 1"]
)
def test_of_what_differs_nothing_is_said(words: str, source: Scripted) -> None:
    assert "more than once" not in invoke("run", *words.split()).stderr
    assert source.plans


def test_the_order_of_dimensions_makes_no_other_case_and_the_modes_do() -> None:
    case = Case("f.py::f", (("a", 1), ("b", 2)))
    plan, told = distinct(
        Plan((case, Case("f.py::f", (("b", 2), ("a", 1))), Case(case.workload, case.dims, modes=("xla",))))
    )
    assert [each.modes for each in plan.cases] == [case.modes, ("xla",)]
    assert told


def test_conditions_on_a_case_that_is_measured_once_all_hold() -> None:
    tables = ['{a=1,b=2}\nfail_if = ["xla_vs_graph < 1.3"]', '{b=2,a=1}\nfail_if = ["graph_vs_eager < 9"]']
    Path("steps.py").write_text("def f(): pass\n")
    Path("plan.toml").write_text(
        'workload = "steps.py::f"\n' + "".join(f"[[cases]]\ndims = {each}\n" for each in tables)
    )
    told = json.loads(invoke("run", "plan.toml", "--dry-run", "--json", "-").stdout)
    assert [case["fail_if"] for case in told["cases"]] == [["xla_vs_graph < 1.3", "graph_vs_eager < 9"]]


# --- with some words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sizes"), [("size=64", [64]), ("TINY cpu", [8, 64]), ("", [8, 64]), ("  ", [8, 64]), ("float32 8", [8])]
)
def test_cases_with_every_word_are_measured(words: str, sizes: list[int], source: Scripted) -> None:
    invoke("run", "tiny_ops", "--sweep", "size=8,64", "--filter", words)
    assert [dict(case.dims)["size"] for case in source.plans[0].cases] == sizes


def test_where_no_case_is_left_those_that_there_are_are_named(source: Scripted) -> None:
    result = invoke("run", "tiny_ops", "--sweep", "size=1..12:+1", "--filter", "size=64")
    assert result.exit_code == 2
    assert one_line(result).startswith("tfjit-tui: --filter 'size=64': no case has this word: there is tiny_ops · rep")
    assert one_line(result).endswith(" and 4 more\n")
    assert not source.plans


GUARDED = """
workload = "matmul"
[[cases]]
dims = { m = 64 }
fail_if = ["xla_vs_graph < 1.3", "graph_vs_eager < 1"]
[[cases]]
dims = { m = 640 }
fail_if = []
"""


@pytest.mark.parametrize(
    ("words", "processes", "told"),
    [
        ("m=64", 3, ""),
        ("m=640", 1, "--filter leaves out 2 conditions of plan.toml (fail_if)\n"),
        ("matmul", 3, ""),
    ],
)
def test_conditions_that_are_left_out_with_their_cases_are_told(
    words: str, processes: int, told: str, source: Scripted
) -> None:
    Path("plan.toml").write_text(GUARDED)
    result = invoke("run", "plan.toml", "--filter", words, "--dry-run", "--json", "-")
    assert result.stderr == told
    assert {case["processes"] for case in json.loads(result.stdout)["cases"]} == {processes}
    assert not source.plans


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("matmul · m=640", "m=64", False),
        ("matmul · m=64 k=8", "m=64", True),
        ("matmul · dim=64", "m=64", False),
        ("target=1.5", "target=1", False),
        ("x=float32[batch=32,64]", "batch=32", True),
        ("matmul · m=640", "M=", True),
        ("matmul · m=640", "64", True),
    ],
)
def test_a_word_with_a_value_is_whole(text: str, word: str, found: bool) -> None:
    assert has_words(text, word) == found


def test_a_far_side_is_found_by_its_name(source: Scripted) -> None:
    invoke("run", "tiny_ops", "--far", "sh -c a", "--far", "sh -c b", "--filter", "· b")
    assert [case.far for case in source.plans[0].cases] == ["b"]


@pytest.mark.usefixtures("knows_python3")
def test_of_a_session_that_is_gone_on_with_the_rest_is_left_for_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three sizes the first was measured; the second has no place in the filter."""
    third = [event for event in sweep_events(10, 100, 1000) if getattr(event, "case_id", None) == "3"]
    source = Scripted([*third, PlanFinished()])
    monkeypatch.setattr(startup, "reopen_engine", lambda *_: (source, None))
    path = kept("begun", sweep_events(10))
    result = invoke("run", "--resume", path, "--filter", "size=1000", "--fail-if", "xla_vs_graph < 0.1")
    assert [dict(case.dims)["size"] for case in source.plans[0].cases] == [1000]
    assert result.exit_code == 0
    assert [line.partition(" length")[0] for line in result.stdout.splitlines() if "fails if" in line] == [
        "held: elementwise_chain · size=10",
        "held: elementwise_chain · size=1000",
    ]
    assert invoke("run", "--resume", path, "--filter", "lstm").exit_code == 2


@given(st.text(max_size=30), st.text(max_size=10))
def test_every_part_of_a_text_is_found_in_it(text: str, more: str) -> None:
    assert all(has_words(text, word) for word in text.split() if word.lower() in text.lower())
    assert has_words(f"{text} {more}", more)


# --- a dry run --------------------------------------------------------------------------------------------------------


def test_a_dry_run_lists_the_cases_and_the_times_and_starts_nothing(source: Scripted, home: Path) -> None:
    before = sorted(home.rglob("*"))
    result = invoke(
        *("run", "tiny_ops", "--sweep", "size=8,64", "--fail-if", "xla_vs_graph < 1", "--budget", "2"),
        *("--modes", "graph,xla"),
        *("--case-timeout", "60", "--dry-run", "--csv", "out.csv", "--session", "s.jsonl"),
    )
    assert result.exit_code == 0
    assert result.stdout == (
        "   workload  sizes               dtype    device  modes      processes  rounds  time-out  fails if\n"
        "1  tiny_ops  repeats=10 size=8   float32  CPU:0   graph,xla  3          6 s     420 s     xla_vs_graph < 1\n"
        "2  tiny_ops  repeats=10 size=64  float32  CPU:0   graph,xla  3          6 s     420 s     xla_vs_graph < 1\n"
        "\n"
        "2 cases: at most 12 s of rounds beside loading TensorFlow, tracing and compiling; timed out after 840 s. "
        "Nothing was started.\n"
    )
    assert not source.plans
    assert sorted(home.rglob("*")) == before


def test_a_dry_run_as_json(source: Scripted) -> None:
    told = json.loads(invoke("run", "tiny_ops", "--filter", "tiny", "--dry-run", "--json", "-").stdout)
    assert (told["rounds_s"], told["timeout_s"]) == (3, 240)
    (case,) = told["cases"]
    assert (case["workload"], case["modes"], case["processes"]) == ("tiny_ops", ["eager", "graph", "xla"], 1)
    assert not source.plans


def test_a_dry_run_lists_what_a_session_has_left_and_leaves_its_file_alone() -> None:
    path = Path(kept("begun", sweep_events(10)))
    before = path.read_bytes()
    result = invoke("run", "--resume", str(path), "--dry-run")
    assert result.exit_code == 0
    assert [line.split()[2] for line in result.stdout.splitlines()[1:3]] == ["size=100", "size=1000"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("tiny_ops --csv no/such/place.csv", "there is no directory"),
        ("tiny_ops --modes graph --fail-if xla_vs_graph<1", "xla is not measured"),
        ("tiny_opps", "tiny_ops"),
        ("tiny_ops --far 'no'", "--far"),
    ],
)
def test_a_dry_run_finds_what_would_be_refused(words: str, why: str, source: Scripted) -> None:
    result = invoke("run", *words.split(), "--dry-run")
    assert result.exit_code == 2
    assert why in one_line(result)
    assert not source.plans
