"""Say so where the throughputs of two modes tell otherwise than their latencies, which the verdict compares."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.analysis.verdict import advise
from bench.events import Event, PairEstimate, PlanStarted
from bench.plan import Effort
from tests.accelerated import SHORT_CALLS, gpu_events, throughputs
from tests.examples import compared, explained, first_case, session_events

FASTER = compared("x/g", 0.8, 0.78, 0.82, "faster", 9)
GRAPH_FASTER = compared("g/e", 0.62, 0.60, 0.64, "faster", 9)
SAME = compared("x/g", 1.0, 0.99, 1.01, "same")

FEW_MORE = "In throughput it is otherwise: XLA takes 2.0× as long as graph (likely range 1.9-2.1×)."


def said(*events: Event) -> list[str]:
    return [remark for remark in advise(first_case(events)).remarks if remark.startswith("In throughput")]


@pytest.mark.parametrize(
    ("pair", "throughput", "sentence"),
    [
        (FASTER, throughputs("x/g", 2.0, 1.9, 2.1, "slower"), FEW_MORE),
        (SAME, throughputs("x/g", 2.0, 1.9, 2.1, "slower"), FEW_MORE),
        (
            FASTER,
            throughputs("x/g", 1.001, 0.995, 1.012, "same"),
            "In throughput it is otherwise: XLA's time is within 2 % of graph's (likely range −0.5 to +1.2 %).",
        ),
        (
            SAME,
            throughputs("x/g", 0.5, 0.48, 0.52, "faster"),
            "In throughput it is otherwise: XLA takes 0.50× graph's time (likely range 0.48-0.52).",
        ),
    ],
)
def test_one_sentence_says_that_throughput_tells_otherwise(
    pair: PairEstimate, throughput: Event, sentence: str
) -> None:
    assert said(*gpu_events(GRAPH_FASTER, pair, beside=[throughput])) == [sentence]


@pytest.mark.parametrize(
    "throughput",
    [
        throughputs("x/g", 0.5, 0.48, 0.52, "faster"),
        throughputs("x/g", 1.0, 0.5, 2.0, "unclear"),
        throughputs("x/e", 2.0, 1.9, 2.1, "slower"),
    ],
)
def test_what_tells_the_same_or_nothing_is_not_said(throughput: Event) -> None:
    assert said(*gpu_events(GRAPH_FASTER, FASTER, beside=[throughput])) == []


def test_an_unclear_latency_is_not_contradicted() -> None:
    unclear = compared("x/g", 1.0, 0.9, 1.1, "unclear")
    slower = throughputs("x/g", 2.0, 1.9, 2.1, "slower")
    assert said(*gpu_events(GRAPH_FASTER, unclear, beside=[slower])) == []


def test_the_headline_stays_what_the_latencies_say() -> None:
    slower = throughputs("x/g", 2.0, 1.9, 2.1, "slower")
    advice = advise(first_case(gpu_events(GRAPH_FASTER, FASTER, beside=[slower])))
    assert advice.headline.startswith("Use XLA: each call takes 20 % less time than graph's")
    assert advice.remarks[0] == FEW_MORE


def test_of_several_processes_throughput_is_the_last_ones() -> None:
    slower = throughputs("x/g", 2.0, 1.9, 2.1, "slower")
    events = [
        replace(event, plan=replace(event.plan, effort=Effort(processes=3)))
        if isinstance(event, PlanStarted)
        else event
        for event in gpu_events(GRAPH_FASTER, FASTER, beside=[slower])
    ]
    (sentence,) = said(*events)
    assert sentence.startswith("In throughput it is otherwise, in the last of 3 processes: XLA takes 2.0×")


def test_where_there_are_no_ratios_nothing_is_said() -> None:
    assert said(*session_events(SHORT_CALLS, GRAPH_FASTER, FASTER, beside=explained(SHORT_CALLS))) == []
    assert said(*session_events(SHORT_CALLS, GRAPH_FASTER, FASTER)) == []
