"""Which objects of the user's Python the calls of a function change, by the names that the user gives them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.plan import Case
from bench.worker.checks.python_state.reading import MOST_OBJECTS, Reader
from bench.worker.checks.python_state.watch import PythonState
from bench.worker.modes.build import Built, build
from bench.worker.workloads.user_modules import attribute, read_file
from bench.worker.workloads.user_object import UserObject
from bench.worker.workloads.user_workload import adopt
from tests.paths import PROGRAMS

pytestmark = pytest.mark.usefixtures("tf")

STATE, NO_STATE = PROGRAMS / "python_state.py", PROGRAMS / "no_python_state.py"


@cache
def programs(file: Path) -> ModuleType:
    """Read a file once: reading makes models."""
    return read_file(str(file))


def built(name: str, file: Path) -> Built:
    """Build a program of a file for eager."""
    value, owner = attribute(programs(file), name, str(file))
    found = UserObject(value, name, programs(file), owner, str(file))
    return build(adopt(lambda: found), Case(f"{file}::{name}"), "eager")


def changed_by(name: str, calls: int = 2, file: Path = STATE) -> tuple[str, ...]:
    """Return what the first calls of a program change."""
    program = built(name, file)
    python = PythonState(program.function, program.arguments, f"{file}::{name}")
    python.look()
    for _ in range(calls):
        program()
        python.look()
    return python.changes()


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("global_number", "calls"),
        ("global_list", "history"),
        ("global_dict", "counts"),
        ("full_deque", "recent history"),
        ("array_in_place", "buffer"),
        ("moving_average", "average"),
        ("iterators", "numbers rates"),
        ("bound_method", "append"),
        ("through_another", "calls"),
        ("own_attribute", "own_attribute.calls"),
        ("default_value", "kept"),
        ("closure", "count"),
        ("decorated", "decorated.calls"),
        ("partial", "kept"),
        ("argument", "state"),
        ("trainer.attribute", "self.stats.state.step"),
        ("trainer.private", "self.stats.__count"),
        ("trainer.of_class", "Trainer.total"),
        ("trainer.traced", "self.stats.state.step"),
        ("replaced", "state.step"),
        ("module", "self.steps self.log self.counts"),
        ("layer", "self.calls self._private"),
        ("sequential", "Counting.calls Counting._private"),
        ("counting_learner.train_step", "self.steps"),
    ],
)
def test_what_calls_change_is_named_as_the_user_writes_it(name: str, changed: str) -> None:
    assert sorted(changed_by(name)) == sorted(changed.split())


@pytest.mark.parametrize(
    "name",
    [
        *("lazy", "cached", "remembered", "tabulated", "variables", "draws", "random", "fits", "calls_traced"),
        *("network", "network.train_step"),
    ],
)
def test_what_is_built_once_or_kept_by_tensorflow_and_keras_is_no_change(name: str) -> None:
    assert changed_by(name, file=NO_STATE) == ()


def test_a_model_that_is_like_one_that_counts_and_does_not_changes_nothing() -> None:
    assert changed_by("plain_learner.train_step") == ()


def test_a_set_or_a_number_may_change_in_the_first_call_alone() -> None:
    assert changed_by("global_set", calls=1) == ("seen",)
    assert changed_by("global_number", calls=1) == ("calls",)
    assert changed_by("global_list", calls=1) == ()


def test_no_code_of_the_users_runs() -> None:
    assert set(changed_by("shy_objects", file=NO_STATE)) == {"shy.count", "shy_list", "shy_dict", "shy_set", "history"}


def test_large_objects_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    read = Reader.read

    def counted(*arguments: Any) -> Any:
        values = read(*arguments)
        seen.append(len(values))
        return values

    monkeypatch.setattr(Reader, "read", counted)
    assert changed_by("large_objects", file=NO_STATE) == ("many",)
    assert max(seen) < 3 * MOST_OBJECTS


def test_what_cannot_be_read_has_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("dictionary changed size during iteration")

    monkeypatch.setattr(Reader, "read", fail)
    assert changed_by("global_number") == ()
