"""Select the cases of a plan to measure: those that match `--filter`, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench.analysis.pairing import is_measured_once
from bench.plan import Case, Plan, PlanError
from bench.plans.sweep import repeated_values

from ...presentation.search import has_words
from ...presentation.status_text import describe_case

MOST_NAMED = 8
"""Cases that a message names."""


def with_words(cases: Sequence[Case], words: str) -> list[int]:
    """Return the places of the cases that have every word. Raises PlanError if none has."""
    places = [place for place, case in enumerate(cases) if has_words(describe_case(case), words)]
    if not places:
        raise PlanError(f"--filter {words!r}: no case has {_these(words)}: there is {_named(cases)}")
    return places


def narrowed(plan: Plan, words: str) -> Plan:
    """Return the plan with those of its cases that have every word. Raises PlanError if none has."""
    return replace(plan, cases=tuple(plan.cases[place] for place in with_words(plan.cases, words))) if words else plan


def distinct(plan: Plan) -> tuple[Plan, str]:
    """Return the plan with each case once, and a notice about duplicates, or ""."""
    counted = Counter(map(is_measured_once, plan.cases))
    first = {is_measured_once(case): case for case in reversed(plan.cases)}
    cases = tuple(first[key] for key in counted)
    said = [_named([first[key] for key, times in counted.items() if times > 1])] if len(cases) < len(plan.cases) else []
    said += [f"{value} in {text}" for text in plan.sweep for value in repeated_values(text)]
    return replace(plan, cases=cases), f"given more than once, measured once: {'; '.join(said)}" if said else ""


def _these(words: str) -> str:
    return "this word" if len(words.split()) == 1 else "all of these words"


def _named(cases: Iterable[Case]) -> str:
    titles = list(dict.fromkeys(map(describe_case, cases)))
    more = f" and {len(titles) - MOST_NAMED:,} more" if len(titles) > MOST_NAMED else ""
    return f"{'; '.join(titles[:MOST_NAMED])}{more}"
