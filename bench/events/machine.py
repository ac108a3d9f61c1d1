"""What the machine did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Event


@dataclass(frozen=True)
class GpuState:
    """A GPU or a MIG instance, by NVML's UUID; null is what it does not tell, as under MIG.

    `throttled`: the reasons for which its clocks are held down, in NVML's words; idling and clocks that were set are
    none. `other_processes`: how many processes beside the worker have a context on it, whether or not they compute;
    `busy_processes`: how many others have computed on it since the reading before. `idle`: it has nothing to do and its
    clocks are low for that.
    """

    uuid: str
    clock_mhz: int | None = None
    memory_clock_mhz: int | None = None
    throttled: tuple[str, ...] | None = None
    temperature_c: int | None = None
    power_w: float | None = None
    other_processes: int | None = None
    busy_processes: int | None = None
    idle: bool | None = None


@dataclass(frozen=True)
class GpuFacts:
    """Says what a GPU is and what drives it, which stays the same; empty or null is what is not told.

    `driver` is NVIDIA's driver, `driver_cuda` the newest CUDA that it runs. `cuda` is the one that TensorFlow was built
    with, `cudnn` the one that it has loaded, or else was built with. The clocks are the highest; `power_limit_w` is
    what the card may draw. `mig`: the card is divided into instances.
    """

    driver: str = ""
    driver_cuda: str = ""
    cuda: str = ""
    cudnn: str = ""
    compute_capability: str = ""
    memory_bytes: int | None = None
    max_clock_mhz: int | None = None
    max_memory_clock_mhz: int | None = None
    power_limit_w: float | None = None
    mig: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MachineState(Event):
    """The machine, after so many rounds; null where it does not tell.

    `others_cores`: how many cores' time other processes used since the last such event, of those the worker may run
    on; `cpu_mhz`: the fastest of these.
    """

    kind = "machine_state"
    case_id: str
    rounds: int
    others_cores: float | None = None
    cpu_mhz: float | None = None
    gpu: GpuState | None = None


@dataclass(frozen=True, kw_only=True)
class Disturbed(Event):
    """Rounds `first` to `last` (both included) were disturbed; they count like the others. `reason`: by what."""

    kind = "disturbed"
    case_id: str
    first: int
    last: int
    reason: str
