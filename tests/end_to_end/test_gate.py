"""A gate from end to end: a plan's file measured for real, and two such sessions held against each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.session.journal_reader import read
from bench.session.session import Session
from tui.cli.main import main

PLAN = """
workload = "tiny_ops"
modes = ["eager", "graph"]
budget_s = 0.3
"""


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.tensorflow
@pytest.mark.slow
def test_a_plan_is_gated_by_its_own_ratios_and_held_against_a_run_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path / "state"))
    plan, before, after = (tmp_path / name for name in ("PLAN.toml", "before.jsonl", "after.jsonl"))
    plan.write_text(PLAN)
    # Twenty operations cost eager so many dispatches, and graph one: of that no machine makes 1000 times.
    held = invoke("run", plan, "--fail-if", "graph_vs_eager > 1000", "--session", before)
    assert held.exit_code == 0, held.output
    assert "held: tiny_ops" in held.stdout
    failed = invoke("run", plan, "--fail-if", "graph_vs_eager < 1000", "--session", after)
    assert failed.exit_code == 1, failed.output
    (case,) = Session(read(before).events).cases.values()
    assert [mode.processes for mode in case.modes] == [3, 3]
    compared = invoke("compare", before, after, "--fail-if-slower", "100000%", "--json")
    changes = json.loads(compared.stdout)["pairs"][0]["changes"]
    assert [change["mode"] for change in changes] == ["eager", "graph"]
    # On a busy machine three processes may differ by so much that nothing can be told of a mode: the exit code says so.
    held_changes = [change for change in changes if change["gate"] == "held"]
    assert all(change["low"] <= change["ratio"] <= change["high"] for change in held_changes)
    assert all(change["gate"] == "cannot tell" for change in changes if change not in held_changes)
    assert compared.exit_code == (0 if held_changes == changes else 3), compared.output
