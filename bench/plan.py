"""What to measure: a `Case` is one workload at one size, a `Plan` is the cases and how well to measure them.

Both sides of the wire read this file, so it needs nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MODES = ("eager", "graph", "xla")
"""Simplest first: a verdict compares a mode with the best of those before it."""

DTYPES = ("float16", "bfloat16", "float32", "float64")

MIXED: Mapping[str, str] = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
"""Keras's policies of mixed precision: what layers compute in, with weights in float32."""

PRECISIONS = (*DTYPES, *MIXED)
"""All that a case's dtype may be."""

DEFAULT_DTYPE = "float32"

DEFAULT_SEED = 42


class PlanError(ValueError):
    """A plan that cannot be measured, said in one line."""


def is_own(workload: str) -> bool:
    """Whether this names the user's own code or model, which the far side alone can read.

    `FILE.py::FUNCTION`, `MODULE:FUNCTION`, `MODEL.keras`, `SAVED_MODEL_DIRECTORY/[::SIGNATURE]`.
    """
    return ":" in workload or "/" in workload or workload.endswith((".py", ".keras", ".h5"))


def compute_dtype(dtype: str) -> str:
    """What is computed in: of mixed precision, the narrower of its two dtypes."""
    return MIXED.get(dtype, dtype)


def weight_dtype(dtype: str) -> str:
    """What weights are kept in, and what they are updated in."""
    return "float32" if dtype in MIXED else dtype


def short_name(workload: str) -> str:
    """The last part of a workload's name: of `path/to/file.py::step`, `step`."""
    return re.split("[:/]", workload.rstrip("/"))[-1]


@dataclass(frozen=True)
class Case:
    """One workload at one size, dtype and device, to be timed in several modes.

    `workload` is a name from the catalogue, or the user's own code (see `is_own`); `dims` are (name, size) pairs, those
    left out take the workload's defaults; `dtype` is one of PRECISIONS; `device` is TensorFlow's own name, `CPU:0` or
    `GPU:1`. `inputs` says what the user's own code is called with, where that does not say so itself:
    `x=float32[batch=32,64]`.
    """

    workload: str
    dims: tuple[tuple[str, int], ...] = ()
    dtype: str = DEFAULT_DTYPE
    device: str = "CPU:0"
    modes: tuple[str, ...] = MODES
    seed: int = DEFAULT_SEED
    inputs: str = ""

    def __post_init__(self) -> None:
        if self.dtype not in PRECISIONS:
            raise PlanError(f"dtype {self.dtype!r} is not one of {', '.join(PRECISIONS)}")
        if not re.fullmatch(r"(CPU|GPU):\d+", self.device):
            raise PlanError(f"device {self.device!r} is not named as TensorFlow does: CPU:0, GPU:1")
        if not self.modes:
            raise PlanError(f"no mode to measure: choose from {', '.join(MODES)}")
        for mode in self.modes:
            if mode not in MODES:
                raise PlanError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        if not 0 <= self.seed < 2**32:
            raise PlanError(f"seed {self.seed} is not between 0 and {2**32 - 1}")
        object.__setattr__(self, "modes", tuple(mode for mode in MODES if mode in self.modes))

    @property
    def dims_text(self) -> str:
        """The dimensions as people write them: `m=1024 k=1024`."""
        return " ".join(f"{name}={size}" for name, size in self.dims)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Case:
        """The case whose JSON object is `fields`."""
        dims = tuple((str(name), int(size)) for name, size in fields["dims"])
        return cls(**{**fields, "dims": dims, "modes": tuple(fields["modes"])})


MOST_PROCESSES = 100


@dataclass(frozen=True)
class Effort:
    """How long and how finely to measure a case.

    `budget_s`: seconds for a case's rounds in a process, compile not counted. `target`: rounds end early once the 95 %
    interval of every speedup reaches no further than this fraction to either side. `processes`: how many fresh workers
    measure the case, one after another; with several, the interval is the one between them.
    """

    budget_s: float = 3.0
    target: float = 0.02
    processes: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.budget_s <= 86_400:
            raise PlanError(f"budget {self.budget_s:g} s is not between 0 and 86400")
        if not 0 < self.target < 1:
            raise PlanError(f"target {100 * self.target:g} % is not between 0 and 100")
        if not 1 <= self.processes <= MOST_PROCESSES:
            raise PlanError(f"{self.processes} processes is not between 1 and {MOST_PROCESSES}")


OVERRUN = 3
"""Rounds of slow calls may take this many times their budget, to be enough for an interval."""

EFFORTS: Mapping[str, Effort] = {
    "quick": Effort(),
    "thorough": Effort(budget_s=10.0, target=0.005, processes=3),
}


@dataclass(frozen=True)
class Plan:
    """Cases to measure in order, and the rules they share.

    `effect`: the smallest difference that is of interest, as a fraction. `case_timeout_s`: how long a case may take in
    each process, beside its rounds' budget. `calls`: how many calls a compilation may take to pay back before advice
    goes against it. `preset`: the published benchmark that the cases were asked for by, if any. `sweep`: the axes along
    which they vary, as they were written.
    """

    cases: tuple[Case, ...]
    effort: Effort = field(default_factory=Effort)
    effect: float = 0.02
    case_timeout_s: float = 120.0
    calls: int = 100_000
    preset: str = ""
    sweep: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.cases:
            raise PlanError("a plan needs at least one case")
        if not 0 < self.case_timeout_s <= 86_400:
            raise PlanError(f"case time-out {self.case_timeout_s:g} s is not between 0 and 86400")
        if not 0 < self.effect < 1:
            raise PlanError(f"effect {100 * self.effect:g} % is not between 0 and 100")
        if self.calls < 1:
            raise PlanError(f"calls {self.calls} is less than 1")


@dataclass(frozen=True)
class WorkerOptions:
    """What a worker must know before it imports TensorFlow.

    `gpu_memory_limit_mib`: memory to take of a GPU, instead of growing as needed. `logical_cpus`: how many CPU devices
    TensorFlow is to show, to try several devices on a machine with one.
    """

    gpu_memory_limit_mib: int | None = None
    logical_cpus: int = 1

    def __post_init__(self) -> None:
        if self.gpu_memory_limit_mib is not None and self.gpu_memory_limit_mib < 1:
            raise PlanError(f"GPU memory limit {self.gpu_memory_limit_mib} MiB is less than 1")
        if not 1 <= self.logical_cpus <= 64:
            raise PlanError(f"{self.logical_cpus} logical CPUs is not between 1 and 64")


def to_dict(value: Case | Effort | Plan | WorkerOptions) -> dict[str, Any]:
    """The JSON object of a plan's value."""
    return asdict(value)
