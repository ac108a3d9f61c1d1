"""What is measured on the screen goes on getting more precise, until the user does something else."""

from __future__ import annotations

from dataclasses import replace

from bench.plan import Plan

from ..config.schema import Config

REFINE_S = 30.0


def refined_on_screen(plan: Plan, config: Config) -> Plan:
    """Return the plan with REFINE_S seconds to refine its one case, unless the configuration says otherwise.

    Several cases or processes take long enough as it is.
    """
    if config.refine is not None or len(plan.cases) > 1 or plan.effort.processes > 1:
        return plan
    return replace(plan, effort=replace(plan.effort, refine_s=REFINE_S))
