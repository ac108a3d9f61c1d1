"""Monte Carlo arithmetic: every operation that rounds is given a random error of its dtype's epsilon.

What changes when a function is called so is what rounding decides of it. The method is Parker's (Monte Carlo
Arithmetic, UCLA 1997), as Verificarlo and CADNA use it. It perturbs what TensorFlow executes eagerly, one operation
after the other; sums and functions of TensorFlow's own are given perturbed arguments too, so that what cancels inside
them counts. An operation that cannot round, or has not, is left alone: integers in floats stay integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .verify import EPSILONS


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
    ResourceGatherNd ReverseSequence ReverseV2 Rint Roll Round ScatterNd Select SelectV2 Sign Slice
    SpaceToBatchND SpaceToDepth SparseReshape SparseReorder SparseToDense Split SplitV Squeeze StopGradient
    StridedSlice StridedSliceGrad TensorArrayReadV3 TensorListFromTensor TensorListGetItem TensorListStack
    TensorScatterUpdate Tile TopKV2 Transpose TruncateDiv TruncateMod Unpack VarHandleOp Where ZerosLike
    """
)
"""Operations that only move, choose or convert values without rounding."""

ARITHMETIC = frozenset(["Add", "AddV2", "Div", "DivNoNan", "Mul", "RealDiv", "Sqrt", "Square", "Sub"])
"""Operations that IEEE 754 rounds once: where the result is exact, every mode gives it."""

SUMS = _named(
    """
    AccumulateNV2 AddN AvgPool BatchMatMul BatchMatMulV2 BatchMatMulV3 BiasAdd BiasAddGrad Conv2D Conv3D
    Conv2DBackpropFilter Conv2DBackpropInput Cumprod Cumsum DepthwiseConv2dNative Einsum MatMul Mean Prod
    SegmentSum SparseSegmentSum SparseTensorDenseMatMul Sum UnsortedSegmentSum
    """
)
"""Operations that add up products: of whole numbers, they are exact."""

DRAWING = ("Random", "Stateless", "Stateful", "Multinomial", "TruncatedNormal")
"""Beginnings of operations that draw random numbers."""

WIDER = {"bfloat16": "float32", "float16": "float32", "float32": "float64", "complex64": "complex128"}
"""The dtype in which an operation on two numbers of a dtype does not round, or rounds far less."""

Execute = Callable[..., Any]


@contextmanager
def rounding_noise(run: int, size: float = 1.0, contraction_epsilon: float = 0.0) -> Iterator[None]:
    """Perturb what this thread executes eagerly; `run` seeds the errors. User's `tf.function`s run eagerly, too.

    `size`: of the errors, in epsilons. `contraction_epsilon`: that of products in matrices where the device makes them coarser than their dtype. Raises
    AttributeError where this TensorFlow executes operations in another way.
    """
    import tensorflow as tf
    from tensorflow.python import pywrap_tfe
    from tensorflow.python.eager import execute

    noise = _Noise(run, size, contraction_epsilon)
    fast, slow = pywrap_tfe.TFE_Py_FastPathExecute, execute.execute
    were_eager = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    pywrap_tfe.TFE_Py_FastPathExecute = noise.around_fast(fast)
    execute.execute = noise.around_slow(slow)
    try:
        yield
    finally:
        pywrap_tfe.TFE_Py_FastPathExecute, execute.execute = fast, slow
        tf.config.run_functions_eagerly(were_eager)


