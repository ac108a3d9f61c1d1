"""The figures of several processes together, from the last estimate of each. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from ...events import Combined, Estimate, ModeEstimate, PairEstimate, ProcessSpread
from .estimate import break_even, judge
from .process_interval import Error, Sample, error_of, ratio_interval
from .step_down import CONFIDENCE, compare_all


def combine(estimates: Sequence[Estimate], effect: float) -> Combined:
    """What all processes have found; the last one may be under way. `effect`: the smallest one of interest."""
    *_, last = estimates
    modes = [[mode for each in estimates for mode in each.modes if mode.mode == now.mode] for now in last.modes]
    return Combined(
        case_id=last.case_id,
        processes=len(estimates),
        modes=tuple(combine_mode(each) for each in modes),
        pairs=_combine_pairs(estimates, effect),
        spreads=tuple(_spread(each, effect) for each in modes),
    )


# --- a mode -------------------------------------------------------------------------------------------------------


def combine_mode(estimates: Sequence[ModeEstimate]) -> ModeEstimate:
    """A mode's figures, from those of each process that measured it."""
    if len(estimates) == 1:
        return estimates[0]
    latencies = _log_latencies(estimates)
    low, high = latencies.interval(CONFIDENCE)
    return replace(
        estimates[-1],
        latency_s=math.exp(latencies.centre),
        low_s=math.exp(low),
        high_s=math.exp(high),
        p90_s=_geometric_mean(each.p90_s for each in estimates),
        p99_s=_geometric_mean(each.p99_s for each in estimates),
        cold_s=_geometric_mean(each.cold_s for each in estimates),
        one_off_s=fmean(each.one_off_s or 0.0 for each in estimates),
        discarded_rounds=sum(each.discarded_rounds for each in estimates),
        voided_rounds=sum(each.voided_rounds for each in estimates),
        cpu_s=_geometric_mean(each.cpu_s for each in estimates),
    )


def _spread(estimates: Sequence[ModeEstimate], effect: float) -> ProcessSpread:
    latencies_s = tuple(each.latency_s for each in estimates)
    matters = max(latencies_s) > (1 + effect) * min(latencies_s)
    return ProcessSpread(estimates[0].mode, latencies_s, differ=matters and _log_latencies(estimates).differs)


def _log_latencies(estimates: Sequence[ModeEstimate]) -> Sample:
    return Sample(
        [math.log(each.latency_s) for each in estimates],
        [_log_error(each.latency_s, each.low_s, each.high_s, CONFIDENCE) for each in estimates],
    )


def _geometric_mean(values: Iterable[float | None]) -> float | None:
    """Unknown where one of them is."""
    logs = [_log(value) for value in values]
    known = [log for log in logs if log is not None]
    return math.exp(fmean(known)) if len(known) == len(logs) else None


def _log_error(value: float, low: float | None, high: float | None, confidence: float) -> Error | None:
    return error_of(math.log(value), _log(low), _log(high), confidence)


def _log(value: float | None) -> float | None:
    return math.log(value) if value else None


# --- two modes ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What one process found of a pair; `extra_s`: the mode's one-off cost beyond the baseline's."""

    pair: PairEstimate
    extra_s: float

    @property
    def saving_s(self) -> float:
        return self.pair.saving_s or 0.0

    @property
    def ratio_error(self) -> Error | None:
        return _log_error(self.pair.ratio, self.pair.low, self.pair.high, self._confidence)

    @property
    def saving_error(self) -> Error | None:
        return error_of(self.saving_s, self.pair.saving_low_s, self.pair.saving_high_s, self._confidence)

    @property
    def _confidence(self) -> float:
        assert self.pair.confidence is not None  # every process of a case is of this version
        return self.pair.confidence


def _combine_pairs(estimates: Sequence[Estimate], effect: float) -> tuple[PairEstimate, ...]:
    *_, last = estimates
    if len(estimates) == 1:
        return last.pairs
    compared = {(pair.mode, pair.baseline) for pair in last.pairs}
    modes = [mode.mode for mode in last.modes if any(mode.mode in pair for pair in compared)]

    def compare(mode: str, baseline: str, confidence: float) -> PairEstimate | None:
        if (mode, baseline) not in compared:
            return None
        return _combine_pair(mode, baseline, estimates, effect, confidence)

    return compare_all(modes, compare)


def _combine_pair(
    mode: str, baseline: str, estimates: Sequence[Estimate], effect: float, confidence: float
) -> PairEstimate:
    found = [
        _Found(pair, _one_off_s(each, mode) - _one_off_s(each, baseline))
        for each in estimates
        for pair in each.pairs
        if (pair.mode, pair.baseline) == (mode, baseline)
    ]
    if len(found) == 1:
        return found[0].pair
    ratios = Sample(
        [math.log(each.pair.ratio) for each in found],
        [each.ratio_error for each in found],
    )
    savings = Sample([each.saving_s for each in found], [each.saving_error for each in found])
    extras_s = [each.extra_s for each in found]
    low, high = ratios.interval(confidence)
    least_s, most_s = savings.interval(confidence)
    pair = PairEstimate(
        mode=mode,
        baseline=baseline,
        ratio=math.exp(ratios.centre),
        low=math.exp(low),
        high=math.exp(high),
        verdict=judge((low, high), effect),
        break_even_calls=None,
        saving_s=savings.centre,
        saving_low_s=least_s,
        saving_high_s=most_s,
        confidence=confidence,
    )
    if pair.verdict != "faster":
        return pair
    least, most = ratio_interval(extras_s, savings, confidence)
    return replace(
        pair,
        break_even_calls=break_even(fmean(extras_s), savings.centre),
        break_even_low=math.ceil(least),
        break_even_high=math.ceil(most) if math.isfinite(most) else None,
    )


def _one_off_s(estimate: Estimate, mode: str) -> float:
    return next((each.one_off_s or 0.0 for each in estimate.modes if each.mode == mode), 0.0)
