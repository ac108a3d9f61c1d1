"""The catalogue: listed without TensorFlow, described in full, and the same computation in every mode."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS, Workload, find
from bench.plan import DEFAULT_SEED, MIXED, PRECISIONS, PlanError, compute_dtype
from tests.eager_ops import bytes_of_ops
from tests.paths import ROOT
from tests.slow import IMAGE_MODELS, LONG_WORKLOADS
from tests.troubles import TROUBLES

# Small, and no two alike, so that a formula with two dimensions swapped is found out.
TINY: dict[str, dict[str, int]] = {
    "matmul": {"m": 2, "k": 3, "n": 5},
    "batch_matmul": {"batch": 7, "m": 2, "k": 3, "n": 5},
    "elementwise_chain": {"size": 5, "length": 3},
    "tiny_ops": {"repeats": 2, "size": 3},
    "reduction": {"rows": 3, "columns": 5},
    "softmax": {"rows": 3, "columns": 5},
    "layer_norm": {"rows": 3, "columns": 5},
    "gelu_mlp": {"batch": 2, "width": 3, "hidden": 5},
    "attention": {"batch": 2, "heads": 3, "length": 5, "head_dim": 7},
    "transformer_block": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "conv2d": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "depthwise_conv2d": {"batch": 2, "size": 5, "channels": 3, "kernel": 4},
    "lstm": {"batch": 2, "length": 3, "features": 5, "units": 7},
    "while_loop": {"steps": 3, "batch": 2, "width": 5},
    "fft": {"batch": 3, "size": 16},
    "train_step": {"batch": 2, "features": 3, "hidden": 5, "layers": 3, "outputs": 7},
    "dynamic_shapes": {"shapes": 3, "columns": 5, "repeats": 2},
    "python_number": {"numbers": 3, "size": 5},
    "tiny_add": {"size": 5},
    "python_loop": {"steps": 3, "size": 5},
    "polynomial": {"size": 5, "degree": 3},
    "silu_gate": {"size": 5},
    "outer_tanh": {"rows": 3, "columns": 5},
    "tall_matmul": {"rows": 7, "width": 3},
    "einsum": {"batch": 7, "m": 2, "k": 3, "n": 5},
    "matmul_bias_relu": {"m": 2, "k": 3, "n": 5},
    "strided_conv2d": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "grouped_conv2d": {"batch": 2, "size": 5, "groups": 3, "channels": 7, "kernel": 4},
    "conv2d_transpose": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "conv3d": {"batch": 2, "size": 4, "channels": 3, "filters": 5, "kernel": 2},
    "batch_norm": {"batch": 2, "size": 5, "channels": 3},
    "group_norm": {"batch": 2, "size": 5, "groups": 3, "channels": 7},
    "gelu_tanh": {"size": 5},
    "gelu_erf": {"size": 5},
    "causal_attention": {"batch": 2, "heads": 3, "length": 5, "head_dim": 7},
    "multi_head_attention": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7},
    "gru": {"batch": 2, "length": 3, "features": 5, "units": 7},
    "scan": {"steps": 3, "size": 5},
    "map_fn": {"rows": 3, "columns": 5},
    "cumsum": {"rows": 3, "columns": 5},
    "segment_sum": {"rows": 7, "columns": 5, "segments": 3},
    "top_k": {"rows": 3, "columns": 130, "k": 5},
    "sort": {"rows": 3, "columns": 5},
    "unique": {"size": 7, "distinct": 3},
    "gather": {"rows": 7, "columns": 5, "picks": 3},
    "scatter": {"rows": 7, "columns": 5, "picks": 3},
    "embedding": {"vocabulary": 11, "width": 5, "batch": 2, "length": 3},
    "one_hot": {"depth": 5, "columns": 3, "picks": 7},
    "boolean_mask": {"size": 7},
    "cholesky": {"batch": 2, "size": 6},
    "qr": {"batch": 2, "size": 6},
    "svd": {"batch": 2, "size": 6},
    "solve": {"batch": 2, "size": 6, "columns": 5},
    "stft": {"batch": 2, "frames": 3, "frame": 16},
    "stateless_normal": {"size": 5},
    "philox_normal": {"size": 5},
    "dropout": {"size": 500},
    "cond": {"size": 5},
    "until_small": {"size": 5},
    "cnn_train_step": {"batch": 2, "size": 4, "channels": 3, "filters": 5, "layers": 2, "outputs": 7},
    "transformer_train_step": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "resnet50": {"batch": 2, "size": 33},
    "mobilenet_v2": {"batch": 2, "size": 33},
    "efficientnet_b0": {"batch": 2, "size": 33},
    "encoder_layer": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "gpt_block": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "decode_step": {"batch": 2, "cached": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "uneven_batches": {"batches": 3, "batch": 2, "longest": 8, "width": 5},
    "padded_batches": {"batches": 3, "batch": 2, "longest": 8, "width": 5},
    "string_ops": {"size": 5},
    "tf_print": {"size": 5},
    "py_function": {"size": 5},
    "eig": {"size": 4},
    "growing_array": {"steps": 3, "size": 5},
}


def tiny(name: str) -> dict[str, int]:
    """Return a workload's sizes in TINY. Fails the test where it has none."""
    if name not in TINY:
        pytest.fail(f"{name} has no tiny sizes: add them to TINY in {__file__}", pytrace=False)
    return TINY[name]


