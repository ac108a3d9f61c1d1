"""The worker's events about itself."""

from __future__ import annotations

from dataclasses import dataclass

from .base import FarEvent
from .machine import GpuFacts

PROTOCOL = 1
"""Raised when the two sides would misunderstand each other."""


@dataclass(frozen=True, kw_only=True)
class Hello(FarEvent):
    """TensorFlow is imported. `settings` are the environment variables that change how it computes.

    `caches`: compilation caches on the disk that the user's settings have switched on, so that compile times are those
    of a cached compile. `cores`: how many the worker may run on; null where that is unknown.
    `held_bytes`: memory of the machine that it holds; null where not known.
    """

    kind = "hello"
    protocol: int
    host: str
    platform: str
    python: str
    tensorflow: str
    numpy: str
    settings: tuple[tuple[str, str], ...] = ()
    caches: tuple[str, ...] = ()
    cores: int | None = None
    held_bytes: int | None = None


@dataclass(frozen=True)
class WorkloadInfo:
    """A workload of the far side's catalogue: dims are (name, default, lowest, highest)."""

    name: str
    family: str
    help: str
    teaches: str
    dims: tuple[tuple[str, int, int, int], ...]
    dtypes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue(FarEvent):
    """What the far side can measure."""

    kind = "catalogue"
    workloads: tuple[WorkloadInfo, ...]


@dataclass(frozen=True, kw_only=True)
class Looking(FarEvent):
    """Code of the user's, `name`, is being read, to see what it is."""

    kind = "looking"
    name: str


@dataclass(frozen=True, kw_only=True)
class Looked(FarEvent):
    """What code of the user's, `name`, is: with what dimensions and dtypes it can be measured; null where it cannot be.

    `error` says why then, `traceback` goes as far as the user's own files. `changed`: as of a case that has finished.
    `message`: all that the exception said, where that is more than `error`.
    """

    kind = "looked"
    name: str
    workload: WorkloadInfo | None = None
    error: str = ""
    traceback: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Device:
    """A device by TensorFlow's name (`GPU:0`) and its maker's (`NVIDIA H100`; empty where unknown).

    `gpu`: what is known of a GPU; null for other devices.
    """

    name: str
    hardware: str
    gpu: GpuFacts | None = None


@dataclass(frozen=True, kw_only=True)
class Devices(FarEvent):
    """The devices that TensorFlow lists; none has been initialised.

    `missing`: a sentence for what the driver has and TensorFlow does not list, with the reason and what to do.
    """

    kind = "devices"
    devices: tuple[Device, ...]
    missing: tuple[str, ...] = ()