class _Noise:
    """The errors of one run."""

    def __init__(self, run: int, size: float, contraction_epsilon: float) -> None:
        self._run = run
        self._size = size
        self._contraction_epsilon = contraction_epsilon
        self._drawn = 0
        self._busy = False
        """Whether an error is being computed, by operations that are to have none."""

    def around_fast(self, execute: Execute) -> Execute:
        """Perturb operations that are given Python arguments: inputs, then names and values of attributes."""

        def execute_with_noise(ctx: Any, kind: str, name: Any, *arguments: Any) -> Any:
            inputs = next((at for at, each in enumerate(arguments) if isinstance(each, str)), len(arguments))
            given, attributes = arguments[:inputs], arguments[inputs:]
            return self._execute(kind, given, lambda args: execute(ctx, kind, name, *args, *attributes))

        return execute_with_noise

    def around_slow(self, execute: Execute) -> Execute:
        """Perturb operations whose arguments are tensors already."""

        def execute_with_noise(
            op_name: Any, num_outputs: int, inputs: Any, attrs: Any, ctx: Any, name: Any = None
        ) -> Any:
            kind = op_name.decode() if isinstance(op_name, bytes) else op_name
            return self._execute(kind, inputs, lambda args: execute(op_name, num_outputs, list(args), attrs, ctx, name))

        return execute_with_noise

    def _execute(self, kind: str, inputs: Sequence[Any], execute: Callable[[Sequence[Any]], Any]) -> Any:
        import tensorflow as tf

        if self._busy or kind in EXACT or kind.startswith(DRAWING) or not tf.executing_eagerly():
            return execute(inputs)
        if kind in ARITHMETIC:
            output = execute(inputs)
            return self._within(lambda: self._moved(output, self._is_exact(inputs, output, execute)))
        if kind == "Cast":
            output = execute(inputs)
            return self._within(lambda: self._moved(output, self._is_unchanged(inputs[0], output)))
        if kind in SUMS and self._within(lambda: all(map(_is_whole, tf.nest.flatten(list(inputs))))):
            return execute(inputs)
        output = execute(inputs)
        if not any(map(_is_inexact, tf.nest.flatten(output))):
            return output
        output = execute(self._within(lambda: self._moved_inputs(kind, inputs)))
        return self._within(lambda: tf.nest.map_structure(self._moved, output))

    def _moved_inputs(self, kind: str, inputs: Sequence[Any]) -> list[Any]:
        """Return the arguments of an operation that computes more than one step, with errors."""
        import tensorflow as tf

        coarse = self._contraction_epsilon if kind in SUMS else 0.0
        moved = [tf.nest.map_structure(lambda each: self._moved(each, least=coarse), each) for each in inputs]
        return [*moved[:1], *inputs[1:]] if kind == "Pow" else moved  # a negative number has no broken power

    def _within(self, compute: Callable[[], Any]) -> Any:
        self._busy = True
        try:
            return compute()
        finally:
            self._busy = False

    def _moved(self, value: Any, exact: Any = None, *, least: float = 0.0) -> Any:
        """Return a value with an error in each element that is not exact."""
        import tensorflow as tf

        if not _is_inexact(value):
            return value
        value = tf.convert_to_tensor(value)
        if value.dtype.is_complex:
            epsilon = self._size * max(EPSILONS[value.dtype.real_dtype.name], least)
            size = tf.abs(value) * tf.cast(epsilon, value.dtype.real_dtype)
            moved = value + tf.complex(size * self._error(size), size * self._error(size))
        else:
            wide = tf.cast(value, WIDER.get(value.dtype.name, value.dtype))
            epsilon = self._size * max(EPSILONS[value.dtype.name], least)
            moved = tf.cast(wide * (1 + tf.cast(epsilon, wide.dtype) * self._error(wide)), value.dtype)
        return moved if exact is None else tf.where(exact, value, moved)

    def _error(self, like: Any) -> Any:
        """Draw errors between -1 and 1, in the shape and dtype of a tensor."""
        import tensorflow as tf

        self._drawn += 1
        drawn = tf.random.stateless_uniform(tf.shape(like), (self._run, self._drawn), -1, 1, tf.float32)
        return tf.cast(drawn, like.dtype)

    def _is_exact(self, inputs: Sequence[Any], output: Any, execute: Callable[[Sequence[Any]], Any]) -> Any:
        """Return where the output of an operation of ARITHMETIC has not been rounded; None: nowhere."""
        import tensorflow as tf

        if not _is_inexact(output):
            return None
        wide = WIDER.get(output.dtype.name)
        if wide is None:
            return tf.fill(tf.shape(output), True) if all(map(_is_whole, (*inputs, output))) else None
        tensors = [tf.cast(tf.convert_to_tensor(each, output.dtype), wide) for each in inputs]
        try:
            return tf.equal(execute(tensors), tf.cast(output, wide))
        except (TypeError, ValueError, tf.errors.OpError):  # the dtype is among its attributes
            return None

    def _is_unchanged(self, value: Any, output: Any) -> Any:
        """Return where a conversion has not changed the value; None where it does not matter."""
        import tensorflow as tf

        value = tf.convert_to_tensor(value)
        if not _is_inexact(output) or not (value.dtype.is_floating or value.dtype.is_integer):
            return tf.fill(tf.shape(output), True)
        return tf.equal(tf.cast(output, value.dtype), value)


def _is_inexact(value: Any) -> bool:
    """Whether a value is a tensor, or a variable, of real or complex numbers."""
    dtype = getattr(value, "dtype", None)
    return bool(getattr(dtype, "is_floating", False) or getattr(dtype, "is_complex", False))


def _is_whole(value: Any) -> bool:
    """Whether all numbers of a value are whole, and so small that their dtype has every whole number up to them."""
    import tensorflow as tf

    if not _is_inexact(value):
        return True
    value = tf.convert_to_tensor(value)
    if value.dtype.is_complex:
        return _is_whole(tf.math.real(value)) and _is_whole(tf.math.imag(value))
    largest = 1 / EPSILONS[value.dtype.name]
    return bool(tf.reduce_all((value == tf.round(value)) & (tf.abs(value) < tf.cast(largest, value.dtype))))
