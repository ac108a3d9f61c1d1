"""Cases from build to verdict, in a real worker."""

from __future__ import annotations

import json
import queue
from typing import Any

import pytest

from bench.engine.connection import Closed, Connection, FarLine
from bench.engine.launch import FarSide
from bench.events import WorkerStarting
from bench.plan import Case, WorkerOptions, to_dict
from bench.session.results import CaseResult
from tests.driver import PATIENCE_S, QUICK, Driver
from tests.programs import program

SMALL = (("m", 32), ("k", 32), ("n", 32))


def statuses(result: CaseResult) -> dict[str, str]:
    return {mode.mode: mode.status for mode in result.modes}


def test_every_mode_is_measured_verified_and_compared_with_every_simpler_one(driver: Driver) -> None:
    (result,) = driver.measure(Case("matmul", SMALL))
    assert statuses(result) == {"eager": "ok", "graph": "ok", "xla": "ok"}
    assert result.rounds > 0
    for mode in result.modes:
        assert mode.reference == "float64"
        assert mode.max_rel_error is not None
        assert mode.max_rel_error < 1e-5
        assert mode.first_call_s is not None
        assert len(mode.rounds) == result.rounds
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [
        ("graph", "eager"),
        ("xla", "eager"),
        ("xla", "graph"),
    ]
    assert result.ran_on == "CPU:0"


def test_only_graph_and_xla_are_traced_and_only_xla_is_compiled(driver: Driver) -> None:
    (result,) = driver.measure(Case("softmax"))
    traced = {mode.mode for mode in result.modes if mode.trace_s is not None}
    compiled = {mode.mode for mode in result.modes if mode.compile_s is not None}
    assert (traced, compiled) == ({"graph", "xla"}, {"xla"})


def test_a_mode_that_was_not_asked_for_leaves_no_trace(driver: Driver) -> None:
    (result,) = driver.measure(Case("matmul", SMALL, modes=("xla",)))
    assert statuses(result) == {"xla": "ok"}
    assert result.modes[0].reference == "float64"
    assert result.pairs == ()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_other_dtypes(driver: Driver, dtype: str) -> None:
    (result,) = driver.measure(Case("matmul", SMALL, dtype=dtype))
    assert result.all_ok


def test_training_starts_every_mode_from_the_same_weights(driver: Driver) -> None:
    (result,) = driver.measure(Case("train_step"))
    assert result.all_ok
    assert all(mode.max_rel_error is not None and mode.max_rel_error < 1e-5 for mode in result.modes)


def test_an_op_that_xla_lacks_is_named_with_its_line(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("lu")))
    assert statuses(result) == {"eager": "ok", "graph": "ok", "xla": "unsupported"}
    xla = result.mode("xla")
    assert xla is not None
    assert xla.error.startswith("op Lu (misbehaving.py:")


def test_a_wrong_mode_keeps_its_time_and_is_compared_with_nothing(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("growing_array")))
    assert statuses(result) == {"eager": "ok", "graph": "ok", "xla": "wrong"}
    xla = result.mode("xla")
    assert xla is not None
    assert xla.error == "shape (0, 8), not (10, 8)"
    assert xla.measured
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [("graph", "eager")]


def test_what_is_drawn_at_random_is_compared_by_shape_alone(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("noise")))
    assert result.all_ok
    assert [mode.max_rel_error for mode in result.modes] == [None, None, None]


def test_prints_reads_and_forks_of_a_users_code_do_not_reach_the_protocol(driver: Driver) -> None:
    rude, after = driver.measure(Case(program("rude")), Case(program("add_one")))
    assert rude.all_ok
    assert after.all_ok


def test_a_mode_that_raises_in_the_rounds_takes_no_other_with_it(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("raises_on_call_50")))
    assert statuses(result) == {"eager": "failed", "graph": "ok", "xla": "ok"}
    assert result.modes[0].error.startswith("ValueError: the fiftieth call (misbehaving.py:")
    assert [(pair.mode, pair.baseline) for pair in result.pairs] == [("xla", "graph")]


