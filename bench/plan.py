"""What to measure: a `Case` is one workload at one size, a `Plan` is the cases and how well to measure them.

Both sides of the wire read this file, so it needs nothing but the standard library and what travels with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .device_names import is_accelerator, is_device_name, is_gpu
from .implementations import are_two, of_both, plain, plain_modes
from .plan_error import PlanError as PlanError
from .rules import BUDGET, CALLS, CASE_TIMEOUT, EFFECT, LARGEST, PROCESSES, REFINE, TARGET, check_rules
from .runtime import NO_SETTINGS, Runtime

MODES = (
    "eager",
    "as-written",
    "graph",
    "concrete",
    "reduce-retracing",
    "no-grappler",
    "autocluster",
    "xla",
    "predict",
)
"""Simplest first: a verdict compares a mode with the best of those before it."""

DEFAULT_MODES = ("eager", "graph", "xla")

MORE_MODES = tuple(mode for mode in MODES if mode not in DEFAULT_MODES)

EVERY_MODE = of_both(MODES)
"""Lists the modes in their order, each followed by the old implementation's where a case has two."""

COMPILED_MODES = ("autocluster", "xla")
"""What their first call costs is a compile; that of the others is a start-up."""

DTYPES = ("float16", "bfloat16", "float32", "float64")

MIXED: Mapping[str, str] = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
"""Keras's policies of mixed precision: what layers compute in, with weights in float32."""

PRECISIONS = (*DTYPES, *MIXED)
"""All that a case's dtype may be."""

DEFAULT_DTYPE = "float32"

DEFAULT_SEED = 42

DEFAULT_DEVICE = "CPU:0"

MODELS = (".keras", ".h5")
"""Endings of Keras's own model files."""

CODE_FILES = (".py", *MODELS)

KERAS_METHODS = ("predict", "train_step", "test_step", "predict_step")
"""What Keras does around a model's call, as `MODEL.keras::train_step` names it."""


def is_own(workload: str) -> bool:
    """Whether this names the user's own code or model, which the far side alone can read.

    `FILE.py::FUNCTION`, `MODULE:FUNCTION`, `MODEL.keras`, `SAVED_MODEL_DIRECTORY/[::SIGNATURE]`.
    """
    return ":" in workload or "/" in workload or workload.endswith(CODE_FILES)


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
    `x=float32[batch=32,64]`. `far` names the far side to measure on, where there are several. `inputs_by_name`: names
    in `inputs` must be those of parameters; in plans and sessions from before that was so, they need not. `against`: an
    old implementation that this one is held against in the same rounds, named as a workload is; it has modes of its own
    among `modes` (`implementations.py`). `against_ref`: the revision of a git repository that it is read at; without
    `against`, the workload itself as it was then.
    """

    workload: str
    dims: tuple[tuple[str, int], ...] = ()
    dtype: str = DEFAULT_DTYPE
    device: str = DEFAULT_DEVICE
    modes: tuple[str, ...] = DEFAULT_MODES
    seed: int = DEFAULT_SEED
    inputs: str = ""
    runtime: Runtime = NO_SETTINGS
    far: str = ""
    inputs_by_name: bool = field(default=False, compare=False)
    against: str = ""
    against_ref: str = ""

    def __post_init__(self) -> None:
        if self.dtype not in PRECISIONS:
            raise PlanError(f"dtype {self.dtype!r} is not one of {', '.join(PRECISIONS)}")
        if not is_device_name(self.device):
            raise PlanError(f"device {self.device[:40]!r} is not named as TensorFlow does: CPU:0, GPU:1")
        if not self.modes:
            raise PlanError(f"no mode to measure: choose from {', '.join(DEFAULT_MODES)} and others")
        for mode in self.modes:
            if plain(mode) not in MODES:
                raise PlanError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        if not 0 <= self.seed < 2**32:
            raise PlanError(f"seed {self.seed} is not between 0 and {2**32 - 1}")
        if self.runtime.tf32 is not None and not is_gpu(self.device):
            raise PlanError(f"tf32 is for GPUs: {self.device} does not compute in TensorFloat-32")
        for name, size in self.dims:
            if abs(size) > LARGEST:
                raise PlanError(f"{name} is larger than any tensor's size: give at most {LARGEST}")
        if self.against_ref and not is_own(self.against or self.workload):
            raise PlanError(f"--against-ref is for code of your own: {self.against or self.workload} is no file")
        if self.against_ref.startswith("-"):
            raise PlanError(f"{self.against_ref!r} is no revision of a git repository")
        names = self.modes if self.is_held_against and are_two(self.modes) else plain_modes(self.modes)
        modes = tuple(mode for mode in EVERY_MODE if mode in names)
        is_complete = are_two(modes) or not self.is_held_against
        object.__setattr__(self, "modes", modes if is_complete else of_both(modes))

    @property
    def is_held_against(self) -> bool:
        """Tell whether there is an old implementation that it is held against."""
        return bool(self.against or self.against_ref)

    @property
    def old_name(self) -> str:
        """The old implementation's name: `step.py::old`, `step.py::step at HEAD~1`; empty where there is none."""
        if not self.is_held_against:
            return ""
        return (self.against or self.workload) + (f" at {self.against_ref}" if self.against_ref else "")

    @property
    def code(self) -> tuple[str, ...]:
        """Return the names of what it runs: of the workload, and of the old implementation where that is another."""
        return tuple(dict.fromkeys(filter(None, (self.workload, self.against))))

    @property
    def dims_text(self) -> str:
        """The dimensions as people write them: `m=1024 k=1024`."""
        return " ".join(f"{name}={size}" for name, size in self.dims)

    @property
    def title(self) -> str:
        """`matmul · m=1024 k=1024 n=1024 · float32 · CPU:0`, and what is unusual about how it is to run."""
        held = f"against {self.old_name}" if self.is_held_against else ""
        parts = (self.workload, held, self.dims_text, self.dtype, self.device, str(self.runtime), self.far)
        return " · ".join(part for part in parts if part)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Case:
        """The case whose JSON object is `fields`."""
        dims = tuple((str(name), int(size)) for name, size in fields["dims"])
        runtime = Runtime(**fields.get("runtime", {}))
        return cls(**{**fields, "dims": dims, "modes": tuple(fields["modes"]), "runtime": runtime})


