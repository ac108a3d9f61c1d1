"""Two implementations in the same rounds: both in each mode, verified against each other, each judged by the other."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.analysis.verdict import advise
from bench.events import Round
from bench.plan import Case, Effort
from bench.session.results import CaseResult
from tests.driver import QUICK, Driver
from tests.programs import HERE

FILE = HERE / "implementations.py"
MODES = ("eager", "graph", "xla")
BOTH = ("eager", "old-eager", "graph", "old-graph", "xla", "old-xla")


def held(driver: Driver, new: str, old: str, *modes: str, effort: Effort = QUICK) -> CaseResult:
    """Measure one implementation of the file against another."""
    (result,) = driver.measure(Case(f"{FILE}::{new}", modes=modes or MODES, against=f"{FILE}::{old}"), effort=effort)
    return result


@pytest.mark.parametrize(
    ("new", "old"),
    [("by_einsum", "by_matmul"), ("by_scan", "by_loop"), ("by_einsums", "fused"), ("by_matmul", "by_matmul")],
)
def test_implementations_that_compute_the_same_are_compared_in_each_mode(driver: Driver, new: str, old: str) -> None:
    result = held(driver, new, old)
    assert [mode.mode for mode in result.modes] == list(BOTH)
    assert result.all_ok
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [(mode, f"old-{mode}") for mode in MODES]


def test_the_same_code_is_neither_faster_nor_slower_than_itself(driver: Driver) -> None:
    result = held(driver, "by_matmul", "by_matmul", effort=Effort(budget_s=1.0))
    assert not {pair.verdict for pair in result.pairs} & {"faster", "slower"}


def test_all_are_visited_in_the_same_rounds(driver: Driver) -> None:
    mark = driver.mark
    held(driver, "by_einsum", "by_matmul", "graph")
    first = next(event for event in driver.emitted[mark:] if isinstance(event, Round))
    assert {visit.mode for visit in first.visits} == {"graph", "old-graph"}


def test_what_computes_something_else_is_told_and_not_compared(driver: Driver) -> None:
    result = held(driver, "by_matmul", "the_other_way_round")
    assert {mode.status for mode in result.modes if mode.mode.startswith("old-")} == {"wrong"}
    assert {mode.status for mode in result.modes if not mode.mode.startswith("old-")} == {"ok"}
    headline = advise(result).headline
    assert headline.startswith("The old one computes something else than the new one (")
    assert headline.endswith("so they are not compared.")


def test_a_mode_that_fails_in_one_is_not_compared_and_the_others_are(driver: Driver) -> None:
    result = held(driver, "by_matmul", "fails_in_graph", "eager", "graph")
    assert result.known_mode("old-graph").status == "failed"
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [("eager", "old-eager")]
    assert "The old graph failed on CPU:0: ValueError: not in a graph" in advise(result).text


def test_they_must_have_the_same_dimensions(driver: Driver) -> None:
    result = held(driver, "by_matmul", "of_other_sizes")
    assert result.refused
    assert "has other dimensions (rows, columns) than" in result.error


def test_sizes_go_to_both(driver: Driver) -> None:
    case = Case(f"{FILE}::by_einsum", (("n", 16),), modes=("graph",), against=f"{FILE}::by_matmul")
    (result,) = driver.measure(case)
    assert result.all_ok
    assert result.case.dims == (("n", 16),)


def test_a_workload_of_the_catalogue_may_be_the_old_one(driver: Driver) -> None:
    (result,) = driver.measure(Case("softmax", modes=("graph",), against="softmax"))
    assert result.all_ok
    assert len(result.pairs) == 1


def test_in_several_processes_their_figures_are_combined(driver: Driver) -> None:
    result = held(driver, "by_einsum", "by_matmul", "graph", effort=Effort(budget_s=0.2, processes=2))
    assert result.all_ok
    assert [mode.processes for mode in result.modes] == [2, 2]
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [("graph", "old-graph")]


# --- revisions --------------------------------------------------------------------------------------------------------

STEP = """\
import tensorflow as tf
import helper

def step(x):
    import imported_late
    return imported_late.scaled(helper.twice(x))

def step_inputs(*, n: int = 16):
    return (tf.random.normal((n, n)),)
"""
OLD_HELPER, NEW_HELPER = "def twice(x):\n    return x * 2.0\n", "def twice(x):\n    return x + x\n"
LATE = "def scaled(x):\n    return 3.0 * x\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose step, in a directory of its own, was committed; then a module that it imports was changed."""
    package = tmp_path / "package"
    package.mkdir()
    files = {"step.py": STEP, "helper.py": OLD_HELPER, "imported_late.py": LATE}
    for name, text in files.items():
        (package / name).write_text(text)
    author = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (package / "helper.py").write_text(NEW_HELPER)
    return tmp_path


def at_head(driver: Driver, repository: Path, *, ref: str = "HEAD", path: str = "package/step.py") -> CaseResult:
    case = Case(f"{repository / path}::step", modes=("eager", "graph"), against_ref=ref)
    (result,) = driver.measure(case)
    return result


def test_a_revision_is_read_with_what_it_imported_then(driver: Driver, repository: Path) -> None:
    result = at_head(driver, repository)
    assert result.all_ok, result.error
    assert len(result.pairs) == 2


@pytest.mark.parametrize("module", ["helper.py", "imported_late.py"])
def test_what_a_change_makes_it_compute_is_seen(driver: Driver, repository: Path, module: str) -> None:
    path = repository / "package" / module
    path.write_text(path.read_text().rstrip() + " + 1.0\n")
    result = at_head(driver, repository)
    assert {mode.mode: mode.status for mode in result.modes} == {
        "eager": "ok",
        "old-eager": "wrong",
        "graph": "ok",
        "old-graph": "wrong",
    }


def test_the_repository_stays_as_it_is(driver: Driver, repository: Path) -> None:
    at_head(driver, repository)
    told = subprocess.run(["git", "status", "--short"], cwd=repository, check=True, capture_output=True, text=True)
    changed = [line for line in told.stdout.splitlines() if "__pycache__" not in line]
    assert changed == [" M package/helper.py"]


@pytest.mark.parametrize(
    ("ref", "path", "words"),
    [
        ("nowhere", "package/step.py", "there is no revision 'nowhere' in the git repository of"),
        ("HEAD:package", "package/step.py", "there is no revision 'HEAD:package'"),
        ("HEAD", "package/new.py", "there is no "),
    ],
)
def test_what_is_no_revision_of_it_is_refused_in_a_line(
    driver: Driver, repository: Path, ref: str, path: str, words: str
) -> None:
    (repository / path).write_text(STEP)
    result = at_head(driver, repository, ref=ref, path=path)
    assert result.refused
    assert words in result.error
    assert "\n" not in result.error


def test_a_file_outside_of_any_repository_has_no_revisions(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "step.py").write_text(f"{OLD_HELPER.replace('twice', 'step')}\ndef step_inputs():\n    return (1.0,)\n")
    result = at_head(driver, tmp_path, path="step.py")
    assert result.refused
    assert "lies in no git repository" in result.error
