from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.analysis.verdict import Advice, advise, choose
from bench.events import CaseFinished, ModeFailed, Noted, PairEstimate, ProcessFinished
from bench.number_text import count, count_range, duration, duration_range, memory
from bench.plan import DEFAULT_MODES, Case
from tests.examples import (
    NO_MODE_WINS,
    UNUSED,
    compared,
    first_case,
    planned,
    process_events,
    session_events,
    suspicious,
    taken_apart,
    together,
)

HINT = "Press t for a thorough run"


def advice(latencies_s: dict[str, float], *pairs: PairEstimate, **more: Any) -> Advice:
    return advise(first_case(session_events(latencies_s, *pairs, **more)), hint=HINT)


TWO = {"eager": 0.01, "xla": 0.01}
GRAPH_XLA = {"graph": 0.01, "xla": 0.01}
THREE = {"eager": 0.01, "graph": 0.01, "xla": 0.01}


def two_modes(first: str, second: str) -> Case:
    return Case("matmul", modes=(first, second))


# --- the wordings of the specification ------------------------------------------------------------------------------


def test_use_names_the_time_and_when_the_compile_is_repaid() -> None:
    pair = compared("x/g", 0.56, 0.53, 0.59, "faster", 51)
    one_off_s = {"graph": 0.1, "xla": 4.2}  # what is repaid is what it costs beyond graph
    assert advice(GRAPH_XLA, pair, case=two_modes("graph", "xla"), one_off_s=one_off_s).text == (
        "Use XLA: each call takes 0.56× graph's time (likely range 0.53-0.59); "
        "its 4.1 s compile is repaid after 51 calls."
    )


def test_what_graph_repays_is_its_start_up() -> None:
    pair = compared("g/e", 0.56, 0.53, 0.59, "faster", 9)
    said = advice({"eager": 0.01, "graph": 0.01}, pair, case=two_modes("eager", "graph"))
    assert said.text.endswith("; its 100 ms start-up is repaid after 9 calls.")


def test_do_not_use_a_slower_mode() -> None:
    pair = compared("x/e", 42.0, 40.0, 44.0, "slower")
    assert advice(TWO, pair, case=two_modes("eager", "xla")).text == (
        "Do not use XLA here: each call takes 42× as long as eager (likely range 40-44×)."
    )


def test_keep_the_simpler_of_two_that_are_the_same() -> None:
    pair = compared("x/e", 1.002, 0.992, 1.011, "same")
    assert advice(TWO, pair, case=two_modes("eager", "xla")).text == (
        "Keep eager: XLA's time is within 2 % of it (likely range −0.8 to +1.1 %)."
    )


def test_what_cannot_be_told_says_how_far_it_may_go_and_what_to_do() -> None:
    pair = compared("x/e", 1.0, 0.97, 1.04, "unclear")
    assert advice(TWO, pair, case=two_modes("eager", "xla"), disturbed=12).text == (
        "Cannot tell yet: XLA may be 3 % quicker or 4 % slower. "
        "Press t for a thorough run; 12 of 40 rounds were disturbed."
    )


def test_a_wrong_mode_is_not_to_be_used_however_quick() -> None:
    case = two_modes("eager", "xla")
    text = advice(TWO, case=case, wrong={"xla": "shape (0, 8), not (10, 8)"}).headline
    assert text == (
        "Do not use XLA: its output differs from eager (shape (0, 8), not (10, 8)). Its time is shown but not compared."
    )


def test_an_unsupported_mode_names_the_op_and_what_was_measured() -> None:
    pair = compared("g/e", 1.0, 0.99, 1.01, "same")
    said = advice({"eager": 0.01, "graph": 0.01}, pair, failed={"xla": ("unsupported", "op Lu (file.py:31)")})
    assert said.headline == "XLA cannot compile this on CPU:0: op Lu (file.py:31). Eager and graph were measured."


def test_a_gain_that_takes_too_many_calls_to_repay() -> None:
    pair = compared("x/g", 0.95, 0.94, 0.96, "faster", 1_370_000, saving_s=3e-6)
    assert advice(
        {"graph": 60e-6, "xla": 57e-6}, pair, case=two_modes("graph", "xla"), one_off_s={"graph": 0.1, "xla": 4.2}
    ).text == (
        "Keep graph: XLA saves 3 µs a call, but its 4.1 s compile needs 1.4 million calls; "
        "your limit is 100,000 (`--calls`)."
    )


