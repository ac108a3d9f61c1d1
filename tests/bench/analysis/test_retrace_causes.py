"""The cause of retraces in words, from fields; and from the sentences of earlier sessions, which read the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.recorded_causes import parse_cause
from bench.analysis.retrace_causes import clauses_of, describe_cause
from bench.events import ArgumentChange, Retraced
from bench.session.results import Retraces
from bench.session.wire import read_line

X_SHAPE = ArgumentChange("x", "shape")
N_VALUE = ArgumentChange("n", "value", "number")

RECORDED = (
    '{"kind":"retraced","at":1790000000.5,"case_id":"1","mode":"xla","phase":"argument_sets","calls":29,"traces":29,'
    '"compilations":29,"compile_s":4.06,"cause":"arguments x and y changed shape and dtype and argument n, a Python '
    'number, changed value"}'
)
"""A line as it was recorded before causes were fields."""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([X_SHAPE], "argument x changed shape"),
        ([X_SHAPE, ArgumentChange("x", "dtype")], "argument x changed shape and dtype"),
        ([N_VALUE], "argument n, a Python number, changed value"),
        ([ArgumentChange("n", "value", "bool")], "argument n, a Python bool, changed value"),
        ([N_VALUE, ArgumentChange("m", "value", "number")], "arguments n and m, Python numbers, changed value"),
        ([X_SHAPE, ArgumentChange("n", "shape")], "arguments x and n changed shape"),
        ([X_SHAPE, N_VALUE], "argument x changed shape and argument n, a Python number, changed value"),
        ([ArgumentChange(name, "shape") for name in "abcd"], "arguments a, b, c and d changed shape"),
        ([ArgumentChange(name, "shape") for name in "abcde"], "arguments a, b, c and 2 more changed shape"),
        ([ArgumentChange("batch", "shape", part="['ids']")], "argument batch['ids'] changed shape"),
        ([ArgumentChange("x", "row lengths")], "the row lengths of `x` changed"),
        ([ArgumentChange(name, "row lengths") for name in "xy"], "the row lengths of x and y changed"),
        ([ArgumentChange("x", "number of values")], "the number of values of `x` changed"),
        ([ArgumentChange("model", "value", "object")], "argument model, a Python object, is another one"),
        (
            [ArgumentChange(name, "value", "object") for name in "ab"],
            "arguments a and b, Python objects, are others",
        ),
        ([], ""),
    ],
)
def test_arguments_that_changed_alike_share_their_words(changes: list[ArgumentChange], words: str) -> None:
    assert describe_cause(Retraces(changes=tuple(changes))) == words


def test_a_single_change_is_told_with_its_example() -> None:
    shape = ArgumentChange("x", "shape", "", "(8, 3)", "(9, 3)")
    assert describe_cause(Retraces(changes=(shape,))) == "argument x changed shape, for example from (8, 3) to (9, 3)"
    assert describe_cause(Retraces(changes=(shape, N_VALUE))) == (
        "argument x changed shape and argument n, a Python number, changed value"
    )


def test_a_recorded_sentence_is_said_as_it_was_and_understood() -> None:
    event = read_line(RECORDED)
    assert isinstance(event, Retraced)
    retraces = Retraces().and_in(event)
    assert describe_cause(retraces) == event.cause
    shape, number = parse_cause(retraces.cause)
    assert (shape.names, shape.several, shape.kind, shape.aspects) == ("x and y", True, "", ("shape", "dtype"))
    assert (number.names, number.several, number.kind, number.aspects) == ("n", False, "number", ("value",))


@pytest.mark.parametrize("sentence", ["", "the moon", "argument x"])
def test_a_sentence_of_another_form_is_said_and_no_more(sentence: str) -> None:
    assert describe_cause(Retraces(cause=sentence)) == sentence
    assert parse_cause(sentence) == []


CHANGES = st.lists(
    st.builds(ArgumentChange, st.sampled_from("abcdefg"), st.sampled_from(["shape", "dtype"]))
    | st.builds(ArgumentChange, st.sampled_from("abcdefg"), st.just("value"), st.sampled_from(["number", "string"])),
    max_size=8,
    unique=True,
)


@given(CHANGES)
def test_the_words_of_changes_are_those_that_were_recorded_before(changes: list[ArgumentChange]) -> None:
    assert parse_cause(describe_cause(Retraces(changes=tuple(changes)))) == clauses_of(changes)
