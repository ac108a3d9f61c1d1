"""What is known of each mode of a case, in sentences: held against the best of the simpler ones, or why it cannot be.

Below 1.5× a sentence speaks in percent of time, above in ×; a *likely range* is the 95 % interval.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..events import PairEstimate
from ..implementations import is_old, old
from ..number_text import (
    count,
    count_range,
    duration,
    duration_range,
    percent,
    percent_decimals,
    signed_spread,
)
from ..plan import COMPILED_MODES
from ..session.results import CaseResult, ModeResult
from .ratio_text import may_be, ratio_text
from .retracing import done_again
from .shared_reasons import by_reason

BOUNDLESS = 100
"""An interval whose ends lie so many times apart tells nothing: two processes may leave one."""

WIDE = 1.25
"""A range whose ends differ by more than this factor is told beside the number of calls."""

SPOKEN = {
    "eager": "eager",
    "as-written": "your own version",
    "graph": "graph",
    "concrete": "the concrete function",
    "reduce-retracing": "reduced retracing",
    "no-grappler": "Grappler-free graph",
    "autocluster": "autoclustering",
    "xla": "XLA",
    "predict": "predict",
}
SPOKEN |= {
    old(mode): f"the old {words.removeprefix('the ').removeprefix('your own ')}" for mode, words in SPOKEN.items()
}
"""The modes in a sentence; `'s` may follow."""

ABSENT = {
    "as-written": "There is no version of your own",
    "concrete": "There is no one concrete function to call",
    "reduce-retracing": "There is nothing to reduce the retracing of",
    "predict": "There is no predict to call",
}
"""Modes that do not exist for everything: what is said where there is none."""


@dataclass(frozen=True)
class Finding:
    """What is known of one mode: on its own (`sentence`), and beside another's sentence (`remark`).

    `kind` is use, keep (the simpler mode), avoid, unclear, retraced (so often that its steady calls are not what a user
    would see), unusable or absent (there is no such mode of this); `pair` the comparison it was found from.
    """

    kind: str
    sentence: str
    remark: str
    pair: PairEstimate | None = None


def findings_of(case: CaseResult) -> list[Finding]:
    """A finding for each mode that has one, simplest first."""
    best: ModeResult | None = None
    findings = []
    groups = {group[0].mode: group for group in by_reason(mode for mode in case.modes if is_unusable(mode))}
    for mode in case.modes:
        if not mode.comparable:
            if mode.mode in groups:
                findings.append(why_unusable(case, *groups[mode.mode]))
            continue
        if retraced := retraced_often(case, mode, best):
            findings.append(retraced)
            continue
        if best is not None:
            finding = _compare(case, mode, best)
            findings.append(finding)
            if finding.kind != "use":
                continue
        best = mode
    return findings


# --- two modes ----------------------------------------------------------------------------------------------------


def has_interval(pair: PairEstimate) -> bool:
    return pair.low is not None and pair.high is not None


def _compare(case: CaseResult, mode: ModeResult, best: ModeResult) -> Finding:
    pair = case.pair(mode.mode, best.mode)
    ours, theirs = SPOKEN[mode.mode], SPOKEN[best.mode]
    if pair is None or pair.low is None or pair.high is None:
        return _too_few("rounds", ours, theirs)
    low, high = pair.low, pair.high
    # A verdict that its own interval contradicts is not repeated.
    if pair.verdict == "faster" and max(pair.ratio, high) < 1:
        return _faster(case, mode, best, pair)
    if pair.verdict == "slower" and min(pair.ratio, low) > 1:
        sentence = f"Do not use {ours} here: each call takes {_ratio(pair, theirs, low, high)}."
        return Finding("avoid", sentence, sentence, pair)
    if pair.verdict == "same":
        is_within, likely = within(case, low, high)
        return Finding(
            "keep",
            f"Keep {theirs}: {ours}'s {is_within} it {likely}.",
            f"{capitalised(ours)} makes no difference: its {is_within} {theirs}'s {likely}.",
            pair,
        )
    if high > BOUNDLESS * low:
        return _too_few("processes" if case.processes > 1 else "rounds", ours, theirs)
    may = may_be(low, high, case.plan.effect, f"{theirs}'s time")
    than = "" if best.mode == "eager" else f" than {theirs}"
    return Finding(
        "unclear",
        f"Cannot tell yet: {ours} may {may.format(than=than)}.",
        f"Cannot tell yet about {ours}: it may {may.format(than=f' than {theirs}')}.",
        pair,
    )


def retraced_often(case: CaseResult, mode: ModeResult, best: ModeResult | None) -> Finding | None:
    """What was done again, if that was often, and how the mode compares without."""
    again = next((again for again in done_again(mode, SPOKEN[mode.mode]) if again.often), None)
    if again is None:
        return None
    pair = case.pair(mode.mode, best.mode) if best else None
    sentence = again.in_full(_steadily(case, pair) if pair else "")
    return Finding("retraced", sentence, sentence, pair)


def _steadily(case: CaseResult, pair: PairEstimate) -> str:
    """What follows `without compiles`; empty where there are too few rounds to compare."""
    if pair.low is None or pair.high is None:
        return ""
    theirs, low, high = SPOKEN[pair.baseline], pair.low, pair.high
    if pair.verdict in ("faster", "slower") and not min(pair.ratio, low) <= 1 <= max(pair.ratio, high):
        return f"a call takes {_ratio(pair, theirs, low, high)}"
    if pair.verdict == "same":
        is_within, likely = within(case, low, high)
        return f"its {is_within} {theirs}'s {likely}"
    may = may_be(low, high, case.plan.effect, f"{theirs}'s time")
    return f"it may {may.format(than=f' than {theirs}')}"


def within(case: CaseResult, low: float, high: float) -> tuple[str, str]:
    """What stands before and after the name of a mode whose time is the same."""
    ends = 100 * (low - 1), 100 * (high - 1)
    likely = f"(likely range {signed_spread(*ends, percent_decimals(*ends))} %)"
    return f"time is within {percent(case.plan.effect)} of", likely


def _too_few(what: str, ours: str, theirs: str) -> Finding:
    few = f"there are too few {what} to compare {ours}"
    return Finding("unclear", f"Cannot tell yet: {few} with {theirs}.", f"{capitalised(few)}.")


def _faster(case: CaseResult, mode: ModeResult, best: ModeResult, pair: PairEstimate) -> Finding:
    ours, theirs = SPOKEN[mode.mode], SPOKEN[best.mode]
    extra_s = _extra_s(mode, best)
    one_off = _one_off(case, mode)
    if extra_s is not None:
        one_off = f"{duration(extra_s, 2)} {one_off}"
    calls = 0 if extra_s is not None and extra_s <= 0 else pair.break_even_calls
    if calls is None or calls > case.plan.calls:
        limit = f"your limit is {case.plan.calls:,} (`--calls`)"
        needs = f"needs {_needed(calls, case.plan.calls)} calls; {limit}"
        saves = f"saves {duration(pair.saving_s, 2)} a call" if pair.saving_s else "is quicker"
        but = f"{saves}, but its {one_off} {needs if calls else 'is never repaid'}"
        return Finding("keep", f"Keep {theirs}: {ours} {but}.", f"{capitalised(ours)} {but}.", pair)
    assert pair.low is not None
    assert pair.high is not None
    takes = f"each call takes {_ratio(pair, theirs, pair.low, pair.high)}"
    if calls:
        takes += f"; its {one_off} is repaid after {count(calls)} {'call' if calls == 1 else 'calls'}{_range(pair)}"
    return Finding("use", f"Use {ours}: {takes}.", f"With {ours}, {takes}.", pair)


def _one_off(case: CaseResult, mode: ModeResult) -> str:
    """Return what a mode's one-off cost is called in a sentence."""
    if mode.mode not in COMPILED_MODES:
        return "start-up"
    return "cached compile" if case.caches else "compile (autotuned earlier)" if case.autotuned else "compile"


