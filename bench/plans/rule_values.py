"""Read the rules of a plan, and set them, in the units in which people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..plan import EFFORTS, Case, Effort, Plan
from ..rules import EFFORT, FIGURES, RULES, Rule
from ..suggest import one_of

NO_CASES = (Case(""),)
"""Stands for the cases of a plan that is made to check a rule."""


def plan_under(plan: Plan, given: Mapping[str, Any]) -> Plan:
    """Return the plan under the given rules, by name; it keeps those that are absent or None. Raises PlanError.

    A named effort takes the place of all its figures but those that are given, too.
    """
    values = {rule.field: value for rule, value in _values(RULES, given) if rule is not EFFORT and not rule.is_figure}
    return replace(plan, effort=effort_under(plan.effort, given), **values)


def effort_under(effort: Effort, given: Mapping[str, Any]) -> Effort:
    """Return the effort under the given rules, by name; it keeps those that are absent or None. Raises PlanError."""
    name = given.get(EFFORT.name)
    values = {rule.field: value for rule, value in _values(FIGURES, given)}
    return replace(effort if name is None else EFFORTS[one_of(name, EFFORTS, "effort")], **values)


def check_given(rule: Rule[Any], value: Any) -> None:
    """Raise PlanError for a value that a plan cannot have."""
    plan_under(Plan(NO_CASES), {rule.name: value})


def unusual_rules(plan: Plan) -> dict[Rule[Any], Any]:
    """Return the values that differ from the usual ones, in the order of RULES.

    The effort is always there: by the name of the one with this budget and target, or else of the usual one, from which
    the figures are told that differ.
    """
    name = next((name for name, each in EFFORTS.items() if _is_alike(each, plan.effort)), EFFORT.usual)
    usual = Plan(plan.cases, EFFORTS[name])
    values = {rule: (_value(rule, plan), _value(rule, usual)) for rule in RULES if rule is not EFFORT}
    return {EFFORT: name, **{rule: value for rule, (value, otherwise) in values.items() if value != otherwise}}


def _values(rules: Iterable[Rule[Any]], given: Mapping[str, Any]) -> Iterable[tuple[Rule[Any], Any]]:
    """Yield each rule that is given, and its value as a plan has it."""
    return ((rule, rule.unit.read(given[rule.name])) for rule in rules if given.get(rule.name) is not None)


def _value(rule: Rule[Any], plan: Plan) -> Any:
    return rule.unit.written(getattr(plan.effort if rule.is_figure else plan, rule.field))


def _is_alike(usual: Effort, effort: Effort) -> bool:
    return (usual.budget_s, usual.target) == (effort.budget_s, effort.target)
