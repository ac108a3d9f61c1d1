"""Build the catalogue: each mode computes the same, and moves as many bytes as the workload says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from bench.catalogue import WORKLOADS, Workload, find
from bench.plan import DEFAULT_SEED, MIXED, compute_dtype
from tests.eager_ops import bytes_of_ops
from tests.slow import IMAGE_MODELS, LONG_WORKLOADS
from tests.tiny_sizes import EVERY, READ_IN_PART, each, tiny
from tests.troubles import TROUBLES

GROWN = {"cond": 400, "gru": 12, "lstm": 12, "philox_normal": 400, "stateless_normal": 400, "top_k": 1}
"""Times TINY: the sizes at which ops are counted."""


def each_built(workloads: Mapping[str, Workload]) -> pytest.MarkDecorator:
    """A test of each of these and its builds, one workload after the other."""
    sets = [
        pytest.param(workload, workload, id=name, marks=pytest.mark.slow if name in IMAGE_MODELS else ())
        for name, workload in workloads.items()
    ]
    return pytest.mark.parametrize(("workload", "builds"), sets, indirect=["builds"], scope="module")


EVERY_BUILT = each_built(WORKLOADS)


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
        if name not in TROUBLES and workload.family != "random"
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
    """Compare at sizes beside which axes, counters and the like come to nothing."""
    dims = {name: GROWN.get(workload.name, 4) * size for name, size in tiny(workload.name).items()}
    step, args, _ = build(tf, workload, dims=dims)
    counted = workload.count_bytes_unfused(dims, "float32")
    assert counted == pytest.approx(bytes_of_ops(step, args), rel=0.05)


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
    """Match variables, since a worker copies their values into the float64 build that is its reference."""
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
