"""The environment variables that TensorFlow reads once, when it is imported, and what this machine is."""

from __future__ import annotations

import os
import platform
import socket
import sys
from typing import Any

from ..events import PROTOCOL, Hello
from .caches import active_caches

PROFILER = "device_compilation_profiler=2"

LEAST_TENSORFLOW = (2, 16)

TELLING = ("TF_", "XLA_", "CUDA_", "CUDNN_", "CUBLAS_", "NVIDIA_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "MKL_")
"""Variables that change how TensorFlow computes begin so,"""

TERRAFORM = ("TF_CLI_", "TF_VAR_", "TF_DATA_DIR")
"""and so do another program's."""


def prepare() -> tuple[tuple[str, str], ...]:
    """Set what measuring needs, keeping what the user set; returns the user's own settings."""
    telling = {name for name in os.environ if name.startswith(TELLING) and not name.startswith(TERRAFORM)}
    settings = tuple((name, os.environ[name]) for name in sorted(telling))
    modules = os.environ.get("TF_CPP_VMODULE")
    os.environ["TF_CPP_VMODULE"] = f"{modules},{PROFILER}" if modules else PROFILER
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"
    # Keras may be set to another library in the user's own configuration.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # A compile that a cache on the disk answered would be a compile time no one else sees.
    os.environ.setdefault("CUDA_CACHE_DISABLE", "1")
    return settings


def hello(tf: Any, settings: tuple[tuple[str, str], ...]) -> Hello:
    """Who answers. Raises RuntimeError for a TensorFlow that is too old."""
    if tuple(int(part) for part in tf.__version__.split(".")[:2]) < LEAST_TENSORFLOW:
        least = ".".join(map(str, LEAST_TENSORFLOW))
        raise RuntimeError(f"TensorFlow {tf.__version__} is too old: {least} or newer is needed")
    import numpy as np

    return Hello(
        protocol=PROTOCOL,
        host=socket.gethostname(),
        platform=platform.platform(terse=True),
        python=".".join(map(str, sys.version_info[:3])),
        tensorflow=tf.__version__,
        numpy=np.__version__,
        settings=settings,
        caches=active_caches(os.environ),
    )
