"""Two sessions, or two cases, side by side: how each mode's time has changed. Pure.

No worker has seen both sides, so what is said of the change comes from the estimate and the 95 % interval that each
side's worker gave of the mode's latency: on a log scale, where the change is a difference, the distances from the
estimates to the ends of their intervals are added in quadrature, each side of an interval for itself (MOVER, the method
of variance estimates recovery: Zou and Donner 2008, Construction of confidence intervals about effect measures). Each
change has a 95 % interval by itself.

It takes the two measurements to be independent and the machine to be the same in both: a machine that was slower that
day looks like a change. Which machines count as the same the user may say, by naming them. And it takes intervals
*between* processes: a process falls into speeds of its own and stays there, so that within one an interval tells
nothing of another's. Where a side was measured in one process, no interval is given and nothing is told. Where both
sides have a few processes that scatter alike, Student's t for each by itself asks for more than both together need, and
the interval holds more than 95 % of the time: 99 % with three processes on each side, 98 % with five. Where one side
alone scatters, it is 95 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..events import GpuFacts, ModeEstimate
from ..number_text import percent_decimals, signed_spread
from ..plan import EVERY_MODE
from ..session.results import CaseResult, ModeResult
from .findings import BOUNDLESS, SPOKEN, capitalised, one_line
from .pairing import Pair
from .ratio_text import may_be, ratio_text

Verdict = Literal["faster", "slower", "same", "unclear"]

Side = Literal["", "before", "after"]


@dataclass(frozen=True)
class Change:
    """One mode before and after: latencies of a call in seconds, and the time after over the time before.

    `low` to `high` is the 95 % interval of `ratio`; null where nothing can be told. `why`: why the verdict is unclear,
    in words; else empty. `missing`: the side that was not asked to measure it, if one was not.
    """

    mode: str
    before_s: float | None
    after_s: float | None
    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    why: str
    missing: Side = ""


MORE_PROCESSES = "give it --processes 3"
"""How a command line has several processes measure, where one tells nothing."""


# --- what has changed -----------------------------------------------------------------------------------------------


def changes_of(pair: Pair, effect: float, *, advice: str = MORE_PROCESSES) -> tuple[Change, ...]:
    """As `compare_cases`; of a case that one side alone has, each mode is unclear."""
    return tuple(change for change in _all_changes(pair, effect, advice) if pair.decides(change.mode))


def _all_changes(pair: Pair, effect: float, advice: str) -> tuple[Change, ...]:
    if pair.before is not None and pair.after is not None:
        return compare_cases(pair.before, pair.after, effect, advice=advice)
    if pair.before is not None:
        return tuple(_untold(mode, None, "this was not measured after") for mode in pair.before.modes)
    assert pair.after is not None
    return tuple(_untold(None, mode, "this was not measured before") for mode in pair.after.modes)


def compare_cases(a: CaseResult, b: CaseResult, effect: float, *, advice: str = MORE_PROCESSES) -> tuple[Change, ...]:
    """Each mode that either has, `b` over `a`, simplest first. `effect`: the smallest change of interest, a fraction.

    `advice`: how to have several processes measure, if that is to be said where one tells nothing. Whether the two
    measured the same is for the caller to see to.
    """
    measured = {mode.mode for case in (a, b) for mode in case.modes}
    elsewhere = _elsewhere(a, b) or _timed_otherwise(a, b)
    pairs = ((a.mode(mode), b.mode(mode)) for mode in EVERY_MODE if mode in measured)
    return tuple(_change(before, after, elsewhere, effect, advice) for before, after in pairs)


def differences(a: CaseResult, b: CaseResult) -> tuple[str, ...]:
    """Return what else the two were measured with, a phrase each: it may have changed the time, or was meant to.

    Of machines that are the same by the name that the user gave them, that is also what they are.
    """
    if a.hello is None or b.hello is None:
        return ()
    settings = [" ".join(f"{name}={value}" for name, value in hello.settings) for hello in (a.hello, b.hello)]
    cores = [f"{hello.cores or ''}" for hello in (a.hello, b.hello)]
    said = [
        *([("host", a.hello.host, b.hello.host), ("processor", a.hardware, b.hardware)] if _same_name(a, b) else []),
        *([("cores", *cores)] if all(cores) else []),
        ("TensorFlow", a.hello.tensorflow, b.hello.tensorflow),
        ("Python", a.hello.python, b.hello.python),
        ("platform", a.hello.platform, b.hello.platform),
        ("settings", *settings),
        *_gpus_apart(a.gpu, b.gpu),
    ]
    return tuple(f"{what} {before or 'none'} → {after or 'none'}" for what, before, after in said if before != after)


def _gpus_apart(a: GpuFacts | None, b: GpuFacts | None) -> tuple[tuple[str, str, str], ...]:
    """Return what of two GPUs may change under the same name, of each; empty where one side does not know its own."""
    if a is None or b is None:
        return ()
    limits = ["" if gpu.power_limit_w is None else f"{gpu.power_limit_w:,.0f} W" for gpu in (a, b)]
    return (
        ("driver", a.driver, b.driver),
        ("CUDA", a.cuda, b.cuda),
        ("cuDNN", a.cudnn, b.cudnn),
        ("power limit", limits[0], limits[1]),
    )


def _same_name(a: CaseResult, b: CaseResult) -> bool:
    """Return whether the user has given both machines the same name.

    One name may stand for several far sides: of those that are called otherwise, it says nothing.
    """
    return bool(a.machine_name) and a.machine_name == b.machine_name and a.case.far == b.case.far


def _elsewhere(a: CaseResult, b: CaseResult) -> str:
    """Return where the two were measured, in words, if that is not the same machine; else "".

    Names that the user has given decide; where one side has none, or they are two far sides of one name, host and
    processor do.
    """
    if _same_name(a, b):
        return ""
    if a.machine_name and b.machine_name and a.machine_name != b.machine_name:
        return f"measured on another machine: {a.machine_name} before, {b.machine_name} after"
    hosts = [case.hello.host if case.hello else "" for case in (a, b)]
    if unknown := [when for when, host in zip(("before", "after"), hosts, strict=True) if not host]:
        return f"the machine is not known {' and '.join(unknown)}"
    for before, after in (hosts, (a.hardware, b.hardware)):
        if before and after and before != after:
            return f"measured on another machine: {before} before, {after} after"
    return ""


def _timed_otherwise(a: CaseResult, b: CaseResult) -> str:
    """Return how the two were timed, if not alike: a GPU's calls were timed in groups in sessions from before."""
    if a.timed_alone == b.timed_alone:
        return ""
    before, after = ("each call alone" if case.timed_alone else "calls in groups" for case in (a, b))
    return f"timed otherwise: {before} before, {after} after"