@dataclass(frozen=True)
class Effort:
    """How long and how finely to measure a case.

    `budget_s`: seconds for a case's rounds in a process, compile not counted. `target`: rounds end early once the
    interval of every speedup reaches no further than this fraction to either side. `processes`: how many fresh workers
    measure the case, one after another; with several, the interval is the one between them. `refine_s`: for how many
    seconds more a case is measured in a process while an interval is wider than half of the smallest effect.
    """

    budget_s: float = BUDGET.usual
    target: float = TARGET.usual
    processes: int = PROCESSES.usual
    refine_s: float = REFINE.usual

    def __post_init__(self) -> None:
        check_rules(self)


OVERRUN = 3
"""Rounds of slow calls may take this many times their budget unannounced."""

LONGEST_OVERRUN = 40
"""They may take this many times their budget where that makes them enough for a verdict: the worker tells before."""

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
    which they vary, as they were written. `verify_only`: tell what is right and measure nothing.
    """

    cases: tuple[Case, ...]
    effort: Effort = field(default_factory=Effort)
    effect: float = EFFECT.usual
    case_timeout_s: float = CASE_TIMEOUT.usual
    calls: int = CALLS.usual
    preset: str = ""
    sweep: tuple[str, ...] = ()
    verify_only: bool = False

    def __post_init__(self) -> None:
        if not self.cases:
            raise PlanError("a plan needs at least one case")
        check_rules(self)

    def on_each(self, fars: Sequence[str]) -> Plan:
        """The plan with each case on each of the far sides of these names in turn."""
        return replace(self, cases=tuple(replace(case, far=far) for case in self.cases for far in fars))


@dataclass(frozen=True)
class WorkerOptions:
    """What a worker must know before it imports TensorFlow.

    `gpu_memory_limit_mib`: memory to take of a GPU, instead of growing as needed. `logical_cpus`: how many CPU devices
    TensorFlow is to show, to try several devices on a machine with one. `runtime`: what of a Runtime is read only once.
    `cluster_on_cpu`: autoclustering, where it is switched on, is to compile for CPUs too.
    """

    gpu_memory_limit_mib: int | None = None
    logical_cpus: int = 1
    runtime: Runtime = NO_SETTINGS
    cluster_on_cpu: bool = False

    def __post_init__(self) -> None:
        if self.gpu_memory_limit_mib is not None and self.gpu_memory_limit_mib < 1:
            raise PlanError(f"GPU memory limit {self.gpu_memory_limit_mib} MiB is less than 1")
        if not 1 <= self.logical_cpus <= 64:
            raise PlanError(f"{self.logical_cpus} logical CPUs is not between 1 and 64")

    def for_case(self, case: Case) -> WorkerOptions:
        """The same, for a worker that is to measure `case`."""
        # A library that has chosen its kernels with TensorFloat-32 keeps to them when that is switched off: one
        # process has one setting. On is what TensorFlow does by itself.
        tf32 = False if case.runtime.tf32 is False else None
        return replace(
            self,
            runtime=replace(case.runtime, tf32=tf32),
            cluster_on_cpu="autocluster" in case.modes and not is_accelerator(case.device),
        )

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> WorkerOptions:
        """The options whose JSON object is `fields`."""
        return cls(**{**fields, "runtime": Runtime(**fields.get("runtime", {}))})


def to_dict(value: Case | Effort | Plan | WorkerOptions) -> dict[str, Any]:
    """The JSON object of a plan's value."""
    return asdict(value)