@pytest.mark.parametrize(
    ("workload", "words"),
    [
        ("matmull", "did you mean matmul"),
        (program("nothing"), "has no function 'nothing'"),
        ("no/such/file.py::f", "there is no Python file"),
        (program("no_dimension"), "parameter 'rate' is no dimension"),
        (program("returns_none"), "returns_none must return the function to time and a tuple of its arguments"),
        (program("returns_tensor"), "must return the function to time"),
        (program("returns_generator"), "must return the function to time"),
        (program("returns_no_function"), "must return the function to time"),
        (program("computes_nothing"), "it returns no tensor and changes no variable, so a graph would compute nothing"),
    ],
)
def test_a_case_that_cannot_be_built_says_why_and_keeps_the_worker(driver: Driver, workload: str, words: str) -> None:
    mark = driver.mark
    refused, after = driver.measure(Case(workload), Case(program("add_one")))
    assert words in refused.error
    assert set(statuses(refused).values()) == {"refused"}
    assert after.all_ok
    assert not [event for event in driver.emitted[mark:] if isinstance(event, WorkerStarting)]


@pytest.mark.parametrize("name", ["number_beside", "rounding_alone"])
def test_what_every_mode_computes_alike_is_right(driver: Driver, name: str) -> None:
    (result,) = driver.measure(Case(program(name)))
    assert result.all_ok


def test_a_decorated_function_is_measured_in_each_mode_as_if_it_were_not(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("decorated")))
    assert result.all_ok
    assert {mode.mode for mode in result.modes if mode.compile_s is not None} == {"xla"}


def test_eager_that_works_only_once_takes_no_other_mode_with_it(driver: Driver) -> None:
    (result,) = driver.measure(Case(program("raises_again")))
    assert statuses(result) == {"eager": "failed", "graph": "ok", "xla": "ok"}
    assert result.modes[0].error.startswith("ValueError: once is enough (misbehaving.py:")


def test_code_that_exits_ends_a_case_or_a_mode_and_not_the_worker(driver: Driver) -> None:
    mark = driver.mark
    built, traced = driver.measure(Case(program("exits")), Case(program("exits_in_graph")))
    assert set(statuses(built).values()) == {"failed"}
    assert statuses(traced) == {"eager": "ok", "graph": "failed", "xla": "failed"}
    assert all(mode.error.startswith("SystemExit: please set DATA_DIR (misbehaving.py:") for mode in built.modes)
    assert {mode.error for mode in traced.modes[1:]} == {"SystemExit: please set DATA_DIR"}
    assert not [event for event in driver.emitted[mark:] if isinstance(event, WorkerStarting)]


def test_a_case_finds_tensorflow_as_if_it_were_the_first(driver: Driver) -> None:
    _, after = driver.measure(Case(program("always_eager")), Case(program("runs_eagerly")))
    assert after.all_ok


def test_a_device_that_is_not_there_is_refused(driver: Driver) -> None:
    (result,) = driver.measure(Case("matmul", SMALL, device="CPU:7"))
    assert result.error == "there is no CPU:7: TensorFlow lists 1 CPU"


@pytest.mark.tensorflow
def test_eager_that_ended_a_worker_is_not_run_for_the_others() -> None:
    lines: queue.Queue[FarLine | Closed] = queue.Queue()
    connection = Connection(FarSide.from_options(), lines.put)
    case = Case("matmul", SMALL, modes=("graph",))
    connection.request("start", env={}, options=to_dict(WorkerOptions()))
    connection.request(
        "measure", case_id="1", case=to_dict(case), effort=to_dict(QUICK), effect=0.02, without=("eager",)
    )
    verified: list[dict[str, Any]] = []
    while not verified:
        line = lines.get(timeout=PATIENCE_S)
        assert isinstance(line, FarLine)
        if line.data.startswith(b'{"kind":"verified"'):
            verified.append(json.loads(line.data))
    connection.close()
    # Not even for the float64 reference, which runs eagerly too.
    assert (verified[0]["mode"], verified[0]["reference"], verified[0]["wrong"]) == ("graph", "graph", "")
