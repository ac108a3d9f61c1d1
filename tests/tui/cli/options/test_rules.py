"""Every rule of a plan is an option of `run`, a key of the configuration, and comes back in a repeated command."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from bench.plan import Case, Plan
from bench.plans.rule_values import plan_under
from bench.report.reproduce import repeat_command
from bench.rules import EFFORT, RULES, Rule, text_of
from tests.examples import NO_MODE_WINS, first_case, session_events
from tests.tui.command import Scripted, invoke, stand_in
from tui.config.kinds import toml
from tui.config.loader import read
from tui.config.schema import KEYS

CASES = (Case("tiny_ops", (("repeats", 10), ("size", 4))),)

EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@pytest.fixture(autouse=True)
def at_home(home: Path) -> Path:
    """Every test has places of its own."""
    return home


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The source that stands in for an engine."""
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


def under(rule: Rule[Any]) -> Plan:
    """The plan under an unusual value of the rule."""
    plan = plan_under(Plan(CASES), {rule.name: rule.example})
    assert plan != Plan(CASES)
    return plan


def measured(source: Scripted, *words: str) -> Plan:
    """The plan that a command line measures."""
    result = invoke("run", *words)
    (plan,) = source.plans
    assert result.exit_code == 0
    return plan


@EVERY_RULE
def test_it_is_an_option_of_run(rule: Rule[Any], source: Scripted) -> None:
    assert measured(source, "tiny_ops", rule.flag, text_of(rule.example)) == under(rule)


@EVERY_RULE
def test_it_may_be_given_beside_a_plans_file(rule: Rule[Any], source: Scripted) -> None:
    Path("PLAN.toml").write_text('workload = "tiny_ops"\n')
    assert measured(source, "PLAN.toml", rule.flag, text_of(rule.example)) == under(rule)


@EVERY_RULE
def test_it_comes_back_in_the_command_that_repeats_a_case(rule: Rule[Any], source: Scripted) -> None:
    effort = "" if rule is EFFORT else EFFORT.flag
    plan = under(rule)
    rules: dict[str, Any] = {
        "effort": plan.effort,
        "effect": plan.effect,
        "case_timeout_s": plan.case_timeout_s,
        "calls": plan.calls,
    }
    words = shlex.split(repeat_command(first_case(session_events({}, case=CASES[0], **rules))))
    assert rule.flag in words
    assert effort not in words
    assert measured(source, *words[2:]) == plan


@EVERY_RULE
def test_it_is_a_key_of_the_configuration_for_run_and_for_the_screen(
    rule: Rule[Any], source: Scripted, home: Path
) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(f"{rule.name} = {toml(rule.example)}\n")
    config = read().config
    assert KEYS[rule.name].flag == rule.flag
    assert config.plan(CASES, config.efforts[config.effort]) == under(rule)
    assert measured(source, "tiny_ops") == under(rule)
