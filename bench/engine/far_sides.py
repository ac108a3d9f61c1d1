"""The far sides of a session, by name: most have one, several are measured on in turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from time import monotonic

from ..plan import Case, Plan, WorkerOptions
from .connection import Closed, Connection, FarLine
from .far_worker import FarWorker
from .launch import FarSide
from .plan_queue import Attempt


class FarSides:
    """A worker for each far side, in the order in which they were given. One alone has no name."""

    def __init__(
        self,
        fars: Sequence[FarSide],
        options: WorkerOptions,
        receive: Callable[[FarLine | Closed], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._workers = {
            name: FarWorker(name, far, options, receive, clock) for name, far in zip(names(fars), fars, strict=True)
        }

    def __iter__(self) -> Iterator[FarWorker]:
        return iter(self._workers.values())

    def of(self, case: Case) -> FarWorker | None:
        """The one on which a case is to be measured, by default the first; None for a name that none has."""
        return self._workers.get(case.far) if case.far else next(iter(self))

    def on(self, connection: Connection) -> FarWorker | None:
        """The one that a connection belongs to; None for a connection that was given up."""
        return next((worker for worker in self if worker.is_on(connection)), None)

    def can_take(self, attempt: Attempt, plan: Plan) -> bool:
        """Whether the worker that an attempt is for can take it as it is."""
        worker = self.of(attempt.case)
        return worker is not None and worker.state == "ready" and not worker.unfit_for(attempt, plan)

    def put_off(self, by_s: float) -> None:
        """Give all of them so much longer for what they are at."""
        for worker in self:
            worker.deadline += by_s

    @property
    def deadline(self) -> float:
        """The monotonic time at which something must be done about one of them."""
        return min(worker.deadline for worker in self)

    @property
    def are_at_rest(self) -> bool:
        """Whether none of them loads TensorFlow or reads code, which would disturb what is measured beside it."""
        return not any(worker.state in ("starting", "looking") for worker in self)


def names(fars: Sequence[FarSide]) -> tuple[str, ...]:
    """What each far side is called: the words in which its command line differs from the others'. One alone has none.

    `~/venvs/tf218/bin/python` beside `~/venvs/tf221/bin/python` is `tf218`, `ssh ann python3` beside `ssh bob python3`
    is `ann`. Those that are alike are numbered.
    """
    if len(fars) == 1:
        return ("",)
    words = [re.split(r"[/ ]+", str(far)) for far in fars]
    start = _alike(words)
    start -= words[0][:start] == [""]  # the root alone is nothing in common
    end = min(_alike([line[::-1] for line in words]), min(map(len, words)) - start)
    different = ["/".join(line[start : len(line) - end]) for line in words]
    called = different if all(different) else [str(far) for far in fars]
    seen: Counter[str] = Counter()
    unique = []
    for name in called:
        seen[name] += 1
        unique.append(f"{name} #{seen[name]}" if called.count(name) > 1 else name)
    return tuple(unique)


def _alike(lines: Sequence[Sequence[str]]) -> int:
    """How many words the lines begin with alike."""
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*lines, strict=False)))