# --- three modes ------------------------------------------------------------------------------------------------------


def test_no_mode_wins() -> None:
    said = advise(first_case(NO_MODE_WINS), hint=HINT)
    assert said.text == (
        "Do not use XLA here: each call takes 7 % more time than eager's (likely range 5-9 %). "
        "Graph makes no difference: its time is within 2 % of eager's (likely range −0.5 to +1.2 %)."
    )


def test_graph_wins_and_xla_loses() -> None:
    said = advice(
        THREE,
        compared("g/e", 0.54, 0.52, 0.56, "faster", 4),
        compared("x/e", 31.0, 30.0, 32.0, "slower"),
        compared("x/g", 58.0, 55.0, 61.0, "slower"),
    )
    assert said.headline.startswith("Use graph: each call takes 0.54× eager's time (likely range 0.52-0.56);")
    assert said.remarks == ("Do not use XLA here: each call takes 58× as long as graph (likely range 55-61×).",)


def test_each_mode_is_compared_with_the_best_of_the_simpler_ones() -> None:
    said = advice(
        THREE,
        compared("g/e", 0.12, 0.11, 0.13, "faster", 4),
        compared("x/e", 0.07, 0.06, 0.08, "faster", 60),
        compared("x/g", 0.58, 0.55, 0.61, "faster", 900),
    )
    assert said.headline.startswith("Use XLA: each call takes 0.58× graph's time")
    assert said.remarks[0].startswith("With graph, each call takes 0.12× eager's time")


def test_xla_is_compared_with_eager_where_graph_is_slower() -> None:
    said = advice(
        THREE,
        compared("g/e", 1.2, 1.1, 1.3, "slower"),
        compared("x/e", 0.8, 0.77, 0.84, "faster", 60),
        compared("x/g", 0.7, 0.6, 0.75, "faster", 60),
    )
    assert said.headline.startswith("Use XLA: each call takes 20 % less time than eager's (likely range 16-23 %);")
    assert said.remarks == (
        "Do not use graph here: each call takes 20 % more time than eager's (likely range 10-30 %).",
    )


def test_xla_adds_nothing_to_graph() -> None:
    said = advice(
        THREE,
        compared("g/e", 0.5, 0.4, 0.6, "faster", 4),
        compared("x/e", 0.5, 0.4, 0.6, "faster", 4),
        compared("x/g", 1.0, 0.99, 1.01, "same"),
    )
    assert said.headline.startswith("Keep graph: XLA's time is within 2 % of it")
    assert said.remarks[0].startswith("With graph, each call takes 0.50× eager's time")


def test_advice_to_keep_eager_waits_until_graph_is_known() -> None:
    said = advice(
        THREE,
        compared("g/e", 1.0, 0.9, 1.1, "unclear"),
        compared("x/e", 1.0, 0.99, 1.01, "same"),
        compared("x/g", 1.0, 0.9, 1.1, "unclear"),
    )
    assert said.headline == f"Cannot tell yet: graph may be 10 % quicker or 10 % slower. {HINT}."
    assert said.remarks[0].startswith("XLA makes no difference:")


def test_the_hint_follows_a_remark_that_needs_it() -> None:
    said = advice(
        THREE,
        compared("g/e", 0.5, 0.4, 0.6, "faster", 4),
        compared("x/e", 0.5, 0.4, 0.6, "faster", 4),
        compared("x/g", 1.0, 0.9, 1.1, "unclear"),
    )
    assert said.headline.startswith("Use graph:")
    assert said.remarks == (
        "Cannot tell yet about XLA: it may be 10 % quicker or 10 % slower than graph.",
        f"{HINT}.",
    )


# --- sentences that would be silly ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repaid_after", "ending"),
    [
        (0, "(likely range 0.53-0.59)."),
        (1, "its 4.1 s compile is repaid after 1 call."),
        (12_345, "its 4.1 s compile is repaid after 12,300 calls."),
        (100_000, "its 4.1 s compile is repaid after 100,000 calls."),
        (100_001, "its 4.1 s compile needs 100,001 calls; your limit is 100,000 (`--calls`)."),
        (99_999_999, "its 4.1 s compile needs 100 million calls; your limit is 100,000 (`--calls`)."),
        (None, "its 4.1 s compile is never repaid."),
    ],
)
def test_when_a_compile_is_repaid(repaid_after: int | None, ending: str) -> None:
    pair = compared("x/e", 0.56, 0.53, 0.59, "faster", repaid_after)
    assert advice(TWO, pair, case=two_modes("eager", "xla")).text.endswith(ending)


