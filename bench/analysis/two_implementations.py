"""Say what is known of two implementations in one case: each mode of the new one, held against the old one's."""

from __future__ import annotations

from ..events import PairEstimate
from ..implementations import is_old, old
from ..session.results import CaseResult, ModeResult
from .findings import (
    SPOKEN,
    Finding,
    capitalised,
    has_interval,
    is_something_else,
    is_unusable,
    one_line,
    retraced_often,
    why_unusable,
    within,
)
from .ratio_text import may_be, ratio_text
from .shared_reasons import by_reason

NEW, OLD = "the new one", "the old one"

IMPLEMENTATIONS = {"new": NEW, "old": OLD, "same": "either one"}
"""Says which of two is the quicker: in a table, and in a sentence on what to use."""

CHOICES = {**SPOKEN, **IMPLEMENTATIONS}
"""Says what to use, a mode or an implementation, in a sentence."""

BY_WEIGHT = ("differs", "retraced", "avoid", "use", "unclear", "keep", "unusable", "absent")
"""Kinds of findings: what comes first is the headline."""


def findings_of_two(case: CaseResult) -> list[Finding]:
    """Return a finding for each mode that has one, simplest first; one for all where the two compute otherwise."""
    if other := next(filter(is_something_else, case.modes), None):
        words = f" ({one_line(other.error)})" if other.error else ""
        return [_finding("differs", f"{OLD} computes something else than {NEW}{words}, so they are not compared", None)]
    findings = []
    groups = {group[0].mode: group for group in by_reason(mode for mode in case.modes if is_unusable(mode))}
    for mode in case.modes:
        if mode.mode in groups:
            findings.append(why_unusable(case, *groups[mode.mode]))
        elif not mode.comparable:
            continue
        elif retraced := retraced_often(case, mode, case.mode(old(mode.mode))):
            findings.append(retraced)
        elif pair := case.pair(mode.mode, old(mode.mode)):
            findings.append(_compare(case, mode, pair))
    return findings


def headline_of_two(findings: list[Finding]) -> Finding:
    """Return the finding to begin with: what is worse, then what is better, of the most complex mode."""
    return min(reversed(findings), key=lambda finding: BY_WEIGHT.index(finding.kind))


def quicker_of_two(case: CaseResult) -> str:
    """Return which of the two is quicker in every mode that tells, one of IMPLEMENTATIONS; empty where modes differ.

    A question mark follows where a mode does not tell yet.
    """
    verdicts = {pair.verdict for pair in case.pairs if is_old(pair.baseline)}
    open_ones = "?" if verdicts - {"faster", "slower", "same"} else ""
    told = verdicts & {"faster", "slower"}
    if len(told) == 2 or not verdicts - {"unclear"}:
        return ""
    return {"faster": "new", "slower": "old"}.get(next(iter(told), ""), "same") + open_ones


def _compare(case: CaseResult, mode: ModeResult, pair: PairEstimate) -> Finding:
    where = f"with {SPOKEN[mode.mode]}"
    if not has_interval(pair) or pair.low is None or pair.high is None:
        return _finding("unclear", f"cannot tell yet {where}: there are too few rounds to compare the two", pair)
    low, high = pair.low, pair.high
    told = ratio_text(pair.ratio, low, high, than=f"{OLD}'s", time=f"{OLD}'s time", base=OLD)
    if pair.verdict == "faster" and max(pair.ratio, high) < 1:
        return _finding("use", f"{NEW} is faster {where}: each call takes {told}", pair)
    if pair.verdict == "slower" and min(pair.ratio, low) > 1:
        return _finding("avoid", f"{NEW} is slower {where}: each call takes {told}", pair)
    if pair.verdict == "same":
        is_within, likely = within(case, low, high)
        return _finding("keep", f"{NEW} makes no difference {where}: its {is_within} {OLD}'s {likely}", pair)
    may = may_be(low, high, case.plan.effect, f"{OLD}'s time").format(than=f" than {OLD}")
    return _finding("unclear", f"cannot tell yet {where}: {NEW} may {may}", pair)


def _finding(kind: str, words: str, pair: PairEstimate | None) -> Finding:
    sentence = f"{capitalised(words)}."
    return Finding(kind, sentence, sentence, pair)
