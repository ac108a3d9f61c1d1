"""Every probe, in the order in which they are run: what is needed most comes first."""

from __future__ import annotations

from tests.gpu.probe import Probe
from tests.gpu.probes import (
    blocking,
    compiling,
    eager_ops,
    flush,
    grouping,
    kernel_cache,
    killing,
    memory,
    nvml,
    outputs,
    placement,
    presence,
    session,
    tensor_float_32,
)

PROBES: tuple[Probe, ...] = (
    presence.PROBE,
    session.PROBE,
    flush.PROBE,
    placement.PROBE,
    grouping.PROBE,
    killing.PROBE,
    tensor_float_32.PROBE,
    kernel_cache.PROBE,
    compiling.PROBE,
    nvml.PROBE,
    memory.PROBE,
    eager_ops.PROBE,
    blocking.PROBE,
    outputs.PROBE,
    outputs.REPEATS_PROBE,
    memory.OUT_OF_MEMORY_PROBE,
)
