"""The words of a verdict: what is repaid when, ranges and their digits, names of modes."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import PairEstimate
from tests.advice import FASTER, GRAPH_XLA, THREE, TWO, advice, two_modes
from tests.examples import compared

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


# --- modes beside the three -----------------------------------------------------------------------------------------


def of_modes(mode: str, baseline: str, *figures: Any) -> PairEstimate:
    return replace(compared("x/g", *figures), mode=mode, baseline=baseline)


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
