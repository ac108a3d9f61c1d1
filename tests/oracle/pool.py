"""Judge programs in several processes, which are renewed now and then."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from tests.oracle.program import Program

MOST_IN_A_PROCESS = 40
"""Programs that one process judges: compiled programs are never given back."""


def judged(program: Program) -> tuple[str, dict[str, Any]]:
    """Judge a program in this process, which is one of several."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tests.oracle.verdicts import verdicts

    return str(program), {mode: asdict(verdict) for mode, verdict in verdicts(program).items()}


def judge_all(programs: Sequence[Program], processes: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Judge programs, several at a time, in the order in which they are done."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, maxtasksperchild=MOST_IN_A_PROCESS) as pool:
        yield from pool.imap_unordered(judged, programs)
