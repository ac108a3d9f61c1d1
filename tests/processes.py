"""Processes that a test has left behind."""

from __future__ import annotations

import os
import select
from collections.abc import Iterable

import psutil

PATIENCE_S = 60.0


def has_ended(process: psutil.Process, timeout_s: float = PATIENCE_S) -> bool:
    """Wait until a process has ended; False if it has not by then. A zombie has ended."""
    if not process.is_running():
        return True
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], timeout_s)[0])
    finally:
        os.close(descriptor)


def outliving(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return the processes that do not end."""
    return [process for process in processes if not has_ended(process)]
