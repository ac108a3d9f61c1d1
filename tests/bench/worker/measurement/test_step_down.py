"""At which confidence each mode is judged, and that the verdicts of a case are right together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import PairEstimate
from bench.implementations import of_both
from bench.worker.measurement.estimate import estimate_pairs, judge
from bench.worker.measurement.step_down import compare_all, compared, shared_confidence

EFFECT = 0.02
CLEAR, FROM_95, NEVER = 0.999, 0.96, 0.0
"""Up to which confidence a made-up comparison is told."""

Told = Mapping[str, tuple[str, float]]


def judged(modes: str, told: Told) -> dict[str, tuple[str, float]]:
    """Verdict and confidence of each pair of modes of one letter: `told` says up to which confidence each is told."""

    def compare(mode: str, baseline: str, confidence: float) -> PairEstimate | None:
        verdict, most = told.get(f"{mode}/{baseline}", ("faster", CLEAR))
        verdict = verdict if confidence <= most else "unclear"
        return PairEstimate(mode, baseline, 1.0, 1.0, 1.0, verdict, None, confidence=confidence)

    pairs = compare_all(tuple(modes), compare)
    return {f"{pair.mode}/{pair.baseline}": (pair.verdict, round(pair.confidence or 0.0, 9)) for pair in pairs}


def test_one_question_has_all_of_the_95_percent() -> None:
    assert judged("eg", {})["g/e"] == ("faster", 0.95)


def test_while_nothing_is_told_the_questions_share_it() -> None:
    found = judged("egx", {"g/e": ("same", NEVER), "x/e": ("same", NEVER)})
    assert [found[pair] for pair in ("g/e", "x/e")] == [("unclear", 0.975)] * 2


def told_of_two(**told: tuple[str, float]) -> dict[str, tuple[str, float]]:
    """Return verdict and confidence by mode of two implementations, which `told` tells up to some confidence."""

    def compare(mode: str, baseline: str, confidence: float) -> PairEstimate | None:
        assert baseline == f"old-{mode}", "nothing else is asked"
        verdict, most = told[mode]
        verdict = verdict if confidence <= most else "unclear"
        return PairEstimate(mode, baseline, 1.0, 1.0, 1.0, verdict, None, confidence=confidence)

    pairs = compare_all(of_both(told), compare)
    return {pair.mode: (pair.verdict, round(pair.confidence or 0.0, 9)) for pair in pairs}


def test_of_two_implementations_each_mode_is_a_question() -> None:
    assert told_of_two(graph=("same", NEVER), xla=("same", NEVER)) == {
        "graph": ("unclear", 0.975),
        "xla": ("unclear", 0.975),
    }
    assert told_of_two(graph=("same", CLEAR), xla=("same", FROM_95)) == {
        "graph": ("same", 0.975),
        "xla": ("same", 0.95),
    }


def test_a_mode_that_the_other_implementation_lacks_is_no_question() -> None:
    assert compared(("eager", "old-eager", "graph", "old-xla")) == [("eager", "old-eager")]


def test_what_is_told_leaves_the_others_its_part() -> None:
    found = judged("egx", {"x/g": ("faster", FROM_95)})
    assert found["g/e"] == ("faster", 0.975)
    assert found["x/g"] == ("faster", 0.95)


def test_the_question_is_the_best_simpler_mode_and_no_other() -> None:
    found = judged("egx", {"g/e": ("same", CLEAR), "x/e": ("slower", CLEAR), "x/g": ("same", NEVER)})
    assert found["x/g"] == ("unclear", 0.975), "nobody asks whether x differs from g, which is no better"


def test_a_question_that_turns_out_to_be_another_is_open_again() -> None:
    """Eager is the best of the simpler ones until graph is told from it."""
    told = {"g/e": ("faster", FROM_95), "x/e": ("slower", CLEAR), "x/g": ("slower", FROM_95)}
    assert judged("egx", told)["x/g"] == ("slower", 0.95)


def test_what_cannot_be_compared_is_an_open_question() -> None:
    assert compare_all(("eager", "graph"), lambda *_: None) == ()


@pytest.mark.parametrize("modes", [(), ("eager",)])
def test_of_fewer_than_two_modes_nothing_is_asked(modes: tuple[str, ...]) -> None:
    assert judged("".join(mode[0] for mode in modes), {}) == {}


@given(
    st.dictionaries(
        st.sampled_from(["g/e", "x/e", "x/g", "c/e", "c/g", "x/c"]),
        st.tuples(st.sampled_from(["faster", "slower", "same"]), st.floats(0.9, 1.0)),
    )
)
def test_no_mode_is_judged_more_strictly_than_all_at_once_or_more_loosely_than_alone(told: Told) -> None:
    for _, confidence in judged("egcx", told).values():
        assert 0.95 <= confidence <= shared_confidence(3)


# --- made-up rounds ---------------------------------------------------------------------------------------------------

TRIALS, ROUNDS = 1000, 40


@pytest.mark.parametrize(
    ("graph", "xla"),
    [
        (1.0, 1.0),  # three times the same
        (0.5, 0.5),  # one clear difference, and one equal pair
        (0.9, 0.9),  # told in about half of the trials, so that the question of the other depends on it
        (0.98, 0.98 * 0.98),  # at the border between the same and faster
        (1.02, 0.98),
    ],
)
def test_the_verdicts_of_a_case_are_right_together(graph: float, xla: float) -> None:
    rng, wrong = np.random.default_rng(19), 0
    true_s = {"eager": 1.0, "graph": graph, "xla": xla}
    for _ in range(TRIALS):
        latencies_s = {mode: s * np.exp(0.1 * rng.standard_normal(ROUNDS)) for mode, s in true_s.items()}
        best = "eager"
        pairs = {
            (pair.mode, pair.baseline): pair for pair in estimate_pairs(latencies_s, dict.fromkeys(true_s, 0.0), EFFECT)
        }
        is_wrong = False
        for mode in ("graph", "xla"):
            verdict, true = pairs[mode, best].verdict, float(np.log(true_s[mode] / true_s[best]))
            is_wrong |= verdict not in ("unclear", judge((true, true), EFFECT))
            best = mode if verdict == "faster" else best
        wrong += is_wrong
    assert wrong / TRIALS <= 0.06  # the standard error of a share of 0.05 is 0.007
