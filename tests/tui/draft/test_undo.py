"""Undo: the setups before this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bench.plan import MODES, PRECISIONS, Case
from bench.runtime import Runtime
from tui.draft.draft import Draft, Setup
from tui.draft.undo import MOST_STEPS, UndoHistory

OWN_CODE = "steps.py::scale"
FIRST = Draft().setup


def choose(field: str, value: Any, draft: Draft) -> None:
    setattr(draft, field, value)


def resize(text: str, draft: Draft) -> None:
    for dim in draft.dims[:1]:
        draft.type(dim, text)


def double(up: bool, draft: Draft) -> None:
    for dim in draft.dims:
        draft.scale(dim, up=up)


def reopen(inputs: str, draft: Draft) -> None:
    draft.open(OWN_CODE, inputs)


def take(size: int, draft: Draft) -> None:
    draft.take(Case("conv2d", (("batch", size),), "bfloat16"))


CHANGES: st.SearchStrategy[Callable[[Draft], None]] = st.one_of(
    st.sampled_from(["matmul", "lstm", OWN_CODE]).map(lambda workload: partial(choose, "workload", workload)),
    st.sampled_from(PRECISIONS).map(lambda dtype: partial(choose, "dtype", dtype)),
    st.sampled_from(["CPU:0", "GPU:0"]).map(lambda device: partial(choose, "device", device)),
    st.sampled_from(["quick", "thorough"]).map(lambda effort: partial(choose, "effort_name", effort)),
    st.booleans().map(lambda onednn: partial(choose, "runtime", Runtime(onednn=onednn))),
    st.sets(st.sampled_from(MODES)).map(lambda modes: partial(choose, "modes", tuple(sorted(modes)))),
    st.sampled_from(["", "7", "1024", "99999"]).map(lambda text: partial(resize, text)),
    st.booleans().map(lambda up: partial(double, up)),
    st.sampled_from(["", "x=float32[8]"]).map(lambda inputs: partial(reopen, inputs)),
    st.integers(1, 9).map(lambda size: partial(take, size)),
)


@given(st.lists(CHANGES, max_size=MOST_STEPS))
def test_as_many_undos_as_there_were_changes_lead_back_through_all_of_them_and_redos_forth(
    changes: list[Callable[[Draft], None]],
) -> None:
    draft = Draft()
    draft.offer(OWN_CODE, "")
    history, said = UndoHistory(draft.setup), [draft.setup]
    for change in changes:
        change(draft)
        if history.note(draft.setup):
            said.append(draft.setup)
    for before in reversed(said[:-1]):
        setup = history.back()
        assert setup is not None
        draft.restore(setup)
        assert draft.setup == before
    assert history.back() is None
    for after in said[1:]:
        assert history.forward() == after
    assert history.forward() is None


def typed(text: str) -> Setup:
    return replace(FIRST, texts=frozenset({(("matmul", "m"), text)}))


def test_what_is_typed_into_one_field_without_a_pause_is_one_step() -> None:
    history = UndoHistory(FIRST)
    for text in ("5", "51", "512"):
        history.note(typed(text), "m")
    assert history.back() == FIRST


def test_a_pause_another_field_and_another_change_each_begin_a_step() -> None:
    gpu = replace(typed("5"), device="GPU:0")
    history = UndoHistory(FIRST)
    history.note(typed("5"), "m")
    history.note(gpu)
    history.note(replace(gpu, modes=("xla",)), "m")
    history.pause()
    history.note(replace(gpu, modes=("graph",)), "m")
    history.note(replace(gpu, modes=("eager",)), "k")
    steps = [history.back() for _ in range(6)]
    assert steps == [replace(gpu, modes=("graph",)), replace(gpu, modes=("xla",)), gpu, typed("5"), FIRST, None]


def test_what_is_typed_over_and_back_again_is_no_step() -> None:
    history = UndoHistory(FIRST)
    history.note(typed("5"), "m")
    history.note(FIRST, "m")
    assert history.back() is None


def test_another_change_leaves_nothing_to_redo() -> None:
    history = UndoHistory(FIRST)
    history.note(typed("5"))
    history.back()
    history.note(typed("7"))
    assert history.forward() is None
    assert history.back() == FIRST


def test_what_came_of_itself_is_no_step() -> None:
    history = UndoHistory(FIRST)
    history.note(typed("5"))
    history.amend(replace(typed("5"), device="GPU:0"))
    assert history.back() == FIRST


def test_steps_are_forgotten_where_there_are_too_many() -> None:
    history = UndoHistory(FIRST)
    for number in range(MOST_STEPS + 5):
        history.note(typed(str(number)))
    steps = [history.back() for _ in range(MOST_STEPS)]
    assert steps[-1] == typed("4")
    assert history.back() is None


def test_code_reopened_with_other_inputs_is_read_again_when_that_is_undone() -> None:
    draft = Draft()
    draft.open(OWN_CODE, "float32[rows=4]")
    before = draft.setup
    draft.open(OWN_CODE, "float32[8]")
    draft.learn(OWN_CODE, replace(draft.info, dims=(("columns", 8, 1, 64),)))
    draft.restore(before)
    assert draft.own == (OWN_CODE, "float32[rows=4]")
    assert not draft.is_known
    assert draft.dims == ()
