from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.plan import Case, Effort, Plan, PlanError
from bench.plans.presets import SEED
from bench.plans.toml_reader import parse_plan, read_plan
from bench.runtime import Runtime
from tests.examples import MATMUL
from tests.plan_texts import parsed

# --- what a person writes -------------------------------------------------------------------------------------------


def test_a_workload_alone_is_measured_with_the_command_lines_defaults() -> None:
    assert parsed('workload = "matmul"') == Plan((MATMUL,))


def test_every_key_reaches_the_plan() -> None:
    text = """
        workload = "train_step"
        dtype = "mixed_bfloat16"
        device = "gpu:1"
        modes = ["xla", "as_written", "graph"]
        seed = 7
        effort = "thorough"
        processes = 5
        budget_s = 2
        target_percent = 1
        effect_percent = 3.5
        case_timeout_s = 60
        calls = 12
        dims = { batch = 8 }
        runtime = { onednn = false, tf32 = true, intra_op_threads = 2 }
    """
    plan = parsed(text)
    (case,) = plan.cases
    assert (case.dtype, case.device, case.seed, dict(case.dims)["batch"]) == ("mixed_bfloat16", "GPU:1", 7, 8)
    assert case.modes == ("as-written", "graph", "xla")
    assert case.runtime == Runtime(onednn=False, tf32=True, intra_op_threads=2)
    assert plan.effort == Effort(budget_s=2, target=0.01, processes=5)
    assert (plan.effect, plan.case_timeout_s, plan.calls) == (0.035, 60, 12)


def test_cases_share_what_stands_above_them() -> None:
    text = """
        modes = ["graph", "xla"]
        workload = "matmul"
        [dims]
        m = 64
        [runtime]
        onednn = false
        [[cases]]
        [[cases]]
        dtype = "bfloat16"
        dims = { k = 32 }
        runtime = { intra_op_threads = 1 }
    """
    first, second = parsed(text).cases
    assert first == Case(
        "matmul", (("m", 64), ("k", 1024), ("n", 1024)), modes=("graph", "xla"), runtime=Runtime(onednn=False)
    )
    assert (second.dtype, second.dims) == ("bfloat16", (("m", 64), ("k", 32), ("n", 1024)))
    assert second.runtime == Runtime(onednn=False, intra_op_threads=1)


def test_a_sweep_is_its_axes() -> None:
    plan = parsed('workload = "matmul"\nsweep = ["m=k=n=64..256", "dtype=float32,bfloat16"]')
    assert plan.sweep == ("m=k=n=64..256", "dtype=float32,bfloat16")
    assert [(dict(case.dims)["n"], case.dtype) for case in plan.cases] == [
        (size, dtype) for size in (64, 128, 256) for dtype in ("float32", "bfloat16")
    ]


def test_a_preset_says_what_to_measure() -> None:
    assert parsed('preset = "seed"') == Plan((SEED.case,), preset="seed")


def test_whether_the_processes_are_said_is_known() -> None:
    assert not parse_plan('workload = "matmul"').says_processes
    assert parse_plan('workload = "matmul"\nprocesses = 1').says_processes


# --- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no workload is named: `tfjit-tui list` shows what there is"),
        ("workload", "not TOML: Expected '=' after a key in a key/value pair (at end of document)"),
        ('workload = "matmull"', "there is no workload 'matmull': did you mean matmul"),
        ('workload = "steps.py"', "steps.py is a file: name a function in it, as steps.py::FUNCTION"),
        ('wokload = "matmul"', "there is no key 'wokload': did you mean workload?"),
        ('workload = "matmul"\nbudget = 3', "there is no key 'budget': did you mean budget_s?"),
        ('workload = "matmul"\n[runtime]\nonednnn = true', "there is no key 'onednnn': did you mean onednn?"),
        ('workload = "matmul"\n[runtime]\nonednn = 3', "onednn=3: give onednn=on or onednn=off"),
        ('workload = "matmul"\n[[cases]]\ndimss = {}', "cases[0]: there is no key 'dimss': did you mean dims"),
        ('workload = "matmul"\n[[cases]]\ndims = { q = 1 }', "cases[0]: matmul has no dimension 'q': there is m, k, n"),
        ('workload = "matmul"\n[dims]\nm = 0', "m=0 is below its least size, 1"),
        ('workload = "matmul"\n[dims]\nm = "64"', "dims[...]: Expected int, got str"),
        ('workload = "matmul"\nseed = "7"', "seed: Expected int, got str"),
        ('workload = "matmul"\nseed = -1', "seed -1 is not between 0 and 4294967295"),
        ('workload = "matmul"\nmodes = "xla"', "modes: Expected array, got str"),
        ('workload = "matmul"\nmodes = ["exla"]', "there is no mode 'exla': did you mean xla"),
        ('workload = "matmul"\nmodes = []', "no mode to measure: choose from eager, graph, xla"),
        ('workload = "matmul"\ndtype = "float23"', "there is no dtype 'float23': did you mean float32"),
        ('workload = "fft"\ndtype = "bfloat16"', "fft does not run in bfloat16"),
        ('workload = "matmul"\ndevice = "gpu"', "device 'GPU' is not named as TensorFlow does"),
        ('workload = "matmul"\ninputs = "float32[2]"', "inputs are for code of your own: matmul has inputs already"),
        ('workload = "matmul"\neffort = "quik"', "there is no effort 'quik': did you mean quick?"),
        ('workload = "matmul"\nbudget_s = nan', "budget nan s is not between 0 and 86400"),
        ('workload = "matmul"\neffect_percent = 0', "effect 0 % is not between 0 and 100"),
        ('workload = "matmul"\nsweep = ["m=4..2"]', "sweep: m=4..2: 4 is above 2"),
        ('workload = "matmul"\nsweep = ["q=4"]', "matmul has no dimension 'q'"),
        ('workload = "fft"\nsweep = ["dtype=float32,bfloat16"]', "fft does not run in bfloat16"),
        ('preset = "sede"', "there is no preset 'sede': did you mean seed?"),
        ('preset = "seed"\n[dims]\nm = 4', "a preset says what to measure: give no dims with it"),
        ('workload = "matmul"\ncases = 3', "cases: Expected array, got int"),
        ("cases = [3]", "cases[0]: Expected object, got int"),
        ("runtime = 3", "runtime: Expected object, got int"),
        pytest.param(f"seed = {'9' * 5000}", "not TOML: ", id="a number without end"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_file_and_key(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "PLAN.toml"
    path.write_text(text)
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_what_an_editor_puts_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "PLAN.toml"
    path.write_text('workload = "matmul"\n', encoding="utf-8-sig")
    assert read_plan(path).plan.cases[0].workload == "matmul"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    for name, why in (("absent.toml", "cannot read"), ("binary.toml", "is not text in UTF-8"), (".", "cannot read")):
        with pytest.raises(PlanError, match=why):
            read_plan(tmp_path / name)


def test_a_plan_whose_name_is_mistyped_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "nightly.toml").touch()
    with pytest.raises(PlanError, match=r"No such file or directory: did you mean .*/nightly\.toml\?"):
        read_plan(tmp_path / "nigthly.toml")


@given(st.text(max_size=60))
def test_any_text_is_a_plan_or_told_to_be_none(text: str) -> None:
    try:
        parse_plan(text)
    except PlanError:
        return
