"""Advice in sentences that can be quoted. It judges nothing itself: every figure and verdict comes from the events.

Each mode is compared with the best of the simpler ones. Below 1.5× a sentence speaks in percent of time, above in ×;
a *likely range* is the 95 % interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .events import PairEstimate
from .figures import (
    count,
    duration,
    duration_range,
    percent_decimals,
    signed_spread,
    spread,
    telling_decimals,
    times_decimals,
)
from .session import CaseResult, ModeResult

TIMES_FROM = 1.5
"""From here on a ratio is easier to picture than a percentage."""

SPOKEN = {"eager": "eager", "graph": "graph", "xla": "XLA"}


@dataclass(frozen=True)
class Advice:
    """What to do, in one sentence, and what else there is to say."""

    headline: str
    remarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join((self.headline, *self.remarks))


@dataclass(frozen=True)
class Choice:
    """The mode to use, as far as is known (empty: none), and after how many calls it has repaid its one-off cost.

    `repaid_after` is null where nothing has to be repaid: the simplest mode is best. `certain`: a longer measurement
    cannot be expected to change it.
    """

    mode: str = ""
    repaid_after: int | None = None
    certain: bool = True


@dataclass(frozen=True)
class _Finding:
    """What is known of one mode: on its own (`sentence`), and beside another's sentence (`remark`).

    `kind` is use, keep (the simpler mode), avoid, unclear or unusable; `pair` what it was found from, if anything.
    """

    kind: str
    sentence: str
    remark: str
    pair: PairEstimate | None = None


def advise(case: CaseResult, *, hint: str = "") -> Advice:
    """Which mode to use. `hint` says how to learn more where nothing can be told yet: `Press t for a thorough run`."""
    measured = any(mode.measured for mode in case.modes)
    if case.error:
        return Advice(f"Not {'finished' if measured else 'measured'}: {_one_line(case.error)}.")
    advice = _advise(case, hint)
    if case.state == "cancelled" and measured:
        rounds = "1 round" if case.rounds == 1 else f"{case.rounds:,} rounds"
        return replace(advice, headline=f"Stopped after {rounds}: {advice.headline}")
    return advice


def _advise(case: CaseResult, hint: str) -> Advice:
    usable = [mode for mode in case.modes if mode.comparable]
    unusable = [mode for mode in case.modes if mode.status and not mode.comparable]
    if not any(mode.measured for mode in case.modes):
        return _nothing_measured(case, unusable)
    findings = _findings(case)
    if len(usable) == 1:
        alone = _takes(usable[0])
        if not findings:
            return Advice(f"{alone}; nothing to compare it with.")
        return Advice(findings[-1].sentence, (*(finding.remark for finding in findings[:-1]), f"{alone}."))
    learn_more = _how_to_learn_more(case, hint)
    if usable and not any(_has_interval(pair) for pair in case.pairs):
        headline = f"Too few rounds yet to compare the modes. {learn_more}".rstrip()
        return Advice(headline, tuple(_unusable(case, mode).remark for mode in unusable))
    return _compose(findings, learn_more)


def choose(case: CaseResult) -> Choice:
    """The mode that `advise` speaks for."""
    choice = Choice(next((mode.mode for mode in case.modes if mode.comparable), ""))
    for finding in _findings(case):
        if finding.kind == "use" and finding.pair is not None:
            choice = Choice(finding.pair.mode, finding.pair.break_even_calls)
        elif finding.kind == "unclear":
            choice = replace(choice, certain=False)
    return choice


def _findings(case: CaseResult) -> list[_Finding]:
    """A finding for each mode that has one, simplest first."""
    best: ModeResult | None = None
    findings = []
    for mode in case.modes:
        if not mode.comparable:
            if mode.status:
                findings.append(_unusable(case, mode))
            continue
        if best is not None:
            finding = _compare(case, mode, best)
            findings.append(finding)
            if finding.kind != "use":
                continue
        best = mode
    return findings


def _compose(findings: list[_Finding], learn_more: str) -> Advice:
    """The headline names the mode to use where it can; else it says what is known of the most complex one."""
    headline = findings[-1]
    if headline.kind == "keep":
        headline = next((finding for finding in findings if finding.kind == "unclear"), headline)
    elif headline.kind != "use":
        headline = next((finding for finding in reversed(findings) if finding.kind == "use"), headline)
    remarks = [finding.remark for finding in findings if finding is not headline]
    if headline.kind == "unclear":
        return Advice(f"{headline.sentence} {learn_more}".rstrip(), tuple(remarks))
    if learn_more and any(finding.kind == "unclear" for finding in findings):
        remarks.append(learn_more)
    return Advice(headline.sentence, tuple(remarks))


# --- two modes ----------------------------------------------------------------------------------------------------


def _has_interval(pair: PairEstimate) -> bool:
    return pair.low is not None and pair.high is not None


def _compare(case: CaseResult, mode: ModeResult, best: ModeResult) -> _Finding:
    pair = case.pair(mode.mode, best.mode)
    ours, theirs = SPOKEN[mode.mode], SPOKEN[best.mode]
    if pair is None or pair.low is None or pair.high is None:
        few = "there are too few rounds to compare"
        return _Finding("unclear", f"Cannot tell yet: {few} {ours} with {theirs}.", f"{_start(few)} {ours}.")
    low, high = pair.low, pair.high
    # A verdict that its own interval contradicts is not repeated.
    if pair.verdict == "faster" and max(pair.ratio, high) < 1:
        return _faster(case, mode, best, pair)
    if pair.verdict == "slower" and min(pair.ratio, low) > 1:
        sentence = f"Do not use {ours} here: each call takes {_ratio(pair, theirs, low, high)}."
        return _Finding("avoid", sentence, sentence)
    if pair.verdict == "same":
        ends = 100 * (low - 1), 100 * (high - 1)
        likely = f"(likely range {signed_spread(*ends, percent_decimals(*ends))} %)"
        within = f"time is within {100 * case.plan.effect:.3g} % of"
        return _Finding(
            "keep",
            f"Keep {theirs}: {ours}'s {within} it {likely}.",
            f"{_start(ours)} makes no difference: its {within} {theirs}'s {likely}.",
        )
    may = _may_be(low, high, case.plan.effect, theirs)
    than = "" if best.mode == "eager" else f" than {theirs}"
    return _Finding(
        "unclear",
        f"Cannot tell yet: {ours} may {may.format(than=than)}.",
        f"Cannot tell yet about {ours}: it may {may.format(than=f' than {theirs}')}.",
    )


def _faster(case: CaseResult, mode: ModeResult, best: ModeResult, pair: PairEstimate) -> _Finding:
    ours, theirs = SPOKEN[mode.mode], SPOKEN[best.mode]
    extra_s = _extra_s(mode, best)
    one_off = "compile" if mode.mode == "xla" else "start-up"
    if extra_s is not None:
        one_off = f"{duration(extra_s, 2)} {one_off}"
    calls = 0 if extra_s is not None and extra_s <= 0 else pair.break_even_calls
    if calls is None or calls > case.plan.calls:
        assert best.estimate is not None
        saving = duration(best.estimate.latency_s * (1 - pair.ratio), 2)
        limit = f"your limit is {case.plan.calls:,} (`--calls`)"
        needs = f"needs {_needed(calls, case.plan.calls)} calls; {limit}"
        but = f"saves {saving} a call, but its {one_off} {needs if calls else 'is never repaid'}"
        return _Finding("keep", f"Keep {theirs}: {ours} {but}.", f"{_start(ours)} {but}.")
    assert pair.low is not None
    assert pair.high is not None
    takes = f"each call takes {_ratio(pair, theirs, pair.low, pair.high)}"
    if calls:
        takes += f"; its {one_off} is repaid after {count(calls)} {'call' if calls == 1 else 'calls'}"
    return _Finding("use", f"Use {ours}: {takes}.", f"With {ours}, {takes}.", pair)


def _ratio(pair: PairEstimate, theirs: str, low: float, high: float) -> str:
    """What follows `each call takes`; the whole interval lies on the ratio's side of 1."""
    if 1 / TIMES_FROM <= pair.ratio <= TIMES_FROM:
        near, far = sorted(100 * abs(end - 1) for end in (low, high))
        decimals = percent_decimals(near, far)
        change = f"{100 * abs(pair.ratio - 1):.{decimals}f} % {'less' if pair.ratio < 1 else 'more'} time"
        return f"{change} than {theirs}'s (likely range {spread(near, far, decimals)} %)"
    decimals = telling_decimals(low, high, times_decimals(pair.ratio))
    likely = spread(low, high, decimals)
    if pair.ratio < 1:
        return f"{pair.ratio:.{decimals}f}× {theirs}'s time (likely range {likely})"
    return f"{pair.ratio:,.{decimals}f}× as long as {theirs} (likely range {likely}×)"