@pytest.mark.parametrize("xla_s", [0.1, 0.05])
def test_what_costs_no_more_than_the_other_has_nothing_to_repay(xla_s: float) -> None:
    pair = compared("x/g", 0.56, 0.53, 0.59, "faster", 0)
    said = advice(GRAPH_XLA, pair, case=two_modes("graph", "xla"), one_off_s={"graph": 0.1, "xla": xla_s})
    assert said.text == "Use XLA: each call takes 0.56× graph's time (likely range 0.53-0.59)."


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (compared("x/e", 0.971, 0.969, 0.973, "faster", 0), "2.9 % less time than eager's (likely range 2.7-3.1 %)"),
        (
            compared("x/e", 0.97, 0.9699, 0.9701, "faster", 0),
            "3.00 % less time than eager's (likely range 2.99-3.01 %)",
        ),
        (compared("x/e", 0.66, 0.64, 0.68, "faster", 0), "0.66× eager's time (likely range 0.64-0.68)"),
        (compared("x/e", 0.67, 0.64, 0.69, "faster", 0), "33 % less time than eager's (likely range 31-36 %)"),
        (compared("x/e", 1.49, 1.45, 1.53, "slower"), "49 % more time than eager's (likely range 45-53 %)"),
        (compared("x/e", 1.51, 1.49, 1.53, "slower"), "1.51× as long as eager (likely range 1.49-1.53×)"),
        (compared("x/e", 3.4, 3.1, 3.7, "slower"), "3.4× as long as eager (likely range 3.1-3.7×)"),
        (compared("x/e", 42.0, 41.9, 42.1, "slower"), "42.0× as long as eager (likely range 41.9-42.1×)"),
        (compared("x/e", 1234.0, 1200.0, 1300.0, "slower"), "1,234× as long as eager (likely range 1,200-1,300×)"),
    ],
)
def test_digits_suffice_to_tell_the_ends_of_a_range_apart(pair: PairEstimate, words: str) -> None:
    assert words in advice(TWO, pair, case=two_modes("eager", "xla")).text


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.95, 0.99, "XLA may be 1 to 5 % quicker, and less than 2 % does not count."),
        (1.01, 1.05, "XLA may be 1 to 5 % slower, and less than 2 % does not count."),
        (1.0, 1.04, "XLA may be up to 4 % slower."),
        (0.96, 1.0, "XLA may be up to 4 % quicker."),
        (0.4, 3.0, "XLA may take anything from 0.40× to 3.0× eager's time."),
    ],
)
def test_what_may_be(low: float, high: float, words: str) -> None:
    pair = compared("x/e", (low * high) ** 0.5, low, high, "unclear")
    assert words in advice(TWO, pair, case=two_modes("eager", "xla")).headline


def test_too_few_rounds_for_an_interval() -> None:
    pair = compared("x/e", 0.5, None, None, "unclear")
    said = advice(TWO, pair, case=two_modes("eager", "xla"))
    assert said.text == f"Too few rounds yet to compare the modes. {HINT}."


def test_too_few_rounds_for_one_mode_of_three() -> None:
    said = advice(
        THREE,
        compared("g/e", 1.0, 0.99, 1.01, "same"),
        compared("x/e", 0.5, None, None, "unclear"),
        compared("x/g", 0.5, None, None, "unclear"),
    )
    assert said.headline == f"Cannot tell yet: there are too few rounds to compare XLA with eager. {HINT}."


def test_what_was_stopped_says_after_how_many_rounds() -> None:
    pair = compared("x/e", 42.0, 40.0, 44.0, "slower")
    said = advice(TWO, pair, case=two_modes("eager", "xla"), finish=CaseFinished(case_id="1", cancelled=True))
    assert said.headline.startswith("Stopped after 40 rounds: Do not use XLA here: ")


def test_the_number_of_disturbed_rounds_needs_no_hint() -> None:
    pair = compared("x/e", 1.0, 0.97, 1.04, "unclear")
    case = first_case(session_events(TWO, pair, case=two_modes("eager", "xla"), disturbed=3))
    assert advise(case).text.endswith("slower. 3 of 40 rounds were disturbed.")


