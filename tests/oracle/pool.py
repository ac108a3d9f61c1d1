"""Do one thing after another in several processes, which are renewed now and then, and where one ended or hung."""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from tests.oracle.program import Program

Task = TypeVar("Task")

MOST_IN_A_PROCESS = 40
"""Tasks that one process does: compiled programs are never given back."""

PATIENCE_S = 600.0
"""Longer than any task takes: a process that takes so long hangs."""

CONTEXT = multiprocessing.get_context("spawn")


class Lost(Exception):  # noqa: N818 - it is what happened to a process
    """A process ended or hung in a task; the words say which."""


def judge_all(programs: Sequence[Program], processes: int) -> Iterator[tuple[Program, dict[str, Any]]]:
    """Judge programs, several at a time, in the order in which they are done: by mode, the outcome and its words."""
    for program, modes in in_processes(judged, programs, processes):
        lost = {"process": {"outcome": "lost", "words": str(modes)}}
        yield program, lost if isinstance(modes, Lost) else modes


def judged(program: Program) -> dict[str, Any]:
    """Judge a program in this process."""
    from tests.oracle.verdicts import verdicts

    return {mode: asdict(verdict) for mode, verdict in verdicts(program).items()}


def in_processes(work: Callable[[Task], Any], tasks: Sequence[Task], processes: int) -> Iterator[tuple[Task, Any]]:
    """Yield each task and what `work` makes of it, or Lost; `work` is a function of a module."""
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    done: queue.SimpleQueue[tuple[Task, Any]] = queue.SimpleQueue()
    for _ in range(processes):
        threading.Thread(target=_hand_out, args=(work, waiting, done), daemon=True).start()
    for _ in tasks:
        yield done.get()


def _hand_out(
    work: Callable[[Task], Any], waiting: queue.SimpleQueue[Task], done: queue.SimpleQueue[tuple[Task, Any]]
) -> None:
    process: BaseProcess | None = None
    number = 0
    while True:
        try:
            task = waiting.get_nowait()
        except queue.Empty:
            break
        if process is None or number % MOST_IN_A_PROCESS == 0:
            _end(process)
            ours, theirs = CONTEXT.Pipe()
            process = CONTEXT.Process(target=_serve, args=(work, theirs), daemon=True)
            process.start()
            theirs.close()
        number += 1
        try:
            ours.send(task)
            if not ours.poll(PATIENCE_S):
                raise Lost("the process hung")
            done.put((task, ours.recv()))
        except (Lost, EOFError, OSError) as error:
            process.kill()
            process.join()
            words = error if isinstance(error, Lost) else Lost(f"the process ended with {process.exitcode}")
            done.put((task, words))
            process = None
    _end(process)


def _end(process: BaseProcess | None) -> None:
    if process is not None:
        process.kill()
        process.join()


def _serve(work: Callable[[Task], Any], tasks: Connection) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    while True:
        try:
            task = tasks.recv()
        except EOFError:
            return
        tasks.send(work(task))
