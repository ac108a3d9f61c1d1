"""What CUDA's cache of compiled kernels saves a fresh process (finding 5)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from tests.gpu.computing import take
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

SAVES_S, SAVES_NOTHING_S = 2.0, 0.5


def first_ops(device: str) -> None:
    """Print the seconds that a few usual ops take in a fresh process, once TensorFlow is imported."""
    setting = Setting(device, Path(), Path())
    tf, name = take(setting)
    start = perf_counter()
    with tf.device(name):
        x = tf.ones((64, 64))
        y = tf.nn.relu(tf.concat([tf.matmul(x, x), x], 1))
        tf.transpose(y) - tf.reduce_mean(y)
        tf.nn.softmax(y)
        tf.raw_ops.SyncDevice()
    print(json.dumps({"first_ops_s": perf_counter() - start}))


def measure(setting: Setting) -> Figures:
    """Run the first ops in four fresh processes: cache off and on, off and on; the cache is empty at first."""
    cache = setting.scratch / "cuda-cache"
    cache.mkdir()
    code = f"from {first_ops.__module__} import first_ops; first_ops({setting.device!r})"
    for name, disabled in (("off_1_s", "1"), ("on_1_s", "0"), ("off_2_s", "1"), ("on_2_s", "0")):
        environment = {**os.environ, "CUDA_CACHE_DISABLE": disabled, "CUDA_CACHE_PATH": str(cache)}
        ran = subprocess.run(
            [sys.executable, "-c", code], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True
        )
        yield name, json.loads(ran.stdout.splitlines()[-1])["first_ops_s"]
        if name == "on_1_s":
            yield "cached_bytes", sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    tf, _ = take(setting)
    yield "built_for", list(tf.sysconfig.get_build_info().get("cuda_compute_capabilities", ()))
    if setting.on_gpu:
        gpu = tf.config.get_visible_devices("GPU")[0]
        yield "capability", list(tf.config.experimental.get_device_details(gpu).get("compute_capability", ()))


def has_own_code(capability: Sequence[float], built_for: Sequence[str]) -> bool:
    """Return whether TensorFlow holds machine code for a card: code of its major version, up to its minor one."""
    major, minor = (int(part) for part in capability)
    own = (re.fullmatch(r"sm_(\d+)(\d)[a-z]?", name) for name in built_for)
    return any(match and int(match[1]) == major and int(match[2]) <= minor for match in own)


def cache_saves(figures: Evidence) -> Answer:
    """Decide by the second pair of processes, and by whether there was anything to cache."""
    off_s, on_s = figures.number("cache", "off_2_s"), figures.number("cache", "on_2_s")
    cached = figures.number("cache", "cached_bytes")
    capability = figures.numbers("cache", "capability")
    own = has_own_code(capability, figures.value("cache", "built_for"))
    card = ".".join(f"{part:.0f}" for part in capability)
    words = (
        f"first ops {off_s:.1f} s with the cache off and {on_s:.1f} s with it on, {cached / 2**20:.1f} MiB cached; "
        f"TensorFlow holds {'' if own else 'no '}machine code for this card ({card})"
    )
    saved_s = off_s - on_s
    if saved_s >= SAVES_S and cached:
        return Answer(CONFIRMED, words)
    if saved_s > SAVES_NOTHING_S or own:
        return Answer(CANNOT_TELL, words)
    return Answer(REFUTED, words)


PROBE = Probe(
    name="kernel_cache",
    tried="Ran a few ops in four fresh processes, with CUDA's kernel cache off, on, off and on, empty at first.",
    steps=(Step("cache", measure, 300),),
    rules=(
        Rule(
            5,
            "With the CUDA cache off a fresh process compiles TensorFlow's kernels again",
            f"Confirmed if the cache saves the second pair {SAVES_S:.0f} s or more and holds something; refuted if it "
            f"saves at most {SAVES_NOTHING_S} s on a card for which TensorFlow holds no machine code.",
            cache_saves,
        ),
    ),
)
