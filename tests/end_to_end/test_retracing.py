"""Arguments that change from call to call, in a real worker: what is traced and compiled again, and what is said."""

from __future__ import annotations

import re

import pytest

from bench.analysis.verdict import advise
from bench.events import PhaseFinished, Retraced, Verified
from bench.plan import Case, Effort
from bench.session.results import CaseResult
from tests.driver import Driver
from tests.programs import DYNAMIC

PATIENT = Effort(budget_s=5.0, target=0.5)
"""Time for every argument set, on whatever machine; rounds end as soon as there are enough."""

HASTY = Effort(budget_s=0.01)
"""Time for one further set."""


def dynamic(name: str, *modes: str, **dims: int) -> Case:
    """A workload whose arguments change."""
    return Case(f"{DYNAMIC}::{name}", tuple(dims.items()), modes=modes or ("eager", "graph", "xla"))


def counts(result: CaseResult, mode: str) -> tuple[int, int, int]:
    """Calls with new arguments after the first, and the traces and compilations in them."""
    found = result.mode(mode)
    assert found is not None
    again = found.retraces
    return again.calls, again.traces, again.compilations


def test_xla_compiles_for_each_of_10_shapes_that_one_trace_serves(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("open_shape", shapes=11), effort=PATIENT)
    assert result.all_ok
    assert [counts(result, mode) for mode in ("eager", "graph", "xla")] == [(0, 0, 0), (0, 0, 0), (10, 0, 10)]
    xla = result.mode("xla")
    assert xla is not None
    assert xla.compilations == 1
    assert xla.void_rounds == ()
    headline = advise(result).headline
    assert headline.startswith(
        "XLA compiled 11 times in 11 calls because argument x changed shape, for example from (1, 64) to (2, 64); "
        "each compile cost "
    )
    assert ". Pad or fix the shape; without compiles " in headline


def test_without_a_signature_graph_is_traced_for_each_shape_too(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("any_shape", shapes=5), effort=PATIENT)
    assert result.all_ok
    assert [counts(result, mode) for mode in ("eager", "graph", "xla")] == [(0, 0, 0), (4, 4, 0), (4, 4, 4)]
    assert (
        "Graph was traced 5 times in 5 calls because argument x changed shape, for example from " in advise(result).text
    )
    assert ": leave what" in advise(result).text


def test_a_python_number_is_traced_for_each_value(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("python_number", "eager", "graph", numbers=5), effort=PATIENT)
    assert result.all_ok
    assert advise(result).headline.startswith(
        "Graph was traced 5 times in 5 calls because argument n, a Python number, changed value, for example from "
        "1 to 2: pass it as a tensor."
    )


def test_a_tensor_whose_value_xla_must_know_is_named(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("shape_as_tensor", "graph", "xla", shapes=4), effort=PATIENT)
    assert (counts(result, "graph"), counts(result, "xla")) == ((0, 0, 0), (3, 0, 3))
    assert "because argument rows changed value, for example from 1 to 2;" in advise(result).headline


def test_sets_that_are_not_reached_in_time_are_met_in_rounds_that_count_for_nothing(driver: Driver) -> None:
    mark = driver.mark
    (result,) = driver.measure(dynamic("open_shape", "graph", "xla", shapes=12), effort=HASTY)
    told = [event for event in driver.emitted[mark:] if isinstance(event, Retraced)]
    assert [event.phase for event in told] == ["argument_sets", "rounds"]
    assert {(change.name, change.aspect) for event in told for change in event.changes} == {("x", "shape")}
    assert counts(result, "xla") == (11, 0, 11)
    xla = result.mode("xla")
    assert xla is not None
    assert xla.void_rounds == (0,)
    assert xla.estimate is not None
    assert xla.estimate.voided_rounds == 1
    assert advise(result).headline.startswith("XLA compiled 12 times in 12 calls because argument x changed shape")


def test_every_mode_is_given_every_set_before_the_rounds(driver: Driver) -> None:
    mark = driver.mark
    driver.measure(dynamic("any_shape", shapes=3), effort=PATIENT)
    finished = [event for event in driver.emitted[mark:] if isinstance(event, PhaseFinished)]
    passes = [(event.mode, event.compilations) for event in finished if event.phase == "argument_sets"]
    assert passes == [("eager", 0), ("graph", 0), ("xla", 2)]


