"""What is said of modes that are traced or compiled again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.verdict import Advice, advise, choose
from bench.events import ArgumentChange, Event, ModeFailed, PairEstimate, PhaseFinished, Retraced, Round, Visit
from bench.plan import Case
from tests.examples import compared, first_case, session_events

LATENCIES_S = {"eager": 0.01, "graph": 0.005, "xla": 0.003}
GRAPH_WINS = compared("g/e", 0.5, 0.48, 0.52, "faster", 9)
XLA_WINS = compared("x/g", 0.6, 0.58, 0.62, "faster", 99), compared("x/e", 0.3, 0.29, 0.31, "faster", 99)

SHAPE = (ArgumentChange("x", "shape"),)
NUMBER = (ArgumentChange("n", "value", "number"),)


def first_call(mode: str) -> list[Event]:
    """A mode was traced, and XLA compiled."""
    compilations = int(mode == "xla")
    return [
        PhaseFinished(case_id="1", mode=mode, phase="trace", duration_s=0.05),
        PhaseFinished(case_id="1", mode=mode, phase="first_call", duration_s=0.1, compilations=compilations),
    ]


def again(
    mode: str,
    traces: int,
    compilations: int,
    calls: int,
    changes: Sequence[ArgumentChange] = (),
    phase: str = "argument_sets",
) -> Retraced:
    """So much was done again, each compile in 140 ms."""
    return Retraced(
        case_id="1",
        mode=mode,
        phase=phase,
        calls=calls,
        traces=traces,
        compilations=compilations,
        compile_s=0.14 * compilations,
        changes=tuple(changes),
    )


def void_rounds(mode: str, void: int, rounds: int) -> list[Event]:
    """Rounds of one mode, in the first of which it compiled; one more than `rounds` comes with every session."""
    return [
        Round(case_id="1", index=index, visits=(Visit(mode, 0.003, 1, compilations=int(index <= void)),))
        for index in range(1, rounds)
    ]


def said(*events: Event, pairs: Sequence[PairEstimate] = (GRAPH_WINS, *XLA_WINS)) -> Advice:
    """The advice on three modes, of which the events tell more."""
    beside = [*first_call("graph"), *first_call("xla"), *events]
    return advise(first_case(session_events(LATENCIES_S, *pairs, beside=beside)))


# --- often: it is the story ------------------------------------------------------------------------------------------


def test_xla_that_compiles_in_every_call_is_the_headline_and_graph_the_mode_to_use() -> None:
    recompiled = again("xla", 0, 29, 29, SHAPE)
    advice = said(recompiled)
    assert advice.headline == (
        "XLA compiled 30 times in 30 calls because argument x changed shape; each compile cost 140 ms. "
        "Pad or fix the shape; without compiles a call takes 0.60× graph's time (likely range 0.58-0.62)."
    )
    assert [remark.partition(",")[0] for remark in advice.remarks] == ["With graph"]
    beside = [*first_call("graph"), *first_call("xla"), recompiled]
    assert choose(first_case(session_events(LATENCIES_S, GRAPH_WINS, *XLA_WINS, beside=beside))).mode == "graph"


def test_graph_that_is_traced_in_every_call_is_told_what_to_do() -> None:
    advice = said(again("graph", 29, 0, 29, NUMBER), again("xla", 29, 29, 29, NUMBER))
    assert advice.headline == (
        "XLA compiled 30 times in 30 calls because argument n, a Python number, changed value; each compile cost "
        "140 ms. Pass it as a tensor; without compiles a call takes 0.30× eager's time (likely range 0.29-0.31)."
    )
    assert advice.remarks == (
        "Graph was traced 30 times in 30 calls because argument n, a Python number, changed value: pass it as a "
        "tensor. Without traces a call takes 0.50× eager's time (likely range 0.48-0.52).",
    )


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ([*SHAPE, ArgumentChange("y", "shape")], "Pad or fix the shapes; without"),
        ([ArgumentChange("x", "dtype")], "Cast it to one dtype; without"),
        ([*SHAPE, ArgumentChange("x", "dtype")], "Pad or fix the shape and cast it to one dtype; without"),
        ([ArgumentChange(name, "shape") for name in "abcde"], "Pad or fix the shapes; without"),
        ([ArgumentChange("n", "structure")], "Keep it of one structure; without"),
        ([ArgumentChange("n", "type")], "Keep it of one type; without"),
        ([ArgumentChange("n", "value", "bool")], "Pass it as a tensor; without"),
        ([ArgumentChange("n", "value", "string")], "Keep it the same; without"),
        ([ArgumentChange("n", "value", "object")], "Keep it the same; without"),
        ([*NUMBER, ArgumentChange("m", "value", "number")], "Pass them as tensors; without"),
        ([*SHAPE, *NUMBER], "Pad or fix the shape and pass n as a tensor; without"),
        ([ArgumentChange("n", "value")], "Keep it to a few values, since XLA must know it while it compiles; without"),
        ([ArgumentChange("shape", "dtype")], "Cast it to one dtype; without"),
        ([ArgumentChange("x", "rank")], "Keep it of one rank; without"),
        ([ArgumentChange("x", "values")], "Keep it to a few values, since XLA must know it while it compiles; without"),
        ([ArgumentChange("x", "row lengths")], "Pad it to one length, or keep to a few lengths; without"),
        ([ArgumentChange("x", "number of values")], "Pad it to one number of values; without"),
        ([ArgumentChange("x", "of a newer version")], "Without"),
    ],
)
def test_every_cause_has_its_remedy(changes: list[ArgumentChange], remedy: str) -> None:
    assert f". {remedy}" in said(again("xla", 0, 29, 29, changes)).headline


@pytest.mark.parametrize(
    ("functions", "words"),
    [
        (("`step`, steps.py:3",), "In eager `step`, steps.py:3, was traced 30 times in 30 calls because"),
        (
            ("`a`, f.py:1", "`b`, f.py:2", "c"),
            "In eager `a`, f.py:1, and 2 more were traced 30 times in 30 calls because",
        ),
    ],
)
def test_functions_that_a_mode_calls_are_named_in_its_place(functions: tuple[str, ...], words: str) -> None:
    assert said(replace(again("eager", 29, 0, 29, SHAPE), functions=functions)).headline.startswith(words)


def test_of_an_earlier_session_the_same_is_said() -> None:
    fields = again("xla", 0, 29, 29, [*SHAPE, *NUMBER])
    sentence = "argument x changed shape and argument n, a Python number, changed value"
    assert said(replace(fields, changes=(), cause=sentence)) == said(fields)


def test_a_graph_may_leave_a_shape_open() -> None:
    (remark,) = said(again("graph", 4, 0, 4, SHAPE), again("xla", 4, 4, 4, SHAPE)).remarks
    assert "changed shape: leave what changes open (None) in an `input_signature`. Without traces" in remark


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (
            compared("x/g", 0.8, 0.78, 0.82, "faster"),
            "a call takes 20 % less time than graph's (likely range 18-22 %).",
        ),
        (compared("x/g", 8.0, 7.0, 9.0, "slower"), "a call takes 8.0× as long as graph (likely range 7.0-9.0×)."),
        (compared("x/g", 1.0, 0.99, 1.01, "same"), "its time is within 2 % of graph's (likely range −1 to +1 %)."),
        (compared("x/g", 1.0, 0.9, 1.1, "unclear"), "it may be 10 % quicker or 10 % slower than graph."),
    ],
)
def test_without_compiles_the_mode_is_compared_as_ever(pair: PairEstimate, words: str) -> None:
    advice = said(again("xla", 0, 29, 29, SHAPE), pairs=(GRAPH_WINS, pair))
    assert advice.headline.endswith(f"Pad or fix the shape; without compiles {words}")


def test_too_few_rounds_leave_the_remedy() -> None:
    few = [compared(who, 0.5, None, None, "unclear") for who in ("g/e", "x/e", "x/g")]
    assert said(again("xla", 0, 29, 29, SHAPE), pairs=few).headline.endswith("cost 140 ms. Pad or fix the shape.")


def test_xla_inside_eager_is_named() -> None:
    advice = said(again("eager", 0, 3, 3, SHAPE))
    assert "XLA compiled 3 times in 4 calls of eager because argument x changed shape;" in advice.text


def test_arguments_that_stayed_alike_are_no_cause() -> None:
    assert said(again("xla", 0, 3, 3)).headline.startswith(
        "XLA compiled 4 times in 4 calls, though no dtype, shape or Python value of its arguments changed; each "
        "compile cost 140 ms. Without compiles"
    )


def test_rounds_in_which_it_often_compiled_are_counted() -> None:
    late = again("xla", 0, 12, 12, phase="rounds")
    assert said(late, *void_rounds("xla", 12, 40)).headline.startswith(
        "XLA compiled again in 12 of 40 rounds, though it was given the same arguments; each compile cost "
        "140 ms. Without"
    )


def test_one_mode_alone_has_no_other_to_be_compared_with() -> None:
    events = session_events(
        {"xla": 0.003}, case=Case("matmul", modes=("xla",)), beside=[*first_call("xla"), again("xla", 0, 9, 9, SHAPE)]
    )
    assert advise(first_case(events)).text == (
        "XLA compiled 10 times in 10 calls because argument x changed shape; each compile cost 140 ms. "
        "Pad or fix the shape. XLA takes 3 ms a call (likely range 2.97-3.03 ms)."
    )


def test_a_mode_that_failed_says_what_it_was_busy_with() -> None:
    late = again("xla", 0, 40, 40, phase="rounds")
    failed = ModeFailed(case_id="1", mode="xla", status="failed", error="no call was steady")
    assert (
        "XLA failed on CPU:0: no call was steady. XLA compiled again in 39 of 40 rounds"
        in said(late, *void_rounds("xla", 39, 40), failed).text
    )


# --- seldom: a remark ------------------------------------------------------------------------------------------------


def test_what_was_compiled_again_in_few_calls_is_a_remark() -> None:
    advice = said(again("xla", 0, 2, 99, SHAPE))
    assert advice.headline.startswith("Use XLA:")
    assert advice.remarks[-1] == (
        "XLA compiled 3 times in 100 calls because argument x changed shape; each compile cost 140 ms. "
        "Pad or fix the shape."
    )


def test_what_was_compiled_again_in_few_rounds_is_a_remark() -> None:
    advice = said(again("xla", 0, 1, 2, phase="rounds"), *void_rounds("xla", 1, 40))
    assert advice.headline.startswith("Use XLA:")
    assert advice.remarks[-1].startswith("XLA compiled again in 1 of 40 rounds, though")


@given(
    st.sampled_from(["eager", "graph", "xla"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(1, 40),
    st.sampled_from([(), SHAPE, NUMBER, (*SHAPE, *NUMBER)]),
    st.sampled_from(["argument_sets", "rounds"]),
)
def test_every_count_makes_whole_sentences(
    mode: str, traces: int, compilations: int, calls: int, changes: tuple[ArgumentChange, ...], phase: str
) -> None:
    advice = said(again(mode, traces, compilations, calls, changes, phase), *void_rounds(mode, calls, 40))
    for sentence in (advice.headline, *advice.remarks):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert not any(wrong in sentence for wrong in ("..", " .", ";;", "; .", "{", "  ", ": ."))
