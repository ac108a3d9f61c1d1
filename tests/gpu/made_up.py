"""What the rules answer to made-up figures, for tests of theirs."""

from __future__ import annotations

from typing import Any

from tests.gpu.evidence import Evidence
from tests.gpu.judging import answer_of
from tests.gpu.outcomes import OK, Outcome
from tests.gpu.probe import Answer, Rule
from tests.gpu.probes import PROBES

RULES = [(probe, rule) for probe in PROBES for rule in probe.rules]

WORKS, FAILS = {"ok": True}, {"ok": False, "error": "InvalidArgumentError: Could not satisfy"}


def rule_of(probe: str, claim: str) -> Rule:
    """Return the rule of a probe whose claim begins so."""
    (found,) = (rule for each, rule in RULES if each.name == probe and rule.claim.startswith(claim))
    return found


def answer(probe: str, claim: str, **steps: dict[str, Any]) -> Answer:
    """Return what a rule answers to figures by step; `on_then_off` stands for the step `on, then off`."""
    names = {step.name.replace(",", "").replace(" ", "_"): step.name for each in PROBES for step in each.steps}
    outcomes = {names[name]: Outcome(probe, names[name], OK, figures) for name, figures in steps.items()}
    return answer_of(rule_of(probe, claim), Evidence(outcomes))
