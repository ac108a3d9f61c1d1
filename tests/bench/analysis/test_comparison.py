from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.comparison import Change, compare_cases, differences, judge, ratio_interval, sentence
from bench.events import GpuFacts, ModeEstimate, ModeFailed
from bench.session.results import CaseResult
from bench.worker.measurement.combine_processes import combine_mode
from tests.examples import MATMUL, first_case, session_events, settled_events, suspicious
from tests.slow import slowly

XLA = replace(MATMUL, modes=("xla",))


def measured(latency_s: float, **more: object) -> CaseResult:
    """XLA at this latency, in three processes, with an interval of one per cent to either side."""
    return first_case(settled_events({"xla": (latency_s,) * 3}, case=XLA, **more))  # type: ignore[arg-type]


def change(before_s: float, after_s: float, effect: float = 0.02) -> Change:
    (only,) = compare_cases(measured(before_s), measured(after_s), effect)
    return only


# --- the interval ---------------------------------------------------------------------------------------------------


def test_the_ends_of_two_intervals_are_added_in_quadrature_on_a_log_scale() -> None:
    a = ModeEstimate("xla", 1.0, math.exp(-0.03), math.exp(0.06), None, None, 1)
    b = ModeEstimate("xla", 2.0, 2 * math.exp(-0.08), 2 * math.exp(0.04), None, None, 1)
    interval = ratio_interval(a, b)
    assert interval is not None
    assert interval == pytest.approx((2 * math.exp(-0.1), 2 * math.exp(0.05)))


@given(*[st.floats(0.01, 0.5)] * 4, st.floats(0.1, 10))
def test_what_is_compared_the_other_way_round_is_the_inverse(
    below: float, above: float, below_b: float, above_b: float, ratio: float
) -> None:
    a = ModeEstimate("xla", 1.0, math.exp(-below), math.exp(above), None, None, 1)
    b = ModeEstimate("xla", ratio, ratio * math.exp(-below_b), ratio * math.exp(above_b), None, None, 1)
    there, back = ratio_interval(a, b), ratio_interval(b, a)
    assert there is not None
    assert back is not None
    assert there == pytest.approx((1 / back[1], 1 / back[0]))
    assert there[0] <= ratio <= there[1]


def in_processes(draw: random.Random, processes: int, between: float, within: float, latency_s: float) -> ModeEstimate:
    """A mode's figures from processes whose speeds scatter, each known no better than its rounds tell."""
    found = []
    for _ in range(processes):
        median_s = latency_s * math.exp(draw.gauss(0, between) + draw.gauss(0, within))
        reach = math.exp(1.96 * within)
        found.append(ModeEstimate("xla", median_s, median_s / reach, median_s * reach, None, None, 1, 0.1))
    return combine_mode(found)


@pytest.mark.parametrize(
    ("processes", "between"),
    [
        ((3, 3), (0.03, 0.03)),
        ((3, 5), (0.01, 0.05)),
        *slowly(
            *(((3, 3), between) for between in ((0.03, 0.0), (0.01, 0.05), (0.0, 0.0))),
            *(((5, 5), between) for between in ((0.03, 0.03), (0.03, 0.0), (0.01, 0.05), (0.0, 0.0))),
            *(((3, 5), between) for between in ((0.03, 0.03), (0.03, 0.0), (0.0, 0.0))),
        ),
    ],
)
def test_the_interval_holds_the_true_change_as_often_as_it_says(
    processes: tuple[int, int], between: tuple[float, float]
) -> None:
    draw, held, repeats, true = random.Random(1), 0, 1000, 1.1
    for _ in range(repeats):
        a = in_processes(draw, processes[0], between[0], 0.005, 1.0)
        b = in_processes(draw, processes[1], between[1], 0.005, true)
        interval = ratio_interval(a, b)
        assert interval is not None
        held += interval[0] <= true <= interval[1]
    assert held / repeats >= 0.94  # three standard errors of 95 % are two points


