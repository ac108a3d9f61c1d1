"""What the comparisons of tools count, and that known truths are true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Any

import numpy as np
import pytest

from tests.fidelity import aa, bias, known_truth
from tests.fidelity.looks import Goal, verdict_rows
from tests.fidelity.machine import Machine
from tests.fidelity.part import Key, Line, Values
from tests.fidelity.process import OwnProcess
from tests.fidelity.rivals import RIVALS, naive
from tests.fidelity.subjects import Subject, from_catalogue, import_tensorflow

MACHINE = Machine(2, "cpu", 24, "Linux", "3.11", "2.21.0", "8.2.8")


def line(values: Values, **key: str | float) -> Line:
    return Line("aa", {"subject": "lstm", "budget_s": 2.0, **key}, dict(values), MACHINE, "2026-01-02T03:04:05+00:00")


def lines_of(tool: str, ratios: Sequence[float], **key: str | float) -> list[Line]:
    return [line({"ratio": ratio}, tool=tool, repeat=repeat, **key) for repeat, ratio in enumerate(ratios)]


ELEVEN = [1 + number / 1_000 for number in range(-5, 6)]
"""Errors of 0 to 0.5 %; their 90th percentile is 0.5 %."""


def test_the_error_is_a_percentile_on_both_sides_of_one() -> None:
    rows = list(aa.rows([*lines_of("ours", ELEVEN), *lines_of("ours", [1.0, 1.002], budget_s=10.0)]))
    assert [(row.reached, row.must_reach) for row in rows] == [("0.50%", "≤ 1.0%"), ("0.18%", "≤ 0.5%")]


def test_ours_is_held_against_the_best_of_the_others() -> None:
    lines = [*lines_of("ours", ELEVEN), *lines_of("timeit", [0.8]), *lines_of("pyperf", [1.03])]
    last = list(aa.rows(lines))[-1]
    assert (last.reached, last.must_reach, last.beside) == ("6.0×", "≥ 5×", "pyperf")


def test_verdicts_on_the_same_are_counted_where_they_see_a_difference() -> None:
    def verdicts(tool: str, *said: str) -> Iterator[Line]:
        return (line({"verdict": verdict}, tool=tool, repeat=repeat) for repeat, verdict in enumerate(said))

    ours = verdicts("ours", "same", "unclear", "faster", "same")
    (row,) = aa.verdict_rows([*ours, *verdicts("timeit", "slower", "faster")])
    assert (row.reached, row.beside) == ("1 (25.0%)", "timeit 2 (100.0%)")


def test_an_interval_is_held_against_the_truth_where_there_is_one() -> None:
    intervals = [(0.99, 1.01), (1.001, 1.02), (0.9, 1.0), (None, None)]
    ours = [line({"verdict": "same", "low": low, "high": high}, tool="ours") for low, high in intervals]
    assert list(aa.verdict_rows(ours))[-1].reached == "66.7%"
    look = {"verdict": "slower", "slow_verdict": "unclear", "ratio": 1.1, "low": 1.05, "high": 1.2}
    truths = [line({**look, "looks": [look]}, level="10 %")]
    assert list(known_truth.rows(truths))[-1].reached == "100.0%"


def test_what_is_right_and_false_is_counted_at_each_look() -> None:
    told = [("unclear", "same"), ("same",), ("slower", "faster"), ("same", "same")]
    pairs = [
        line({"looks": [{"verdict": word, "slow_verdict": "unclear"} for word in words]}, repeat=repeat)
        for repeat, words in enumerate(told)
    ]
    rows = list(verdict_rows("alike", pairs, "same", (3.0, 10.0), Goal(10.0, 0.9)))
    assert [(row.reached, row.must_reach, row.beside) for row in rows] == [
        ("50%, false 1", "–", "as of a slow process 0%, false 0"),
        ("75%, false 1", "≥ 90%", "as of a slow process 0%, false 0"),
    ]


def test_two_hundred_pairs_are_judged_by_every_tool() -> None:
    keys = [*aa.units(aa.PART.repeats), *aa.verdict_units(aa.VERDICTS_PART.repeats)]
    for tool in ("ours", *RIVALS):
        assert sum(key["tool"] == tool and key["budget_s"] == aa.BUDGET_S for key in keys) == 200


@pytest.mark.parametrize(
    ("second_s", "verdict"), [(1.019, "same"), (1.021, "slower"), (0.981, "same"), (0.98, "faster")]
)
def test_bare_figures_differ_beyond_two_per_cent(second_s: float, verdict: str) -> None:
    assert naive(1.0, second_s).verdict == verdict


@pytest.mark.parametrize("level", known_truth.LEVELS)
def test_a_level_is_named_for_its_share_of_more_calls(level: str) -> None:
    calls = known_truth.LEVELS[level]
    percent = 100 * (calls.more - calls.fewer) / calls.fewer
    assert f"{percent:.0f} %" == level
    assert percent <= float(level.removesuffix(" %"))


def test_calls_in_a_row_are_so_many_calls() -> None:
    calls: list[int] = []
    known_truth.in_a_row(Subject("append", calls.append, (1,)), 103)()
    assert len(calls) == 103


def count_operations(key: Key) -> Values:
    """How many operations of each type a known truth runs."""
    tf = import_tensorflow()
    mode, case = known_truth.CASES[str(key["subject"])]
    many = known_truth.in_a_row(from_catalogue("", mode, case), int(key["times"]))
    traced: Any = tf.function(many.call, autograph=False).get_concrete_function(*many.arguments)
    types = [operation.type for operation in traced.graph.get_operations()]
    return {kind: types.count(kind) for kind in types}


@pytest.mark.tensorflow
def test_known_truths_run_as_many_operations_as_they_say() -> None:
    expected = {
        "eager chain of two ops": {"Mul": 1, "AddV2": 1},
        "graph matmul 256²": {"PartitionedCall": 1},
        "xla chain": {"PartitionedCall": 1},
    }
    own = OwnProcess(count_operations)
    try:
        for subject, operations in expected.items():
            for times in (20, 22):
                counts = own.measure({"subject": subject, "times": times})
                work = {kind: number for kind, number in counts.items() if kind not in ("Placeholder", "Identity")}
                assert work == {kind: times * number for kind, number in operations.items()}
    finally:
        own.close()


def test_a_shift_is_none_between_few_and_many_of_one_skewed_distribution() -> None:
    rng = np.random.default_rng(5)
    few, many = (np.exp(rng.exponential(0.3, (2_000, count))) for count in (4, 31))
    shifts = [bias.shift(ours.tolist(), theirs.tolist()) for ours, theirs in zip(few, many, strict=True)]
    assert np.median(shifts) == pytest.approx(0.0, abs=0.01)
    assert np.median([bias.shift((1.2 * ours).tolist(), ours.tolist()) for ours in many]) == pytest.approx(np.log(1.2))


@pytest.mark.tensorflow
def test_a_machine_is_the_same_as_itself() -> None:
    assert Machine.here().difference(Machine.here()) == ""
    assert Machine.here().tensorflow == metadata.version("tensorflow")