def _range(pair: PairEstimate) -> str:
    """What follows the number of calls that repay a one-off cost, where that is not well known: ` (40-70)`."""
    low, high = pair.break_even_low, pair.break_even_high
    if low is None:
        return ""
    if high is None:
        return f" (at least {count(low)})"
    return f" ({count_range(low, high)})" if high > WIDE * low else ""


def _ratio(pair: PairEstimate, theirs: str, low: float, high: float) -> str:
    return ratio_text(pair.ratio, low, high, than=f"{theirs}'s", time=f"{theirs}'s time", base=theirs)


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


def takes(mode: ModeResult) -> str:
    estimate = mode.estimate
    assert estimate is not None
    likely = ""
    if estimate.low_s is not None and estimate.high_s is not None:
        likely = f" (likely range {duration_range(estimate.low_s, estimate.high_s)})"
    return f"{capitalised(SPOKEN[mode.mode])} takes {duration(estimate.latency_s)} a call{likely}"


def is_unusable(mode: ModeResult) -> bool:
    """Return whether the mode has ended and cannot be compared."""
    return bool(mode.status) and not mode.comparable


def is_something_else(mode: ModeResult) -> bool:
    """Return whether this is the old implementation's and was held against the new one, which computes otherwise."""
    return mode.status == "wrong" and is_old(mode.mode) and not mode.reference


