"""What is known of a case and of its modes: frozen, made by the session alone."""

from __future__ import annotations

from dataclasses import dataclass

from .events import Hello, ModeEstimate, PairEstimate
from .plan import Case, Plan


@dataclass(frozen=True)
class ModeResult:
    """What is known of one mode of a case. `status` is one of STATUSES, empty until it has ended.

    `phase` is where the mode stands (one of PHASES). `rounds` are its latencies, in seconds, by round.
    """

    mode: str
    status: str = ""
    error: str = ""
    phase: str = ""
    trace_s: float | None = None
    first_call_s: float | None = None
    compile_s: float | None = None
    reference: str = ""
    max_rel_error: float | None = None
    estimate: ModeEstimate | None = None
    rounds: tuple[float, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether there is a latency to show."""
        return self.estimate is not None

    @property
    def comparable(self) -> bool:
        """Whether its latency may be held against another's."""
        return self.measured and self.status in ("", "ok", "cancelled")


@dataclass(frozen=True)
class CaseResult:
    """What is known of one case. `state` is waiting, running, done or cancelled."""

    case_id: str
    case: Case
    plan: Plan
    modes: tuple[ModeResult, ...]
    state: str = "waiting"
    started_at: float | None = None
    error: str = ""
    ran_on: str = ""
    hello: Hello | None = None
    hardware: str = ""
    overhead_s: float | None = None
    pairs: tuple[PairEstimate, ...] = ()
    rounds: int = 0
    disturbed_rounds: int | None = None
    spent_s: float = 0.0
    left_s: float | None = None

    def mode(self, name: str) -> ModeResult | None:
        """The result of a mode, if it is part of the case."""
        return next((mode for mode in self.modes if mode.mode == name), None)

    def pair(self, mode: str, baseline: str) -> PairEstimate | None:
        """The comparison of `mode` with `baseline`, if both have been measured and neither is wrong."""
        return next((pair for pair in self.pairs if (pair.mode, pair.baseline) == (mode, baseline)), None)

    @property
    def ended(self) -> bool:
        """Whether no more events of this case will come."""
        return self.state in ("done", "cancelled")

    @property
    def all_ok(self) -> bool:
        """Whether every mode was measured and came out right."""
        return not self.error and all(mode.status == "ok" for mode in self.modes)
