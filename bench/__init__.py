"""Measure what TensorFlow's graph mode and XLA are worth.

`from bench import workload` declares workloads in files of one's own, as `catalogue/workload.py` tells.
"""

from .catalogue.workload import workload

__all__ = ["__version__", "workload"]

__version__ = "0.1.0"
