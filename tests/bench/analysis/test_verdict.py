from __future__ import annotations

from typing import Any

import pytest

from bench.analysis.verdict import advise
from bench.events import CaseFinished, Verified
from bench.plan import DEFAULT_MODES, Case
from tests.advice import GRAPH_XLA, HINT, THREE, TWO, advice, two_modes
from tests.examples import NO_MODE_WINS, compared, first_case, session_events

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


def test_a_variable_that_is_wrong_is_not_called_the_output() -> None:
    words = "variable `bank` is -112, eager's is 112"
    wrong = Verified(case_id="1", mode="xla", reference="eager", max_rel_error=0.0, wrong=words, wrong_state=True)
    events = session_events(TWO, case=two_modes("eager", "xla"))
    assert advise(first_case([*events[:-2], wrong, *events[-2:]])).headline.startswith(
        "Do not use XLA: what it leaves in a variable differs from eager (variable `bank` is -112, eager's is 112)."
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
        ({"finish": CaseFinished(case_id="1", error="did you mean add?")}, "Not measured: did you mean add?"),
        ({"finish": CaseFinished(case_id="1", cancelled=True)}, "Cancelled before anything was measured."),
        ({"failed": dict.fromkeys(DEFAULT_MODES, ("failed", "no TensorFlow"))}, "Nothing was measured: no TensorFlow."),
    ],
)
def test_nothing_was_measured(more: dict[str, Any], words: str) -> None:
    assert advice({}, **more).text == words


def test_a_case_is_described_at_every_moment_of_its_life() -> None:
    for length in range(4, len(NO_MODE_WINS) + 1):
        assert advise(first_case(NO_MODE_WINS[:length]), hint=HINT).text.endswith(".")
