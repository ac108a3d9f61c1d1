"""A session taken apart from its events: as a copy of it, and once nobody has it any more."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.session.case_list import Cases, Progress
from bench.session.session import Session
from tests.examples import sweep_events
from tests.slow import slowly
from tests.tui.stage import recorded

EVENTS = recorded("tour")
MORE = sweep_events(10)


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_a_session_that_nobody_has_is_gone_at_once() -> None:
    session = Session(EVENTS)
    gone = weakref.ref(session)
    del session
    assert gone() is None


def state(of: Any) -> dict[str, Any]:
    """All that it holds, down to what is frozen."""
    held = {
        name: state(value) if isinstance(value, Cases | Progress) else copy(value) for name, value in vars(of).items()
    }
    return {**held, "items": list(of.items())} if isinstance(of, Cases) else held


@pytest.mark.parametrize("examples", [25, *slowly(100)])
def test_what_a_copy_takes_in_the_session_does_not_and_goes_on_from_there(examples: int) -> None:
    settings(max_examples=examples)(given(st.integers(0, len(EVENTS)))(assert_apart))()


def assert_apart(so_far: int) -> None:
    """Copy a session after so many events, and let both take in the rest."""
    session = Session(EVENTS[:so_far])
    before, copied = state(session), copy(session)
    assert state(copied) == before
    for event in [*EVENTS[so_far:], *MORE]:
        copied.apply(event)
    assert state(session) == before
    for event in [*EVENTS[so_far:], *MORE]:
        session.apply(event)
    assert state(session) == state(copied)
