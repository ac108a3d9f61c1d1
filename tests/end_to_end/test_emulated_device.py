"""What a GPU meets, met without one: TensorFlow's emulated device, which lacks kernels and compiles whole graphs.

Soft placement is on, as users have it. A process of its own, with nothing of the worker, tells what works there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.analysis.support import TRIAL
from bench.catalogue import WORKLOADS
from bench.events import (
    DevicePrepared,
    DevicePreparing,
    Devices,
    Event,
    Hello,
    Noted,
    PlanFinished,
    Suspicious,
    WorkerStarting,
)
from bench.plan import DEFAULT_MODES, Case, Plan, is_own
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.driver import Driver
from tests.paths import PROGRAMS, ROOT
from tests.programs.plain_tensorflow import DIFFERS, WORKS
from tests.slow import IMAGE_MODELS
from tests.tiny_sizes import tiny

pytestmark = [pytest.mark.slow, pytest.mark.tensorflow, pytest.mark.xdist_group("emulated_device")]

DEVICE = "XLA_CPU:0"

FLAGS = "--tf_xla_enable_xla_devices"


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """An engine whose worker has the emulated device."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("TF_XLA_FLAGS", FLAGS)
        with Driver() as driver:
            driver.wait_for(Hello)
            yield driver


class Plain:
    """TensorFlow in a process of its own, which is asked about one workload after another."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.programs.plain_tensorflow", f"/device:{DEVICE}"],
            cwd=ROOT,
            env={**os.environ, "TF_XLA_FLAGS": FLAGS, "KERAS_BACKEND": "tensorflow"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def outcomes(self, name: str) -> dict[str, str]:
        """Return what becomes of a workload by mode."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"name": name, "dims": tiny(name)}) + "\n")
        stdin.flush()
        told: dict[str, str] = json.loads(stdout.readline())
        return told

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture(scope="module")
def plain() -> Iterator[Plain]:
    """TensorFlow without the worker."""
    plain = Plain()
    yield plain
    plain.close()


def verify(driver: Driver, name: str, *modes: str) -> tuple[CaseResult, list[Event]]:
    """Verify a workload, of the catalogue or of a file, on the emulated device; return all that was told too."""
    mark = driver.mark
    dims = () if is_own(name) else tuple(tiny(name).items())
    case = Case(name, dims, device=DEVICE, modes=modes or DEFAULT_MODES)
    driver.engine.submit(Plan(cases=(case,), verify_only=True))
    driver.wait_for(PlanFinished, since=mark)
    return [*Session(driver.emitted).cases.values()][-1], driver.emitted[mark:]


def notes(told: list[Event], mode: str) -> list[str]:
    return [event.note for event in told if isinstance(event, Noted) and event.mode == mode]


SOON_COMPILED = [name for name in WORKLOADS if name not in IMAGE_MODELS]
"""The others have hundreds of operations, each of which the device compiles by itself in eager, for minutes."""


@pytest.mark.parametrize("name", SOON_COMPILED)
def test_what_works_there_for_a_user_works_and_what_does_not_says_why(
    driver: Driver, plain: Plain, name: str, record_property: Any
) -> None:
    expected = plain.outcomes(name)
    result, _ = verify(driver, name)
    assert result.error == ""
    record_property("outcomes", expected)
    for mode in result.modes:
        if expected[mode.mode] in (WORKS, DIFFERS):
            assert mode.status == ("ok" if expected[mode.mode] == WORKS else "wrong"), mode.error
        else:
            assert mode.status in ("unsupported", "failed")
            assert mode.error


@pytest.mark.parametrize(
    ("name", "modes", "told"),
    [
        ("words", ("eager",), "AsString and StringLength ran on the CPU: they have no kernel for"),
        ("looks_up", ("eager",), "LookupTableFindV2 ran on the CPU: it has no kernel for"),
        ("reads_data", ("eager",), "datasets of tf.data ran on the CPU"),
        ("model.predict", ("eager", "graph", "predict"), "datasets of tf.data ran on the CPU"),
    ],
)
def test_what_users_run_there_without_kernels_works_and_the_ops_are_told(
    driver: Driver, name: str, modes: tuple[str, ...], told: str
) -> None:
    result, events = verify(driver, f"{PROGRAMS / 'on_the_cpu.py'}::{name}", *modes)
    assert {mode.mode: mode.status for mode in result.modes} == dict.fromkeys(modes, "ok")
    for mode in modes:
        assert any(note.startswith(told) for note in notes(events, mode))


def test_the_emulated_device_is_listed(driver: Driver) -> None:
    assert [device.name for device in driver.wait_for(Devices).devices] == ["CPU:0", DEVICE]


@pytest.mark.parametrize("name", ["matmul", "dropout"])
def test_a_case_is_measured_there(driver: Driver, name: str) -> None:
    """An eager `dropout` draws with another seed in each call, for which this device compiles it anew."""
    (result,) = driver.measure(Case(name, tuple(tiny(name).items()), device=DEVICE), effort=TRIAL)
    assert result.all_ok
    assert result.ran_on == DEVICE


def test_what_ran_on_the_cpu_is_told_and_doubted_if_nothing_else_ran(driver: Driver) -> None:
    _, told = verify(driver, "string_ops")
    assert notes(told, "eager") == [f"AsString and StringToNumber ran on the CPU: they have no kernel for {DEVICE}"]
    assert [event.reason for event in told if isinstance(event, Suspicious)] == [
        f"all of it ran on the CPU, so its figure is the CPU's and not that of {DEVICE}"
    ]


@pytest.mark.parametrize(("name", "op"), [("eig", "Eig"), ("tf_print", "PrintV2")])
def test_what_ran_on_the_cpu_among_other_work_is_told_alone(driver: Driver, name: str, op: str) -> None:
    _, told = verify(driver, name)
    (note,) = notes(told, "eager")
    assert op in note.partition(" ran on the CPU: ")[0]
    assert not [event for event in told if isinstance(event, Suspicious)]


def test_its_first_use_is_told_apart_from_its_cases_and_only_once(driver: Driver) -> None:
    small = (("m", 4), ("k", 4), ("n", 4))
    driver.measure(Case("matmul", small, device=DEVICE), Case("matmul", small, dtype="float64", device=DEVICE))
    told = [event for event in driver.emitted if isinstance(event, WorkerStarting | DevicePreparing | DevicePrepared)]
    latest = max(number for number, event in enumerate(told) if isinstance(event, WorkerStarting))
    assert [type(event) for event in told[latest + 1 :]] == [DevicePreparing, DevicePrepared]
    (prepared,) = [event for event in told[latest:] if isinstance(event, DevicePrepared)]
    assert prepared.device == DEVICE
    assert prepared.held_bytes
    assert Session(driver.emitted).far_states.preparing == ""


BREAKS_ITS_DEVICE = """
import sys
import tensorflow as tf

def step(x=tf.constant([1.0])):
    if tf.executing_eagerly():
        sys.device_is_broken = True
    if hasattr(sys, "device_is_broken"):
        raise tf.errors.InternalError(None, None, "an illegal memory access was encountered")
    return x + 1
"""


def test_modes_are_not_blamed_for_a_device_that_their_reference_has_broken(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "steps.py"
    path.write_text(BREAKS_ITS_DEVICE)
    (case,) = driver.measure(Case(f"{path}::step", modes=("graph", "xla"), device=DEVICE))
    assert [(mode.mode, mode.status) for mode in case.modes] == [("graph", "ok"), ("xla", "ok")]
