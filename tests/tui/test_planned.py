"""Plans as files: `run PLAN.toml`, and `w` on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.plan import EFFORTS, Case, Effort, Plan
from tests.examples import NO_MODE_WINS
from tests.tui.test_cli import Scripted, invoke, one_line, stand_in

pytestmark = pytest.mark.usefixtures("home")

TEXT = """
workload = "matmul"
modes = ["graph", "xla"]
effect_percent = 5
sweep = ["k=n=64,128"]
[dims]
m = 8
"""

CASES = tuple(Case("matmul", (("m", 8), ("k", size), ("n", size)), modes=("graph", "xla")) for size in (64, 128))

PLAN = Plan(CASES, effect=0.05, sweep=("k=n=64,128",))


@pytest.fixture
def source(home: Path, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The source that stands in for an engine, with a plan's file to measure."""
    (home / "PLAN.toml").write_text(TEXT)
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


# --- run ------------------------------------------------------------------------------------------------------------


def test_a_plans_file_is_measured_as_it_says(source: Scripted) -> None:
    assert invoke("run", "PLAN.toml").exit_code == 0
    assert source.plans == [PLAN]


def test_the_rules_may_be_given_beside_it(source: Scripted) -> None:
    words = "--processes 5 --budget 2 --target 1 --effect 3 --case-timeout 9 --calls 7"
    invoke("run", "PLAN.toml", *words.split())
    effort = Effort(budget_s=2, target=0.01, processes=5)
    assert source.plans == [Plan(CASES, effort, 0.03, 9, 7, sweep=PLAN.sweep)]
    invoke("run", "PLAN.toml", "--effort", "thorough", "--budget", "60")
    assert source.plans[1].effort == Effort(60, EFFORTS["thorough"].target, 3)


@pytest.mark.parametrize(
    ("said", "words", "processes"),
    [
        ("", "", 3),
        ("processes = 5", "", 5),
        ("processes = 1", "", 1),
        ("processes = 5", "--processes 2", 2),
        ('effort = "thorough"', "", 3),
        ("", "--processes 1", 1),
    ],
)
def test_a_gate_takes_three_processes_unless_the_file_or_the_command_line_says_otherwise(
    said: str, words: str, processes: int, source: Scripted
) -> None:
    Path("PLAN.toml").write_text(f"{said}\n{TEXT}")
    invoke("run", "PLAN.toml", "--fail-if", "xla_vs_graph < 1.3", *words.split())
    assert source.plans[0].effort.processes == processes


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("run PLAN.toml matmul", "PLAN.toml says what to measure: name nothing beside it"),
        ("run PLAN.toml --dim m=3", "PLAN.toml says what to measure: give no --dim with it"),
        ("run PLAN.toml --modes xla", "PLAN.toml says what to measure: give no --modes with it"),
        ("run PLAN.toml --sweep m=1,2", "PLAN.toml says what to measure: give no --sweep with it"),
        ("run PLAN.toml --preset seed", "PLAN.toml says what to measure: give no --preset with it"),
        ("run PLAN.toml --effort fast", "there is no effort 'fast': choose from quick, thorough"),
        ("run PLAN.toml --processes 0", "0 processes is not between 1 and 100"),
        ("run absent.toml", "cannot read absent.toml: No such file or directory"),
        ("run wrong.toml", "wrong.toml: there is no key 'wokload': did you mean workload?"),
        ("run PLAN.toml --fail-if eager_vs_xla<1", "--fail-if eager_vs_xla: eager is not measured: --modes graph,xla"),
    ],
)
@pytest.mark.usefixtures("source")
def test_what_cannot_be_planned_is_told_in_one_line(words: str, message: str) -> None:
    Path("wrong.toml").write_text('wokload = "matmul"')
    result = invoke(*words.split())
    assert result.exit_code == 2
    assert message in one_line(result)
