"""Empty a GPU's cache before a cold call."""

from __future__ import annotations

from typing import Any

from ...device_names import is_gpu

ARRAY_BYTES = 128 << 20
"""The size of each of the two arrays: more than the largest L2 cache holds (126 MB, Blackwell)."""


class CacheFlush:
    """Adds one large array to another in the device's memory, so that nothing else is left in its cache.

    It adds because that must read both arrays and write one: assigning one variable to another moves no data, since
    TensorFlow lets both share one buffer. The bytes of `target` wrap.
    """

    def __init__(self, tf: Any, array_bytes: int = ARRAY_BYTES) -> None:
        self.source = tf.Variable(tf.ones(array_bytes, tf.uint8), trainable=False)
        self.target = tf.Variable(tf.zeros(array_bytes, tf.uint8), trainable=False)
        self._synchronise = tf.raw_ops.SyncDevice

    def __call__(self) -> None:
        """Add, and wait until that is done."""
        self.start()
        self._synchronise()

    def start(self) -> None:
        """Have the device add, and wait for nothing."""
        self.target.assign_add(self.source)


def cache_flush(tf: Any, device: str, array_bytes: int = ARRAY_BYTES) -> CacheFlush | None:
    """Return what empties the device's cache, made in the current device scope; None if it is no GPU or has no room.

    On a CPU the other modes' calls and arrays have emptied the caches.
    """
    if not is_gpu(device):
        return None
    try:
        return CacheFlush(tf, array_bytes)
    except tf.errors.ResourceExhaustedError:
        return None
