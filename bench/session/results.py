"""What is known of a session's cases and of their modes: frozen, made by the session alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from ..events import (
    ArgumentChange,
    Breakdown,
    Disturbed,
    GpuFacts,
    Hello,
    MachineState,
    ModeEstimate,
    PairEstimate,
    PeakMemory,
    ProcessSpread,
    Retraced,
)
from ..plan import Case, Plan
from .persistent import AppendOnlyTuple, evolve

LONGEST_CAUSE = 10_000
"""Characters of retrace causes that are kept; later causes are dropped."""

MOST_CHANGES = 1_000
"""Changes of arguments that are kept; later ones are dropped."""


@dataclass(frozen=True)
class Retraces:
    """What was traced and compiled again in so many calls after a mode's first.

    `changes`: what about the arguments caused it, each argument, aspect and kind once, with its first example. `cause`:
    the same as sentences, in sessions recorded before there were `changes`. `functions`: those that were traced within
    the mode's calls, by name and place; empty for its own.
    """

    calls: int = 0
    traces: int = 0
    compilations: int = 0
    compile_s: float = 0.0
    cause: str = ""
    changes: tuple[ArgumentChange, ...] = ()
    functions: tuple[str, ...] = ()

    def and_in(self, event: Retraced) -> Retraces:
        """Return the sum of these and those of the event."""
        causes = dict.fromkeys(cause for cause in (self.cause, event.cause) if cause)
        if len(self.cause) > LONGEST_CAUSE:
            causes = {self.cause: None}  # there is nothing new to learn from more
        changes: dict[tuple[str, str, str], ArgumentChange] = {}
        for change in (*self.changes, *event.changes):
            changes.setdefault((change.name, change.aspect, change.kind), change)
        return Retraces(
            self.calls + event.calls,
            self.traces + event.traces,
            self.compilations + event.compilations,
            self.compile_s + event.compile_s,
            " and ".join(causes),
            tuple(changes.values())[:MOST_CHANGES],
            tuple(dict.fromkeys((*self.functions, *event.functions)))[:MOST_CHANGES],
        )


@dataclass(frozen=True)
class ModeResult:
    """What is known of one mode of a case. `status` is one of STATUSES, empty until it has ended; `absent`: there
    is no such mode of it.

    `phase` is where the mode stands (one of PHASES). `rounds` are its latencies, in seconds, in the rounds that visited
    it, those of all processes in a row; `round_numbers` are the numbers of these rounds in the case. By their place
    among `rounds`: those in `void_rounds` count for nothing, nor do the `warm_ups`, from one up to, not including,
    another, for each process. `compilations` are those of the first call; `retraces` came with arguments
    that were new to the mode, `late_retraces` in rounds without any. `spread`: over the processes, where there are
    several. What is told of the mode beside rounds and estimate is the latest process's. `traceback`: where in the
    user's files it failed; `message`: all that was said then, where that is more than `error`; `wrong_state`: what
    came out wrong is a variable. `suspicions`: why its figures may not mean what they seem to, in words. `notes`: what
    else there is to know of it, a sentence each.
    """

    mode: str
    status: str = ""
    error: str = ""
    absent: bool = False
    traceback: tuple[str, ...] = ()
    message: str = ""
    phase: str = ""
    trace_s: float | None = None
    first_call_s: float | None = None
    compile_s: float | None = None
    compilations: int = 0
    reference: str = ""
    max_rel_error: float | None = None
    outputs_only: bool = False
    wrong_state: bool = False
    estimate: ModeEstimate | None = None
    spread: ProcessSpread | None = None
    rounds: AppendOnlyTuple[float] = AppendOnlyTuple()  # noqa: RUF009 - it is frozen
    round_numbers: AppendOnlyTuple[int] = AppendOnlyTuple()  # noqa: RUF009
    void_rounds: AppendOnlyTuple[int] = AppendOnlyTuple()  # noqa: RUF009
    warm_ups: tuple[tuple[int, int], ...] = ()
    retraces: Retraces = field(default_factory=Retraces)
    late_retraces: Retraces = field(default_factory=Retraces)
    breakdown: Breakdown | None = None
    peak_memory: PeakMemory | None = None
    suspicions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether there is a latency to show."""
        return self.estimate is not None

    @property
    def outcome(self) -> str:
        """Its status, which says so where outputs are all that could be compared."""
        return f"{self.status} (outputs only)" if self.outputs_only and self.status == "ok" else self.status

    @property
    def comparable(self) -> bool:
        """Whether its latency may be held against another's."""
        return self.measured and self.status in ("", "ok", "cancelled")

    @property
    def discarded_rounds(self) -> int:
        """How many rounds are warm-up, and no part of the figures."""
        return sum(end - start for start, end in self.warm_ups)

    @property
    def warm_up_rounds(self) -> set[int]:
        """The numbers of the rounds that are warm-up, as far as there are rounds."""
        return {number for start, end in self.warm_ups for number in range(start, min(end, len(self.rounds)))}

    @property
    def counted_rounds(self) -> list[float]:
        """The latencies of the rounds that count, in seconds, in their order."""
        left_out = {*self.void_rounds, *self.warm_up_rounds}
        return [latency_s for index, latency_s in enumerate(self.rounds) if index not in left_out]

    @property
    def latency_by_round_s(self) -> dict[int, float]:
        """Return the latencies by the number of their round, in seconds, in their order."""
        return dict(zip(self.round_numbers, self.rounds, strict=True))

    def places_between(self, first: int, last: int) -> range:
        """Return the places among `rounds` of what was visited between two rounds of the case, both included."""
        return range(bisect_left(self.round_numbers, first), bisect_right(self.round_numbers, last))

    @property
    def processes(self) -> int:
        """How many processes its figures come from."""
        return len(self.spread.latencies_s) if self.spread else int(self.measured)


