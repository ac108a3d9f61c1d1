from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS
from bench.plan import EFFORTS, MODES, Case, Effort, Plan, PlanError
from bench.plans.presets import SEED
from bench.plans.sweep import parse_axis, sweep
from bench.plans.thresholds import Thresholds, matcher
from bench.plans.toml_reader import parse_plan, read_plan
from bench.plans.toml_writer import plan_as_toml
from bench.runtime import Runtime
from tests.slow import slowly

MATMUL = Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024)))


def parsed(text: str) -> Plan:
    return parse_plan(text).plan


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


# --- what its cases must pass -----------------------------------------------------------------------------------------

GUARDED = """
workload = "matmul"
fail_if = ["xla_vs_graph < 1"]
sweep = ["k=64,128"]
[[cases]]
dims = { m = 8 }
[[cases]]
dims = { m = 16 }
fail_if = []
fail_if_slower_percent = 5
"""


def test_what_a_case_must_pass_stands_beside_the_plan_and_goes_with_each_size_of_a_sweep() -> None:
    file = parse_plan(GUARDED)
    assert {(dict(case.dims)["m"], dict(case.dims)["k"]): each for case, each in file.thresholds.items()} == {
        **{(8, k): Thresholds(("xla_vs_graph < 1",)) for k in (64, 128)},
        **{(16, k): Thresholds((), 0.05) for k in (64, 128)},
    }
    assert file.plan == parse_plan(re.sub("fail_if.*", "", GUARDED)).plan


def test_of_a_case_that_stands_there_twice_all_holds_and_the_smaller_limit() -> None:
    tables = ['fail_if = ["a"]\nfail_if_slower_percent = 5', 'fail_if = ["b"]\nfail_if_slower_percent = 3', ""]
    file = parse_plan('workload = "matmul"\n' + "".join(f"[[cases]]\n{table}\n" for table in tables))
    assert list(file.thresholds.values()) == [Thresholds(("a", "b"), 0.03)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('fail_if = "xla_vs_graph < 1"', "fail_if: Expected array, got str"),
        ("fail_if_slower_percent = -1", "fail_if_slower_percent -1 is not a percentage: give one such as 5"),
        ("fail_if_slower_percent = inf", "fail_if_slower_percent inf is not a percentage"),
        ("[[cases]]\nfail_if_slower_percent = nan", "cases[0]: fail_if_slower_percent nan is not a percentage"),
        ("[[cases]]\nfail_iff = []", "cases[0]: there is no key 'fail_iff': did you mean fail_if"),
    ],
)
def test_what_is_wrong_with_them_is_told_with_the_key(text: str, why: str) -> None:
    with pytest.raises(PlanError) as raised:
        parse_plan(f'workload = "matmul"\n{text}')
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("planned", "measured", "found"),
    [
        (MATMUL, replace(MATMUL, modes=("xla",), far="tf218"), True),
        (MATMUL, replace(MATMUL, dims=MATMUL.dims[::-1]), True),
        (MATMUL, replace(MATMUL, seed=7), False),
        (MATMUL, replace(MATMUL, dims=MATMUL.dims[:2]), False),
        (Case("f.py::f", (("m", 8),)), Case("f.py::f", (("batch", 2), ("m", 8)), "float64"), True),
        (Case("f.py::f", (("m", 8),), "bfloat16"), Case("f.py::f", (("batch", 2), ("m", 8)), "float64"), False),
        (Case("f.py::f", (("m", 8),)), Case("f.py::f", (("m", 9),)), False),
        (Case("f.py::f"), Case("f.py::g"), False),
    ],
)
def test_they_are_found_by_what_was_measured_in_whichever_modes_and_wherever(
    planned: Case, measured: Case, found: bool
) -> None:
    assert matcher([MATMUL, planned])(measured) == ((planned,) if found else ())


def test_all_planned_cases_of_what_was_measured_are_found() -> None:
    graph, xla = (replace(MATMUL, modes=("eager", mode)) for mode in ("graph", "xla"))
    assert matcher([graph, xla, graph])(MATMUL) == (graph, xla)


@given(st.text(max_size=60))
def test_any_text_is_a_plan_or_told_to_be_none(text: str) -> None:
    try:
        parse_plan(text)
    except PlanError:
        return


# --- written and read again -----------------------------------------------------------------------------------------