# --- the verdict ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.90, 0.97, "faster"),
        (0.90, 0.99, "unclear"),
        (0.99, 1.01, "same"),
        (0.99, 1.03, "unclear"),
        (1.03, 1.09, "slower"),
    ],
)
def test_a_verdict_needs_the_whole_interval(low: float, high: float, verdict: str) -> None:
    assert judge(low, high, 0.02) == verdict


def test_a_change_has_both_latencies_their_ratio_and_a_verdict() -> None:
    slower = change(0.010, 0.012)
    assert (slower.verdict, slower.why) == ("slower", "")
    assert slower.before_s == pytest.approx(0.010)
    assert slower.after_s == pytest.approx(0.012)
    assert slower.ratio == pytest.approx(1.2)
    assert slower.low == pytest.approx(1.183, abs=1e-3)
    assert slower.high == pytest.approx(1.217, abs=1e-3)


@pytest.mark.parametrize(
    ("before_s", "after_s", "said"),
    [
        (0.010, 0.0088, "XLA takes 12 % less time than before (likely range 11-13 %)."),
        (0.010, 0.0110, "XLA takes 10 % more time than before (likely range 8-12 %)."),
        (0.010, 0.0035, "XLA takes 0.350× the time before (likely range 0.345-0.355)."),
        (0.010, 0.0230, "XLA takes 2.30× as long as before (likely range 2.27-2.33×)."),
        (0.010, 0.0100, "XLA takes the same time as before (likely range −1 to +1 %)."),
        (
            0.010,
            0.0102,
            "Cannot tell about XLA: it may be 1 to 3 % slower than before, and less than 2 % does not count.",
        ),
    ],
)
def test_a_change_in_a_sentence(before_s: float, after_s: float, said: str) -> None:
    assert sentence(change(before_s, after_s)) == said


# --- what cannot be told --------------------------------------------------------------------------------------------


def why(a: CaseResult, b: CaseResult) -> str:
    (only,) = compare_cases(a, b, 0.02)
    assert (only.verdict, only.low, only.high) == ("unclear", None, None)
    return only.why


def test_one_process_tells_nothing_of_another() -> None:
    quick = first_case(session_events({"xla": 0.02}, case=XLA))
    words = "measured in one process{}, and others run at other speeds: give it --processes 3"
    assert why(quick, quick) == words.format("")
    assert why(quick, measured(0.01)) == words.format(" before")
    assert why(measured(0.01), quick) == words.format(" after")
    assert compare_cases(quick, measured(0.01), 0.02)[0].ratio == pytest.approx(0.5)
    unadvised = compare_cases(quick, quick, 0.02, advice="")[0].why
    assert unadvised == "measured in one process, and others run at other speeds"


def test_another_machine_is_another_machine_and_another_tensorflow_is_told() -> None:
    here = measured(0.01)
    assert why(here, measured(0.01, host="cube")) == "measured on another machine: box before, cube after"
    other = measured(0.01, hardware="B Processor")
    assert why(here, other) == "measured on another machine: A Processor before, B Processor after"
    newer = measured(0.01, tensorflow="2.22.0")
    assert compare_cases(here, newer, 0.02)[0].verdict == "same"
    assert differences(here, newer) == ("TensorFlow 2.21.0 → 2.22.0",)
    assert differences(here, here) == ()