# Over 10 tokens 21 wide: q, k, v and output; scores and their use in 3 heads; out to 11 and back.
ATTENTION_LAYER = 4 * 2 * (10 * 21 * 21) + 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7))
BLOCK = ATTENTION_LAYER + 2 * 2 * (10 * 21 * 11)

FLOPS: dict[str, int] = {
    "matmul": 2 * (2 * 3 * 5),
    "batch_matmul": 7 * 2 * (2 * 3 * 5),
    "elementwise_chain": 3 * (5 + 5),
    "reduction": 3 * 5,
    "softmax": 5 * (3 * 5),
    "layer_norm": 7 * (3 * 5),
    "gelu_mlp": 2 * (2 * 3 * 5) + 2 * (2 * 5 * 3),
    "attention": 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7)),
    "transformer_block": BLOCK,
    # At each of 2 × 5 × 5 places, 4 × 4 taps.
    "conv2d": 50 * 2 * (16 * 3 * 7),
    "depthwise_conv2d": 50 * 2 * (16 * 3),
    # At each of 3 times, 4 gates of the input and of the state.
    "lstm": 3 * 4 * (2 * (2 * 5 * 7) + 2 * (2 * 7 * 7)),
    "while_loop": 3 * 2 * (2 * 5 * 5),
    "fft": 3 * 160,  # 2.5 × 16 × 4 each
    # Weights of 3 × 5, 5 × 5 twice and 5 × 7: three products with each, but two with the first.
    "train_step": 2 * (2 * 2 * 15) + 3 * (2 * 2 * 25) + 3 * (2 * 2 * 25) + 3 * (2 * 2 * 35),
    "polynomial": 3 * (5 + 5),
    "silu_gate": 3 * 5,
    "outer_tanh": 2 * (3 * 5),
    "tall_matmul": 2 * (7 * 3 * 3),
    "einsum": 7 * 2 * (2 * 3 * 5),
    "matmul_bias_relu": 2 * (2 * 3 * 5),
    # At each of 2 × 3 × 3 places, 4 × 4 taps.
    "strided_conv2d": 18 * 2 * (16 * 3 * 7),
    "grouped_conv2d": 50 * 3 * 2 * (16 * 7 * 7),
    # From each of 2 × 5 × 5 places, 4 × 4 taps.
    "conv2d_transpose": 50 * 2 * (16 * 3 * 7),
    "conv3d": 2 * 64 * 2 * (8 * 3 * 5),
    "batch_norm": 6 * (2 * 25 * 3),
    "group_norm": 7 * (2 * 25 * 21),
    "gelu_tanh": 8 * 5,
    "gelu_erf": 5 * 5,
    "causal_attention": 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7)),
    "multi_head_attention": ATTENTION_LAYER,
    "gru": 3 * 3 * (2 * (2 * 5 * 7) + 2 * (2 * 7 * 7)),
    "scan": 3 * (5 + 5),
    "map_fn": 5 * (3 * 5),
    "cumsum": 3 * 5,
    "segment_sum": 7 * 5,
    "scatter": 3 * 5,
    "embedding": 2 * 3 * 5,
    "one_hot": 2 * (7 * 5 * 3),
    "cholesky": 2 * 72,  # 6³ / 3 each
    "qr": 2 * 8 * 72,
    "svd": 2 * 8 * 72,
    "solve": 2 * (2 * 72 + 2 * (6 * 6 * 5)),
    "stft": 2 * 3 * 160,
    "cond": 5 + 5,
    # Kernels of 9 × 3 × 5 at 2 × 16 places, two products; of 9 × 5 × 5, three; and the dense layer's, three.
    "cnn_train_step": 2 * (2 * 32 * 135) + 3 * (2 * 32 * 225) + 3 * (2 * 2 * 35),
    "transformer_train_step": 3 * BLOCK,
    "encoder_layer": BLOCK,
    "gpt_block": BLOCK,
    # For each of 2 tokens: its products with the weights, and with 5 keys and values in 3 heads.
    "decode_step": 2 * (4 * 2 * (21 * 21) + 2 * 2 * (21 * 11) + 3 * (2 * (7 * 5) + 2 * (5 * 7))),
}
"""Those left out have no formula, but the models of keras.applications: see `test_image_models.py`."""


