"""What the ops of an eager call do, seen by a callback of TensorFlow's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

MOVES_NOTHING = frozenset(
    ["Const", "ExpandDims", "Identity", "ReadVariableOp", "Reshape", "Shape", "ShapeN", "Squeeze", "StopGradient"]
)


def bytes_of_ops(step: Any, args: Any) -> int:
    """Bytes that the ops of an eager call read and write; a sum over no axis hands on what it is given."""
    import tensorflow as tf

    def count(name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
        if name in MOVES_NOTHING or (name == "Sum" and inputs[1].shape.num_elements() == 0):
            return 0
        tensors = [tensor for tensor in (*inputs, *outputs) if hasattr(tensor, "numpy") and tensor.dtype != tf.resource]
        # What is added to a variable is one of its inputs; the variable is read and written, too.
        times = 3 if name in ("AssignAddVariableOp", "AssignSubVariableOp") else 1
        return times * sum(int(tensor.shape.num_elements() * tensor.dtype.size) for tensor in tensors)

    return sum_over_ops(step, args, count)


def products_of_ops(step: Any, args: Any) -> int:
    """Multiplications in the convolutions and matrix products of an eager call."""

    def count(name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> int:
        if name not in ("Conv2D", "DepthwiseConv2dNative", "MatMul"):
            return 0
        # All dimensions of the weights but the last lead to one number, of a depthwise convolution but the last two.
        taps = inputs[1].shape[: -2 if name == "DepthwiseConv2dNative" else -1]
        return int(outputs[0].shape.num_elements() * math.prod(taps))

    return sum_over_ops(step, args, count)


def sum_over_ops(step: Any, args: Any, count: Callable[[str, Sequence[Any], Sequence[Any]], int]) -> int:
    """The sum of what is counted of each op: of its name, its inputs and its outputs."""
    from tensorflow.python.framework import op_callbacks

    counts: list[int] = []

    def called(kind: Any, inputs: Any, _: Any, outputs: Any, *__: Any) -> None:
        counts.append(count(kind.decode() if isinstance(kind, bytes) else kind, inputs, outputs))

    op_callbacks.add_op_callback(called)
    try:
        step(*args)
    finally:
        op_callbacks.remove_op_callback(called)
    return sum(counts)
