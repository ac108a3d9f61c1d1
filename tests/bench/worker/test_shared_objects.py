"""Modes that share what is made once in a process: variables of imported modules, a file that cannot be read twice."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import CaseFinished, Event, Noted, PhaseStarted, Suspicious, Verified
from bench.plan import Case, Effort, WorkerOptions, to_dict
from bench.worker.serve import CaseRequests

MODES = ("eager", "graph", "xla")

LIBRARY = """
import tensorflow as tf

bank = tf.Variable(tf.zeros(3))
unused = tf.Variable([1, 2])
later = None

def deposit(x):
    return bank.assign_add(x)

def overflow(x):
    square = x * x
    small.assign(tf.where(square < 0, tf.abs(square), square))

small = tf.Variable(tf.zeros(3, tf.int8))

def lazily(x):
    global later
    if later is None:
        later = tf.Variable([5.0, 6.0, 7.0])
    return later.assign_add(x)

table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, -1)

def remember(words):
    table.insert(words, tf.fill(tf.shape(words), table.size()))
    return table.lookup(words)

model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
"""

USER = """
import tensorflow as tf
import LIBRARY as library

own = tf.Variable(2.0)

def deposit(x):
    own.assign_add(1.0)
    return library.deposit(x) * own

def deposit_inputs():
    return (tf.ones(3),)

def overflow(x):
    library.overflow(x)

def overflow_inputs():
    return (tf.constant([1, 12, 3], tf.int8),)

def lazily(x):
    return library.lazily(x)

lazily_inputs = deposit_inputs

def remember(words):
    return library.remember(words)

def remember_inputs():
    return (tf.constant(["a", "b"]),)

model = library.model
"""

ONCE = """
import tensorflow as tf

@tf.RegisterGradient("GRADIENT")
def clipped(op, gradient):
    return gradient

steps = tf.Variable(0)

def step(x):
    steps.assign_add(1)
    return x * tf.cast(steps, tf.float32)

def step_inputs():
    return (tf.ones(3),)
"""

NUMBERS = itertools.count()
"""Modules and gradients stay in the process: each test has names of its own."""


@dataclass
class Worker:
    """Answers requests in the tests' process, and keeps what it tells."""

    tf: Any
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        channel: Any = SimpleNamespace(
            emit=self.events.append,
            log=SimpleNamespace(new_text=str),
            running=lambda _: None,
            stop_requested=lambda: False,
        )
        self._requests = CaseRequests(self.tf, channel, WorkerOptions())

    def look(self, workload: str) -> None:
        self._requests.look({"workload": workload, "inputs": "", "device": "CPU:0"})

    def verify(self, workload: str, process: int = 1) -> dict[str, str]:
        """Return how each mode is wrong, if it can be compared as a whole."""
        case, effort = to_dict(Case(workload)), to_dict(Effort(processes=process))
        request = {"do": "verify", "case_id": "1", "case": case, "effort": effort, "effect": 0.05, "process": process}
        self._requests.measure(request)
        found = [event for event in self.events if isinstance(event, Verified)]
        return {event.mode: event.wrong for event in found if not event.outputs_only}

    @property
    def built(self) -> list[str]:
        """The modes in the order in which they were built."""
        return [event.mode for event in self.events if isinstance(event, PhaseStarted) and event.phase == "build"]

    @property
    def notes(self) -> list[str]:
        return [event.note for event in self.events if isinstance(event, Noted)]

    @property
    def changed(self) -> tuple[str, ...]:
        (finished,) = [event for event in self.events if isinstance(event, CaseFinished)]
        return finished.changed


@pytest.fixture
def worker(tf: Any) -> Worker:
    return Worker(tf)


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A file whose library lies elsewhere, so that it is imported once."""
    name = f"library_{next(NUMBERS)}"
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / f"{name}.py").write_text(LIBRARY)
    (tmp_path / "user").mkdir()
    file = tmp_path / "user" / "user.py"
    file.write_text(USER.replace("LIBRARY", name))
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    yield str(file)
    sys.modules.pop(name, None)


@pytest.fixture
def once(tmp_path: Path) -> str:
    file = tmp_path / "once.py"
    file.write_text(ONCE.replace("GRADIENT", f"Clipped{next(NUMBERS)}"))
    return str(file)


RIGHT = dict.fromkeys(MODES, "")


def test_a_variable_of_an_imported_module_begins_alike_in_every_mode(worker: Worker, user: str) -> None:
    assert worker.verify(f"{user}::deposit") == RIGHT
    (note,) = worker.notes
    told = "variables that are created once per process: eager runs first, and every mode starts from the same values"
    assert re.fullmatch(rf"the modes share \d+ {told}", note)


def test_a_wrong_value_of_a_variable_that_modes_share_is_found(worker: Worker, user: str) -> None:
    wrong = worker.verify(f"{user}::overflow")
    assert wrong == {**RIGHT, "xla": "variable `small`: 1 of 3 values differs, -112 for 112"}


def test_a_variable_that_an_imported_module_makes_in_its_first_call_is_shared_too(worker: Worker, user: str) -> None:
    assert worker.verify(f"{user}::lazily") == RIGHT


def test_a_model_that_modes_share_is_compared_with_its_optimizer(worker: Worker, user: str) -> None:
    assert worker.verify(f"{user}::model.train_step") == RIGHT


def test_a_table_that_modes_share_is_as_eager_has_left_it_and_nothing_is_suspicious(worker: Worker, user: str) -> None:
    assert worker.verify(f"{user}::remember") == {}
    assert not [event for event in worker.events if isinstance(event, Suspicious)]


def test_where_modes_share_eager_runs_first_and_the_next_case_gets_a_fresh_process(worker: Worker, user: str) -> None:
    worker.verify(f"{user}::deposit", process=2)
    assert worker.built == [*MODES]
    assert "objects that the modes shared" in worker.changed


def test_a_file_that_cannot_be_read_twice_is_shared_by_its_modes(worker: Worker, once: str) -> None:
    assert worker.verify(f"{once}::step", process=2) == RIGHT
    assert worker.built == ["graph", *MODES]  # the graph's reading is the second, which fails
    (note,) = worker.notes
    assert note.startswith("the code cannot be read twice in one process (KeyError: ")
    assert "objects that the modes shared" in worker.changed


def test_what_a_look_has_read_is_measured_where_it_can_be_read_only_once(worker: Worker, once: str) -> None:
    worker.look(f"{once}::step")
    assert worker.verify(f"{once}::step") == RIGHT


def test_what_was_edited_after_a_look_is_not_measured_as_it_was(worker: Worker, once: str) -> None:
    worker.look(f"{once}::step")
    Path(once).write_text(f"{Path(once).read_text()}\nraise RuntimeError('as edited')")
    worker.verify(f"{once}::step")
    (finished,) = [event for event in worker.events if isinstance(event, CaseFinished)]
    assert finished.error.startswith("KeyError")  # what reading it anew says


def test_what_every_mode_makes_for_itself_is_not_shared(worker: Worker, tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_text(ONCE.replace('@tf.RegisterGradient("GRADIENT")', ""))
    assert worker.verify(f"{file}::step", process=2) == RIGHT
    assert (worker.notes, worker.built, worker.changed) == ([], ["graph", "xla", "eager"], ())
