"""Measure what TensorFlow's graph mode and XLA are worth.

`from bench import workload` declares workloads in files of one's own, as `catalogue/workload.py` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .catalogue.workload import workload

__all__ = ["__version__", "workload"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "workload":  # by those who declare one: the command line begins without the catalogue
        from .catalogue.workload import workload

        return workload
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