# Numbers that ops read and write over 10 tokens 21 wide, 110 hidden numbers and 150 scores.
NORM = 15 * 210 + 11 * 10 + 2 * 21
ATTEND = 4 * ((210 + 441 + 210) + (210 + 21 + 210)) + 2 * (210 + 210 + 150) + 2 * 150 + 2 * 150
MLP = (210 + 231 + 110) + (110 + 11 + 110) + 11 * 110 + (110 + 231 + 210) + (210 + 21 + 210)
FORWARD = 2 * NORM + ATTEND + MLP + 2 * (3 * 210)
# Back: a projection's bias, inputs, weights image by image, and their sum; the rest as in `traffic`.
PROJECTION_BACK = (210 + 21) + (210 + 441 + 210) + (210 + 210 + 2 * 441) + (2 * 441 + 441)
ATTEND_BACK = 4 * PROJECTION_BACK + 4 * (2 * 210 + 150) + 11 * 150 + 2 * (3 * 10) + 4 * 210
MLP_BACK = (210 + 21) + 2 * (110 + 231 + 210) + 26 * 110 + (110 + 11) + 2 * (210 + 231 + 110)
NORMS_BACK = (40 * 210 + 12 * 10 + 3 * 21) + (15 * 210 + 2 * 10 + 2 * 21)

UNFUSED: dict[str, int] = {
    "multi_head_attention": ATTEND,
    "transformer_block": FORWARD,
    "encoder_layer": FORWARD,
    # For each of 2: 32 samples cut and framed, 3 × 16 weighted, transformed to 3 × 9 complex ones; and the window.
    "stft": 2 * ((32 + 32) + (32 + 48) + (48 + 48) + (48 + 54)) + 14 * 16,
    # Drawn, multiplied, added to; and two numbers of four bytes that are the seed.
    "stateless_normal": 5 + (5 + 5 + 1) + (5 + 5 + 1) + 2,
    "philox_normal": 5 + (5 + 5 + 1) + (5 + 5 + 1) + 2,
    # A byte for each of the mask's, written and read.
    "dropout": (500 + 500) + 500 + 500 + (500 + 500) + 2 * 500 // 4,
    # Layers of 3, 5, 5 and 5 to 7, for 2: forward, back, the loss of 14 outputs, and Adam.
    "train_step": (6 + 15 + 3 * 10 + 5)
    + 2 * (10 + 25 + 3 * 10 + 5)
    + 3 * (2 * 10)
    + (10 + 35 + 3 * 14 + 7)
    + ((14 + 7) + 2 * (10 + 35 + 14))
    + 3 * (3 * 10)
    + 2 * ((10 + 5) + 2 * (10 + 25 + 10))
    + ((10 + 5) + (6 + 15 + 10))
    + (16 * 14 + 1)
    + 30 * (15 + 25 + 25 + 35 + 5 + 5 + 5 + 7),
    # Images of 2 × 16 places and 3 channels to 5 and 5, the mean of these to 7.
    "cnn_train_step": (96 + 135 + 3 * 160 + 5)
    + (160 + 225 + 3 * 160 + 5)
    + 2 * (2 * 160)
    + (160 + 10)
    + (10 + 35 + 3 * 14 + 7)
    + ((14 + 7) + 2 * (10 + 35 + 14))
    + (10 + 160 + 2 * 160)
    + 2 * (3 * 160)
    + ((160 + 5) + 2 * (160 + 225 + 160))
    + ((160 + 5) + 2 * (96 + 135 + 160))
    + (16 * 14 + 1)
    + 30 * (135 + 225 + 35 + 5 + 5 + 7),
    "transformer_train_step": FORWARD
    + ATTEND_BACK
    + MLP_BACK
    + NORMS_BACK
    + (16 * 210 + 1)
    + 30 * (4 * (441 + 21) + 2 * 231 + 11 + 21 + 4 * 21),
}
"""Of what many ops do: numbers of four bytes."""

