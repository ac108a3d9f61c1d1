"""The modes of two implementations: what they are called, and which a case has."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.implementations import are_two, is_old, of_both, old, plain, plain_modes
from bench.plan import EVERY_MODE, MODES, Case, PlanError

CASE = Case("step.py::new", modes=("graph", "xla"), against="step.py::old")


@given(st.sampled_from(MODES))
def test_a_name_is_made_and_taken_apart(mode: str) -> None:
    assert plain(old(mode)) == plain(mode) == mode
    assert (is_old(mode), is_old(old(mode))) == (False, True)
    assert plain_modes(of_both([mode])) == (mode,)


def test_every_mode_is_followed_by_the_old_ones() -> None:
    assert EVERY_MODE[:4] == ("eager", "old-eager", "as-written", "old-as-written")
    assert not are_two(MODES)


def test_a_case_has_the_modes_of_both() -> None:
    assert CASE.modes == ("graph", "old-graph", "xla", "old-xla")
    assert CASE.old_name == "step.py::old"
    assert CASE.code == ("step.py::new", "step.py::old")
    assert CASE.title == "step.py::new · against step.py::old · float32 · CPU:0"


def test_a_case_without_an_old_implementation_has_its_own_modes_alone() -> None:
    case = replace(CASE, against="")
    assert case.modes == ("graph", "xla")
    assert (case.is_held_against, case.old_name, case.code) == (False, "", ("step.py::new",))


def test_a_revision_is_of_the_workload_itself_unless_another_is_named() -> None:
    assert replace(CASE, against="", against_ref="HEAD~1").old_name == "step.py::new at HEAD~1"
    assert replace(CASE, against_ref="v1").old_name == "step.py::old at v1"


def test_modes_that_are_left_over_stay_alone() -> None:
    assert replace(CASE, modes=("graph", "old-graph", "old-xla")).modes == ("graph", "old-graph", "old-xla")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"workload": "matmul", "against": "", "against_ref": "HEAD"}, "is for code of your own: matmul is no file"),
        ({"against_ref": "--output=x"}, "'--output=x' is no revision of a git repository"),
        ({"modes": ("old-fast",)}, "mode 'old-fast' is not one of eager"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PlanError, match=re.escape(words)):
        replace(CASE, **changes)  # type: ignore[arg-type]
