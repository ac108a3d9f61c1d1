"""The course of a case: its phases, what came out, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Event, FarEvent

PHASES = ("build", "trace", "first_call", "argument_sets", "verify", "calibrate", "breakdown", "rounds", "refine")

STATUSES = ("ok", "unsupported", "wrong", "out_of_memory", "failed", "timed_out", "cancelled", "refused")
"""Lists how a mode can end, in the CSV's words; `refused`: the request was impossible, so it was not run."""


@dataclass(frozen=True, kw_only=True)
class CaseStarted(Event):
    """A worker took up a case, to measure it in the `process`-th of `processes` fresh workers."""

    kind = "case_started"
    case_id: str
    process: int = 1
    processes: int = 1


@dataclass(frozen=True, kw_only=True)
class DevicePreparing(FarEvent):
    """A worker takes hold of an accelerator, `device`, which takes what its first use takes; no case pays for that."""

    kind = "device_preparing"
    device: str


@dataclass(frozen=True, kw_only=True)
class DevicePrepared(FarEvent):
    """The accelerator has computed something. `held_bytes`: memory of the machine that the worker holds from now on."""

    kind = "device_prepared"
    device: str
    duration_s: float
    held_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseSized(Event):
    """The case's workload was found; these are all its dimensions, those at their defaults among them.

    `dtype`: what it computes in, which code of the user's may settle by itself; empty: as asked for. `unwrapped`: it
    is a `tf.function` of the user's, of which eager runs the Python and the other modes make their own. `autotuned`:
    the worker had compiled the workload for a GPU before, in whatever sizes, and XLA keeps what it has tuned.
    """

    kind = "case_sized"
    case_id: str
    dims: tuple[tuple[str, int], ...]
    dtype: str = ""
    unwrapped: bool = False
    autotuned: bool = False


@dataclass(frozen=True, kw_only=True)
class PhaseStarted(Event):
    """`mode` (empty: all of them) has come to `phase`, one of PHASES."""

    kind = "phase_started"
    case_id: str
    mode: str
    phase: str


@dataclass(frozen=True, kw_only=True)
class PhaseFinished(Event):
    """A phase of one mode took `duration_s`, of which XLA spent `compile_s` compiling (null: not known)."""

    kind = "phase_finished"
    case_id: str
    mode: str
    phase: str
    duration_s: float
    compile_s: float | None = None
    compilations: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verified(Event):
    """The mode's output was held against `reference` (`float64` or a mode): max|y - ref| / max|ref|.

    `wrong`: empty, or what differs beyond rounding, in words; `wrong_state`: that is a variable, no output.
    `outputs_only`: it has state that cannot be compared.
    """

    kind = "verified"
    case_id: str
    mode: str
    reference: str
    max_rel_error: float | None
    wrong: str = ""
    outputs_only: bool = False
    wrong_state: bool = False


@dataclass(frozen=True, kw_only=True)
class ModeFailed(Event):
    """The mode cannot be measured. `status` is one of STATUSES; `traceback` goes as far as the user's own files.

    `absent`: there is no such mode of what is measured; nothing was tried. `message`: all that the exception and those
    before it said, where that is more than `error`.
    """

    kind = "mode_failed"
    case_id: str
    mode: str
    status: str
    error: str
    traceback: tuple[str, ...] = ()
    absent: bool = False
    message: str = ""


@dataclass(frozen=True)
class ArgumentChange:
    """One aspect in which an argument differed from the calls before.

    `name`: the parameter's name, or its number from 1. `aspect`: shape, rank, dtype, type, structure, value, values (of
    a large tensor), row lengths (of a ragged one) or number of values (of a sparse one). `kind`: what a Python value is
    (number, bool, string or object); empty for tensors and where the type or structure changed. `before`, `after`: an
    example, in text; both empty if there is no short one. `part`: how the one part of the argument that differs so is
    reached (`['mask']`).
    """

    name: str
    aspect: str
    kind: str = ""
    before: str = ""
    after: str = ""
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Retraced(Event):
    """A mode was traced or compiled again in `phase` (`argument_sets` or `rounds`), after its first call.

    `traces` and `compilations` of `calls` calls: those with arguments that were new to the mode, or where none were,
    all that were timed. `compile_s` is what the compilations took together. `changes`: what about the arguments
    changed; empty where they did not. `cause`: the same as a sentence, as sessions recorded it before `changes`.
    `functions`: what was traced is not the mode's own function but these, which it makes or calls, by name and place.
    """

    kind = "retraced"
    case_id: str
    mode: str
    phase: str
    calls: int
    traces: int
    compilations: int
    compile_s: float
    cause: str = ""
    changes: tuple[ArgumentChange, ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suspicious(Event):
    """The mode's figure may not mean what it seems to: `reason`, in words."""

    kind = "suspicious"
    case_id: str
    mode: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """What there is to know of a mode beside its figures: `note`, a sentence without its full stop."""

    kind = "noted"
    case_id: str
    mode: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PeakMemory(Event):
    """The most memory that preparing and calling the mode took, beyond what was taken before.

    `source` is `rss` (the process's, in a worker that had prepared no other mode) or `device` (TensorFlow's allocator).
    """

    kind = "peak_memory"
    case_id: str
    mode: str
    peak_bytes: int
    source: str


@dataclass(frozen=True, kw_only=True)
class ProcessFinished(Event):
    """The `process`-th of several workers has measured the case; the next one will, from the start.

    `changed`: as of a case that has finished.
    """

    kind = "process_finished"
    case_id: str
    process: int
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseFinished(Event):
    """The case has ended. `error`: why the whole case could not be measured. `ran_on`: the device outputs lay on.

    `held_bytes`: memory of the machine that the worker still holds; null where not known. `traceback`: of the error, as
    far as it lies in the user's files. `abandoned`: it was not to be measured any more, through no fault of its own.
    `changed`: what of the process is not as it was before the case, so that the next one needs a fresh process.
    `message`: all that the exception said, where that is more than `error`.
    `refused`: what was asked for is impossible; nothing of it was measured.
    """

    kind = "case_finished"
    case_id: str
    cancelled: bool = False
    error: str = ""
    ran_on: str = ""
    held_bytes: int | None = None
    traceback: tuple[str, ...] = ()
    abandoned: bool = False
    changed: tuple[str, ...] = ()
    message: str = ""
    refused: bool = False
