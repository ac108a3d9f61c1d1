"""What each mode makes of a workload on a device: found by trying it at its least size, and remembered.

What XLA can compile depends on the device and on TensorFlow's version, and no list of TensorFlow's says so.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..catalogue import Workload
from ..files.atomic_write import write_text
from ..plan import Case, Effort, Plan
from ..session.results import CaseResult
from ..session.session import Session
from .findings import SPOKEN, one_line

TRIAL = Effort(budget_s=0.01)
"""A few rounds: what fails may fail there. Their times are not asked for."""

WORKS = "ok"


@dataclass(frozen=True)
class Place:
    """Where something was tried."""

    tensorflow: str
    hardware: str


@dataclass(frozen=True)
class Ending:
    """How a mode ended, by one of the statuses of results, and why."""

    mode: str
    status: str
    error: str = ""


@dataclass(frozen=True)
class Support:
    """How a workload ended in each mode. `code` tells one state of its source from another."""

    place: Place
    workload: str
    code: str
    endings: tuple[Ending, ...]

    @property
    def troubles(self) -> tuple[Ending, ...]:
        """The modes that do not work."""
        return tuple(ending for ending in self.endings if ending.status != WORKS)


def in_words(support: Support) -> str:
    """`XLA cannot compile it (op StringJoin)`: in which modes a workload does not work, and why."""
    return "; ".join(map(_in_words, support.troubles)) or "it works in every mode"


def _in_words(ending: Ending) -> str:
    mode, why = SPOKEN.get(ending.mode, ending.mode), f" ({one_line(ending.error)})" if ending.error else ""
    match ending.status:
        case "unsupported":
            return f"{mode} cannot compile it{why}"
        case "wrong":
            return f"{mode} comes out wrong{why}"
        case "out_of_memory":
            return f"{mode} runs out of memory"
        case "timed_out":
            return f"{mode} takes too long"
        case _:
            return f"{mode} fails{why}"


def trial(workloads: Iterable[Workload], device: str) -> Plan:
    """The plan that tries each workload at its least size. Raises PlanError."""
    cases = (
        Case(workload.name, tuple((dim.name, dim.low) for dim in workload.dims), device=device)
        for workload in workloads
    )
    return Plan(tuple(cases), TRIAL)


def place_of(session: Session, device: str) -> Place:
    """Where a session's worker tries things; it has said hello and named its devices."""
    assert session.hello is not None
    hardware = next((each.hardware for each in session.devices if each.name == device), "")
    return Place(session.hello.tensorflow, hardware or device)


def support_of(case: CaseResult, workload: Workload, place: Place) -> Support | None:
    """What a case of the workload shows; None where it was not finished, or could not be measured at all."""
    if case.state != "done" or case.error:
        return None
    endings = (Ending(mode.mode, mode.status, mode.error) for mode in case.modes)
    return Support(place, workload.name, code_of(workload), tuple(endings))


def code_of(workload: Workload) -> str:
    """A digest of the module that the workload is written in."""
    module = inspect.getmodule(workload.build)
    assert module is not None
    return hashlib.sha256(inspect.getsource(module).encode()).hexdigest()[:16]


class SupportFile:
    """What was found before, in a file. One that cannot be read is empty, and `trouble` says why."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trouble = ""
        self._found: dict[tuple[Place, str], Support] = {}
        try:
            self._take(msgspec.json.decode(path.read_bytes(), type=list[Support]))
        except FileNotFoundError:
            pass
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            self.trouble = f"{path} is ignored: {error}"

    def known(self, place: Place, workloads: Iterable[Workload]) -> Mapping[str, Support]:
        """What is known of these workloads as they are written now, by name."""
        found = {workload.name: self._found.get((place, workload.name)) for workload in workloads}
        codes = {workload.name: code_of(workload) for workload in workloads}
        return {name: support for name, support in found.items() if support and support.code == codes[name]}

    @property
    def latest(self) -> Place | None:
        """Where something was found last."""
        return next((place for place, _ in reversed(self._found)), None)

    def keep(self, found: Iterable[Support]) -> None:
        """Remember what was found. Raises ExportError."""
        self._take(found)
        write_text(msgspec.json.encode(list(self._found.values())).decode(), self._path, overwrite=True)

    def _take(self, found: Iterable[Support]) -> None:
        for support in found:
            key = support.place, support.workload
            self._found.pop(key, None)  # what is found last stands last
            self._found[key] = support
