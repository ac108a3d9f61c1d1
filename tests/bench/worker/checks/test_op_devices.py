"""What of a call ran on the CPU: calls that run on a CPU are taken for those of a case on a GPU.

TensorFlow's list of kernels has those for GPUs, on a machine without one too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench.worker.checks.op_devices import (
    DATASETS,
    Away,
    Collected,
    OpDevices,
    collecting,
    find_op_devices,
    registered_kernels,
)

GPU = "GPU:0"


def devices_of(call: Callable[[], object], device: str = GPU) -> OpDevices:
    """Return where the operations of a call ran, of a case on this device."""
    with collecting(device) as collected:
        call()
    return find_op_devices(collected, device)


@pytest.mark.parametrize("wrap", ["eager", "graph"])
def test_operations_without_a_kernel_are_told_from_those_with_one(tf: Any, wrap: str) -> None:
    def letters(x: Any) -> Any:
        return tf.strings.length(tf.strings.as_string(tf.matmul(x, x)))

    call = letters if wrap == "eager" else tf.function(letters)
    x = tf.ones((2, 2))
    found = devices_of(lambda: call(x))
    assert set(found.away) == {Away(("MatMul",)), Away(("AsString", "StringLength"), "kernel")}
    assert not found.is_used


def test_a_call_that_was_made_before_is_seen_too(tf: Any) -> None:
    graph = tf.function(lambda x: tf.strings.as_string(x))
    x = tf.ones(2)
    graph(x)
    assert devices_of(lambda: graph(x)) == devices_of(lambda: graph(x)) != OpDevices((), is_used=False)


def test_of_a_branch_and_a_loop_it_is_the_work_inside_that_is_told(tf: Any) -> None:
    def step(x: Any) -> Any:
        for _ in tf.range(3):
            x = tf.cond(tf.reduce_sum(x) > 0, lambda x=x: tf.strings.to_number(tf.strings.as_string(x)), lambda x=x: x)
        return x

    graph = tf.function(step)
    found = devices_of(lambda: graph(tf.ones(2)))
    assert Away(("AsString", "StringToNumber"), "kernel") in found.away
    others = {name for away in found.away for name in away.names if away.lacks != "kernel"}
    assert others <= {"Sum", "Greater", "Fill"}


def test_a_dtype_without_a_kernel_is_named(tf: Any) -> None:
    x, one = tf.zeros((8,), tf.bfloat16), tf.ones((1,), tf.bfloat16)
    found = devices_of(lambda: tf.tensor_scatter_nd_add(x, [[1]], one))
    assert found.away == (Away(("TensorScatterAdd",), "bfloat16"),)


@pytest.mark.parametrize(
    ("op", "dtype", "found"),
    [
        ("Qr", "float32", OpDevices((Away(("Qr",), "host"),), is_used=False)),
        ("MatMul", "float32", OpDevices((), is_used=True)),
        ("AddV2", "int32", OpDevices((), is_used=True)),
    ],
)
def test_a_kernel_that_computes_in_the_cpus_memory_is_told_though_it_is_the_devices(
    tf: Any, op: str, dtype: str, found: OpDevices
) -> None:
    node = tf.compat.v1.NodeDef(op=op, device="/job:localhost/replica:0/task:0/device:GPU:0")
    node.attr["T"].type = tf.as_dtype(dtype).as_datatype_enum
    assert find_op_devices(Collected([tf.compat.v1.GraphDef(node=[node])]), GPU) == found


def test_general_eigenvalues_have_no_kernel_for_gpus(tf: Any) -> None:
    matrix = tf.eye(2)
    assert devices_of(lambda: tf.linalg.eigvals(matrix)).away == (Away(("Eig",), "kernel"),)


def test_what_runs_on_the_device_itself_is_not_told(tf: Any) -> None:
    x = tf.ones(2)
    assert devices_of(lambda: tf.strings.as_string(tf.exp(x)), "CPU:0") == OpDevices((), is_used=True)


def test_shapes_variables_and_small_integers_are_no_work(tf: Any) -> None:
    x, kept = tf.ones((2, 3)), tf.Variable(1.0)
    counts = tf.constant([1, 2])

    def call() -> None:
        kept.read_value()
        tf.reshape(x, (tf.shape(x)[0] * 3,))
        assert (counts + 1).shape == (2,)

    assert devices_of(call).away == ()


def test_operations_of_datasets_are_told_as_one(tf: Any) -> None:
    data = tf.data.Dataset.range(3).map(lambda each: each + 1).batch(2)
    assert devices_of(lambda: [*data]).away == (Away((DATASETS,)),)


def test_what_xla_compiles_runs_where_it_is_called(tf: Any) -> None:
    compiled = tf.function(lambda x: x * 2 + 1, jit_compile=True)
    x = tf.ones(2)
    assert devices_of(lambda: compiled(x)) == OpDevices((), is_used=True)
    assert devices_of(lambda: tf.strings.as_string(compiled(x))).is_used


def test_a_call_that_fails_leaves_everything_as_it_was(tf: Any) -> None:
    from tensorflow.python.eager import execute

    plain = execute.execute
    with pytest.raises(tf.errors.InvalidArgumentError), collecting(GPU):
        tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))
    assert execute.execute is plain
    assert devices_of(lambda: None).away == ()


@pytest.mark.usefixtures("tf")
def test_an_operation_that_does_not_exist_has_no_kernels() -> None:
    assert [*registered_kernels("NoSuchOp")] == []


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (Away(("AsString",), "kernel"), "AsString ran on the CPU: it has no kernel for GPU:1"),
        (Away(("Eig", "Mod"), "kernel"), "Eig and Mod ran on the CPU: they have no kernel for GPU:1"),
        (Away(("Mod",), "float64"), "Mod ran on the CPU: it has no float64 kernel for GPU:1"),
        (Away(("Qr",), "host"), "Qr ran on the CPU: its kernel for GPU:1 computes there"),
        (Away((DATASETS,)), "datasets of tf.data ran on the CPU"),
        (Away(tuple("ABCDE")), "A, B, C, D and 1 other ran on the CPU"),
        (Away(tuple("ABCDEF")), "A, B, C, D and 2 others ran on the CPU"),
    ],
)
def test_it_is_said_in_a_sentence(away: Away, words: str) -> None:
    assert away.in_words("GPU:1") == words
