"""Tell where the throughputs of two modes say otherwise than their latencies, which a verdict compares."""

from __future__ import annotations

from ..events import PairEstimate, ThroughputRatio
from ..number_text import percent, percent_decimals, signed_spread
from ..session.results import CaseResult
from .findings import SPOKEN, Finding
from .ratio_text import ratio_text

CLEAR = ("faster", "slower", "same")


def otherwise_in_throughput(case: CaseResult, finding: Finding) -> str:
    """Return how the throughputs of a finding's modes compare, if that is clear and not as latencies do; else empty."""
    pair = finding.pair
    ratio = None if pair is None else _ratio(case, pair)
    if pair is None or ratio is None or ratio.verdict == pair.verdict:
        return ""
    if not (pair.verdict in CLEAR and ratio.verdict in CLEAR):
        return ""
    where = f", in the last of {case.processes} processes" if case.processes > 1 else ""
    ours, theirs = SPOKEN[pair.mode], SPOKEN[pair.baseline]
    return f"In throughput it is otherwise{where}: {ours}{_compared(case, ratio, theirs)}."


def _ratio(case: CaseResult, pair: PairEstimate) -> ThroughputRatio | None:
    mode = case.mode(pair.mode)
    ratios = mode.breakdown.throughput_ratios if mode and mode.breakdown else ()
    return next((ratio for ratio in ratios if ratio.baseline == pair.baseline), None)


def _compared(case: CaseResult, ratio: ThroughputRatio, theirs: str) -> str:
    """Return what follows the name of the mode."""
    if ratio.verdict == "same":
        ends = 100 * (ratio.low - 1), 100 * (ratio.high - 1)
        likely = f"(likely range {signed_spread(*ends, percent_decimals(*ends))} %)"
        return f"'s time is within {percent(case.plan.effect)} of {theirs}'s {likely}"
    told = ratio_text(ratio.ratio, ratio.low, ratio.high, than=f"{theirs}'s", time=f"{theirs}'s time", base=theirs)
    return f" takes {told}"
