"""What is said of two implementations: the new one held against the old one, mode by mode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.analysis.crossover import conclusions
from bench.analysis.verdict import Advice, advise, choose, in_brief
from bench.events import PairEstimate
from bench.plan import Case, Plan
from bench.session.results import CaseResult
from tests.examples import first_case, session_events, suspicious

CASE = Case("step.py::new", modes=("graph", "xla"), against="step.py::old")
LATENCIES_S = dict.fromkeys(CASE.modes, 0.01)


def pair(mode: str, ratio: float, low: float | None, high: float | None, verdict: str) -> PairEstimate:
    return PairEstimate(mode, f"old-{mode}", ratio, low, high, verdict, None)


FASTER, SLOWER = pair("xla", 0.89, 0.88, 0.9, "faster"), pair("graph", 1.1, 1.08, 1.12, "slower")
SAME, UNCLEAR = pair("graph", 1.0, 0.99, 1.01, "same"), pair("xla", 1.0, 0.97, 1.04, "unclear")


def case_of(*pairs: PairEstimate, **changes: Any) -> CaseResult:
    return first_case(session_events(LATENCIES_S, *pairs, case=CASE, **changes))


def said(*pairs: PairEstimate, **changes: Any) -> Advice:
    return advise(case_of(*pairs, **changes), hint="Press t for a thorough run")


def test_each_mode_has_its_sentence_in_the_words_of_every_verdict() -> None:
    advice = said(FASTER, SAME)
    assert advice.headline == (
        "The new one is faster with XLA: each call takes 11 % less time than the old one's (likely range 10-12 %)."
    )
    assert advice.remarks == (
        "The new one makes no difference with graph: its time is within 2 % of the old one's "
        "(likely range −1 to +1 %).",
    )


def test_what_is_worse_comes_first() -> None:
    assert said(FASTER, SLOWER).headline == (
        "The new one is slower with graph: each call takes 10 % more time than the old one's (likely range 8-12 %)."
    )


def test_what_cannot_be_told_says_how_to_learn_more() -> None:
    assert said(SAME, UNCLEAR).headline == (
        "Cannot tell yet with XLA: the new one may be 3 % quicker or 4 % slower than the old one. "
        "Press t for a thorough run."
    )


def test_of_too_few_rounds_nothing_is_told() -> None:
    none = pair("graph", 1.0, None, None, "unclear")
    assert said(none).headline == "Too few rounds yet to compare the modes. Press t for a thorough run."


def test_one_that_computes_something_else_is_not_compared() -> None:
    wrong = {"old-graph": "3 of 4 values differ", "old-xla": "3 of 4 values differ"}
    advice = said(wrong=wrong, reference="")
    assert advice == Advice(
        "The old one computes something else than the new one (3 of 4 values differ), so they are not compared."
    )


def test_a_mode_that_is_wrong_by_itself_says_so() -> None:
    advice = said(SAME, wrong={"old-xla": "3 of 4 values differ"}, reference="old-eager")
    assert "Do not use the old XLA: its output differs from the old eager (3 of 4 values differ)." in advice.text


def test_what_is_suspicious_is_not_sold() -> None:
    assert said(FASTER, beside=[suspicious("xla")]).headline.startswith("XLA's figure is suspicious")


def test_a_sweep_says_from_where_on_which_is_the_one_to_use() -> None:
    sizes, verdicts = (16, 64, 256), (FASTER, FASTER, replace(SLOWER, mode="xla", baseline="old-xla"))
    cases = tuple(replace(CASE, dims=(("n", size),), modes=("xla",)) for size in sizes)
    plan = Plan(cases, sweep=("n=16,64,256",))
    found = [
        replace(case_of(pair), case=case, plan=plan, case_id=str(number))
        for number, (case, pair) in enumerate(zip(cases, verdicts, strict=True))
    ]
    assert conclusions(found) == ["Use the new one up to n=64 and the old one from n=256."]


@pytest.mark.parametrize(
    ("pairs", "quicker"),
    [
        ((FASTER, SAME), "new"),
        ((FASTER, replace(FASTER, mode="graph", baseline="old-graph")), "new"),
        ((SLOWER, replace(SAME, mode="xla", baseline="old-xla")), "old"),
        ((SAME, replace(SAME, mode="xla", baseline="old-xla")), "same"),
        ((FASTER, SLOWER), ""),
        ((SAME, UNCLEAR), "same?"),
        ((UNCLEAR,), ""),
    ],
)
def test_a_table_says_which_is_quicker_where_all_modes_agree(pairs: tuple[PairEstimate, ...], quicker: str) -> None:
    case = case_of(*pairs)
    assert in_brief(case) == (quicker, "")
    assert choose(case).certain is (quicker in ("new", "old", "same"))
