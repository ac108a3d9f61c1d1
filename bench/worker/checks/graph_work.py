"""How much each operation of a traced graph does: roughly, to tell much of the work from little of it.

Work is counted in elements visited. Starting an operation eagerly counts as DISPATCH of them; what multiplies matrices
or convolves counts its products too. Dimensions that the graph does not know count as 1.
"""

from __future__ import annotations

import math
from typing import Any

DISPATCH = 5_000
"""Eager starts an operation in about the time in which one core visits so many elements,"""

PRODUCTS_PER_VISIT = 32
"""and multiplies and adds so many numbers in the time in which it visits one."""

TURNS = 100
"""How often the body of a loop is taken to run."""

SHAPE_ELEMENTS = 16
"""So few integers are a shape or an index, and no work."""

SHAPES = frozenset(["BroadcastGradientArgs", "ExpandDims", "Rank", "Reshape", "Shape", "ShapeN", "Size", "Squeeze"])

FREE = SHAPES | {"Const", "Identity", "IdentityN", "NoOp", "Placeholder", "ReadVariableOp", "StopGradient"}
"""Operations that compute nothing."""

READS_A_PART = frozenset(["GatherV2", "GatherNd", "ResourceGather", "Slice", "StridedSlice", "TensorListGetItem"])
"""Operations that visit as many elements as they return, whatever they read from."""

MATRIX_PRODUCTS = frozenset(["MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"])

CONVOLUTIONS = {
    "Conv2D": (-1, 1, 1),
    "Conv2DBackpropInput": (2, 1, 1),
    "Conv2DBackpropFilter": (2, -1, 1),
    "DepthwiseConv2dNative": (-1, 1, 2),
    "DepthwiseConv2dNativeBackpropInput": (2, 1, 2),
    "DepthwiseConv2dNativeBackpropFilter": (2, -1, 2),
    "Conv3D": (-1, 1, 1),
    "Conv3DBackpropInputV2": (2, 1, 1),
    "Conv3DBackpropFilterV2": (2, -1, 1),
}
"""Which tensor (-1: the output) is shaped like the images that come out, which like the kernel, and how many of the
kernel's last axes tell these images' channels."""

CUBIC = frozenset(["Cholesky", "Eig", "Lu", "MatrixInverse", "MatrixSolve", "Qr", "SelfAdjointEigV2", "Svd"])
"""Operations that visit every element of a matrix once for each of its rows."""

BODIES = {
    "PartitionedCall": ("f",),
    "StatefulPartitionedCall": ("f",),
    "While": ("cond", "body"),
    "StatelessWhile": ("cond", "body"),
    "If": ("then_branch", "else_branch"),
    "StatelessIf": ("then_branch", "else_branch"),
    "Case": ("branches",),
    "StatelessCase": ("branches",),
}
"""Operations that run other graphs, and the attributes that name these."""

LOOPS = frozenset({"While", "StatelessWhile"})


def work_of(operation: Any) -> float:
    """The work of one operation, with that of the graphs it runs: 0 where it computes nothing, infinite if unknown."""
    if operation.type in FREE:
        return 0.0
    if operation.type in BODIES:
        bodies = bodies_of(operation)
        if bodies is None:
            return math.inf
        return turns_of(operation) * sum(work_of(inner) for body in bodies for inner in body.get_operations())
    tensors = [*operation.inputs, *operation.outputs]
    sizes = [elements(tensor) for tensor in tensors]
    if all(map(_is_bookkeeping, tensors, sizes)):
        return 0.0
    visited = sizes[-len(operation.outputs) :] if operation.type in READS_A_PART else sizes
    return DISPATCH + max(visited) + _products(operation, tensors, sizes) / PRODUCTS_PER_VISIT


def bodies_of(operation: Any) -> list[Any] | None:
    """The graphs that an operation runs; None where TensorFlow does not tell."""
    names: list[str] = []
    for attribute in BODIES[operation.type]:
        value = operation.get_attr(attribute)
        names.extend(function.name for function in (value if isinstance(value, list) else [value]))
    # There is no public way from a call to the graph of what it calls.
    functions = [operation.graph._get_function(name) for name in names]
    bodies = [getattr(function, "graph", None) for function in functions]
    return bodies if all(bodies) else None


def turns_of(operation: Any) -> int:
    """How often an operation is taken to run its bodies."""
    return TURNS if operation.type in LOOPS else 1


def elements(tensor: Any) -> int:
    """Elements of a tensor."""
    return _count(tensor.shape)


def _count(shape: Any) -> int:
    return int(math.prod(size or 1 for size in shape.as_list())) if shape.rank is not None else 1


def _is_bookkeeping(tensor: Any, size: int) -> bool:
    """Whether the tensor is a number, a shape, an index or a handle."""
    return size <= (1 if tensor.dtype.is_floating else SHAPE_ELEMENTS)


def _products(operation: Any, tensors: list[Any], sizes: list[int]) -> float:
    """Multiplications in an operation that does more of them than it visits elements."""
    if operation.type in MATRIX_PRODUCTS:
        # (m k) (k n) (m n) is the square of m k n, for each of the batch.
        return math.sqrt(math.prod(sizes) / _count(tensors[2].shape[:-2]))
    if operation.type == "Einsum":
        return _einsum_products(operation.get_attr("equation").decode(), tensors)
    if operation.type in CONVOLUTIONS:
        images, kernel, own_axes = CONVOLUTIONS[operation.type]
        return sizes[images] * sizes[kernel] / _count(tensors[kernel].shape[-own_axes:])
    if operation.type in CUBIC:
        return sizes[0] * _count(tensors[0].shape[-1:])
    return 0.0


def _einsum_products(equation: str, tensors: list[Any]) -> float:
    """The product of the sizes of all labels, those of an ellipsis left out."""
    sizes: dict[str, int] = {}
    for labels, tensor in zip(equation.partition("->")[0].split(","), tensors, strict=False):
        if tensor.shape.rank is not None:
            shape = [size or 1 for size in tensor.shape]
            before, _, after = labels.partition("...")
            sizes.update(zip(before, shape, strict=False))
            sizes.update(zip(reversed(after), reversed(shape), strict=False))
    return math.prod(sizes.values())
