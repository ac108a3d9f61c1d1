"""What is said of a mode that leaves behind something else than eager: in outputs, in variables, in a second call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Event, ModeFailed, Noted, Suspicious, Verified
from bench.plan import Case, Effort, PlanError
from bench.worker.case import rounding_spread
from bench.worker.case.case_run import CaseRun
from bench.worker.case.job import Job
from bench.worker.machine.suspensions import Stops
from bench.worker.workloads.load import load_workload
from tests.paths import PROGRAMS

pytestmark = pytest.mark.usefixtures("tf")

MODES = ("eager", "graph", "xla")


@dataclass(frozen=True)
class Told:
    """What is said of one mode; `wrong` is None where it has failed."""

    wrong: str | None
    notes: tuple[str, ...] = ()
    suspicions: tuple[str, ...] = ()
    outputs_only: bool = False
    wrong_state: bool = False


def verify(name: str, modes: tuple[str, ...] = MODES, process: int = 1, device: str = "CPU:0") -> Mapping[str, Told]:
    """Verify a program of `compared.py` in each mode; on a CPU, whichever device the case names."""
    events: list[Event] = []
    log = SimpleNamespace(new_text=str)
    channel: Any = SimpleNamespace(emit=events.append, log=log, running=lambda _: None, stop_requested=lambda: False)
    path = f"{PROGRAMS / 'compared.py'}::{name}"
    unused: Any = None
    job = Job(
        channel=channel,
        case_id="1",
        case=Case(path, modes=modes, device=device),
        workload=load_workload(path, ""),
        effort=Effort(),
        effect=0.05,
        device="CPU:0",
        peaks=unused,
        stops=Stops(),
        process=process,
    )
    CaseRun(job).verify()
    return {mode: _told(mode, events) for mode in modes}


def _told(mode: str, events: list[Event]) -> Told:
    of_mode = [event for event in events if getattr(event, "mode", "") == mode]
    if any(isinstance(event, ModeFailed) for event in of_mode):
        return Told(None)
    (verified,) = [event for event in of_mode if isinstance(event, Verified)]
    return Told(
        verified.wrong,
        tuple(event.note for event in of_mode if isinstance(event, Noted)),
        tuple(event.reason for event in of_mode if isinstance(event, Suspicious)),
        verified.outputs_only,
        verified.wrong_state,
    )


RIGHT = Told("")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("zeros", "64 of 64 values differ, the first 0 for 1.065e-06"),
        ("one_less", "2 of 2 values differ, the first 9999 for 10000"),
        ("forgets", "variable `balance`: 3 of 3 values differ, the first 0 for 1"),
        ("keeps_fewer", "shape (5,), not (7,)"),
        ("counts_twice", "the output of the second call is 3, eager's is 2"),
        ("positive_alone", "the output for the last argument set: 3 of 3 values differ, the first 0 for -1"),
        ("adds_up", "the output for the last argument set is 9, eager's is 6"),
    ],
)
def test_what_a_trace_makes_wrong_is_called_wrong_however_small(name: str, wrong: str) -> None:
    told = verify(name)
    assert [told[mode].wrong for mode in MODES] == ["", wrong, wrong]
    assert told["xla"].wrong_state == wrong.startswith("variable")


@pytest.mark.parametrize("process", [1, 2, 3])
def test_eager_is_the_judge_whichever_mode_is_prepared_first(process: int) -> None:
    assert [told.wrong != "" for told in verify("forgets", process=process).values()] == [False, True, True]


@pytest.mark.parametrize("name", ["cancels", "to_steps", "narrow", "lazy"])
def test_what_rounds_otherwise_is_right(name: str) -> None:
    assert [told.wrong for told in verify(name).values()] == ["", "", ""]


@pytest.mark.parametrize(("device", "right"), [("GPU:0", True), ("CPU:0", False)])
def test_where_nobody_can_tell_what_rounding_moves_a_product_is_as_coarse_as_its_device(
    monkeypatch: pytest.MonkeyPatch, device: str, right: bool
) -> None:
    def no_noise(*_: object) -> None:
        raise AttributeError  # as where TensorFlow executes operations in another way

    monkeypatch.setattr(rounding_spread, "rounding_noise", no_noise)
    told = verify("multiplies_coarsely", device=device)
    assert [told[mode].wrong == "" for mode in MODES] == [True, right, right]


def test_integers_that_floats_are_rounded_to_may_differ_by_a_step_and_that_is_noted() -> None:
    (note,) = verify("to_steps")["xla"].notes
    assert re.fullmatch(r"floats rounded to integers differ by one step in \d+ of 100,000 values", note)


def test_rounding_may_decide_how_many_values_there_are() -> None:
    told = verify("whole_weeks", ("eager", "graph"))["graph"]
    assert told.wrong == ""
    assert told.notes == ("rounding decides how many values there are: shape (90,), not (200,)",)


@pytest.mark.parametrize("name", ["frozen", "steps", "clock"])
def test_what_changes_in_eager_alone_is_suspicious(name: str) -> None:
    told = verify(name)
    assert told["eager"].suspicions == ()
    for mode in ("graph", "xla"):
        assert told[mode].wrong == ""
        assert any("frozen as it was when the function was traced" in reason for reason in told[mode].suspicions)


def test_random_numbers_of_tensorflow_are_no_difference_and_nothing_suspicious() -> None:
    assert verify("draws") == dict.fromkeys(MODES, RIGHT)


def test_what_varies_in_eager_by_itself_is_not_compared_which_is_noted() -> None:
    told = verify("in_another_order", ("eager", "graph"))
    note = "values not compared, since eager's own vary from call to call"
    assert told == {"eager": RIGHT, "graph": Told("", (note,))}


def test_a_coin_that_falls_alike_in_two_calls_is_random_too() -> None:
    assert verify("coin") == dict.fromkeys(MODES, RIGHT)


def test_what_xla_draws_otherwise_from_a_seed_is_noted_and_compared_by_shape() -> None:
    told = verify("draws_from_seed")
    assert (told["eager"], told["graph"]) == (RIGHT, RIGHT)
    assert told["xla"].wrong == ""
    assert [note.partition(",")[0] for note in told["xla"].notes] == [
        "it draws other random numbers from the same seed"
    ]


def test_an_iterator_gives_each_mode_the_same_elements() -> None:
    assert {mode: told.wrong for mode, told in verify("takes", ("eager", "graph")).items()} == {
        "eager": "",
        "graph": "",
    }


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("keeps_in_a_table", "it uses a lookup table, whose state is not compared"),
        ("takes", "it uses an iterator, whose state is not compared"),
        (
            "keeps_in_python",
            "eager's calls change `history` in Python, which a graph does only while it is traced, so that is not "
            "compared",
        ),
    ],
)
def test_what_is_kept_elsewhere_is_not_compared_which_is_told_once(name: str, why: str) -> None:
    told = verify(name, ("eager", "graph"))
    assert told == {"eager": Told("", (why,), outputs_only=True), "graph": Told("", outputs_only=True)}


def test_why_is_told_of_the_first_mode_that_was_asked_for() -> None:
    (told,) = verify("keeps_in_a_table", ("graph",)).values()
    assert told.notes == ("it uses a lookup table, whose state is not compared",)


def test_python_that_a_graph_calls_is_changed_by_it_too() -> None:
    assert verify("keeps_in_both", ("eager", "graph"))["eager"].notes == (
        "it uses Python (tf.py_function), whose state is not compared",
        "eager's calls change `history` in Python, so that is not compared",
    )


def test_what_changes_only_python_is_refused_and_named() -> None:
    with pytest.raises(PlanError, match="changes no variable but only `history` in Python, so a graph would compute"):
        verify("only_python")


def test_what_a_failed_decomposition_leaves_unwritten_is_not_called_frozen() -> None:
    for mode in ("graph", "xla"):
        reasons = verify("undefined")[mode].suspicions
        assert not any("frozen" in reason for reason in reasons)


def test_a_mode_that_computes_what_eager_refuses_says_so() -> None:
    told = verify("beyond_the_end")
    assert told["eager"].wrong is None
    assert told["graph"].wrong is None
    assert told["xla"].notes == (
        "XLA does not check what eager refuses as invalid, and computes something without a word",
    )


def test_values_that_cannot_be_read_are_refused_with_what_to_return() -> None:
    with pytest.raises(PlanError, match=r"it returns a dataset, an iterator or .*: return tensors read from it"):
        verify("dataset")


@pytest.mark.parametrize("name", ["python_bool", "numpy_array"])
def test_what_eager_alone_can_compute_in_python_is_told_of_the_others(name: str) -> None:
    told = verify(name)
    assert told["eager"].wrong == ""
    assert (told["graph"].wrong, told["xla"].wrong) == (None, None)


def test_what_returns_nothing_and_changes_nothing_is_refused() -> None:
    with pytest.raises(PlanError, match="it returns no tensor and changes no variable"):
        verify("nothing")
