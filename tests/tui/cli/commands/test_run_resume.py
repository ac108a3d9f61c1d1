"""`tfjit-tui run`: sweeps, and going on with a session."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest

from bench.events import CaseStarted, PlanFinished, PlanStarted
from bench.plan import Case, Plan
from tests.examples import NO_MODE_WINS, session_events, sweep_events
from tests.tui.command import Scripted, invoke, one_line, recorded, stand_in
from tui.cli import startup


def test_a_sweep_is_a_case_for_each_size_and_dtype(source: Scripted) -> None:
    invoke("run", "matmul", "--sweep", "m=k=n=16..64", "--sweep", "dtype=float32,bfloat16")
    (plan,) = source.plans
    assert plan.sweep == ("m=k=n=16..64", "dtype=float32,bfloat16")
    assert [(case.dims_text, case.dtype) for case in plan.cases] == [
        (f"m={size} k={size} n={size}", dtype) for size in (16, 32, 64) for dtype in ("float32", "bfloat16")
    ]


def test_a_sweep_says_how_much_it_is_and_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted([*sweep_events(10, 100, 1000), PlanFinished()]))
    result = invoke("run", "elementwise_chain", "--sweep", "size=10,100,1000")
    assert result.stderr == "3 cases, at most 9 s of rounds beside tracing and compiling\n"
    assert "XLA from size=100; compiling the" in result.stdout.splitlines()[-1]


@pytest.mark.usefixtures("knows_python3")
def test_what_a_session_has_left_undone_is_measured_into_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second case was under way when the process was killed."""
    under_way = CaseStarted(case_id="2")
    path = tmp_path / "kept.jsonl"
    recorded(path, [*sweep_events(10), under_way])
    rest = [event for event in sweep_events(10, 100, 1000) if getattr(event, "case_id", None) in ("2", "3")]
    source = Scripted([*rest, PlanFinished()])
    monkeypatch.setattr(startup, "reopen_engine", lambda options, *_: (source, None) if options.python else None)
    result = invoke("run", "--resume", str(path), "--csv", "-")
    assert [dict(case.dims)["size"] for case in source.plans[0].cases] == [100, 1000]
    assert source.plans[0].sweep == ("size=10,100,1000",)
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert [row["case_id"] for row in rows if row["mode"] == "xla"] == ["1", "2", "3"]
    assert "XLA from size=100" in result.stderr


def test_what_is_left_on_a_far_side_that_is_not_named_again_is_refused_before_the_file_is_touched(
    tmp_path: Path,
) -> None:
    case = Case("matmul", far="tf218")
    path = tmp_path / "kept.jsonl"
    recorded(path, [*session_events({})[:3], PlanStarted(plan=Plan((case,)), case_ids=("1",))])
    before = path.read_bytes()
    result = invoke("run", "--resume", str(path), "--python", sys.executable)
    assert "what is left is to be measured on tf218: name all its far sides again, or none" in one_line(result)
    assert path.read_bytes() == before


def test_a_session_that_is_complete_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    result = invoke("run", "--resume", recorded(tmp_path / "kept.jsonl", NO_MODE_WINS))
    assert result.exit_code == 2
    assert "kept.jsonl has nothing left to measure" in one_line(result)


@pytest.mark.parametrize("name", ["kpet.jsonl", "kept.json"])
def test_a_session_whose_name_is_mistyped_is_suggested(tmp_path: Path, name: str) -> None:
    recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    result = invoke("run", "--resume", str(tmp_path / name))
    assert result.exit_code == 2
    assert f"there is no file {tmp_path / name}: did you mean {tmp_path / 'kept.jsonl'}?" in one_line(result)


def test_code_that_a_session_has_left_and_that_is_gone_is_refused_before_the_file_is_touched(
    tmp_path: Path, home: Path
) -> None:
    (home / "steps.py").write_text("def scale(x): ...\n", encoding="utf-8")
    path = tmp_path / "kept.jsonl"
    plan = Plan((Case("step.py::scale"),))
    recorded(path, [*session_events({})[:3], PlanStarted(plan=plan, case_ids=("1",))])
    before = path.read_bytes()
    result = invoke("run", "--resume", str(path), "--python", sys.executable, "--allow-code", "step.py")
    assert (result.exit_code, path.read_bytes()) == (2, before)
    assert "there is no Python file" in one_line(result)
    assert "did you mean steps.py?" in one_line(result)
