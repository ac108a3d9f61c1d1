"""The steps before the rounds, each announced, timed apart, and searched for what XLA compiled meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ..events import PhaseFinished, PhaseStarted
from .channel import Channel
from .modes import Built
from .recompiles import find_compilations


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """The engine asked to give the case up."""


@dataclass
class Span:
    """How long a phase took, once it is over."""

    duration_s: float = 0.0


@dataclass(frozen=True)
class Prepared:
    """A mode that has been called once: what that cost, what came out, and on which device it lay."""

    built: Built
    trace_s: float
    first_call_s: float
    output: Sequence[NDArray[Any]]
    ran_on: str

    @property
    def ready_after_s(self) -> float:
        """What tracing and the first call took together."""
        return self.trace_s + self.first_call_s


class Phases:
    """Reports the phases of one case. Modes that are run but were not asked for are left out of the events."""

    def __init__(self, channel: Channel, case_id: str, asked: tuple[str, ...]) -> None:
        self._channel = channel
        self._case_id = case_id
        self._asked = asked

    @contextmanager
    def phase(self, mode: str, phase: str) -> Iterator[Span]:
        """Time what is done inside. Raises Stopped, before it starts, when asked to stop."""
        if self._channel.stop_requested():
            raise Stopped
        self._channel.running(mode)
        if mode in self._asked:
            self._channel.emit(PhaseStarted(case_id=self._case_id, mode=mode, phase=phase))
        self._channel.log.new_text()
        span = Span()
        start = perf_counter()
        yield span
        span.duration_s = perf_counter() - start
        compiled = find_compilations(self._channel.log.new_text())
        if mode in self._asked:
            self._channel.emit(
                PhaseFinished(
                    case_id=self._case_id,
                    mode=mode,
                    phase=phase,
                    duration_s=span.duration_s,
                    compile_s=compiled.duration_s if compiled.count else None,
                    compilations=compiled.count,
                )
            )

    def common(self, phase: str) -> None:
        """Announce a phase that all modes share. Raises Stopped when asked to stop."""
        if self._channel.stop_requested():
            raise Stopped
        self._channel.running("")
        self._channel.emit(PhaseStarted(case_id=self._case_id, mode="", phase=phase))
