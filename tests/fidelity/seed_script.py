"""The benchmark that the preset `seed` comes from, as it was published, beside the preset."""

from __future__ import annotations

import csv
import io
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from time import perf_counter

from tests.fidelity.part import Key, Line, Part, Row, Values, group, summary

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


MODES = ("eager", "graph", "xla")


def units(repeats: int) -> Iterator[Key]:
    """The two in turn."""
    for repeat in range(repeats):
        for program in PROGRAMS:
            yield {"program": program, "repeat": repeat}


def measure(key: Key) -> Values:
    """Seconds from start to end, and what one of them says of each mode."""
    wall_s, latency_ms = PROGRAMS[str(key["program"])]()
    return {"wall_s": wall_s, "latency_ms": latency_ms}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Wall times as ratios by repeat; figures as ratios of medians."""
    runs = {program: [line.values for line in lines] for (program,), lines in group(lines, "program").items()}
    pairs = list(zip(runs.get("ours", []), runs.get("script", []), strict=False))
    if not pairs:
        return
    yield Row(
        f"wall time of the preset `seed` over its script's (N = 1000), {len(pairs)} pairs: median (least-most)",
        summary([ours["wall_s"] / script["wall_s"] for ours, script in pairs]),
    )
    ratios = []
    for mode in MODES:
        ours, script = (statistics.median(run["latency_ms"][mode] for run in runs) for runs in zip(*pairs, strict=True))
        ratios.append(f"{ours / script:.3f}")
    yield Row(f"its figures over the script's, medians of {len(pairs)}: {', '.join(MODES)}", ", ".join(ratios))


def ours() -> tuple[float, dict[str, float]]:
    """`tfjit-tui run --preset seed --csv -`."""
    with tempfile.TemporaryDirectory() as place:
        command = ["-m", "tui", "run", "--preset", "seed", "--csv", "-", "--session", f"{place}/session.jsonl"]
        wall_s, text = _run(command)
    rows = csv.DictReader(io.StringIO(text))
    return wall_s, {row["mode"]: float(row["latency_us_p50"]) / 1e3 for row in rows}


def script() -> tuple[float, dict[str, float]]:
    """The published script."""
    wall_s, text = _run(["-c", SCRIPT])
    return wall_s, {mode: float(ms) for mode, ms in re.findall(r"(\w+): +([\d.]+) ms", text)}


def _run(arguments: list[str]) -> tuple[float, str]:
    start = perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return perf_counter() - start, done.stdout


PROGRAMS = {"ours": ours, "script": script}

PART = Part(
    name="seed",
    help="The preset `seed` beside the script it comes from (N = 1000): wall time and figures.",
    repeats=5,
    units=units,
    measure=measure,
    rows=rows,
)
