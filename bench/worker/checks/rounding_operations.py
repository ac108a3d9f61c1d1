"""What rounds how, by the types of TensorFlow's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np


def _named(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXACT = _named(
    """
    Abs ArgMax ArgMin AssignVariableOp BatchToSpaceND Bitcast BroadcastTo Ceil CheckNumerics ClipByValue Complex
    Conj Const ConcatV2 Copy DepthToSpace Diag DiagPart DynamicPartition DynamicStitch Empty EnsureShape
    ExpandDims ExtractImagePatches Fill Floor FloorDiv FloorMod Gather GatherNd GatherV2 Identity IdentityN Imag
    IteratorGetNext MatrixBandPart MatrixDiag MatrixDiagPart MatrixDiagPartV3 MatrixDiagV3 MatrixSetDiagV3 Max
    MaxPool Maximum Min Minimum MirrorPad Mod Neg OneHot OnesLike Pack Pad PadV2 ParallelConcat PreventGradient
    RaggedGather RaggedTensorToTensor Range ReadVariableOp Real Relu Relu6 ReluGrad Reshape ResourceGather
    ResourceGatherNd ReverseSequence ReverseV2 Rint Roll Round Select SelectV2 Sign Slice
    SpaceToBatchND SpaceToDepth SparseReshape SparseReorder SparseToDense Split SplitV Squeeze StopGradient
    StridedSlice StridedSliceGrad TensorArrayReadV3 TensorListFromTensor TensorListGetItem TensorListStack
    TensorScatterUpdate Tile TopKV2 Transpose TruncateDiv TruncateMod Unpack VarHandleOp Where ZerosLike
    """
)
"""Operations that only move, choose or convert values without rounding."""

ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "Add": np.add,
    "AddV2": np.add,
    "Div": np.divide,
    "Mul": np.multiply,
    "RealDiv": np.divide,
    "Sqrt": np.sqrt,
    "Square": np.square,
    "Sub": np.subtract,
}
"""Operations that IEEE 754 rounds once: where the result is exact, every mode gives it."""

DIVISIONS = _named("Div RealDiv")
"""Of ARITHMETIC, those that a graph replaces by products with the inverse of a constant, which has been rounded."""

SUMS = _named(
    """
    AccumulateNV2 AddN AvgPool BatchMatMul BatchMatMulV2 BatchMatMulV3 BiasAdd BiasAddGrad Conv2D Conv3D
    Conv2DBackpropFilter Conv2DBackpropInput Cumprod Cumsum CumulativeLogsumexp DepthwiseConv2dNative Einsum MatMul
    Mean Prod ScatterNd SegmentSum SparseSegmentSum SparseTensorDenseMatMul Sum TensorScatterAdd TensorScatterSub
    UnsortedSegmentSum
    """
)
"""Operations that add up products: of whole numbers, they are exact."""

AVERAGES = _named("AvgPool AvgPool3D Mean")
"""Of SUMS, those that are divided by the number of their terms."""

DECOMPOSITIONS = _named("Cholesky Eig Lu MatrixInverse MatrixSolve MatrixTriangularSolve Qr SelfAdjointEigV2 Svd")
"""Operations that round each number of a matrix again and again."""

PRODUCTS = _named(
    """
    BatchMatMul BatchMatMulV2 BatchMatMulV3 Conv2D Conv2DBackpropFilter Conv2DBackpropInput Conv3D
    DepthwiseConv2dNative Einsum MatMul SparseTensorDenseMatMul
    """
)
"""Of SUMS, those of products."""

CONTRACTIONS = _named(
    """
    BatchMatMul BatchMatMulV2 BatchMatMulV3 BlockLSTM BlockLSTMGrad BlockLSTMGradV2 BlockLSTMV2 Conv2D
    Conv2DBackpropFilter Conv2DBackpropInput Conv3D Conv3DBackpropFilter Conv3DBackpropFilterV2 Conv3DBackpropInput
    Conv3DBackpropInputV2 CudnnRNN CudnnRNNBackprop CudnnRNNBackpropV2 CudnnRNNBackpropV3 CudnnRNNV2 CudnnRNNV3
    DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput Einsum GRUBlockCell
    GRUBlockCellGrad LSTMBlockCell LSTMBlockCellGrad MatMul
    """
)
"""Operations that a GPU computes as products of matrices: of float32, in TensorFloat-32 unless told not to."""

COARSENED = _named("complex64 float32")
"""The dtypes of which TensorFloat-32 computes the products."""

FUNCTIONS: Mapping[str, float] = {
    **dict.fromkeys(_named("BesselI0e BesselI1e Digamma Polygamma Tanh Zeta"), 4.0),
    **dict.fromkeys(_named("Atanh Erfinv Lgamma Log1p Ndtri"), 16.0),
    **dict.fromkeys(_named("Igamma Igammac"), 32.0),
    "Betainc": 128.0,
    "Sigmoid": 1.0,
}
"""Functions that processors and XLA compute by series, and the roundings of float32 or float64 that each may be off.

XLA's `log1p` of float64 is up to 120 epsilons off, its `betainc` up to 1,300.
"""

LESS_ONE = _named("Elu Selu")
"""Functions that eager computes as exp(x) - 1 where x is negative: near zero they are off by an epsilon of 1."""

AROUND_ONE = _named("Erfinv Ndtri")
"""Functions whose argument is added to 1 on the way: near zero they are off by an epsilon of 1."""

UP_TO_ONE = _named("Acos Asin Atanh Erfinv")
"""Functions that are defined from -1 to 1: an error takes no argument out of there."""

NEAR_ONE = LESS_ONE | AROUND_ONE | UP_TO_ONE

TURNED: Mapping[str, tuple[int, ...]] = {"Qr": (0,), "SelfAdjointEigV2": (1,), "Svd": (1, 2)}
"""Decompositions that leave open the signs of vectors, and which outputs have these as columns."""

DRAWING = ("Random", "Stateless", "Stateful", "Multinomial", "TruncatedNormal")
"""Beginnings of operations that draw random numbers."""


@cache
def is_stateful(kind: str) -> bool:
    """Tell whether an operation reads or writes what is no argument."""
    from tensorflow.python.framework import op_def_registry

    definition = op_def_registry.get(kind)
    return definition is None or bool(definition.is_stateful)
