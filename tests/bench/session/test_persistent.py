"""What makes folding thousands of events quick."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.session.persistent import AppendOnlyTuple, evolve
from bench.session.results import ModeResult


def test_a_record_is_changed_as_the_library_does_it() -> None:
    before = ModeResult("xla", status="ok", compile_s=0.5)
    assert evolve(before, phase="rounds", error="?") == dataclasses.replace(before, phase="rounds", error="?")
    assert before == ModeResult("xla", status="ok", compile_s=0.5)


@given(st.lists(st.integers()), st.lists(st.integers()), st.lists(st.integers()))
def test_what_grows_is_read_like_a_tuple_and_stays_what_it_was(
    stem: list[int], one: list[int], other: list[int]
) -> None:
    grown: AppendOnlyTuple[int] = AppendOnlyTuple(stem)
    branches = [grown, grown]
    for number, values in enumerate((one, other)):
        for value in values:
            branches[number] = branches[number].plus(value)
    for found, expected in zip((grown, *branches), (stem, stem + one, stem + other), strict=True):
        assert list(found) == [found[index] for index in range(len(found))] == expected
        assert found == tuple(expected) == found[:]
        assert (hash(found), repr(found), len(found)) == (hash(tuple(expected)), repr(tuple(expected)), len(expected))
        assert (found[-3:], found[1::2]) == (tuple(expected[-3:]), tuple(expected[1::2]))
        with pytest.raises(IndexError):
            found[len(expected)]


def test_what_grows_is_not_copied() -> None:
    grown: AppendOnlyTuple[int] = AppendOnlyTuple()
    for value in range(3):
        before, grown = grown, grown.plus(value)
        assert grown._values is before._values