READ_IN_PART = {"gather": 3 * (2 * 5 * 4 + 4), "embedding": 2 * (3 * (5 * 4 + 4) + 5 * 4)}
"""Bytes counted by hand in float32: rows that are picked are read, others are not, and what is picked by is."""

GROWN = {"cond": 400, "gru": 12, "lstm": 12, "philox_normal": 400, "stateless_normal": 400, "top_k": 1}
"""How much larger than TINY a workload is made where ops are counted."""


def each(workloads: Mapping[str, Workload]) -> pytest.MarkDecorator:
    """A test of each of these; those of the large models are slow."""
    return pytest.mark.parametrize(
        "workload",
        [
            pytest.param(workload, marks=pytest.mark.slow if name in IMAGE_MODELS else ())
            for name, workload in workloads.items()
        ],
        ids=workloads,
    )


EVERY = each(WORKLOADS)


def each_built(workloads: Mapping[str, Workload]) -> pytest.MarkDecorator:
    """A test of each of these and its builds, one workload after the other."""
    sets = [
        pytest.param(workload, workload, id=name, marks=pytest.mark.slow if name in IMAGE_MODELS else ())
        for name, workload in workloads.items()
    ]
    return pytest.mark.parametrize(("workload", "builds"), sets, indirect=["builds"], scope="module")


EVERY_BUILT = each_built(WORKLOADS)

workloads = st.sampled_from(list(WORKLOADS.values()))


# --- what a list shows, without TensorFlow ---------------------------------------------------------------------------


def test_listing_imports_neither_tensorflow_nor_numpy() -> None:
    program = "import sys, bench.catalogue; print(sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    listed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == "[]"


@EVERY
def test_a_workload_describes_itself_in_lines_that_fit_the_screen(workload: Workload) -> None:
    assert 0 < len(workload.help.splitlines()[0]) <= 70
    assert 0 < len(workload.teaches) <= 110
    assert workload.family
    assert workload.takes_dtype
    assert "float32" in workload.dtypes
    assert set(workload.dtypes) <= set(PRECISIONS)
    assert 1 <= len(workload.dims) <= 6
    assert all(1 <= dim.low <= dim.default <= dim.high for dim in workload.dims)


@EVERY
def test_flops_are_those_counted_by_hand(workload: Workload) -> None:
    if workload.name not in IMAGE_MODELS:
        assert workload.count_flops(tiny(workload.name)) == FLOPS.get(workload.name)


@given(workloads, st.data())
def test_formulas_hold_for_every_size_within_the_bounds(workload: Workload, data: st.DataObject) -> None:
    dims = {dim.name: data.draw(st.integers(dim.low, dim.high), dim.name) for dim in workload.dims}
    assert workload.complete(dims.items()) == tuple(dims.items())
    for count in (workload.count_flops(dims), workload.count_bytes(dims, "float16")):
        assert count is None or (type(count) is int and count > 0)


# --- what a plan may ask for -----------------------------------------------------------------------------------------


@given(workloads, st.data())
def test_a_size_is_refused_exactly_when_out_of_bounds(workload: Workload, data: st.DataObject) -> None:
    dim = data.draw(st.sampled_from(workload.dims))
    beyond = st.integers(max_value=dim.low - 1) | st.integers(min_value=dim.high + 1)
    with pytest.raises(PlanError, match=f"{dim.name}=.* size, ({dim.low}|{dim.high})$"):
        workload.complete([(dim.name, data.draw(beyond))])


def test_dimensions_left_out_take_their_defaults_in_the_workloads_order() -> None:
    assert find("matmul").complete([("n", 8), ("m", 4)]) == (("m", 4), ("k", 1024), ("n", 8))


def test_an_unknown_dimension_is_refused_with_those_there_are() -> None:
    with pytest.raises(PlanError, match="matmul has no dimension 'batch': it has m, k, n"):
        find("matmul").complete([("batch", 2)])