# --- what else there is to say ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("between", "ending"),
    [
        ((40, 70), "repaid after 51 calls (40-70)."),
        ((40, None), "repaid after 51 calls (at least 40)."),
        ((48, 55), "repaid after 51 calls."),
        ((None, None), "repaid after 51 calls."),
    ],
)
def test_a_break_even_that_is_not_well_known_says_how_far_it_reaches(between: Any, ending: str) -> None:
    pair = compared("x/e", 0.56, 0.53, 0.59, "faster", 51, between)
    assert advice(TWO, pair, case=two_modes("eager", "xla")).text.endswith(ending)


def test_what_came_from_a_cache_is_called_so() -> None:
    pairs = compared("g/e", 0.5, 0.4, 0.6, "faster", 4), compared("x/g", 0.56, 0.53, 0.59, "faster", 51)
    said = advice(THREE, *pairs, caches=("kernels",))
    assert "its 4 s cached compile is repaid" in said.headline
    assert "its 100 ms start-up is repaid" in said.remarks[0]


def test_what_was_saved_is_the_events_figure_or_not_told() -> None:
    pair = compared("x/e", 0.56, 0.53, 0.59, "faster", 10**7)
    said = advice(TWO, pair, case=two_modes("eager", "xla"))
    assert said.headline.startswith("Keep eager: XLA is quicker, but its 4.1 s compile needs")


def test_a_suspicious_speedup_is_not_the_headline() -> None:
    case = first_case(
        session_events(
            THREE,
            compared("g/e", 0.5, 0.4, 0.6, "faster", 4),
            compared("x/g", 0.56, 0.53, 0.59, "faster", 51),
            beside=[suspicious("graph"), suspicious("xla"), suspicious("eager", "it is too quick")],
        )
    )
    said = advise(case, hint=HINT)
    assert said.headline == f"The figures of graph and XLA are suspicious: {UNUSED}."
    assert said.remarks[0] == "Eager's figure is suspicious: it is too quick."
    assert said.remarks[1].startswith("With XLA, each call takes 0.56× graph's time")
    assert not choose(case).certain


def test_a_suspicion_of_a_mode_that_is_not_advised_is_a_remark() -> None:
    pairs = compared("g/e", 0.5, 0.4, 0.6, "faster", 4), compared("x/g", 2.0, 1.9, 2.1, "slower")
    case = first_case(session_events(THREE, *pairs, beside=[suspicious("xla")]))
    said = advise(case)
    assert said.headline.startswith("Use graph: ")
    assert said.remarks[0] == f"XLA's figure is suspicious: {UNUSED}."
    assert choose(case).certain


@pytest.mark.parametrize("modes", [("eager",), ("eager", "xla")])
def test_no_suspicion_is_kept_back(modes: tuple[str, ...]) -> None:
    said = advice(dict.fromkeys(modes, 0.01), case=Case("matmul", modes=modes), beside=[suspicious("eager")])
    assert said.remarks == (f"Eager's figure is suspicious: {UNUSED}.",)


def test_a_slower_mode_that_leaves_cores_idle_is_explained() -> None:
    pair = compared("x/e", 2.0, 1.9, 2.1, "slower")
    beside = [taken_apart("eager", 0.01, cores_used=1.92), taken_apart("xla", 0.02, cores_used=1.0)]
    said = advice(TWO, pair, case=two_modes("eager", "xla"), beside=beside)
    assert said.remarks == ("XLA keeps 1.0 cores busy, eager 1.9.",)
    assert advice(TWO, pair, case=replace(two_modes("eager", "xla"), device="GPU:0"), beside=beside).remarks == ()


@pytest.mark.parametrize(
    ("bounds", "remarks"),
    [
        (("host", "host"), ("Both are host-bound: the device waits for Python and TensorFlow.",)),
        (("device", "device"), ("Both are device-bound: what is left is the device's own work.",)),
        (("host", "device"), ()),
        (("", ""), ()),
    ],
)
def test_modes_that_wait_for_the_same_are_the_same(bounds: tuple[str, str], remarks: tuple[str, ...]) -> None:
    pair = compared("x/e", 1.0, 0.99, 1.01, "same")
    beside = [taken_apart(mode, 0.01, bound=bound) for mode, bound in zip(("eager", "xla"), bounds, strict=True)]
    assert advice(TWO, pair, case=two_modes("eager", "xla"), beside=beside).remarks == remarks


# --- modes that cannot be compared ----------------------------------------------------------------------------------