def test_a_list_that_is_not_all_tuples_is_one_set(driver: Driver) -> None:
    mark = driver.mark
    (result,) = driver.measure(dynamic("one_list"))
    assert result.all_ok
    assert not [event for event in driver.emitted[mark:] if isinstance(event, Retraced)]
    phases = {event.phase for event in driver.emitted[mark:] if isinstance(event, PhaseFinished)}
    assert "argument_sets" not in phases


def test_sets_that_one_trace_serves_are_told_of_by_no_one(driver: Driver) -> None:
    mark = driver.mark
    (result,) = driver.measure(dynamic("two_signs"))
    assert result.all_ok
    assert not [event for event in driver.emitted[mark:] if isinstance(event, Retraced)]
    assert all(mode.estimate and mode.estimate.calls_per_block % 2 == 0 for mode in result.modes)


def test_what_xla_compiles_inside_eager_is_counted(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("compiles_in_eager", "eager"), effort=PATIENT)
    assert counts(result, "eager") == (3, 3, 3)
    assert "XLA compiled 4 times in 4 calls of eager because argument x changed shape" in advise(result).text


def test_a_function_within_eager_is_named_with_what_it_is_traced_for(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("traced_for_each_shape", "eager", "graph"), effort=PATIENT)
    assert [counts(result, mode) for mode in ("eager", "graph")] == [(3, 3, 0), (3, 3, 0)]
    assert "In eager `inner`, dynamic.py:" in advise(result).text
    assert " was traced 4 times in 4 calls because argument x changed shape, for example" in advise(result).text


def test_eager_that_traces_in_every_call_is_measured_and_doubted(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("traced_in_every_call", "eager", "graph"), effort=PATIENT)
    assert result.all_ok
    eager = result.modes[0]
    (reason,) = eager.suspicions
    assert re.fullmatch(
        r"eager makes and traces a `tf.function` in every call \(a lambda, dynamic.py:\d+\): make it once, outside",
        reason,
    )
    assert eager.void_rounds == ()
    assert eager.late_retraces.traces >= len(eager.rounds) > 0
    assert eager.late_retraces.compilations == eager.late_retraces.traces
    assert advise(result).headline == f"Eager's figure is suspicious: {reason}."


def test_the_row_lengths_of_a_ragged_tensor_are_why_xla_compiles(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("ragged", "graph", "xla"), effort=PATIENT)
    assert "because the row lengths of `sentences` changed, for example from (1, 1, 3) to" in advise(result).headline


def test_a_mode_that_no_round_finds_steady_gives_no_figure(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("never_steady", "eager", "graph"))
    eager, graph = result.modes
    assert (eager.status, eager.error) == ("failed", "every round traced or compiled it again, so no call was steady")
    assert len(eager.void_rounds) == len(eager.rounds) > 0
    assert graph.status == "ok"
    assert "XLA compiled again in" in advise(result).text


def test_a_set_that_a_function_cannot_take_fails_the_mode_with_its_line(driver: Driver) -> None:
    (result,) = driver.measure(dynamic("fails_on_another_shape"))
    assert {mode.status for mode in result.modes} == {"failed"}
    assert "InvalidArgumentError" in result.modes[0].error


def test_the_last_set_is_verified_too(driver: Driver) -> None:
    mark = driver.mark
    (result,) = driver.measure(dynamic("wrong_on_another_shape"), effort=PATIENT)
    assert [mode.status for mode in result.modes] == ["ok", "ok", "wrong"]
    verified = [event.wrong for event in driver.emitted[mark:] if isinstance(event, Verified)]
    assert verified[-1].endswith(", for the last argument set")


@pytest.mark.parametrize("workload", ["dynamic_shapes", "python_number"])
def test_the_catalogue_shows_both(driver: Driver, workload: str) -> None:
    number = "shapes" if workload == "dynamic_shapes" else "numbers"
    (result,) = driver.measure(Case(workload, ((number, 4),)), effort=PATIENT)
    assert result.all_ok
    assert all(mode.reference == "float64" for mode in result.modes)
    assert advise(result).headline.startswith("XLA compiled 4 times in 4 calls because argument ")
