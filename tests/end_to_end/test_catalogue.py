"""The whole catalogue in all modes, at its least sizes: each ends as is known of it, and the worker lives on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.analysis.support import TRIAL, trial
from bench.catalogue import WORKLOADS, Workload
from bench.events import CaseFinished, Suspicious
from bench.plan import MIXED, Case
from tests.driver import Driver
from tests.slow import LONG_WORKLOADS
from tests.troubles import TROUBLES


def left_changed(driver: Driver, mark: int) -> tuple[str, ...]:
    """Return what cases have changed in their process since the mark: the catalogue's must not cost a fresh one."""
    finished = [event for event in driver.emitted[mark:] if isinstance(event, CaseFinished)]
    return tuple(name for event in finished for name in event.changed)


@pytest.mark.parametrize(
    "workload",
    [
        pytest.param(workload, marks=pytest.mark.slow if name in LONG_WORKLOADS else (), id=name)
        for name, workload in WORKLOADS.items()
    ],
)
def test_it_ends_as_is_known_of_it_and_is_not_suspected(driver: Driver, workload: Workload) -> None:
    mark = driver.mark
    (result,) = driver.measure(*trial([workload], "CPU:0").cases, effort=TRIAL)
    known = TROUBLES.get(workload.name, {})
    assert result.error == ""
    for mode in result.modes:
        ended = "ok" if mode.status == "ok" else f"{mode.status}: {mode.error}"
        assert ended.startswith(known.get(mode.mode, "ok"))
    assert not [event.reason for event in driver.emitted[mark:] if isinstance(event, Suspicious)]
    assert left_changed(driver, mark) == ()


@pytest.mark.slow
@pytest.mark.parametrize("dtype", MIXED)
@pytest.mark.parametrize(
    "workload", [each for each in WORKLOADS.values() if set(MIXED) <= set(each.dtypes)], ids=lambda w: w.name
)
def test_it_works_in_mixed_precision_too(driver: Driver, workload: Workload, dtype: str) -> None:
    mark = driver.mark
    (case,) = trial([workload], "CPU:0").cases
    (result,) = driver.measure(replace(case, dtype=dtype), effort=TRIAL)
    assert result.all_ok
    assert {mode.reference for mode in result.modes} == {"float64"}
    assert left_changed(driver, mark) == ()


def test_an_algorithm_whose_errors_grow_with_the_size_is_not_called_wrong_for_that(driver: Driver) -> None:
    (result,) = driver.measure(Case("svd", (("batch", 1), ("size", 64))), effort=TRIAL)
    xla = result.mode("xla")
    assert xla is not None
    assert xla.status == "ok"
    assert xla.max_rel_error is not None
    assert 0 < xla.max_rel_error < 1e-4
