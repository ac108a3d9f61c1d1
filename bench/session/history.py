"""Earlier sessions: what their files tell without the figures.

Of a file only the lines are parsed that say what was measured, where, and how that ended: a few in a hundred. Five
hundred sessions of 100 KB are gone through in a tenth of a second, so no index is kept.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from ..events import CaseFinished, CaseSized, Event, Hello, PlanFinished, PlanStarted, SessionStarted
from ..plan import Case, PlanError
from .journal_writer import SUFFIX, JournalError
from .limits import MOST_CASES
from .session_file import check_lines, lines_of, open_session_file
from .wire import WireError, read_checked

TOLD_BY = (SessionStarted, Hello, PlanStarted, CaseSized, CaseFinished, PlanFinished)

BEGINNINGS = tuple(f'{{"kind":"{event.kind}"'.encode() for event in TOLD_BY)
"""Of the lines that are read."""

State = Literal["ended", "broke off", "open"]


@dataclass(frozen=True)
class Outline:
    """A session without its figures. `started_at` is Unix time; `far`, `host`, `tensorflow` and `machine` are the
    first's.

    `fars` are the commands of the far sides on which it was measured last. `cases` are those that were planned, in that
    order; `measured`: how many of them came to their end; `planned` and `left`: of the plan begun last, how many cases
    it has, and how many did not come to their end; `to_measure`: the workloads of these. `state` is *broke
    off* where that plan was ended neither by itself nor by anyone; *open* where a process still writes the file, which
    has so many `bytes`.
    """

    path: Path
    session_id: str
    started_at: float
    far: str
    host: str = ""
    tensorflow: str = ""
    machine: str = ""
    fars: tuple[str, ...] = ()
    to_measure: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    measured: int = 0
    planned: int = 0
    left: int = 0
    state: State = "ended"
    bytes: int = 0

    @property
    def when(self) -> str:
        """When it was begun, by the local clock: `2026-11-22 14:03`."""
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(self.started_at))

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """What was measured, each named once."""
        return tuple(dict.fromkeys(case.workload for case in self.cases))

    @cached_property
    def about(self) -> str:
        """What a search looks at, in small letters."""
        said = {word for case in self.cases for word in _words(case)}
        place = self.session_id, self.machine, self.host, self.tensorflow, self.far
        return " ".join((self.when, *place, *sorted(said))).lower()


class History:
    """The sessions in a folder. Looked through again, only files that have changed are read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, tuple[tuple[int, int], Outline | None]] = {}

    def keeps(self, path: Path | None) -> bool:
        """Whether a session of this file is among them."""
        return path is not None and path.absolute().parent == self._folder.absolute()

    def outlines(self, but: Path | None = None) -> Iterator[Outline]:
        """Every session but one, the latest begun first; those in which nothing was asked for are left out.

        What cannot be read is left out, too: whoever opens it is told why.
        """
        for path in sorted(self._folder.glob(f"*{SUFFIX}"), reverse=True):
            if path != but and (outline := self._outline(path)) is not None:
                yield outline

    def latest(self, but: Path | None = None) -> Outline | None:
        """The session written to last in which something was asked for."""
        by_time = sorted(self._folder.glob(f"*{SUFFIX}"), key=_written_at, reverse=True)
        return next((outline for path in by_time if path != but and (outline := self._outline(path))), None)

    def _outline(self, path: Path) -> Outline | None:
        try:
            stat = path.stat()
            stamp = stat.st_mtime_ns, stat.st_size
            if self._known.get(path, (None,))[0] != stamp:
                told = outline(path)
                self._known[path] = stamp, told and replace(told, bytes=stat.st_size)
        except OSError:
            return None
        found = self._known[path][1]
        if found is None or not found.cases:
            return None
        return replace(found, state="open") if found.state == "broke off" and is_written(path) else found


def outline(path: Path) -> Outline | None:
    """What a session's file tells without the figures; None where it is none. Raises OSError.

    A file that is damaged tells what stands before that; one that is larger than any session tells nothing.
    """
    reading = _Reading(path)
    try:
        with open_session_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            check_lines(file, size, path)
            for line in lines_of(file, size, path):
                if line.startswith(BEGINNINGS):
                    event = read_checked(line)
                    if event is not None and not reading.take(event):
                        break
    except (JournalError, WireError, PlanError):
        pass  # whoever opens it is told why
    return reading.outline


def is_written(path: Path) -> bool:
    """Whether a process goes on with this session now; where a file system has no locks, nobody can tell. False."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


class _Reading:
    """The events of a file, as far as an outline needs them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._started: SessionStarted | None = None
        self._latest_start: SessionStarted | None = None
        self._hello: Hello | None = None
        self._cases: dict[str, Case] = {}
        self._measured: set[str] = set()
        self._plan: tuple[str, ...] = ()
        self._broke_off = False

    def take(self, event: Event) -> bool:
        """Take an event in; whether it fits to those before. Raises PlanError where it makes a case of what is none."""
        match event:
            case SessionStarted():
                self._started, self._latest_start = self._started or event, event
            case Hello():
                self._hello = self._hello or event
            case PlanStarted():
                if len(self._cases) + len(event.case_ids) > MOST_CASES:
                    return False
                self._plan, self._broke_off = event.case_ids, True
                self._cases.update(zip(event.case_ids, event.plan.cases, strict=False))
                self._measured.difference_update(event.case_ids)
            case CaseSized():
                if (case := self._cases.get(event.case_id)) is None:
                    return False
                self._cases[event.case_id] = replace(case, dims=event.dims, dtype=event.dtype or case.dtype)
            case CaseFinished():
                if not (event.cancelled or event.abandoned):
                    self._measured.add(event.case_id)
            case PlanFinished():
                self._broke_off = event.broke_off
        return True

    @property
    def outline(self) -> Outline | None:
        """What they come to; None without a beginning."""
        if self._started is None:
            return None
        assert self._latest_start is not None
        left = (set(self._plan) & self._cases.keys()) - self._measured
        return Outline(
            path=self._path,
            session_id=self._started.session_id,
            started_at=self._started.at,
            far=self._started.far,
            host=self._hello.host if self._hello else "",
            tensorflow=self._hello.tensorflow if self._hello else "",
            machine=self._started.machine,
            fars=tuple(far for _, far in self._latest_start.fars) or (self._latest_start.far,),
            to_measure=tuple(
                dict.fromkeys(name for each in self._plan if each in left for name in self._cases[each].code)
            ),
            cases=tuple(self._cases.values()),
            measured=len(self._measured & self._cases.keys()),
            planned=len(self._plan),
            left=len(left),
            state="broke off" if self._broke_off and left else "ended",
        )


def _words(case: Case) -> Iterator[str]:
    yield from (case.workload, case.old_name, case.dtype, case.device, case.far)
    yield from (f"{name}={size}" for name, size in case.dims)
    yield from str(case.runtime).split()


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
