"""What TensorFlow reads only when it is loaded: a worker is loaded for it, as seldom as can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.events import CaseStarted, Hello, Notice, PlanFinished, WorkerReleased, WorkerStarting
from bench.plan import Case, Effort, Plan
from bench.plans.sweep import parse_axis, sweep
from bench.runtime import Runtime
from bench.session.session import Session
from tests.driver import QUICK, Driver
from tests.far_side import scripted

TOLD = """
import os
import tensorflow as tf

def told(x: tf.TensorSpec((2,), tf.float32)):
    threads = tf.config.threading
    intra, inter = threads.get_intra_op_parallelism_threads(), threads.get_inter_op_parallelism_threads()
    onednn, flags = os.environ.get("TF_ENABLE_ONEDNN_OPTS"), os.environ.get("TF_XLA_FLAGS")
    raise ValueError(f"onednn {onednn}, {intra} and {inter} threads, {flags}")
"""
"""A function that ends with what it was run with."""


@pytest.fixture
def told(tmp_path: Path) -> str:
    """The workload's name."""
    (tmp_path / "told.py").write_text(TOLD, encoding="utf-8")
    return f"{tmp_path}/told.py::told"


@pytest.mark.tensorflow
def test_tensorflow_runs_as_the_case_says(told: str) -> None:
    usual = Case(told, modes=("eager",))
    bound = Case(told, modes=("eager",), runtime=Runtime(onednn=False, intra_op_threads=1, inter_op_threads=2))
    driver = Driver()
    driver.engine.submit(Plan((bound, usual, bound)))  # before it starts: the first worker is loaded for the first case
    with driver:
        driver.wait_for(PlanFinished)
    first, second, third = Session(driver.emitted).cases.values()
    for case, words in ((first, "onednn 0, 1 and 2 threads"), (second, "onednn None, 0 and 0"), (third, "onednn 0, 1")):
        assert words in case.modes[0].error


@pytest.mark.tensorflow
def test_a_case_with_autoclustering_has_a_worker_in_which_xla_may_compile_clusters_for_a_cpu() -> None:
    chain = Case("elementwise_chain", (("size", 1000), ("length", 10)), modes=("graph", "autocluster"))
    driver = Driver()
    driver.engine.submit(Plan((chain,), QUICK))
    with driver:
        driver.wait_for(PlanFinished)
    (result,) = Session(driver.emitted).cases.values()
    assert [mode.compilations > 0 for mode in result.modes] == [False, True]


def test_cases_are_taken_so_that_tensorflow_is_loaded_once_for_each_setting() -> None:
    cases = sweep([Case("matmul")], [parse_axis("m=1,2,3"), parse_axis("onednn=on,off")])
    driver = Driver(scripted(measure=["finish"], kill=["die"]))
    driver.engine.submit(Plan(cases))
    with driver:
        driver.wait_for(PlanFinished)
        loaded = [event for event in driver.emitted if isinstance(event, WorkerStarting)]
        order = [event.case_id for event in driver.emitted if isinstance(event, CaseStarted)]
        assert driver.wait_for(WorkerReleased).reason == "TensorFlow reads other settings only when it is loaded"
    assert order == ["1", "3", "5", "2", "4", "6"]
    assert len(loaded) == 2, "a plan that is there from the start has the first worker loaded for it"


def test_of_several_processes_each_is_loaded_with_the_settings() -> None:
    case = Case("matmul", runtime=Runtime(intra_op_threads=1))
    script = {"measure 1 1": ["begin", "estimate", "next"], "measure 1 2": ["echo", "finish"]}
    with Driver(scripted(**{name.replace(" ", "_"): words for name, words in script.items()}, kill=["die"])) as driver:
        driver.wait_for(Hello)
        driver.engine.submit(Plan((case,), Effort(budget_s=0.01, processes=2)))
        driver.wait_for(PlanFinished)
        asked = json.loads(driver.wait_for(Notice).text)
    assert asked["case"]["runtime"]["intra_op_threads"] == 1
