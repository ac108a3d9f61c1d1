"""Workloads that misbehave. They import TensorFlow: name them by path, import nothing from them."""

from pathlib import Path

MISBEHAVING = Path(__file__).parent / "misbehaving.py"