def test_one_mode_alone() -> None:
    said = advice({"eager": 0.0242}, case=Case("matmul", modes=("eager",)))
    assert said.text == "Eager takes 24.2 ms a call (likely range 24.0-24.4 ms); nothing to compare it with."


def test_the_only_mode_that_works() -> None:
    failed = {"graph": ("out_of_memory", "needs 9 GiB"), "xla": ("timed_out", "not finished after 120 s")}
    said = advice({"eager": 0.0242}, failed=failed)
    assert said.headline == "XLA took too long on CPU:0: not finished after 120 s."
    assert said.remarks == (
        "Graph ran out of memory on CPU:0: needs 9 GiB.",
        "Eager takes 24.2 ms a call (likely range 24.0-24.4 ms).",
    )


def test_a_failed_xla_leaves_the_advice_on_graph() -> None:
    pair = compared("g/e", 0.5, 0.4, 0.6, "faster", 4)
    said = advice({"eager": 0.01, "graph": 0.01}, pair, failed={"xla": ("failed", "ValueError: no.\n")})
    assert said.headline.startswith("Use graph:")
    assert said.remarks == ("XLA failed on CPU:0: ValueError: no.",)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"finish": CaseFinished(case_id="1", error="no device GPU:3")}, "Not measured: no device GPU:3."),
        ({"finish": CaseFinished(case_id="1", cancelled=True)}, "Cancelled before anything was measured."),
        ({"failed": dict.fromkeys(DEFAULT_MODES, ("failed", "no TensorFlow"))}, "Nothing was measured: no TensorFlow."),
    ],
)
def test_nothing_was_measured(more: dict[str, Any], words: str) -> None:
    assert advice({}, **more).text == words


def test_a_case_is_described_at_every_moment_of_its_life() -> None:
    for length in range(4, len(NO_MODE_WINS) + 1):
        assert advise(first_case(NO_MODE_WINS[:length]), hint=HINT).text.endswith(".")


# --- what holds for every session -----------------------------------------------------------------------------------


@st.composite
def comparisons(draw: st.DrawFn, who: str) -> PairEstimate:
    low, ratio, high = sorted(draw(st.tuples(*[st.floats(1e-3, 1e3)] * 3)))
    if draw(st.booleans()):
        low, ratio, high = (1 + (end - 1) / 1e4 for end in (low, ratio, high))
    verdict = draw(st.sampled_from(["faster", "slower", "same", "unclear"]))
    repaid = draw(st.none() | st.integers(0, 10**9)) if verdict == "faster" else None
    return compared(who, ratio, low, high, verdict, repaid)


@given(comparisons("g/e"), comparisons("x/e"), comparisons("x/g"))
def test_no_sentence_contradicts_its_figures(graph: PairEstimate, xla: PairEstimate, both: PairEstimate) -> None:
    pairs = (graph, xla, both)
    said = advice(THREE, *pairs)
    by_name = {(pair.mode, pair.baseline): pair for pair in pairs}
    for sentence in (said.headline, *said.remarks):
        if found := re.match(r"(?:Use|With) (\w+)[:,] .*?than (\w+)'s|(?:Use|With) (\w+)[:,] .*?× (\w+)'s", sentence):
            mode, baseline = (word.lower() for word in found.groups() if word)
            assert by_name[mode, baseline].ratio < 1
        if found := re.match(r"Do not use (\w+) here: .*? (?:as long as|time than) (eager|graph)", sentence):
            mode, baseline = (word.lower() for word in found.groups())
            assert by_name[mode, baseline].ratio > 1
        assert " 0 calls" not in sentence
        assert " 1 calls" not in sentence
        assert "-0 " not in sentence
        assert "nan" not in sentence
    assert sum(sentence.startswith("Use ") for sentence in (said.headline, *said.remarks)) <= 1
    assert not any(remark.startswith(("Use ", "Keep ")) for remark in said.remarks)


UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
SCALES = {"million": 10**6, "billion": 10**9, "trillion": 10**12}