def test_a_dtype_a_workload_cannot_run_in_is_refused_with_those_it_can() -> None:
    with pytest.raises(PlanError, match=r"fft does not run in bfloat16: choose from float32, float64$"):
        find("fft").check_dtype("bfloat16")


@pytest.mark.parametrize(
    ("name", "dtype", "nearest"),
    [("train_step", "bfloat16", "mixed_bfloat16"), ("matmul", "mixed_float16", "float16")],
)
def test_a_dtype_that_others_compute_in_is_refused_with_the_nearest(name: str, dtype: str, nearest: str) -> None:
    with pytest.raises(PlanError, match=f"{name} does not run in {dtype}: choose from .*; {nearest} is the nearest$"):
        find(name).check_dtype(dtype)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(PlanError, match=r"no workload 'conv2': did you mean conv2d or conv3d\?"):
        find("conv2")
    with pytest.raises(PlanError, match="`tfjit-tui list` names them all"):
        find("xyzzy")


# --- what a worker runs ----------------------------------------------------------------------------------------------


def build(
    tf: Any, workload: Workload, dtype: str = "float32", dims: Mapping[str, int] | None = None
) -> tuple[Any, Any, list[Any]]:
    """The function to time, its last arguments, and the variables made on the way, as a worker builds them."""
    import keras

    variables = []

    def record(create: Any, **options: Any) -> Any:
        variables.append(create(**options))
        return variables[-1]

    keras.utils.set_random_seed(DEFAULT_SEED)
    with tf.variable_creator_scope(record):
        step, arguments = workload.build(**(dims or tiny(workload.name)), dtype=dtype)
    args = arguments[-1] if isinstance(arguments, list) else arguments
    return getattr(step, "python_function", step), args, variables


Built = tuple[Any, Any, list[Any]]


@pytest.fixture(scope="module")
def builds(tf: Any, request: pytest.FixtureRequest) -> Callable[[str], Built]:
    """Build the workload of the parameter in a dtype, once for all tests, which only read it."""
    return cache(lambda dtype: build(tf, request.param, dtype))


def error(tf: Any, outputs: Any, references: Any) -> float:
    """The largest max|y - ref| / max|ref| of all outputs."""
    pairs = zip(tf.nest.flatten(outputs), tf.nest.flatten(references), strict=True)
    return max(float(tf.reduce_max(tf.abs(y - ref)) / tf.reduce_max(tf.abs(ref))) for y, ref in pairs)


BY_A_WORKER = WORKLOADS.keys() - {*LONG_WORKLOADS}
"""The plain tests of `tests/end_to_end` have a worker verify these in every mode."""


@pytest.mark.parametrize(
    "workload",
    [
        pytest.param(workload, id=name, marks=pytest.mark.slow if name in (*BY_A_WORKER, *IMAGE_MODELS) else ())
        for name, workload in WORKLOADS.items()
        if name not in TROUBLES and not workload.draws
    ],
)
def test_every_mode_computes_the_same(tf: Any, workload: Workload) -> None:
    def second_call(compile_with: Any) -> Any:
        """The second, so that the state which the first left behind is compared as well."""
        step, args, _ = build(tf, workload)
        step = compile_with(step)
        step(*args)
        return step(*args)

    eager = second_call(lambda step: step)
    assert error(tf, second_call(tf.function), eager) < 1e-5
    assert error(tf, second_call(lambda step: tf.function(step, jit_compile=True)), eager) < 1e-5


@EVERY_BUILT
def test_every_claimed_dtype_runs(tf: Any, workload: Workload, builds: Callable[[str], Built]) -> None:
    for dtype in workload.dtypes:
        step, args, _ = builds(dtype)
        for output in tf.nest.flatten(step(*args)):
            if output.dtype.is_floating or output.dtype.is_complex:
                loss = workload.family == "training" and dtype in MIXED
                assert output.dtype.real_dtype.name == ("float32" if loss else compute_dtype(dtype))
                assert math.isfinite(tf.reduce_max(tf.abs(output)))


@EVERY
def test_the_least_size_runs(tf: Any, workload: Workload) -> None:
    step, args, _ = build(tf, workload, dims={dim.name: dim.low for dim in workload.dims})
    assert tf.nest.flatten(step(*args))


