"""From rules and outcomes to decisions. Pure; whatever the figures are, every rule gets an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.gpu.evidence import CannotTellError, Evidence
from tests.gpu.outcomes import Outcome
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Probe, Rule


@dataclass(frozen=True)
class Decision:
    """The answer to one claim, with the rule that gave it."""

    finding: int
    probe: str
    claim: str
    rule: str
    verdict: str
    words: str


def decide(probes: Iterable[Probe], outcomes: Iterable[Outcome]) -> Iterator[Decision]:
    """Yield the decision for every rule of the probes, in their order."""
    by_probe: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        by_probe.setdefault(outcome.probe, {})[outcome.step] = outcome
    for probe in probes:
        evidence = Evidence(by_probe.get(probe.name, {}))
        for rule in probe.rules:
            answer = answer_of(rule, evidence)
            yield Decision(rule.finding, probe.name, rule.claim, rule.text, answer.verdict, answer.words)


def answer_of(rule: Rule, evidence: Evidence) -> Answer:
    """Return the rule's answer; CANNOT_TELL if figures are missing or are not what the rule expects."""
    try:
        return rule.decide(evidence)
    except CannotTellError as missing:
        return Answer(CANNOT_TELL, str(missing))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        return Answer(CANNOT_TELL, f"the figures are not what the rule expects ({type(error).__name__}: {error})")


def by_thresholds(value: float, *, refuted_up_to: float, confirmed_from: float, words: str) -> Answer:
    """Return the answer for a figure that confirms when it is large, refutes when small, and tells nothing between."""
    verdict = CONFIRMED if value >= confirmed_from else REFUTED if value <= refuted_up_to else CANNOT_TELL
    return Answer(verdict, words)