def why_unusable(case: CaseResult, mode: ModeResult, *others: ModeResult) -> Finding:
    """Return why a mode cannot be compared, and others that share its reason."""
    name, device = SPOKEN[mode.mode], case.case.device
    words = one_line(mode.error)
    because = f": {words}" if words else ""
    if mode.status == "wrong":
        reference = SPOKEN.get(mode.reference, "the float64 reference")
        if is_something_else(mode):
            sentence = f"{capitalised(name)} computes something else than the new one{f' ({words})' if words else ''}."
            return Finding("unusable", f"{sentence} It is not compared.", sentence)
        what = "what it leaves in a variable" if mode.wrong_state else "its output"
        differs = f"{what} differs from {reference}{f' ({words})' if words else ''}"
        shown = " Its time is shown but not compared." if mode.measured else ""
        sentence = f"Do not use {name}: {differs}.{shown}"
        return Finding("unusable", sentence, sentence)
    if mode.absent and mode.mode in ABSENT:
        sentence = f"{ABSENT[mode.mode]}{because}."
        return Finding("absent", sentence, sentence)
    verb = "compile" if mode.mode == "xla" else "run"
    *rest, last = (SPOKEN[each.mode] for each in (mode, *others))
    name = f"{', '.join(rest)} and {last}" if rest else last
    sentence = {
        "unsupported": f"{capitalised(name)} cannot {verb} this on {device}{because}.",
        "out_of_memory": f"{capitalised(name)} ran out of memory on {device}{because}.",
        "timed_out": f"{capitalised(name)} took too long on {device}{because}.",
        "cancelled": f"{capitalised(name)} was cancelled before it was measured.",
        "refused": f"{capitalised(name)} cannot be measured{because}.",
    }.get(mode.status, f"{capitalised(name)} failed on {device}{because}.")
    told = (again.in_full() for each in (mode, *others) for again in done_again(each, SPOKEN[each.mode]))
    sentence = " ".join((sentence, *told))
    measured = [SPOKEN[other.mode] for other in case.modes if other.measured]
    beside = f" {capitalised(' and '.join(measured))} were measured." if len(measured) == 2 else ""
    return Finding("unusable", f"{sentence}{beside}", sentence)


def retraced_seldom(case: CaseResult) -> list[str]:
    """What the modes that can be compared did again, where that is not what there is to say of them."""
    comparable = [mode for mode in case.modes if mode.comparable]
    told = [again for mode in comparable for again in done_again(mode, SPOKEN[mode.mode])]
    return [again.in_full() for again in told if not again.often]


def one_line(words: str) -> str:
    return " ".join(words.split()).rstrip(".")


def whole_sentence(words: str) -> str:
    """Return the words on one line with a full stop, unless they end in a question."""
    told = one_line(words)
    return told if told.endswith("?") else f"{told}."


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