@st.composite
def built_in(draw: st.DrawFn) -> Case:
    workload = draw(st.sampled_from(list(WORKLOADS.values())))
    dims = {dim.name: draw(st.integers(dim.low, dim.high)) for dim in workload.dims}
    device = draw(st.sampled_from(["CPU:0", "GPU:0"]))
    return Case(
        workload.name,
        workload.complete(dims.items()),
        draw(st.sampled_from(workload.dtypes)),
        device,
        draw(MODE_SETS),
        draw(st.integers(0, 2**32 - 1)),
        runtime=draw(st.builds(Runtime, SWITCH, SWITCH if device == "GPU:0" else st.none(), THREADS, THREADS)),
    )


MODE_SETS = st.sets(st.sampled_from(MODES), min_size=1).map(tuple)
SWITCH = st.none() | st.booleans()
THREADS = st.none() | st.integers(1, 1024)
DIM = st.from_regex(r"[a-z_]{1,6}", fullmatch=True)
OWN = st.builds(
    Case,
    st.sampled_from(["steps.py::scale", "my steps.py::f", "package.module:f", "model.keras", "saved/::serve"]),
    st.dictionaries(DIM, st.integers(1, 2**31), max_size=3).map(lambda dims: tuple(dims.items())),
    modes=MODE_SETS,
    inputs=st.sampled_from(["", "x=float32[batch=32,64], ids=int32[batch]", 'a "quoted" \\ text']),
)
PERCENT = st.integers(1, 9999).map(lambda hundredths: hundredths / 100)
RULES = st.fixed_dictionaries(
    {
        "effort": st.sampled_from(list(EFFORTS.values()))
        | st.builds(Effort, st.floats(0.01, 1000), PERCENT.map(lambda percent: percent / 100), st.integers(1, 100)),
        "effect": PERCENT.map(lambda percent: percent / 100),
        "case_timeout_s": st.floats(0.01, 86_400),
        "calls": st.integers(1, 10**9),
    }
)


@pytest.mark.parametrize("examples", [25, *slowly(100)])
def test_a_plan_that_is_written_and_read_is_the_same(examples: int) -> None:
    @settings(max_examples=examples)
    @given(st.lists(built_in() | OWN, min_size=1, max_size=4, unique=True), RULES)
    def is_the_same(cases: list[Case], rules: dict[str, object]) -> None:
        plan = Plan(tuple(cases), **rules)  # type: ignore[arg-type]
        assert parsed(plan_as_toml(plan)) == plan

    is_the_same()


@pytest.mark.parametrize(
    ("case", "axes"),
    [
        (MATMUL, ("m=k=n=64..4096:x2",)),
        (MATMUL, ("k=1,5,3", "dtype=float32,bfloat16", "intra_op_threads=1..4", "onednn=on,off")),
        (MATMUL, ("device=CPU:0,GPU:0",)),
        (Case("steps.py::scale", (("rows", 4), ("batch", 8))), ("batch=8..64", "columns=1,2")),
    ],
)
def test_a_sweep_is_written_as_its_axes_and_read_as_the_same_cases(case: Case, axes: tuple[str, ...]) -> None:
    plan = Plan(sweep((case,), [parse_axis(text) for text in axes]), sweep=axes)
    text = plan_as_toml(plan)
    assert "[[cases]]" not in text
    assert parsed(text) == plan


def test_far_sides_are_the_command_lines() -> None:
    plan = Plan((MATMUL,), sweep=("m=8,16",))
    swept = replace(plan, cases=sweep((MATMUL,), [parse_axis("m=8,16")]))
    assert parsed(plan_as_toml(swept.on_each(("tf218", "tf221")))) == swept


def test_a_preset_is_written_as_one() -> None:
    plan = Plan((replace(SEED.case, modes=("xla",)),), preset="seed")
    text = plan_as_toml(plan)
    assert "matmul" not in text
    assert parsed(text) == plan


def test_a_written_plan_reads_well() -> None:
    plan = Plan((replace(MATMUL, modes=("graph", "xla"), runtime=Runtime(onednn=False)),), EFFORTS["thorough"])
    assert plan_as_toml(plan).partition("\n\n")[2] == (
        'workload = "matmul"\n'
        'dtype = "float32"\n'
        'device = "CPU:0"\n'
        "modes = [\n"
        '    "graph",\n'
        '    "xla",\n'
        "]\n"
        "seed = 42\n"
        'effort = "thorough"\n'
        "\n"
        "[dims]\n"
        "m = 1024\n"
        "k = 1024\n"
        "n = 1024\n"
        "\n"
        "[runtime]\n"
        "onednn = false\n"
    )