def _change(a: ModeResult | None, b: ModeResult | None, elsewhere: str, effect: float, advice: str) -> Change:
    why = _unusable(a, "before") or _unusable(b, "after") or elsewhere or _incomparable(a, b, advice)
    if why or a is None or b is None or a.estimate is None or b.estimate is None:
        return _untold(a, b, why)
    interval = ratio_interval(a.estimate, b.estimate)
    if interval is None:
        return _untold(a, b, "there are too few rounds")
    low, high = interval
    if high > BOUNDLESS * low:
        return _untold(a, b, "there are too few processes")
    verdict = judge(low, high, effect)
    may = may_be(low, high, effect, "the time before").format(than=" than before")
    why = f"it may {may}" if verdict == "unclear" else ""
    ratio = b.estimate.latency_s / a.estimate.latency_s
    return Change(b.mode, a.estimate.latency_s, b.estimate.latency_s, ratio, low, high, verdict, why)


def _untold(a: ModeResult | None, b: ModeResult | None, why: str) -> Change:
    before_s, after_s = (mode.estimate.latency_s if mode and mode.estimate else None for mode in (a, b))
    comparable = a is not None and b is not None and a.comparable and b.comparable
    ratio = after_s / before_s if comparable and before_s and after_s else None
    mode = (a or b or ModeResult("")).mode
    return Change(mode, before_s, after_s, ratio, None, None, "unclear", why, _missing(a, b))


def _missing(a: ModeResult | None, b: ModeResult | None) -> Side:
    return "before" if a is None else "after" if b is None else ""


def _unusable(mode: ModeResult | None, when: str) -> str:
    """Why there is no latency of a mode to go by; empty where there is."""
    if mode is None:
        return f"it was not measured {when}"
    if mode.comparable:
        return ""
    said = {
        "wrong": f"it came out wrong {when}",
        "unsupported": f"it could not run {when}",
        "out_of_memory": f"it ran out of memory {when}",
        "timed_out": f"it took too long {when}",
        "cancelled": f"it was cancelled {when}",
        "failed": f"it failed {when}",
        "refused": f"it was refused {when}",
    }.get(mode.status, f"it was not measured {when}")
    return f"{said}: {one_line(mode.error)}" if mode.error else said


def _incomparable(a: ModeResult | None, b: ModeResult | None, advice: str) -> str:
    """Why two latencies of one machine cannot be held against each other; empty where they can."""
    assert a is not None
    assert b is not None
    single = [when for mode, when in ((a, "before"), (b, "after")) if mode.processes < 2]
    if single:
        when = "" if len(single) == 2 else f" {single[0]}"
        return f"measured in one process{when}, and others run at other speeds{f': {advice}' if advice else ''}"
    doubtful = [(mode, when) for mode, when in ((a, "before"), (b, "after")) if mode.suspicions]
    if len(doubtful) == 1:
        mode, when = doubtful[0]
        return f"its figure is suspicious {when}: {one_line(mode.suspicions[0])}"
    return ""


def ratio_interval(a: ModeEstimate, b: ModeEstimate) -> tuple[float, float] | None:
    """The 95 % interval of `b`'s latency over `a`'s; None where one of them has no interval."""
    if not (a.low_s and a.high_s and b.low_s and b.high_s):
        return None
    change = math.log(b.latency_s / a.latency_s)
    below = math.hypot(math.log(a.high_s / a.latency_s), math.log(b.latency_s / b.low_s))
    above = math.hypot(math.log(a.latency_s / a.low_s), math.log(b.high_s / b.latency_s))
    return math.exp(change - below), math.exp(change + above)


def judge(low: float, high: float, effect: float) -> Verdict:
    """Where the interval of a ratio lies against the smallest change of interest."""
    if high < 1 / (1 + effect):
        return "faster"
    if low > 1 + effect:
        return "slower"
    return "same" if low >= 1 / (1 + effect) and high <= 1 + effect else "unclear"


# --- in words -------------------------------------------------------------------------------------------------------


def sentence(change: Change) -> str:
    """A change in one sentence; below 1.5× it speaks in percent of time, above in ×."""
    ours = SPOKEN[change.mode]
    if change.ratio is None or change.low is None or change.high is None or change.verdict == "unclear":
        return f"Cannot tell about {ours}: {change.why}."
    if change.verdict == "same":
        ends = 100 * (change.low - 1), 100 * (change.high - 1)
        likely = signed_spread(*ends, percent_decimals(*ends))
        return f"{capitalised(ours)} takes the same time as before (likely range {likely} %)."
    moved = ratio_text(change.ratio, change.low, change.high, than="before", time="the time before", base="before")
    return f"{capitalised(ours)} takes {moved}."
