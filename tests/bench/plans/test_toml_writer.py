"""A plan that is written reads well, and is read again as the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS
from bench.plan import EFFORTS, MODES, Case, Effort, Plan
from bench.plans.presets import SEED
from bench.plans.sweep import parse_axis, sweep
from bench.plans.toml_writer import plan_as_toml
from bench.runtime import Runtime
from tests.examples import MATMUL
from tests.plan_texts import parsed
from tests.slow import slowly


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
    against=st.sampled_from(["", "steps.py::old", "package.module:old"]),
    against_ref=st.sampled_from(["", "HEAD~1"]),
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
