"""Every tool that compares two callables, ours among them, called alike."""

from __future__ import annotations

from time import perf_counter

from tests.fidelity import ours
from tests.fidelity.part import Values
from tests.fidelity.rivals import RIVALS
from tests.fidelity.subjects import Subject

OURS = "ours"

TOOLS = (OURS, *RIVALS)


def compare(tool: str, first: Subject, second: Subject, budget_s: float, seed: int) -> Values:
    """The ratio and the verdict by `tool`, ours with its 95 % interval, and the seconds that it took in all."""
    start = perf_counter()
    if tool == OURS:
        pair = ours.compare(first, second, budget_s=budget_s, seed=seed)
        found = {"ratio": pair.ratio, "low": pair.low, "high": pair.high, "verdict": pair.verdict}
    else:
        comparison = RIVALS[tool](first, second, budget_s)
        found = {"ratio": comparison.ratio, "verdict": comparison.verdict}
    return {**found, "spent_s": perf_counter() - start}
