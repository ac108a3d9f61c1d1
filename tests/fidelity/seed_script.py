"""The benchmark that the preset `seed` comes from, as it was published, beside the preset."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from time import perf_counter

SCRIPT = """
import tensorflow as tf
import time
import numpy as np
tf.keras.backend.clear_session()
N = 1_000
d = 1024
rng = np.random.default_rng(42)
A = tf.constant(rng.standard_normal((d, d), dtype=np.float32))
B = tf.constant(rng.standard_normal((d, d), dtype=np.float32))

def matmul_eager(a, b):
    return tf.matmul(a, b)

@tf.function
def matmul_graph(a, b):
    return tf.matmul(a, b)

@tf.function(jit_compile=True)
def matmul_xla(a, b):
    return tf.matmul(a, b)

matmul_eager(A, B)
matmul_graph(A, B)
matmul_xla(A, B)

def time_it(fn, name):
    start = time.perf_counter()
    for _ in range(N):
        _ = fn(A, B)
    tf.keras.backend.clear_session()
    elapsed = time.perf_counter() - start
    print(f"{name}: {elapsed*1e3/N:7.3f} ms / call")

time_it(matmul_eager, "eager")
time_it(matmul_graph, "graph")
time_it(matmul_xla, "xla")
"""


@dataclass(frozen=True)
class Run:
    """One run: how long it took from start to end, and what it said of each mode."""

    wall_s: float
    latency_ms: dict[str, float]


def ours() -> Run:
    """`tfjit-tui run --preset seed --csv -`."""
    with tempfile.TemporaryDirectory() as place:
        command = ["-m", "tui", "run", "--preset", "seed", "--csv", "-", "--session", f"{place}/session.jsonl"]
        wall_s, text = _run(command)
    rows = csv.DictReader(io.StringIO(text))
    return Run(wall_s, {row["mode"]: float(row["latency_us_p50"]) / 1e3 for row in rows})


def script() -> Run:
    """The published script."""
    wall_s, text = _run(["-c", SCRIPT])
    return Run(wall_s, {mode: float(ms) for mode, ms in re.findall(r"(\w+): +([\d.]+) ms", text)})


def _run(arguments: list[str]) -> tuple[float, str]:
    start = perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return perf_counter() - start, done.stdout
