"""Known shapes: workloads of which it is known, from other measurements, which mode wins and by how much at least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.events import PlanFinished
from bench.plan import Case, Effort, Plan
from bench.session.session import Session
from tests.driver import Driver
from tests.fidelity.part import Key, Line, Part, Row, Values, group, summary

EFFORT = Effort(budget_s=3.0)


@dataclass(frozen=True)
class Shape:
    """One mode's time over another's, in words how it must be, and whether a ratio is so."""

    case: Case
    mode: str
    baseline: str
    words: str
    low: float
    high: float

    def holds(self, ratio: float) -> bool:
        """Whether a ratio is as it must be."""
        return self.low < ratio < self.high


def _shape(
    workload: str, compared: str, words: str, low: float = 0.0, high: float = float("inf"), **dims: int
) -> Shape:
    mode, baseline = compared.split("/")
    return Shape(Case(workload, tuple(dims.items())), mode, baseline, words, low, high)


SHAPES = (
    _shape("lstm", "graph/eager", "< 0.2", high=0.2),
    _shape("map_fn", "graph/eager", "< 0.2", high=0.2),
    _shape("tiny_ops", "graph/eager", "< 0.2", high=0.2),
    _shape("depthwise_conv2d", "xla/graph", "> 1", low=1.0),
    _shape("sort", "xla/graph", "> 1", low=1.0),
    _shape("svd", "xla/graph", "> 1", low=1.0, size=128),
    _shape("mobilenet_v2", "xla/graph", "> 1", low=1.0),
    _shape("matmul", "graph/eager", "within 10 %", 1 / 1.1, 1.1),
    _shape("matmul", "xla/eager", "within 10 %", 1 / 1.1, 1.1),
    _shape("matmul", "xla/graph", "within 10 %", 1 / 1.1, 1.1),
)
"""On a CPU. The sizes are the defaults where none are given."""

WRONG = Case("growing_array")


def units(repeats: int) -> Iterator[Key]:
    """Every case in turn."""
    for repeat in range(repeats):
        for workload in dict.fromkeys(shape.case.workload for shape in SHAPES):
            yield {"workload": workload, "repeat": repeat}
        yield {"workload": WRONG.workload, "repeat": repeat}


def measure(key: Key) -> Values:
    """Every pair's ratio and interval, and how each mode ended; compiling a model takes its time."""
    case = next((shape.case for shape in SHAPES if shape.case.workload == key["workload"]), WRONG)
    with Driver() as driver:
        driver.engine.submit(Plan((case,), EFFORT, case_timeout_s=600))
        driver.wait_for(PlanFinished)
        (result,) = Session(driver.emitted).cases.values()
    return {
        "ended": {mode.mode: mode.status for mode in result.modes},
        "pairs": {f"{pair.mode}/{pair.baseline}": [pair.ratio, pair.low, pair.high] for pair in result.pairs},
    }


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """A row for each shape, and one for what must be wrong."""
    by_workload = {workload: of_workload for (workload,), of_workload in group(lines, "workload").items()}
    for shape in SHAPES:
        pair = f"{shape.mode}/{shape.baseline}"
        found = [line.values["pairs"].get(pair) for line in by_workload.get(shape.case.workload, ())]
        ratios = [each[0] for each in found if each]
        if ratios:
            sizes = f" {shape.case.dims_text}" if shape.case.dims else ""
            yield Row(
                f"{shape.mode}'s time over {shape.baseline}'s, {shape.case.workload}{sizes}, {len(ratios)} times: "
                "median (least-most)",
                summary(ratios),
                shape.words,
                f"held {sum(map(shape.holds, ratios))} of {len(ratios)} times",
            )
    ends = [line.values for line in by_workload.get(WRONG.workload, ())]
    if ends:
        wrong = sum(each["ended"]["xla"] == "wrong" and "xla/graph" not in each["pairs"] for each in ends)
        yield Row(
            "a growing TensorArray is wrong under XLA and compared with nothing", f"{wrong} of {len(ends)}", "all"
        )


PART = Part(
    name="shapes",
    help="Workloads of which it is known which mode wins: the sign and the size of that (10 min).",
    repeats=5,
    units=units,
    measure=measure,
    rows=rows,
)
