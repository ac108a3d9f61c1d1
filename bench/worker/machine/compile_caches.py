"""Compilation caches on the disk: where one is on, a compile may be the reading of a file.

They are known by the flags that switch them on, as XLA reads these: `--name=value`, the value quoted or not, in the
variable or in a file that the variable names. (TensorFlow ends at once on any other form.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

SWITCHES = (
    ("TF_XLA_FLAGS", "tf_xla_persistent_cache_directory", "XLA's persistent cache"),
    ("XLA_FLAGS", "xla_gpu_per_fusion_autotune_cache_dir", "XLA's autotune cache"),
    ("XLA_FLAGS", "xla_gpu_experimental_autotuner_cache_dir", "XLA's autotune cache"),
    ("XLA_FLAGS", "xla_gpu_load_autotune_results_from", "XLA's autotune cache"),
    ("XLA_FLAGS", "xla_gpu_kernel_cache_file", "XLA's kernel cache"),
)
"""The variable, the flag in it that names where a cache lies, and the cache in words. All but the first are a GPU's."""

FLAG = re.compile(
    r"""\s* --(?P<name>[\w-]*) (?: = (?: "(?P<double>(?:\\.|[^"\\])*)"? | '(?P<single>[^']*)'? ) | (?P<rest>\S*) )""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)


def active_caches(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the caches that these environment variables switch on, in words; never raises.

    CUDA's own cache is not among them: as on every machine it is on unless a user has switched it off, and it holds
    what the driver compiles when it loads kernels, TensorFlow's own among them.
    """
    flags = {variable: _flags(environ.get(variable, "")) for variable, _, _ in SWITCHES}
    active = [cache for variable, flag, cache in SWITCHES if flags[variable].get(flag)]
    if environ.get("TF_JIT_CACHE_DIR"):
        active.append("TensorFlow's kernel cache")
    return tuple(dict.fromkeys(active))


def _flags(setting: str) -> dict[str, str]:
    """The flags in a variable's value, or in the file that it names; of one that is given twice, the last."""
    text = flags_text(setting)
    flags: dict[str, str] = {}
    position = 0
    while match := FLAG.match(text, position):
        position = match.end()
        quoted = match["double"] if match["double"] is not None else match["single"]
        flags[match["name"]] = (match["rest"] or "").removeprefix("=") if quoted is None else quoted
    return flags


def flags_text(setting: str) -> str:
    """The flags that a variable's value holds, or the file that it names; empty where there is no such file."""
    return setting if setting.lstrip().startswith("-") else _read(setting)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace") if Path(path).is_file() else ""
    except (OSError, ValueError):
        return ""
