"""A task that ends its process is lost, and the others are done."""

from __future__ import annotations

from tests.oracle.pool import Lost, in_processes


def test_a_process_that_ends_costs_its_task_alone() -> None:
    tasks = ["1 + 1", "__import__('os')._exit(3)", "2 + 2"]
    done = dict(in_processes(eval, tasks, 1))
    lost = done.pop("__import__('os')._exit(3)")
    assert isinstance(lost, Lost)
    assert str(lost) == "the process ended with 3"
    assert done == {"1 + 1": 2, "2 + 2": 4}
