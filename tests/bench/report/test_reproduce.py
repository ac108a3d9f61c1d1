"""What repeats a case: its command and its environment."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

from bench.events import CaseFinished
from bench.plan import Case, Effort
from bench.report.reproduce import environment_text, repeat_command
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
