"""Plans as files: `run PLAN.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.events import Event, PlanFinished, PlanStarted
from bench.plan import EFFORTS, Case, Effort, Plan
from bench.plans.toml_reader import parse_plan
from tests.examples import NO_MODE_WINS, compared, numbered, session_events
from tests.paths import README
from tests.tui.command import Scripted, invoke, one_line, stand_in

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


def test_a_plans_file_is_measured_as_it_says(source: Scripted) -> None:
    assert invoke("run", "PLAN.toml").exit_code == 0
    assert source.plans == [PLAN]


GUARDED = """
workload = "tiny_ops"
modes = ["graph", "xla"]
fail_if = ["xla_vs_graph < 1.3"]
[[cases]]
[[cases]]
dims = { size = 8 }
fail_if = ["xla_vs_graph < 4"]
"""


def two_cases() -> list[Event]:
    """Two cases, in which XLA is twice as quick as graph."""
    twice = compared("x/g", 0.5, 0.4, 0.625, "faster", 9)
    one = session_events({"graph": 0.02, "xla": 0.01}, twice, case=Case("tiny_ops", modes=("graph", "xla")))
    case = [event for event in one if getattr(event, "case_id", None) == "1"]
    plan = PlanStarted(plan=Plan((Case("tiny_ops", modes=("graph", "xla")),) * 2), case_ids=("1", "2"))
    return [*one[:3], plan, *case, *(numbered(event, "2") for event in case), PlanFinished()]


def test_each_case_is_held_to_its_own_conditions_and_to_those_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = stand_in(monkeypatch, Scripted(two_cases()))
    Path("PLAN.toml").write_text(GUARDED)
    result = invoke("run", "PLAN.toml", "--fail-if", "xla_vs_graph < 1")
    assert result.exit_code == 1
    told = [(line.partition(":")[0], line.rpartition(" ")[2]) for line in result.stdout.splitlines() if "fails" in line]
    assert told == [("held", "1"), ("held", "1"), ("held", "1.3"), ("failed", "4")]
    assert source.plans[0].effort.processes == 3
    assert invoke("run", "PLAN.toml", "--filter", "size=4").exit_code == 0


def test_where_a_filter_leaves_no_case_with_a_condition_there_is_no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted(session_events({"graph": 0.02}, case=Case("tiny_ops", modes=("graph",)))))
    Path("PLAN.toml").write_text(GUARDED.replace('fail_if = ["xla_vs_graph < 1.3"]', ""))
    result = invoke("run", "PLAN.toml", "--filter", "size=4")
    assert (result.exit_code, "fails if" in result.stdout) == (0, False)


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("xla_vs_grahp < 1", "tfjit-tui: PLAN.toml: fail_if xla_vs_grahp < 1: there is no mode 'grahp'"),
        (
            "xla_vs_eager < 1",
            "tfjit-tui: PLAN.toml: fail_if xla_vs_eager: eager is not measured: its modes are graph,xla",
        ),
        ("fast", "tfjit-tui: PLAN.toml: fail_if fast: give a speedup and a limit"),
    ],
)
def test_a_condition_of_the_file_that_is_wrong_is_told_with_the_file(
    condition: str, why: str, source: Scripted
) -> None:
    Path("PLAN.toml").write_text(f'fail_if = ["{condition}"]\n{TEXT}')
    result = invoke("run", "PLAN.toml")
    assert result.exit_code == 2
    assert one_line(result).startswith(why)
    assert not source.plans


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
        ("PLAN.toml", "there is no command 'PLAN.toml': did you mean `tfjit-tui run PLAN.toml`?"),
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


@pytest.mark.parametrize("name", ["PLAN.toml", "plan", "plan.txt", "plan.json", "./plan", "a plan: ours"])
def test_a_plan_is_known_by_what_it_holds(name: str, source: Scripted, home: Path) -> None:
    (home / name).write_text(TEXT)
    assert invoke("run", name).exit_code == 0
    assert source.plans == [PLAN]


def test_a_file_that_is_called_as_a_workload_is_none(source: Scripted, home: Path) -> None:
    (home / "softmax").write_text(TEXT)
    invoke("run", "softmax")
    assert source.plans[0].cases[0].workload == "softmax"
    invoke("run", "./softmax")
    assert source.plans[1] == PLAN


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.txt", b"Buy milk\n", "notes.txt: not TOML: "),
        ("typo.conf", b'wokload = "matmul"', "typo.conf: there is no key 'wokload': did you mean workload?"),
        ("large", b"#" * (5 << 20), "large is no plan: it holds more than 4 MiB"),
        ("binary", b"\xff\xfe", "binary is not text in UTF-8"),
        ("empty", b"", "empty: no workload is named"),
    ],
    ids=["notes", "typo", "large", "binary", "empty"],
)
def test_what_is_no_plan_is_told(name: str, content: bytes, message: str, home: Path) -> None:
    (home / name).write_bytes(content)
    assert message in one_line(invoke("run", name))


def test_paths_in_a_plan_are_its_own_directorys(source: Scripted, home: Path) -> None:
    (home / "sub").mkdir()
    text = 'dims = {n = 4}\n[[cases]]\nworkload = "steps.py::step"\n[[cases]]\nworkload = "package.module:step"\n'
    (home / "sub" / "plan").write_text(text)
    (home / "link").symlink_to("sub/plan")
    (home / "package").mkdir()
    for file in ("sub/steps.py", "package/module.py"):
        (home / file).write_text("def step(x): ...\n")
    for name in ("sub/plan", str(home / "sub" / "plan"), "link"):
        invoke("run", name)
        assert [case.workload for case in source.plans.pop().cases] == ["sub/steps.py::step", "package.module:step"]


def test_the_readmes_example_is_a_plan() -> None:
    _, _, example = README.partition("### In CI")[2].partition("```toml\n")
    plan = parse_plan(example.partition("```")[0]).plan
    assert plan.effort.processes == 5
    assert [case.dims_text for case in plan.cases][-1] == "m=64 k=1024 n=1024"


def test_an_old_implementation_is_named_beside_the_workload(source: Scripted, home: Path) -> None:
    (home / "step.py").write_text("def new(x): ...\ndef new_inputs(): ...\ndef old(x): ...\ndef old_inputs(): ...\n")
    invoke("run", "step.py::new", "--against", "step.py::old")
    invoke("run", "step.py::new", "--against-ref", "HEAD~1", "--modes", "graph")
    assert [plan.cases for plan in source.plans] == [
        (Case("step.py::new", against="step.py::old"),),
        (Case("step.py::new", modes=("graph",), against_ref="HEAD~1"),),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("softmax", "--against", "sotfmax"), "there is no workload 'sotfmax': did you mean softmax"),
        (("softmax", "--against-ref", "HEAD"), "--against-ref is for code of your own: softmax is no file"),
        (("softmax", "--against", "matmul"), "matmul has no dimension"),
        (("--preset", "seed", "--against", "matmul"), "a preset says what to measure"),
    ],
)
def test_an_old_implementation_that_there_cannot_be_is_a_usage_error(words: tuple[str, ...], message: str) -> None:
    result = invoke("run", *words)
    assert result.exit_code == 2
    assert message in one_line(result)


def test_a_plans_file_has_an_old_implementation_of_each_case(home: Path) -> None:
    text = 'workload = "step.py::new"\nagainst = "step.py::old"\n[[cases]]\n[[cases]]\nagainst_ref = "v1"\n'
    plan = parse_plan(text, home).plan
    assert [(case.against, case.against_ref) for case in plan.cases] == [("step.py::old", ""), ("step.py::old", "v1")]
