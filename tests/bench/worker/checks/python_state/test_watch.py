"""Which objects of the user's Python the calls of a function change, by the names that the user gives them."""

from __future__ import annotations

from functools import cache
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

FILE = PROGRAMS / "python_state.py"


@cache
def programs() -> ModuleType:
    """Read `python_state.py` once: reading makes models."""
    return read_file(str(FILE))


def built(name: str) -> Built:
    """Build a program of `python_state.py` for eager."""
    value, owner = attribute(programs(), name, str(FILE))
    found = UserObject(value, name, programs(), owner, str(FILE))
    return build(adopt(lambda: found), Case(f"{FILE}::{name}"), "eager")


def changed_by(name: str, calls: int = 2) -> tuple[str, ...]:
    """Return what the first calls of a program change."""
    program = built(name)
    python = PythonState(program.function, program.arguments, f"{FILE}::{name}")
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
        *("plain_learner.train_step", "network", "network.train_step"),
    ],
)
def test_what_is_built_once_or_kept_by_tensorflow_and_keras_is_no_change(name: str) -> None:
    assert changed_by(name) == ()


def test_a_set_or_a_number_may_change_in_the_first_call_alone() -> None:
    assert changed_by("global_set", calls=1) == ("seen",)
    assert changed_by("global_number", calls=1) == ("calls",)
    assert changed_by("global_list", calls=1) == ()


def test_no_code_of_the_users_runs() -> None:
    assert set(changed_by("shy_objects")) == {"shy.count", "shy_list", "shy_dict", "shy_set", "history"}


def test_large_objects_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    read = Reader.read

    def counted(*arguments: Any) -> Any:
        values = read(*arguments)
        seen.append(len(values))
        return values

    monkeypatch.setattr(Reader, "read", counted)
    assert changed_by("large_objects") == ("many",)
    assert max(seen) < 3 * MOST_OBJECTS


def test_what_cannot_be_read_has_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("dictionary changed size during iteration")

    monkeypatch.setattr(Reader, "read", fail)
    assert changed_by("global_number") == ()
