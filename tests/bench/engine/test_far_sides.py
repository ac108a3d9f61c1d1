"""Far sides by name: short, and each its own. And until when their workers may take."""

from __future__ import annotations

import math

import pytest

from bench.engine.far_sides import FarSides, names
from bench.engine.launch import FarSide
from bench.plan import WorkerOptions


@pytest.mark.parametrize(
    ("commands", "called"),
    [
        (["python3"], [""]),
        (["/venvs/tf218/bin/python", "/venvs/tf221/bin/python"], ["tf218", "tf221"]),
        (["ssh ann python3", "ssh bob python3"], ["ann", "bob"]),
        (["ssh ann python3", "ssh bob /opt/tf/bin/python3"], ["ann", "bob/opt/tf/bin"]),
        (["python3", "ssh bob python3"], ["python3", "ssh bob python3"]),
        (["/usr/bin/python3", "/opt/tf/bin/python"], ["/usr/bin/python3", "/opt/tf/bin/python"]),
        (["python3", "python3"], ["python3 #1", "python3 #2"]),
        (["/a/x/python", "/b/x/python", "/a/x/python"], ["/a #1", "/b", "/a #2"]),
    ],
)
def test_far_sides_are_called_by_what_tells_them_apart(commands: list[str], called: list[str]) -> None:
    assert list(names([FarSide(tuple(command.split())) for command in commands])) == called


def test_time_that_nobody_was_awake_in_is_taken_from_no_worker() -> None:
    far_sides = FarSides([FarSide(("ann",)), FarSide(("bob",))], WorkerOptions(), print)
    idle, none = far_sides
    idle.rest()
    until = idle.deadline
    far_sides.put_off(60)
    assert (idle.deadline, none.deadline) == (until + 60, math.inf)