def test_another_driver_library_or_power_limit_is_told_where_both_sides_know_theirs() -> None:
    here = measured(0.01)
    facts = GpuFacts(driver="570.86.10", cuda="12.5.1", cudnn="9.3.0", power_limit_w=700.0)
    before, after = (replace(here, gpu=gpu) for gpu in (facts, replace(facts, driver="580.65.06", power_limit_w=400.0)))
    assert differences(before, after) == ("driver 570.86.10 → 580.65.06", "power limit 700 W → 400 W")
    assert differences(before, before) == ()
    assert differences(here, after) == (), "a session from before these were recorded"


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"),
    [
        (("ci", "box"), ("ci", "cube"), ""),
        (("ci", "box"), ("laptop", "box"), "measured on another machine: ci before, laptop after"),
        (("ci", "box"), ("", "box"), ""),
        (("", "box"), ("ci", "cube"), "measured on another machine: box before, cube after"),
        (("", "box"), ("", "box"), ""),
    ],
)
def test_machines_are_the_same_by_name_where_both_have_one_and_else_by_host(
    before: tuple[str, str], after: tuple[str, str], elsewhere: str
) -> None:
    a, b = (measured(0.01, machine=machine, host=host) for machine, host in (before, after))
    (change,) = compare_cases(a, b, 0.02)
    assert (change.why, change.verdict) == (elsewhere, "unclear" if elsewhere else "same")


def test_latencies_of_groups_and_of_single_calls_are_not_compared() -> None:
    grouped, alone = measured(0.01), replace(measured(0.01), timed_alone=True)
    assert why(grouped, alone) == "timed otherwise: calls in groups before, each call alone after"
    assert why(alone, grouped) == "timed otherwise: each call alone before, calls in groups after"
    assert compare_cases(alone, alone, 0.02)[0].verdict == "same"


def test_one_name_of_two_far_sides_makes_them_no_single_machine() -> None:
    a, b = (
        first_case(settled_events({"xla": (0.01,) * 3}, case=replace(XLA, far=far), machine="lab", host=host))
        for far, host in (("a", "box"), ("b", "cube"))
    )
    assert why(a, b) == "measured on another machine: box before, cube after"
    assert compare_cases(a, replace(b, hello=a.hello), 0.02)[0].verdict == "same"
    assert compare_cases(a, replace(b, case=a.case), 0.02)[0].verdict == "same"


def test_where_no_host_is_known_nothing_can_be_told() -> None:
    known, unknown = measured(0.01), replace(measured(0.02), hello=None)
    assert why(known, unknown) == "the machine is not known after"
    assert why(unknown, unknown) == "the machine is not known before and after"
    named = replace(known, machine_name="lab")
    assert compare_cases(named, replace(unknown, machine_name="lab"), 0.02)[0].verdict == "slower"


def test_how_machines_of_one_name_differ_is_told() -> None:
    before = measured(0.01, machine="ci", cores=4)
    after = measured(0.01, machine="ci", host="cube", hardware="B Processor", tensorflow="2.22.0", cores=8)
    assert compare_cases(before, after, 0.02)[0].verdict == "same"
    assert differences(before, after) == (
        "host box → cube",
        "processor A Processor → B Processor",
        "cores 4 → 8",
        "TensorFlow 2.21.0 → 2.22.0",
    )


def test_what_failed_or_came_out_wrong_is_compared_with_nothing() -> None:
    failed = ModeFailed(case_id="1", mode="xla", status="unsupported", error="op AsString")
    wrong = first_case(session_events({"xla": 0.01}, case=XLA, wrong={"xla": "nan in 3 of 9 values"}))
    assert why(measured(0.01), wrong) == "it came out wrong after: nan in 3 of 9 values"
    broken = first_case(session_events({}, case=XLA, beside=[failed]))
    assert why(broken, measured(0.01)) == "it could not run before: op AsString"


def test_a_mode_that_one_side_lacks_is_told() -> None:
    both = first_case(settled_events({"graph": (0.02,) * 3, "xla": (0.01,) * 3}))
    graph, xla = (change for change in compare_cases(measured(0.01), both, 0.02) if change.mode in ("graph", "xla"))
    assert (graph.verdict, graph.why) == ("unclear", "it was not measured before")
    assert xla.verdict == "same"


def test_what_has_become_suspicious_is_no_improvement() -> None:
    unused = suspicious("xla", "nothing uses its output")
    doubtful = measured(0.005, beside=[unused])
    assert why(measured(0.01), doubtful) == "its figure is suspicious after: nothing uses its output"
    assert compare_cases(doubtful, doubtful, 0.02)[0].verdict == "same"
