"""What the rounds gave: blocks, and the figures from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .base import Event


@dataclass(frozen=True, kw_only=True)
class Calibrated(Event):
    """Tells what a clock's reading and an idle synchronisation take, and how many calls make one group, by mode.

    `overhead_s` is taken off what a group takes, unless `alone`: on an accelerator each call is timed alone.
    `least_rounds`: how many rounds the verdicts need, which take some `least_s` seconds; 0 in sessions from before.
    """

    kind = "calibrated"
    case_id: str
    overhead_s: float
    group_sizes: tuple[tuple[str, int], ...]
    alone: bool = False
    least_rounds: int = 0
    least_s: float = 0.0


@dataclass(frozen=True)
class Visit:
    """One mode's turn in a round: the median call of its timed block, and how many calls that was.

    `cold_s`: its first call, straight after the other modes' and before its warm-in. `traces`, `compilations`: how
    often the mode was traced and compiled meanwhile; where it was, the block is void.
    """

    mode: str
    latency_s: float
    calls: int
    cold_s: float | None = None
    traces: int = 0
    compilations: int = 0

    @property
    def void(self) -> bool:
        """Whether the block timed something other than steady calls, and counts for nothing."""
        return self.traces > 0 or self.compilations > 0


@dataclass(frozen=True, kw_only=True)
class Round(Event):
    """The modes were visited once, in this order; those that rest are left out."""

    kind = "round"
    case_id: str
    index: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True, kw_only=True)
class WarmInSettled(Event):
    """Tells for how long each mode is warmed in after the others from now on, in seconds by mode."""

    kind = "settled"
    case_id: str
    warm_ins_s: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class ModeEstimate:
    """Latency of a call over the rounds so far: median with its 95 % interval, and percentiles of single calls.

    The interval is null where there are too few rounds for one; p90 and p99 where calls were timed in groups.
    `one_off_s`: what it took to get ready, tracing and the first call, less what any call takes.
    `cold_s`: the median unwarmed call, among the other modes'. `discarded_rounds`: at the start, until the mode was
    warm, and in which it was not warmed in enough; `voided_rounds`: in which it was traced or compiled. Neither are
    part of the figures. `cpu_s`: CPU time a call, of all threads, over whole visits, with what thread pools do while
    they wait; it judges nothing.
    """

    mode: str
    latency_s: float
    low_s: float | None
    high_s: float | None
    p90_s: float | None
    p99_s: float | None
    calls_per_block: int
    one_off_s: float | None = None
    cold_s: float | None = None
    discarded_rounds: int = 0
    voided_rounds: int = 0
    cpu_s: float | None = None


@dataclass(frozen=True)
class PairEstimate:
    """`mode`'s time over `baseline`'s, by round: median ratio and its interval; below 1 the mode is quicker.

    Its intervals hold what they are of at `confidence`, 95 % or more: the verdicts of a case, of each mode against the
    best simpler one, are right 95 % of the time together. `confidence` is null in sessions from before it was written.

    `verdict`: faster, slower, same, unclear. `break_even_calls`: calls after which the mode's larger one-off cost is
    repaid; null is never, or not known where the verdict is unclear; `break_even_low` to `break_even_high` is its
    interval. `saving_s`: by how much the mode's call is shorter, by round; `saving_low_s` to `saving_high_s` is its
    interval. `autocorrelated`: the ratio evidently stays high or low for rounds on end.
    """

    mode: str
    baseline: str
    ratio: float
    low: float | None
    high: float | None
    verdict: str
    break_even_calls: int | None
    break_even_low: int | None = None
    break_even_high: int | None = None
    saving_s: float | None = None
    saving_low_s: float | None = None
    saving_high_s: float | None = None
    autocorrelated: bool = False
    confidence: float | None = None

    @property
    def never_repaid(self) -> bool | None:
        """Return whether no number of calls repays the one-off cost; None if that is unknown."""
        if self.verdict == "faster":
            return self.break_even_calls is None
        return True if self.verdict in ("same", "slower") else None

    @property
    def may_never_be_repaid(self) -> bool | None:
        """Return whether the interval of `break_even_calls` has no upper end; None if there is no interval."""
        known = self.verdict == "faster" and self.break_even_low is not None
        return self.break_even_high is None if known else None


@dataclass(frozen=True, kw_only=True)
class Estimate(Event):
    """The figures so far, of this process. `left_s`: time until that for the rounds is spent.

    `disturbed_rounds`: null where not readable.
    """

    kind = "estimate"
    case_id: str
    rounds: int
    modes: tuple[ModeEstimate, ...]
    pairs: tuple[PairEstimate, ...]
    spent_s: float
    left_s: float
    disturbed_rounds: int | None = None

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Estimate:
        """The estimate whose JSON object is `fields`, without its kind."""
        modes = tuple(ModeEstimate(**mode) for mode in fields["modes"])
        pairs = tuple(PairEstimate(**pair) for pair in fields["pairs"])
        return cls(**{**fields, "modes": modes, "pairs": pairs})


@dataclass(frozen=True)
class ThroughputRatio:
    """A mode's `throughput_s` over `baseline`'s, by visit: median ratio and its interval; below 1 the mode is quicker.

    `verdict` as of a PairEstimate, and right as often, with those of the other modes.
    """

    baseline: str
    ratio: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Breakdown(Event):
    """Where the time of a steady call goes, each figure the median over a few blocks of its own.

    `throughput_s`: a call among calls that are synchronised together, by block. `enqueue_s`: until the call returns;
    `synced_s`: until the device has finished it too. `cores_used`: CPU time over wall time. `dispatch_s`: what calling
    the `tf.function` takes beyond calling its concrete function. `bound`: host or device where the figures tell, else
    empty. `throughput_low_s` to `throughput_high_s` is the 95 % interval of `throughput_s`, null where there are too
    few visits for one. `throughput_ratios`: to simpler modes, on an accelerator, where throughput and latency differ.
    """

    kind = "breakdown"
    case_id: str
    mode: str
    throughput_s: float
    enqueue_s: float
    synced_s: float
    cores_used: float | None = None
    dispatch_s: float | None = None
    bound: str = ""
    throughput_low_s: float | None = None
    throughput_high_s: float | None = None
    throughput_ratios: tuple[ThroughputRatio, ...] = ()


@dataclass(frozen=True)
class ProcessSpread:
    """A mode's median by process.

    `differ`: they lie further apart than the spread within them explains, and than the smallest effect of interest.
    """

    mode: str
    latencies_s: tuple[float, ...]
    differ: bool


@dataclass(frozen=True, kw_only=True)
class Combined(Event):
    """The figures so far from several processes together: geometric means of their own, with the interval between them.

    One-off costs and savings are plain means, discarded and voided rounds sums; `calls_per_block` is the last
    process's. `processes`: how many there were, the one under way among them. Modes and pairs are those that the last
    one measures, each over the processes that have it.
    """

    kind = "combined"
    case_id: str
    processes: int
    modes: tuple[ModeEstimate, ...]
    pairs: tuple[PairEstimate, ...]
    spreads: tuple[ProcessSpread, ...]