@dataclass(frozen=True)
class CaseResult:
    """What is known of one case. `state` is waiting, running, refining (its result only gets more precise), done or
    cancelled; `machine` the latest that was read, `machine_name` what the user calls it. `hardware` is the device's
    name by its maker, `gpu` what else a GPU tells.

    `abandoned`: its worker or far side was lost, not it; `refused`: what was asked for is impossible; `sized`: the far
    side has said what its dimensions are. `autotuned`: its worker had compiled the workload for a GPU before.
    `overhead_s`: what reading the clock and synchronising an idle device take, which latencies do not hold, unless
    each call was `timed_alone`. `least_rounds`: how many rounds its verdict needs, which take about `least_s`.
    `process`: which one is under way, or was last; rounds and time are those of all of them, `left_s` is of this one.
    `disturbed_rounds`: how many of the rounds were disturbed, by the latest estimate; None where the load of other
    processes cannot be read. `disturbances`: which rounds were disturbed, numbered over all processes, and by what.
    """

    case_id: str
    case: Case
    plan: Plan
    modes: tuple[ModeResult, ...]
    state: str = "waiting"
    process: int = 1
    started_at: float | None = None
    error: str = ""
    traceback: tuple[str, ...] = ()
    message: str = ""
    abandoned: bool = False
    refused: bool = False
    sized: bool = False
    ran_on: str = ""
    hello: Hello | None = None
    hardware: str = ""
    gpu: GpuFacts | None = None
    machine_name: str = ""
    unwrapped: bool = False
    autotuned: bool = False
    overhead_s: float | None = None
    timed_alone: bool = False
    least_rounds: int = 0
    least_s: float = 0.0
    pairs: tuple[PairEstimate, ...] = ()
    rounds: int = 0
    disturbed_rounds: int | None = None
    disturbances: AppendOnlyTuple[Disturbed] = AppendOnlyTuple()  # noqa: RUF009 - it is frozen
    machine: MachineState | None = None
    spent_s: float = 0.0
    left_s: float | None = None

    def mode(self, name: str) -> ModeResult | None:
        """The result of a mode, if it is part of the case."""
        for mode in self.modes:
            if mode.mode == name:
                return mode
        return None

    def known_mode(self, name: str) -> ModeResult:
        """The result of a mode. Raises KeyError if it is no part of the case."""
        mode = self.mode(name)
        if mode is None:
            raise KeyError(f"case {self.case_id} has no mode {name!r}")
        return mode

    def with_mode(self, *new: ModeResult) -> CaseResult:
        """The case with these in place of what was known of the modes."""
        by_name = {mode.mode: mode for mode in new}
        return evolve(self, modes=tuple(by_name.get(mode.mode, mode) for mode in self.modes))

    def pair(self, mode: str, baseline: str) -> PairEstimate | None:
        """The comparison of `mode` with `baseline`, if both have been measured and neither is wrong."""
        return next((pair for pair in self.pairs if (pair.mode, pair.baseline) == (mode, baseline)), None)

    @property
    def processes(self) -> int:
        """How many processes were asked for."""
        return self.plan.effort.processes

    @property
    def caches(self) -> tuple[str, ...]:
        """The compilation caches that were on: with one, a compile time is that of a cached compile."""
        return self.hello.caches if self.hello else ()

    @property
    def compile_label(self) -> str:
        """Return what to say beside a compile that may have taken less than a first one would, or nothing."""
        return "cached" if self.caches else "autotuned earlier" if self.autotuned else ""

    @property
    def idle_sync_s(self) -> float | None:
        """Return what synchronising an idle accelerator takes; None where calls are timed in groups less that."""
        return self.overhead_s if self.timed_alone else None

    @property
    def is_explained(self) -> bool:
        """Whether of any mode more is known than its headline."""
        return any(mode.breakdown or (mode.estimate and mode.estimate.cold_s) for mode in self.modes)

    @property
    def ended(self) -> bool:
        """Tell whether it has its result, which can only get more precise."""
        return self.state in ("refining", "done", "cancelled")

    @property
    def all_ok(self) -> bool:
        """Tell whether every mode that there is of it was measured and came out right, and there is one."""
        there = [mode.status for mode in self.modes if not mode.absent]
        return not self.error and bool(there) and all(status == "ok" for status in there)
