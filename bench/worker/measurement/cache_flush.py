"""What empties a GPU's cache before a cold call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...device_names import is_accelerator

COPIED_BYTES = 128 << 20
"""Read and written once: twice what the largest L2 cache holds (126 MB, Blackwell)."""


def cache_flush(tf: Any, device: str, copied_bytes: int = COPIED_BYTES) -> Callable[[], None] | None:
    """A copy that leaves nothing else in the L2 cache, in the device's scope; None where it is not needed or possible.

    On a CPU the other modes' calls and arrays have done that.
    """
    if not is_accelerator(device):
        return None
    try:
        source, target = (tf.Variable(tf.zeros(copied_bytes, tf.uint8)) for _ in range(2))
    except tf.errors.ResourceExhaustedError:
        return None

    def flush() -> None:
        target.assign(source)
        tf.raw_ops.SyncDevice()

    return flush
