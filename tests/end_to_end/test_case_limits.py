"""Check how long a case may take before its worker is killed. The far side is scripted, and the test sets the time.

The limit is that of the case, three times the budget of its rounds, and its time to be refined.
"""

from __future__ import annotations

import pytest

from bench.events import Calibrated, CaseStarted, ModeFailed, PlanFinished
from bench.plan import LONGEST_OVERRUN, OVERRUN, Effort, Plan
from tests.clock import Clock
from tests.driver import Driver
from tests.far_side import ONE, scripted

TIMEOUT_S, BUDGET_S, REFINE_S = 5, 2, 6
USUAL_S = TIMEOUT_S + OVERRUN * BUDGET_S
LONGEST_S = TIMEOUT_S + LONGEST_OVERRUN * BUDGET_S


@pytest.mark.parametrize(
    ("least_s", "refine_s", "limit_s"),
    [
        (1.0, 0, USUAL_S),
        (OVERRUN * BUDGET_S + 1.0, 0, LONGEST_S),
        (1.0, REFINE_S, USUAL_S + REFINE_S),
    ],
    ids=["usual", "rounds of slow calls, announced", "to be refined"],
)
def test_a_case_is_timed_out_once_its_limit_is_reached(least_s: float, refine_s: float, limit_s: int) -> None:
    clock = Clock()
    far = scripted(measure=["begin", f"calibrated {least_s}"], kill=["die graph"], measure_1_1_again=["finish"])
    with Driver(far, clock=clock) as driver:
        effort = Effort(budget_s=BUDGET_S, refine_s=refine_s)
        driver.engine.submit(Plan(ONE, effort, case_timeout_s=TIMEOUT_S))
        driver.wait_for(CaseStarted)
        driver.wait_for(Calibrated)
        clock.pass_by(driver, limit_s - 1)
        assert not [event for event in driver.emitted if isinstance(event, ModeFailed)]
        clock.pass_by(driver, 1)
        assert driver.wait_for(ModeFailed).status == "timed_out"
        driver.wait_for(PlanFinished)
