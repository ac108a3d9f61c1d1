"""What an engine has to do: the plan under way, its cases that wait, and the plan that comes after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..events import Estimate, Event, PlanStarted
from ..plan import Case, Plan
from .mailbox import Submit


@dataclass(frozen=True)
class Attempt:
    """A case in its `process`-th process, with the modes still to be measured.

    `without`: modes that have killed a worker, not to be run again. `earlier`: what each process before this one found
    at last; `estimate`: what this one has found so far.
    """

    case_id: str
    case: Case
    process: int = 1
    without: tuple[str, ...] = ()
    earlier: tuple[Estimate, ...] = ()
    estimate: Estimate | None = None

    @property
    def was_begun(self) -> bool:
        """Whether it goes on with a case that a worker has taken up before."""
        return self.process > 1 or bool(self.without)

    def in_next_process(self) -> Attempt:
        """The same after this process: the modes are those that it could measure to the end."""
        found = (self.estimate,) if self.estimate else ()
        modes = tuple(mode.mode for estimate in found for mode in estimate.modes) or self.case.modes
        return replace(
            self,
            case=replace(self.case, modes=modes),
            process=self.process + 1,
            earlier=(*self.earlier, *found),
            estimate=None,
        )

    def again_without(self, mode: str) -> Attempt:
        """The same process from the start, without a mode that killed its worker; another mode must be left."""
        rest = tuple(each for each in self.case.modes if each != mode)
        return replace(self, case=replace(self.case, modes=rest), without=(*self.without, mode), estimate=None)


class PlanQueue:
    """One plan at a time. `current` is the case that is being measured; `next` takes the place of what is under way.

    `paused`: no other case is to be begun. `skipping`: the current one is given up, the others are not. `cases`: how
    many the session has had before.
    """

    def __init__(self, cases: int = 0) -> None:
        self.plan: Plan | None = None
        self.next: Submit | None = None
        self.current: Attempt | None = None
        self.waiting: deque[Attempt] = deque()
        self.paused = False
        self.skipping = False
        self._cases = cases

    def take_up(self, submitted: Submit) -> PlanStarted:
        """Make this the plan under way."""
        plan, case_ids = submitted.plan, submitted.case_ids
        if not case_ids:
            case_ids = tuple(str(self._cases + index) for index in range(1, len(plan.cases) + 1))
            self._cases += len(case_ids)
        self.plan = plan
        self.waiting = deque(Attempt(case_id, case) for case_id, case in zip(case_ids, plan.cases, strict=True))
        return PlanStarted(plan=plan, case_ids=case_ids)

    def choose(self, suits: Callable[[Attempt], bool]) -> Attempt:
        """The one of those that wait to begin with: the first that `suits`, unless one was begun before.

        What a worker must be loaded anew for is put off, so that it happens as seldom as can be.
        """
        first = self.waiting[0]
        return first if first.was_begun else next(filter(suits, self.waiting), first)

    def begin(self, attempt: Attempt) -> None:
        """Make one of those that wait the current one."""
        self.waiting.remove(attempt)
        self.current = attempt

    def note(self, event: Event) -> None:
        """Keep what the current case has found so far."""
        if isinstance(event, Estimate) and self.current is not None:
            self.current = replace(self.current, estimate=event)

    def try_again(self, attempt: Attempt, without: str) -> bool:
        """Have a case's other modes measured again, where there are any and they need it; whether they will be.

        They need it without figures; of several processes each is to be complete.
        """
        assert self.plan is not None
        enough = attempt.estimate is not None and self.plan.effort.processes == 1
        if enough or without in attempt.without or not set(attempt.case.modes) - {without}:
            return False
        self.waiting.appendleft(attempt.again_without(without))
        return True

    def drop(self, concerns: Callable[[Attempt], bool]) -> tuple[Attempt, ...]:
        """Drop these attempts, under way or waiting; returns them."""
        dropped = tuple(filter(concerns, filter(None, (self.current, *self.waiting))))
        if self.current and concerns(self.current):
            self.current, self.skipping = None, False
        self.waiting = deque(attempt for attempt in self.waiting if not concerns(attempt))
        return dropped

    def end(self) -> tuple[Attempt, ...]:
        """Drop the plan; returns its cases that have not ended."""
        left = self.drop(lambda _: True)
        self.plan = None
        self.paused = self.skipping = False
        return left
