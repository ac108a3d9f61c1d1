"""Every rule answers, whatever is missing or odd; every finding has one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gpu.evidence import CannotTellError, Evidence
from tests.gpu.findings import FINDINGS
from tests.gpu.judging import answer_of, decide
from tests.gpu.made_up import RULES
from tests.gpu.outcomes import DIED, OK, TIMED_OUT, Outcome
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Probe, Rule
from tests.gpu.probes import PROBES


def ids(value: object) -> str | None:
    return value.name if isinstance(value, Probe) else value.claim if isinstance(value, Rule) else None


@pytest.mark.parametrize(("probe", "rule"), RULES, ids=ids)
def test_nothing_can_be_told_where_steps_were_not_run_or_measured_nothing(probe: Probe, rule: Rule) -> None:
    nothing = answer_of(rule, Evidence({}))
    assert nothing.verdict == CANNOT_TELL
    assert "was not run" in nothing.words
    for status, error in ((DIED, "Segmentation fault"), (TIMED_OUT, "it took longer than 60 s")):
        ended = {step.name: Outcome(probe.name, step.name, status, {}, error) for step in probe.steps}
        told = answer_of(rule, Evidence(ended))
        assert told.verdict == CANNOT_TELL
        assert error in told.words


@pytest.mark.parametrize("value", [None, True, "1.5", [1.5], float("nan"), float("inf")])
def test_what_is_no_finite_number_is_no_figure(value: Any) -> None:
    evidence = Evidence({"step": Outcome("probe", "step", OK, {"time": {"first": value}})})
    with pytest.raises(CannotTellError, match="time first"):
        evidence.number("step", "time", "first")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.sampled_from(["", "ok", "GPU:0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


class Odd(dict[str, Any]):
    """Figures that have every name, with the same odd value."""

    def __init__(self, value: Any) -> None:
        super().__init__({"name": value})
        self._value = value

    def get(self, name: str, default: Any = None) -> Any:
        return self._value

    def __missing__(self, name: str) -> Any:
        return self._value


@given(JSON_VALUES)
def test_every_rule_answers_whatever_the_figures_are(value: Any) -> None:
    for probe, rule in RULES:
        outcomes = {step.name: Outcome(probe.name, step.name, OK, Odd(value)) for step in probe.steps}
        assert answer_of(rule, Evidence(outcomes)).verdict in {CONFIRMED, REFUTED, CANNOT_TELL}


def test_every_claim_is_decided_once_in_the_order_of_the_probes() -> None:
    decisions = list(decide(PROBES, []))
    assert [decision.claim for decision in decisions] == [rule.claim for _, rule in RULES]
    assert len({(probe.name, rule.claim) for probe, rule in RULES}) == len(RULES)


def test_every_finding_is_decided_by_some_rule() -> None:
    assert {rule.finding for _, rule in RULES} == {0, *FINDINGS}
