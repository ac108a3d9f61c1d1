"""The machine that figures come from: figures of two machines never stand in one table."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, fields
from importlib.metadata import version

import psutil

from bench.worker.machine.devices import cpu_name


@dataclass(frozen=True)
class Machine:
    """What of a machine, and of what runs on it, changes a figure."""

    cores: int
    cpu: str
    memory_gib: int
    system: str
    python: str
    tensorflow: str
    textual: str

    @classmethod
    def here(cls) -> Machine:
        """This machine, as this process may use it."""
        return cls(
            cores=_cores(),
            cpu=cpu_name(),
            memory_gib=round(psutil.virtual_memory().total / 2**30),
            system=_system(),
            python=platform.python_version(),
            tensorflow=version("tensorflow"),
            textual=version("textual"),
        )

    def __str__(self) -> str:
        return (
            f"{self.cores} cores of {self.cpu}, {self.memory_gib} GiB, {self.system}, Python {self.python}, "
            f"TensorFlow {self.tensorflow}, Textual {self.textual}"
        )

    def difference(self, other: Machine) -> str:
        """The first thing that tells the two apart, in words; empty where nothing does."""
        for field in fields(self):
            here, there = getattr(self, field.name), getattr(other, field.name)
            if here != there:
                return f"{field.name} is {here} and {there}"
        return ""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _system() -> str:
    kernel = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except (OSError, KeyError):
        return kernel