@given(
    st.sampled_from(["x/e", "g/e", "x/g"]),
    st.floats(1e-6, 1.0),
    st.floats(0.01, 0.97),
    st.floats(1e-4, 5.0),
    st.floats(1e-3, 100.0),
)
def test_the_figure_over_the_saving_is_the_number_of_calls(
    who: str, latency_s: float, ratio: float, first_s: float, extra_s: float
) -> None:
    saving_s = latency_s * (1 - ratio)
    repaid_after = math.ceil(extra_s / saving_s)
    pair = compared(who, ratio, 0.99 * ratio, 1.01 * ratio, "faster", repaid_after, saving_s=saving_s)
    latencies_s = {pair.baseline: latency_s, pair.mode: latency_s * ratio}
    one_off_s = {pair.baseline: first_s, pair.mode: first_s + extra_s}
    text = advice(latencies_s, pair, case=two_modes(pair.baseline, pair.mode), one_off_s=one_off_s).text
    found = re.search(
        r"its ([\d.,]+) (\w+) (?:compile|start-up) (?:needs|is repaid after) ([\d.,]+)( \w+)? calls?", text
    )
    assert found is not None
    figure_s = float(found[1].replace(",", "")) * UNITS[found[2]]
    calls = float(found[3].replace(",", "")) * SCALES.get((found[4] or "").strip(), 1)
    if saves := re.search(r"saves ([\d.,]+) (\w+) a call", text):
        assert float(saves[1].replace(",", "")) * UNITS[saves[2]] == pytest.approx(saving_s, rel=0.05)
    assert abs(figure_s / saving_s - calls) <= 1 + 0.11 * calls


# --- several processes ------------------------------------------------------------------------------------------------

APART = {"eager": (1.1e-3, 3.0e-3, 1.2e-3), "xla": (0.4e-3, 0.4e-3, 0.9e-3)}
UNCLEAR = compared("x/e", 0.44, 0.06, 3.1, "unclear")


def of_processes(
    *differ: str, end: CaseFinished, process: int = 3, disturbed: int = 0, pair: PairEstimate = UNCLEAR
) -> str:
    """What is said of three processes of which the last one ended so."""
    case = two_modes("eager", "xla")
    before = [
        event
        for number in range(1, process + 1)
        for event in (
            *process_events({"eager": 1e-3, "xla": 5e-4}, process=number, disturbed=disturbed),
            *([ProcessFinished(case_id="1", process=number)] if number < process else []),
        )
    ]
    return advise(first_case([*planned(case), *before, together(APART, pair, differ=differ), end])).text


FINISHED = CaseFinished(case_id="1")


def test_processes_that_differ_are_told_of() -> None:
    assert of_processes("eager", end=FINISHED) == (
        "Cannot tell yet: XLA may take anything from 0.060× to 3.1× eager's time. "
        "Eager took 1.10-3.00 ms a call in different processes, steady within each: another process may see either."
    )
    assert "Eager took 1.10-3.00 ms and XLA took 400-900 µs a call in" in of_processes("eager", "xla", end=FINISHED)
    assert "process" not in of_processes(end=FINISHED)


def test_processes_that_differ_on_a_disturbed_machine_are_not_said_to_be_steady() -> None:
    said = of_processes("eager", end=FINISHED, disturbed=1)
    assert "Eager took 1.10-3.00 ms a call in different processes; what disturbed the rounds may be why." in said


def test_an_interval_that_two_processes_leave_open_by_powers_of_ten_is_no_figure_to_quote() -> None:
    said = of_processes(end=FINISHED, pair=compared("x/e", 0.44, 4e-7, 4695.0, "unclear"))
    assert said == "Cannot tell yet: there are too few processes to compare XLA with eager."


def test_what_ended_early_says_in_which_process_and_what_is_known() -> None:
    cancelled = of_processes(end=CaseFinished(case_id="1", cancelled=True), process=2)
    assert cancelled.startswith("Stopped after 8 rounds, in process 2 of 3: Cannot tell yet: XLA may take")
    lost = of_processes(end=CaseFinished(case_id="1", error="the far side was lost"), process=2)
    assert lost.startswith("Not finished, in process 2 of 3: the far side was lost. Cannot tell yet: XLA may take")


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3e-6, "3 µs"), (999.96e-6, "1 ms"), (0.0242, "24.2 ms"), (1.234, "1.23 s"), (240.0, "240 s"), (3e-8, "30 ns")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_range_of_durations_has_one_unit() -> None:
    assert duration_range(0.0239, 0.0245) == "23.9-24.5 ms"
    assert duration_range(0.0004, 0.0012) == "0.40-1.20 ms"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(40, 70, "40-70"), (12_340, 15_000, "12,300-15,000"), (10**6, 1_500_000, "1-1.5 million"), (900_000, 10**6, "")],
)
def test_a_range_of_counts_names_its_scale_once(low: int, high: int, words: str) -> None:
    assert count_range(low, high) == (words or "900,000-1 million")


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(0, "0 KiB"), (310 << 20, "310 MiB"), (1_503_238_553, "1.4 GiB"), (2 << 40, "2,050 GiB")]
)
def test_memory(size_bytes: int, words: str) -> None:
    assert memory(size_bytes) == words