@each_built({name: known for name, known in WORKLOADS.items() if known.bytes_moved and name not in READ_IN_PART})
def test_bytes_moved_are_those_of_inputs_weights_and_outputs(
    tf: Any, workload: Workload, builds: Callable[[str], Built]
) -> None:
    for dtype in workload.dtypes:
        step, args, variables = builds(dtype)
        if workload.family == "training":
            # Weights and their two moments, each read and written; the scalars of Adam are left out.
            state = 2 * [variable for variable in variables if variable.shape.rank > 0]
        elif workload.name in IMAGE_MODELS:
            state = variables  # moving means and variances too
        else:
            state = [variable for variable in variables if variable.trainable]
        tensors = [*args, *state, *tf.nest.flatten(step(*args))]
        # A few of a model's statistics are not of its dtype.
        allowed = 1e-4 if workload.name in IMAGE_MODELS else 0
        moved = sum(t.shape.num_elements() * t.dtype.size for t in tensors)
        assert workload.count_bytes(tiny(workload.name), dtype) == pytest.approx(moved, rel=allowed)


@each({name: w for name, w in WORKLOADS.items() if w.bytes_unfused and name not in READ_IN_PART})
def test_bytes_unfused_are_those_of_every_ops_inputs_and_outputs(tf: Any, workload: Workload) -> None:
    """Of sizes so large that axes, counters and the like come to nothing beside them."""
    dims = {name: GROWN.get(workload.name, 4) * size for name, size in tiny(workload.name).items()}
    step, args, _ = build(tf, workload, dims=dims)
    counted = workload.count_bytes_unfused(dims, "float32")
    assert counted == pytest.approx(bytes_of_ops(step, args), rel=0.05)


@pytest.mark.parametrize("name", UNFUSED)
def test_bytes_unfused_are_those_counted_by_hand(name: str) -> None:
    assert find(name).count_bytes_unfused(tiny(name), "float32") == 4 * UNFUSED[name]


def test_mixed_precision_counts_weights_in_float32_and_nothing_where_they_are_not_told_apart() -> None:
    # 2 × 5 × 21 numbers in and out, and four projections with their biases.
    dims = tiny("multi_head_attention")
    assert find("multi_head_attention").count_bytes(dims, "mixed_bfloat16") == 2 * (2 * 210) + 4 * (4 * (441 + 21))
    assert find("multi_head_attention").count_bytes_unfused(dims, "mixed_bfloat16") is None


@pytest.mark.parametrize("name", READ_IN_PART)
def test_only_rows_that_are_picked_are_moved(name: str) -> None:
    assert find(name).count_bytes(tiny(name), "float32") == READ_IN_PART[name]


@EVERY
def test_building_again_from_the_same_seed_gives_the_same_inputs_and_weights(tf: Any, workload: Workload) -> None:
    _, args, variables = build(tf, workload)
    _, args_again, variables_again = build(tf, workload)
    for one, other in zip([*args, *variables], [*args_again, *variables_again], strict=True):
        assert tf.reduce_all(tf.equal(one, other))


@EVERY_BUILT
def test_a_float64_build_makes_the_same_variables_in_the_same_order(
    tf: Any, workload: Workload, builds: Callable[[str], Built]
) -> None:
    """So a worker can copy values into the float64 build that is its reference."""
    for dtype in workload.dtypes:
        _, _, variables = builds(dtype)
        _, _, references = builds("float64")
        beyond = variables[len(references) :]
        assert not beyond or dtype == "mixed_float16"  # what scales the loss
        for variable, reference in zip(variables, references, strict=not beyond):
            assert (variable.shape, variable.trainable) == (reference.shape, reference.trainable)
            assert not reference.trainable or reference.dtype == tf.float64


@pytest.mark.usefixtures("tf")
def test_calls_of_a_retracing_workload_differ() -> None:
    _, rows = find("dynamic_shapes").build(shapes=3, columns=2)
    assert [x.shape.as_list() for (x,) in rows] == [[1, 2], [2, 2], [3, 2]]
    _, numbers = find("python_number").build(numbers=3)
    assert [n for _, n in numbers] == [1, 2, 3]


@EVERY
def test_a_call_makes_no_variables(tf: Any, workload: Workload) -> None:
    step, args, _ = build(tf, workload)

    def refuse(_: Any, **options: Any) -> Any:
        pytest.fail(f"made {options.get('name')}")

    with tf.variable_creator_scope(refuse):
        step(*args)
