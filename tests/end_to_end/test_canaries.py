"""Benchmarks that deceive themselves, measured by a real worker: it says so of the modes that are deceived."""

from __future__ import annotations

import pytest

from bench.events import Suspicious
from bench.plan import Case
from tests.driver import Driver
from tests.programs import CANARIES


def reasons(driver: Driver, name: str) -> dict[str, set[str]]:
    """What is suspected of a workload, by mode."""
    mark = driver.mark
    (result,) = driver.measure(Case(f"{CANARIES}::{name}"))
    assert result.all_ok, "a suspicious mode is measured like any other"
    found: dict[str, set[str]] = {}
    for event in driver.emitted[mark:]:
        if isinstance(event, Suspicious):
            found.setdefault(event.mode, set()).add(event.reason)
    return found


@pytest.mark.parametrize(
    ("canary", "words"),
    [
        ("unused_output", "nothing uses their results"),
        ("constant_input", "the output depends on no argument"),
        ("constant_share", "depend on no argument"),
        ("duplicated", "compute the same as another"),
        ("transposed_twice", "a transpose undoes the one before it"),
    ],
)
def test_a_canary_is_told_of_graph_and_xla_and_not_of_eager(driver: Driver, canary: str, words: str) -> None:
    found = reasons(driver, canary)
    assert set(found) == {"graph", "xla"}
    for told in found.values():
        assert len(told) == 1
        assert words in told.pop()


@pytest.mark.parametrize(
    "twin", ["used_output", "variable_input", "tensor_closed_over", "chained", "transposed_differently"]
)
def test_its_honest_twin_is_told_of_nothing(driver: Driver, twin: str) -> None:
    assert reasons(driver, twin) == {}
