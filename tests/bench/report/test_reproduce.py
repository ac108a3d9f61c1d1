"""What repeats a case: its command and its environment."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, replace
from typing import Any

import pytest

from bench.events import CaseFinished, Device, Devices, GpuFacts
from bench.plan import Case, Effort
from bench.report.html_export import html_text
from bench.report.json_export import json_text
from bench.report.markdown_export import markdown_text
from bench.report.reproduce import environment_text, repeat_command
from bench.session.session import Session
from tests.examples import MATMUL, NO_MODE_WINS, first_case, session_events, settled_events


def test_the_command_names_only_what_is_not_default() -> None:
    assert repeat_command(first_case(NO_MODE_WINS)) == "tfjit-tui run matmul"


def test_the_command_names_all_that_is_not_default() -> None:
    case = Case("matmul", (("m", 64), ("k", 1024), ("n", 1024)), "float64", "GPU:1", ("eager", "xla"), seed=7)
    rules: dict[str, Any] = {"effort": Effort(0.5, 0.001), "effect": 0.05, "case_timeout_s": 30.0, "calls": 10}
    assert repeat_command(first_case(session_events({}, case=case, **rules)), ("--python", "/my env/python")) == (
        "tfjit-tui run matmul --dim m=64 --dtype float64 --seed 7 --device GPU:1 --modes eager,xla --budget 0.5 "
        "--target 0.1 --effect 5 --case-timeout 30 --calls 10 --python '/my env/python'"
    )


def test_what_a_case_was_held_against_is_named_and_its_modes_are_the_plain_ones() -> None:
    case = Case("step.py::new", modes=("graph",), against="step.py::old", against_ref="HEAD~1")
    assert repeat_command(first_case(session_events({}, case=case))) == (
        "tfjit-tui run step.py::new --modes graph --against step.py::old --against-ref 'HEAD~1'"
    )


def test_a_preset_is_named_and_not_taken_apart() -> None:
    case = first_case(session_events({}, preset="seed"))
    assert repeat_command(case) == "tfjit-tui run --preset seed"
    on_a_gpu = replace(MATMUL, device="GPU:0")
    asked = repeat_command(first_case(session_events({}, case=on_a_gpu, preset="seed")))
    assert asked == "tfjit-tui run --preset seed --device GPU:0"


def test_a_workload_in_a_file_is_quoted_with_all_its_sizes() -> None:
    case = Case("my ops.py::gelu", (("m", 3),))
    command = repeat_command(first_case(session_events({}, case=case)))
    assert shlex.split(command) == ["tfjit-tui", "run", "my ops.py::gelu", "--dim", "m=3"]


def test_the_environment_in_a_few_lines() -> None:
    assert environment_text(first_case(NO_MODE_WINS)).splitlines() == [
        "TensorFlow 2.21.0, numpy 2.1.0, Python 3.12.1",
        "host: box (Linux)",
        "device: CPU:0 (A Processor)",
        "measured: 2027-01-15T08:00:00.000Z",
    ]
    with_cache = first_case(session_events({}, caches=("kernels", "autotune")))
    assert "compilation caches: kernels, autotune" in environment_text(with_cache).splitlines()
    named = environment_text(first_case(settled_events({"xla": (0.01,) * 3}, machine="ci", cores=4))).splitlines()
    assert named[1:3] == ["host: box (Linux), 4 cores", "machine: ci"]
    assert environment_text(first_case(session_events({}, case=MATMUL, finish=CaseFinished(case_id="1"))[3:]))


FACTS = GpuFacts(
    driver="580.65.06",
    driver_cuda="13.0",
    cuda="12.5.1",
    cudnn="9.3.0",
    compute_capability="9.0",
    memory_bytes=80 << 30,
    max_clock_mhz=1980,
    max_memory_clock_mhz=2619,
    power_limit_w=700.0,
    mig=False,
)


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            FACTS,
            [
                "GPU: compute capability 9.0, 80 GiB, up to 1,980 MHz (memory 2,619), 700 W",
                "driver 580.65.06 (CUDA 13.0), TensorFlow with CUDA 12.5.1 and cuDNN 9.3.0",
            ],
        ),
        (GpuFacts(driver="580.65.06", memory_bytes=10 << 30, mig=True), ["GPU: 10 GiB, MIG", "driver 580.65.06"]),
        (GpuFacts(cudnn="9"), ["TensorFlow with cuDNN 9"]),
        (GpuFacts(max_clock_mhz=1410), ["GPU: up to 1,410 MHz"]),
        (GpuFacts(), []),
        (None, []),
    ],
)
def test_a_gpu_and_its_driver_stand_below_the_device(facts: GpuFacts | None, lines: list[str]) -> None:
    on_a_gpu = replace(first_case(NO_MODE_WINS), gpu=facts)
    told = environment_text(on_a_gpu).splitlines()
    assert told[3:-1] == lines


def test_every_export_for_people_tells_of_the_gpu_and_the_json_all_of_it() -> None:
    devices = Devices(devices=(Device("CPU:0", "NVIDIA H100", FACTS),))
    session = Session([devices if isinstance(event, Devices) else event for event in NO_MODE_WINS])
    for text in (markdown_text(session), html_text(session)):
        assert "compute capability 9.0, 80 GiB, up to 1,980 MHz (memory 2,619), 700 W" in text
        assert "driver 580.65.06 (CUDA 13.0), TensorFlow with CUDA 12.5.1 and cuDNN 9.3.0" in text
    [case] = json.loads(json_text(session))
    assert case["gpu"] == {**asdict(FACTS)}
