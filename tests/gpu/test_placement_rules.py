"""What the rules make of where ops run and what comes out: soft placement, TF32, places of outputs, repeatable sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gpu.made_up import FAILS, WORKS, answer
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED


@pytest.mark.parametrize(
    ("off", "on", "verdict"),
    [(FAILS, WORKS, CONFIRMED), (WORKS, WORKS, REFUTED), (FAILS, FAILS, CANNOT_TELL), (WORKS, FAILS, CANNOT_TELL)],
)
def test_predict_needs_soft_placement_if_it_fails_without_alone(off: Any, on: Any, verdict: str) -> None:
    assert answer("placement", "model.predict", off={"predict": off}, on={"predict": on}).verdict == verdict


def test_user_code_needs_soft_placement_if_any_call_does() -> None:
    on = dict.fromkeys(("as_string", "lookup_table", "dataset"), WORKS)
    off = {**on, "dataset": FAILS}
    told = answer("placement", "Eager calls", off=off, on=on)
    assert told.verdict == CONFIRMED
    assert "failed with it off: dataset" in told.words
    assert answer("placement", "Eager calls", off=on, on=on).verdict == REFUTED


@pytest.mark.parametrize(
    ("op", "graph", "graph_on", "verdict"),
    [
        (FAILS, WORKS, WORKS, CONFIRMED),
        (FAILS, FAILS, WORKS, REFUTED),
        (WORKS, WORKS, WORKS, CANNOT_TELL),
        (FAILS, FAILS, FAILS, CANNOT_TELL),  # a device that compiles whole graphs, as XLA_CPU does
    ],
)
def test_graphs_ignore_the_switch_if_they_run_what_fails_alone(
    op: Any, graph: Any, graph_on: Any, verdict: str
) -> None:
    told = answer("placement", "Graphs", off={"as_string": op, "graph": graph}, on={"graph": graph_on})
    assert told.verdict == verdict


SEEN = {"away": "AsString StringToNumber", "words": "AsString and StringToNumber ran on the CPU", "used": False}

AT_HOME = {"away": "", "words": "", "used": True}


@pytest.mark.parametrize(
    ("as_string", "matmul", "graph", "verdict"),
    [
        (SEEN, AT_HOME, SEEN, REFUTED),
        (AT_HOME, AT_HOME, SEEN, CONFIRMED),
        (SEEN, AT_HOME, AT_HOME, CONFIRMED),
        (SEEN, {"away": "MatMul", "words": "MatMul ran on the CPU", "used": False}, SEEN, CONFIRMED),
        (SEEN, {"away": "", "words": "", "used": False}, SEEN, CONFIRMED),
        (SEEN, AT_HOME, {}, CANNOT_TELL),  # the graph did not run
    ],
)
def test_what_ran_on_the_cpu_must_be_seen_and_nothing_else(
    as_string: Any, matmul: Any, graph: Any, verdict: str
) -> None:
    told = answer("placement", "The product misses", told={"as_string": as_string, "matmul": matmul, "graph": graph})
    assert told.verdict == verdict


@pytest.mark.parametrize("what", ["conv", "matmul"])
@pytest.mark.parametrize(
    ("on", "off_after", "off", "verdict"),
    [
        (5e-4, 5e-4, 3e-7, CONFIRMED),
        (5e-4, 4e-7, 3e-7, REFUTED),
        (5e-4, 2e-5, 3e-7, CANNOT_TELL),
        (4e-7, 3e-7, 3e-7, CANNOT_TELL),  # a card without TF32
        (5e-4, 0.0, 0.0, REFUTED),
    ],
)
def test_off_after_on_is_held_against_off_alone(
    what: str, on: float, off_after: float, off: float, verdict: str
) -> None:
    claim = {"conv": "A convolution stays in TF32", "matmul": "A matrix product"}[what]
    figures = {"on_then_off": {"on": {what: on}, "off": {what: off_after}}, "off": {"off": {what: off}}}
    assert answer("tensor_float_32", claim, **figures).verdict == verdict


@pytest.mark.parametrize(
    ("on_first", "off", "on_after", "verdict"),
    [
        (5e-4, 3e-7, 3e-7, CONFIRMED),
        (5e-4, 3e-7, 5e-4, REFUTED),
        (5e-4, 3e-7, 2e-5, CANNOT_TELL),
        (4e-7, 3e-7, 4e-7, CANNOT_TELL),
    ],
)
def test_on_after_off_is_held_against_on_at_first(on_first: float, off: float, on_after: float, verdict: str) -> None:
    first, reverse = {"on": {"conv": on_first}}, {"off": {"conv": off}, "on": {"conv": on_after}}
    told = answer("tensor_float_32", "A convolution stays in float32", on_then_off=first, off_then_on=reverse)
    assert told.verdict == verdict


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [(["ok", "failed"], CONFIRMED), (["ok", "unsupported"], REFUTED), (["ok", "ok"], REFUTED), ([], CANNOT_TELL)],
)
def test_an_op_without_a_kernel_must_not_be_called_failed(statuses: list[str], verdict: str) -> None:
    figures = {f"op_{number}": {"status": status} for number, status in enumerate(statuses)}
    assert answer("eager_ops", "The product calls", ops=figures).verdict == verdict


@pytest.mark.parametrize(("memory", "verdict"), [("CPU:0", CONFIRMED), ("GPU:0", REFUTED)])
def test_the_told_device_is_held_against_the_memorys(memory: str, verdict: str) -> None:
    places = {"product": {"told": "GPU:0", "memory": "GPU:0"}, "qr": {"told": "GPU:0", "memory": memory}}
    assert answer("outputs", "The device that", places=places).verdict == verdict


def test_sums_differ_if_one_does_in_a_dtype_that_counts() -> None:
    same = {dtype: {"reduce_sum": 0} for dtype in ("float64", "float32", "float16", "bfloat16")}
    claim = "Sums in float64"
    assert answer("repeats", claim, repeats=same).verdict == REFUTED
    assert answer("repeats", claim, repeats={**same, "float32": {"reduce_sum": 9}}).verdict == REFUTED
    assert answer("repeats", claim, repeats={**same, "bfloat16": {"reduce_sum": 2}}).verdict == CONFIRMED