@given(st.integers(0, 10**13))
@example(995_000)
@example(999_500)
@example(995_000_000)
def test_counts_are_short_and_near(calls: int) -> None:
    words = count(calls)
    scale = {"million": 10**6, "billion": 10**9, "trillion": 10**12}.get(words.split()[-1], 1)
    assert float(words.split()[0].replace(",", "")) * scale == pytest.approx(calls, rel=0.05)
    assert len(words) <= len("999 thousand")


# --- modes beside the three -----------------------------------------------------------------------------------------


def of_modes(mode: str, baseline: str, *figures: Any) -> PairEstimate:
    return replace(compared("x/g", *figures), mode=mode, baseline=baseline)


FASTER = (0.56, 0.53, 0.59, "faster", 51)


@pytest.mark.parametrize(
    ("mode", "baseline", "sentence"),
    [
        ("as-written", "eager", "Use your own version: each call takes 0.56× eager's time"),
        ("graph", "as-written", "Use graph: each call takes 0.56× your own version's time"),
        ("concrete", "graph", "Use the concrete function: each call takes 0.56× graph's time"),
        ("reduce-retracing", "concrete", "Use reduced retracing: each call takes 0.56× the concrete function's time"),
        ("no-grappler", "graph", "Use Grappler-free graph: each call takes 0.56× graph's time"),
        ("xla", "autocluster", "Use XLA: each call takes 0.56× autoclustering's time"),
        ("predict", "xla", "Use predict: each call takes 0.56× XLA's time"),
    ],
)
def test_a_mode_beside_the_three_has_a_name_that_stands_in_a_sentence(mode: str, baseline: str, sentence: str) -> None:
    pair = of_modes(mode, baseline, *FASTER)
    said = advice({baseline: 0.01, mode: 0.01}, pair, case=two_modes(baseline, mode))
    assert said.headline.startswith(sentence)


@pytest.mark.parametrize(("mode", "what"), [("autocluster", "compile"), ("xla", "compile"), ("concrete", "start-up")])
def test_what_is_repaid_is_a_compile_where_one_was_asked_for(mode: str, what: str) -> None:
    pair = of_modes(mode, "graph", *FASTER)
    one_off_s = {"graph": 0.1, mode: 4.2}
    said = advice({"graph": 0.01, mode: 0.01}, pair, case=two_modes("graph", mode), one_off_s=one_off_s)
    assert f"its 4.1 s {what} is repaid after 51 calls" in said.headline


def absent(mode: str, why: str) -> ModeFailed:
    return ModeFailed(case_id="1", mode=mode, status="unsupported", error=why, absent=True)


def test_what_there_is_no_mode_of_is_told_last() -> None:
    case = Case("matmul", modes=("eager", "as-written", "graph", "predict"))
    plain = absent("as-written", "it is plain Python, which eager runs as it is written")
    beside = [plain, absent("predict", "it is no Keras model")]
    said = advice({"eager": 0.01, "graph": 0.01}, compared("g/e", *FASTER), case=case, beside=beside)
    assert said.headline.startswith("Use graph: ")
    assert said.remarks == (
        "There is no version of your own: it is plain Python, which eager runs as it is written.",
        "There is no predict to call: it is no Keras model.",
    )


def test_what_xla_refuses_of_the_users_own_settings_is_not_said_to_be_absent() -> None:
    case = Case("matmul", modes=("eager", "as-written"))
    said = advice({"eager": 0.01}, case=case, failed={"as-written": ("unsupported", "op AsString")})
    assert said.headline == "Your own version cannot run this on CPU:0: op AsString."


def test_what_is_noted_of_a_mode_is_a_remark_and_said_once() -> None:
    notes = [Noted(case_id="1", mode=mode, note="the model is not compiled") for mode in ("graph", "xla", "graph")]
    said = advise(first_case([*NO_MODE_WINS, *notes]))
    assert said.remarks.count("The model is not compiled.") == 1
