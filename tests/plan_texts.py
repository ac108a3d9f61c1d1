"""Plans as they are read from a text."""

from __future__ import annotations

from bench.plan import Plan
from bench.plans.toml_reader import parse_plan


def parsed(text: str) -> Plan:
    return parse_plan(text).plan
