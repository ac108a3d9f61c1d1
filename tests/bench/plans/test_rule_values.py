"""The rules of a plan: each is a key of plan files, and a plan's own are found again."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.plan import EFFORTS, Case, Effort, Plan, PlanError
from bench.plans.rule_values import effort_under, plan_under, unusual_rules
from bench.plans.toml_reader import parse_plan
from bench.plans.toml_writer import plan_as_toml
from bench.rules import EFFORT, FIGURES, REFINE, RULES, Rule

USUAL = Plan((Case("tiny_ops", (("repeats", 10), ("size", 4))),))

EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_all_that_a_plan_says_of_how_to_measure_is_a_rule() -> None:
    assert {each.name for each in fields(Effort)} == {rule.field for rule in FIGURES}
    others = {rule.field for rule in RULES if rule not in FIGURES}
    assert {each.name for each in fields(Plan)} == {"cases", "preset", "sweep", "verify_only", *others}
    assert EFFORTS[EFFORT.usual] == Effort()


@EVERY_RULE
def test_a_rule_that_is_set_is_found_in_the_plan_and_no_other_is(rule: Rule[Any]) -> None:
    plan = plan_under(USUAL, {rule.name: rule.example})
    assert {EFFORT: EFFORT.usual, **unusual_rules(plan)} == {EFFORT: EFFORT.usual, rule: rule.example}


@EVERY_RULE
def test_its_default_changes_nothing(rule: Rule[Any]) -> None:
    assert plan_under(USUAL, {rule.name: rule.default}) == USUAL
    assert plan_under(USUAL, {rule.name: rule.unit.written(rule.usual)}) == USUAL


@EVERY_RULE
def test_it_is_a_key_of_plan_files(rule: Rule[Any]) -> None:
    plan = plan_under(USUAL, {rule.name: rule.example})
    assert parse_plan(f'workload = "tiny_ops"\n{rule.key} = {json.dumps(rule.example)}').plan == plan
    assert f"\n{rule.key} = {json.dumps(rule.example)}" in plan_as_toml(plan)


@pytest.mark.parametrize("wrong", [0, -1, 10**19])
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not EFFORT], ids=lambda rule: rule.name)
def test_a_figure_out_of_bounds_is_refused(rule: Rule[Any], wrong: int) -> None:
    if rule is REFINE and wrong == 0:
        wrong = -2  # 0 is to go on for no time, whatever the configuration says
    with pytest.raises(PlanError, match=rule.name.replace("case_timeout", "case time-out")):
        plan_under(USUAL, {rule.name: wrong})


def test_a_named_effort_takes_the_place_of_the_figures_that_are_not_given() -> None:
    before = Effort(budget_s=7, target=0.1, processes=9)
    thorough = EFFORTS["thorough"]
    assert effort_under(before, {"effort": "thorough"}) == thorough
    assert effort_under(before, {"effort": "thorough", "budget": 60.0}) == Effort(60, thorough.target, 3)
    assert effort_under(before, {"effort": None, "target": 5.0}) == Effort(7, 0.05, 9)


FRACTIONS = st.integers(1, 9999).map(lambda hundredths: hundredths / 100 / 100)
FIGURES_OF_AN_EFFORT = st.builds(Effort, st.floats(0.01, 86_400), FRACTIONS, st.integers(1, 100))


@given(
    st.builds(
        Plan,
        st.just(USUAL.cases),
        st.sampled_from(list(EFFORTS.values())) | FIGURES_OF_AN_EFFORT,
        FRACTIONS,
        st.floats(0.01, 86_400),
        st.integers(1, 10**9),
    )
)
def test_the_unusual_rules_of_a_plan_make_it_again(plan: Plan) -> None:
    assert plan_under(USUAL, {rule.name: value for rule, value in unusual_rules(plan).items()}) == plan


@pytest.mark.parametrize("fraction", [1e-15, 1 / 3, 0.999999999999])
def test_a_percentage_is_written_as_one_that_can_be_read(fraction: float) -> None:
    plan = Plan(USUAL.cases, Effort(target=fraction), effect=fraction)
    read = parse_plan(plan_as_toml(plan)).plan
    assert [read.effort.target, read.effect] == pytest.approx([fraction, fraction], rel=1e-11)
