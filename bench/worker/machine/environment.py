"""The environment variables that TensorFlow reads once, when it is imported, and what this machine is."""

from __future__ import annotations

import os
import platform
import socket
import sys
from typing import Any

from ...events import PROTOCOL, Hello
from ...plan import WorkerOptions
from ...runtime import Runtime
from .compile_caches import active_caches, flags_text

PROFILER = "device_compilation_profiler=2"

LEAST_TENSORFLOW = (2, 16)

TELLING = ("TF_", "XLA_", "CUDA_", "CUDNN_", "CUBLAS_", "NVIDIA_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "MKL_")
"""Variables that change how TensorFlow computes begin so,"""

TERRAFORM = ("TF_CLI_", "TF_VAR_", "TF_DATA_DIR")
"""and so do another program's."""


USUAL = WorkerOptions()

CLUSTER_ON_CPU = "--tf_xla_cpu_global_jit"
"""Without it autoclustering leaves CPUs out; by itself it switches nothing on."""


def prepare(options: WorkerOptions = USUAL) -> tuple[tuple[str, str], ...]:
    """Set what measuring needs and the plan asks for, keeping the rest; returns the user's own settings."""
    telling = {name for name in os.environ if name.startswith(TELLING) and not name.startswith(TERRAFORM)}
    settings = tuple((name, os.environ[name]) for name in sorted(telling))
    modules = os.environ.get("TF_CPP_VMODULE")
    os.environ["TF_CPP_VMODULE"] = f"{modules},{PROFILER}" if modules else PROFILER
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"
    # Keras may be set to another library in the user's own configuration.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if options.runtime.onednn is not None:
        os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(options.runtime.onednn))
    if options.cluster_on_cpu:
        os.environ["TF_XLA_FLAGS"] = f"{flags_text(os.environ.get('TF_XLA_FLAGS', ''))} {CLUSTER_ON_CPU}".strip()
    return settings


def limit_threads(tf: Any, runtime: Runtime) -> None:
    """Give TensorFlow's pools the sizes that are asked for; it must not have computed yet."""
    if runtime.intra_op_threads is not None:
        tf.config.threading.set_intra_op_parallelism_threads(runtime.intra_op_threads)
    if runtime.inter_op_threads is not None:
        tf.config.threading.set_inter_op_parallelism_threads(runtime.inter_op_threads)


def use_tensor_float_32(tf: Any, wanted: bool | None) -> None:
    """Switch TensorFloat-32 on or off; None: on, as TensorFlow has it by itself."""
    tf.config.experimental.enable_tensor_float_32_execution(wanted is not False)


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
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    )