def _may_be(low: float, high: float, effect: float, theirs: str) -> str:
    """What follows `may`, for an interval that settles nothing; `{than}` stands where the other mode can be named."""
    if low < 1 / TIMES_FROM or high > TIMES_FROM:
        return f"take anything from {low:.{times_decimals(low)}f}× to {high:,.{times_decimals(high)}f}× {theirs}'s time"
    quicker, slower = 100 * (1 - low), 100 * (high - 1)
    decimals = percent_decimals(-quicker, slower)
    quick, slow = (f"{abs(percent):.{decimals}f}" for percent in (quicker, slower))
    counts = f"and less than {100 * effect:.3g} % does not count"
    if float(slow) == 0:
        return f"be up to {quick} % quicker{{than}}"
    if float(quick) == 0:
        return f"be up to {slow} % slower{{than}}"
    if slower < 0:
        return f"be {slow} to {quick} % quicker{{than}}, {counts}"
    if quicker < 0:
        return f"be {quick} to {slow} % slower{{than}}, {counts}"
    return f"be {quick} % quicker or {slow} % slower{{than}}"


def _extra_s(mode: ModeResult, best: ModeResult) -> float | None:
    """What `mode` costs once beyond what `best` does: this is what its quicker calls have to repay."""
    costs = [each.estimate.one_off_s if each.estimate else None for each in (mode, best)]
    return None if costs[0] is None or costs[1] is None else costs[0] - costs[1]


