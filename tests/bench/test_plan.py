from __future__ import annotations

import json
from typing import Any

import pytest

from bench.plan import DEFAULT_MODES, MODES, Case, Effort, Plan, PlanError, WorkerOptions, to_dict
from bench.runtime import Runtime


def test_modes_are_kept_simplest_first_and_once() -> None:
    assert Case("matmul", modes=("xla", "eager", "xla")).modes == ("eager", "xla")
    assert Case("matmul", modes=(*reversed(MODES), "predict")).modes == MODES
    assert Case("matmul").modes == DEFAULT_MODES


def test_dimensions_read_as_people_write_them() -> None:
    assert Case("matmul", (("m", 3), ("k", 4))).dims_text == "m=3 k=4"


def test_a_case_survives_json() -> None:
    case = Case("matmul", (("m", 3),), "float64", "GPU:1", ("graph",), seed=7)
    assert Case.from_dict(json.loads(json.dumps(to_dict(case)))) == case


def test_a_case_of_before_there_were_settings_leaves_them_to_tensorflow() -> None:
    fields = to_dict(Case("matmul"))
    del fields["runtime"], fields["far"]
    assert Case.from_dict(fields) == Case("matmul")


def test_a_worker_is_loaded_for_what_is_read_only_then() -> None:
    options = WorkerOptions(gpu_memory_limit_mib=512)
    case = Case("matmul", device="GPU:0", runtime=Runtime(onednn=False, tf32=False))
    assert options.for_case(case) == WorkerOptions(gpu_memory_limit_mib=512, runtime=Runtime(onednn=False, tf32=False))
    assert WorkerOptions.from_dict(json.loads(json.dumps(to_dict(options.for_case(case))))) == options.for_case(case)


def test_each_far_side_takes_each_case_before_the_next() -> None:
    plan = Plan((Case("matmul"), Case("softmax"))).on_each(("ann", "bob"))
    assert [(case.workload, case.far) for case in plan.cases] == [
        ("matmul", "ann"),
        ("matmul", "bob"),
        ("softmax", "ann"),
        ("softmax", "bob"),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dtype": "float8"}, "dtype 'float8' is not one of float16, bfloat16, float32, float64"),
        ({"device": "gpu"}, "device 'gpu' is not named as TensorFlow does"),
        ({"device": "CPU:0 "}, "is not named as TensorFlow does"),
        ({"runtime": Runtime(tf32=True)}, "tf32 is for GPUs: CPU:0 does not compute in TensorFloat-32"),
        ({"modes": ()}, "no mode to measure"),
        ({"modes": ("jit",)}, "mode 'jit' is not one of eager, as-written, graph"),
    ],
)
def test_a_case_that_cannot_be_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        Case("matmul", **wrong)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Plan(()),
        lambda: Plan((Case("matmul"),), effect=0),
        lambda: Plan((Case("matmul"),), case_timeout_s=float("nan")),
        lambda: Plan((Case("matmul"),), calls=0),
        lambda: Effort(budget_s=0),
        lambda: Effort(budget_s=float("inf")),
        lambda: Effort(target=1),
        lambda: Effort(processes=0),
        lambda: Effort(processes=101),
        lambda: WorkerOptions(gpu_memory_limit_mib=0),
        lambda: WorkerOptions(logical_cpus=65),
    ],
)
def test_rules_that_cannot_be_kept_are_refused_in_one_line(make: Any) -> None:
    with pytest.raises(PlanError) as error:
        make()
    assert "\n" not in str(error.value)