def _needed(calls: int | None, limit: int) -> str:
    """A number of calls above the limit, never rounded to the limit."""
    if calls is None:
        return ""
    return f"{calls:,}" if count(calls) == count(limit) else count(calls)


# --- a mode alone -------------------------------------------------------------------------------------------------


def _takes(mode: ModeResult) -> str:
    estimate = mode.estimate
    assert estimate is not None
    likely = ""
    if estimate.low_s is not None and estimate.high_s is not None:
        likely = f" (likely range {duration_range(estimate.low_s, estimate.high_s)})"
    return f"{_start(SPOKEN[mode.mode])} takes {duration(estimate.latency_s)} a call{likely}"


def _unusable(case: CaseResult, mode: ModeResult) -> _Finding:
    """Why a mode cannot be compared."""
    name, device = SPOKEN[mode.mode], case.case.device
    words = _one_line(mode.error)
    because = f": {words}" if words else ""
    if mode.status == "wrong":
        reference = SPOKEN.get(mode.reference, "the float64 reference")
        differs = f"its output differs from {reference}{f' ({words})' if words else ''}"
        shown = " Its time is shown but not compared." if mode.measured else ""
        sentence = f"Do not use {name}: {differs}.{shown}"
        return _Finding("unusable", sentence, sentence)
    sentence = {
        "unsupported": f"{_start(name)} cannot {'compile' if mode.mode == 'xla' else 'run'} this on {device}{because}.",
        "out_of_memory": f"{_start(name)} ran out of memory on {device}{because}.",
        "timed_out": f"{_start(name)} took too long on {device}{because}.",
        "cancelled": f"{_start(name)} was cancelled before it was measured.",
    }.get(mode.status, f"{_start(name)} failed on {device}{because}.")
    measured = [SPOKEN[other.mode] for other in case.modes if other.measured]
    others = f" {_start(' and '.join(measured))} were measured." if len(measured) == 2 else ""
    return _Finding("unusable", f"{sentence}{others}", sentence)


def _nothing_measured(case: CaseResult, unusable: list[ModeResult]) -> Advice:
    if case.state == "waiting":
        return Advice("Not measured yet.")
    if case.state == "running" and len(unusable) < len(case.modes):
        return Advice("Nothing is measured yet.", tuple(_unusable(case, mode).remark for mode in unusable))
    if all(mode.status == "cancelled" for mode in case.modes):
        return Advice("Cancelled before anything was measured.")
    if len(case.modes) > 1 and len({(mode.status, mode.error) for mode in case.modes}) == 1 and case.modes[0].error:
        return Advice(f"Nothing was measured: {_one_line(case.modes[0].error)}.")
    *others, last = unusable
    return Advice(_unusable(case, last).remark, tuple(_unusable(case, mode).remark for mode in others))


def _how_to_learn_more(case: CaseResult, hint: str) -> str:
    disturbed = ""
    if case.disturbed_rounds:
        disturbed = f"other processes disturbed {case.disturbed_rounds} of {case.rounds} rounds"
    both = "; ".join(part for part in (hint.rstrip(". "), disturbed) if part)
    return f"{_start(both)}." if both else ""


def _one_line(words: str) -> str:
    return " ".join(words.split()).rstrip(".")


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
