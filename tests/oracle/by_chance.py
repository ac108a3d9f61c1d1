"""Programs by chance: short sequences of operations with variables, branches and loops, made from a seed.

The seed draws the operations, the shape and the values; a program is the same in every dtype, from values that bfloat16
holds exactly. Operations keep values in bounds, so that no dtype overflows for its own sake, and none cancels within,
branches on a float or rounds one to an integer, where rounding alone would decide. `fault` exchanges one operation for
another in traced modes: 1 the first, 2 the second, round and round.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

PROGRAMS = ("chance", "chance_integers", "chance_complex")

FLOATS = ("bfloat16", "float16", "float32", "float64")
INTEGERS = ("int8", "uint8", "int16", "int32", "int64")
OF_PRECISION = {"float32": "complex64", "float64": "complex128"}

MOST_OPERATIONS = 7


@dataclass(frozen=True)
class Parts:
    """What an operation may use beside the value.

    `other`: a tensor of its shape. `matrix`: a square one of its width. `switch`: a bool. `accumulate`: adds a row to a
    variable and returns it.
    """

    other: Any
    matrix: Any
    switch: Any
    accumulate: Callable[[Any], Any]


Operation = Callable[[Any, Parts], Any]


def _scan(value: Any, _parts: Parts) -> Any:
    total = tf.zeros_like(value[0])
    for row in tf.unstack(value):
        total = total / 2 + row
    return value + total


def _while(value: Any, parts: Parts) -> Any:
    def body(count: Any, each: Any) -> tuple[Any, Any]:
        return count + 1, tf.tanh(each) + parts.other / 4

    return tf.while_loop(lambda count, _: count < 3, body, (tf.constant(0), value))[1]


def _tensor_array(value: Any, parts: Parts) -> Any:
    rows = tf.TensorArray(value.dtype, size=value.shape[0], element_shape=value.shape[1:])
    for index in range(value.shape[0]):
        rows = rows.write(index, value[index] - parts.other[index] / 2)
    return rows.stack()


def _gradient(value: Any, parts: Parts) -> Any:
    with tf.GradientTape() as tape:
        tape.watch(value)
        loss = tf.reduce_sum(tf.nn.softsign(value) * parts.other)  # tanh's gradient cancels where it is near 1
    return tape.gradient(loss, value)


OF_FLOATS: Mapping[str, Operation] = {
    "add": lambda value, parts: value + parts.other,
    "subtract": lambda value, parts: value - parts.other,
    "multiply": lambda value, parts: value * parts.other,
    "divide": lambda value, parts: value / (1 + tf.abs(parts.other)),
    "matmul": lambda value, parts: tf.matmul(value, parts.matrix) / 4,
    "tanh": lambda value, _: tf.tanh(value),
    "sigmoid": lambda value, _: tf.sigmoid(value),
    "exp": lambda value, _: tf.exp(tf.tanh(value)),
    "log": lambda value, _: tf.math.log(1 + tf.abs(value)),
    "sqrt": lambda value, _: tf.sqrt(tf.abs(value) + 1),
    "softmax": lambda value, _: tf.nn.softmax(value),
    "leaky_relu": lambda value, _: tf.nn.leaky_relu(value),
    "square": lambda value, _: tf.square(tf.tanh(value)),
    "centre": lambda value, _: value - tf.reduce_mean(value, -1, keepdims=True),
    "norm": lambda value, _: value / (1 + tf.norm(value, axis=-1, keepdims=True)),
    "cumsum": lambda value, _: tf.cumsum(value, axis=1) / 4,
    "reverse": lambda value, _: tf.reverse(value, axis=[0]),
    "from_greatest": lambda value, _: value - tf.reduce_max(value, axis=1, keepdims=True),
    "einsum": lambda value, parts: tf.einsum("ij,kj,kl->il", value, parts.other, parts.other) / 16,
    "concat": lambda value, parts: tf.concat([value, parts.other], axis=1)[:, : value.shape[1]],
    "branch": lambda value, parts: tf.cond(parts.switch, lambda: value + parts.other, lambda: value - parts.other),
    "while": _while,
    "scan": _scan,
    "tensor_array": _tensor_array,
    "gradient": _gradient,
    "accumulate": lambda value, parts: value + parts.accumulate(tf.reduce_mean(value, axis=0)),
}

OF_COMPLEX: Mapping[str, Operation] = {
    "add": OF_FLOATS["add"],
    "subtract": OF_FLOATS["subtract"],
    "multiply": OF_FLOATS["multiply"],
    "matmul": OF_FLOATS["matmul"],
    "reverse": OF_FLOATS["reverse"],
    "branch": OF_FLOATS["branch"],
    "conjugate": lambda value, _: tf.math.conj(value),
    "fft": lambda value, _: tf.signal.fft(value) / value.shape[1],
    "by_magnitude": lambda value, _: value / tf.cast(1 + tf.abs(value), value.dtype),
    "swap": lambda value, _: tf.complex(tf.math.imag(value), tf.math.real(value)),
    "accumulate": OF_FLOATS["accumulate"],
}

OF_INTEGERS: Mapping[str, Operation] = {
    "add": OF_FLOATS["add"],
    "subtract": OF_FLOATS["subtract"],
    "multiply": OF_FLOATS["multiply"],
    "divide": lambda value, parts: value // (parts.other + 1),
    "remainder": lambda value, parts: value % (parts.other + 2),
    "maximum": lambda value, parts: tf.maximum(value, parts.other),
    "where": lambda value, parts: tf.where(value > parts.other, value, parts.other * 2),
    "cumsum": lambda value, _: tf.cumsum(value, axis=1),
    "reverse": OF_FLOATS["reverse"],
    "sum": lambda value, _: value + tf.reduce_sum(value, 1, keepdims=True),
    "branch": OF_FLOATS["branch"],
    "accumulate": lambda value, parts: value + parts.accumulate(value[0]),
}

IN_NUMPY: Mapping[str, Operation] = {
    "add": lambda value, parts: value + parts.other,
    "subtract": lambda value, parts: value - parts.other,
    "multiply": lambda value, parts: value * parts.other,
    "divide": OF_INTEGERS["divide"],
    "remainder": OF_INTEGERS["remainder"],
    "maximum": lambda value, parts: np.maximum(value, parts.other),
    "where": lambda value, parts: np.where(value > parts.other, value, parts.other * 2),
    "cumsum": lambda value, _: np.cumsum(value, axis=1, dtype=value.dtype),
    "reverse": lambda value, _: value[::-1],
    "sum": lambda value, _: value + np.sum(value, axis=1, keepdims=True, dtype=value.dtype),
    "branch": lambda value, parts: value + parts.other if parts.switch else value - parts.other,
    "accumulate": OF_INTEGERS["accumulate"],
}
"""The operations on integers, where there is no TensorFlow."""


@dataclass(frozen=True)
class Drawn:
    """What a seed draws: the operations by name, and the shape."""

    names: tuple[str, ...]
    shape: tuple[int, int]

    def with_fault(self, fault: int, among: Sequence[str]) -> tuple[str, ...]:
        """Return the operations, one of them exchanged; without a fault as they are."""
        if not fault:
            return self.names
        place = (fault - 1) % len(self.names)
        others = [name for name in among if name != self.names[place]]
        return (*self.names[:place], random.Random(fault).choice(others), *self.names[place + 1 :])


def draw(seed: int, among: Sequence[str]) -> Drawn:
    """Draw a program."""
    chance = random.Random(seed)
    names = tuple(chance.choice(among) for _ in range(chance.randint(2, MOST_OPERATIONS)))
    return Drawn(names, (chance.choice([1, 3, 16, 65]), chance.choice([2, 8, 33])))


def chance(*, seed: int = 1, fault: int = 0, dtype: str = "float32") -> Any:
    """Compute with floats."""
    return _program(draw(seed, sorted(OF_FLOATS)), seed, fault, dtype, OF_FLOATS)


chance_dtypes = FLOATS


def chance_complex(*, seed: int = 1, fault: int = 0, dtype: str = "float32") -> Any:
    """Compute with complex numbers whose parts are of a dtype."""
    return _program(draw(seed, sorted(OF_COMPLEX)), seed, fault, OF_PRECISION[dtype], OF_COMPLEX)


chance_complex_dtypes = tuple(OF_PRECISION)


def chance_integers(*, seed: int = 1, fault: int = 0) -> Any:
    """Compute with integers, which may wrap."""
    dtype = INTEGERS[seed // 6 % len(INTEGERS)]
    return _program(draw(seed, sorted(OF_INTEGERS)), seed, fault, dtype, OF_INTEGERS)


def chance_integers_truth(*, seed: int = 1, **_: int) -> list[Any]:
    """Compute the same in NumPy."""
    drawn, dtype = draw(seed, sorted(OF_INTEGERS)), INTEGERS[seed // 6 % len(INTEGERS)]
    value, other, matrix, start, switch = _values(seed, drawn.shape, dtype)
    sums = [start]

    def accumulate(row: Any) -> Any:
        sums[0] = sums[0] + row
        return sums[0]

    parts = Parts(other, matrix, switch, accumulate)
    with np.errstate(over="ignore"):
        for name in drawn.names:
            value = IN_NUMPY[name](value, parts)
    return [value]


def _program(drawn: Drawn, seed: int, fault: int, dtype: str, operations: Mapping[str, Operation]) -> Any:
    value, other, matrix, start, switch = (tf.constant(each) for each in _values(seed, drawn.shape, dtype))
    variable = tf.Variable(start)
    traced = drawn.with_fault(fault, sorted(operations))

    def function(value: Any, other: Any, switch: Any) -> Any:
        parts = Parts(other, matrix, switch, variable.assign_add)
        for name in drawn.names if tf.executing_eagerly() else traced:
            value = operations[name](value, parts)
        return value

    return function, (value, other, switch)


def _values(seed: int, shape: tuple[int, int], dtype: str) -> tuple[Any, ...]:
    """Draw a value, another, a matrix, a variable's start and a switch."""
    chance, kind = np.random.default_rng(seed), tf.as_dtype(dtype)

    def array(*shape: int) -> Any:
        if kind.is_integer:
            return chance.integers(0, 9, shape).astype(kind.as_numpy_dtype)
        drawn = chance.normal(size=shape)
        if kind.is_complex:
            drawn = drawn + 1j * chance.normal(size=shape)
            return drawn.astype(kind.as_numpy_dtype)
        return drawn.astype(tf.bfloat16.as_numpy_dtype).astype(kind.as_numpy_dtype)

    width = shape[1]
    return array(*shape), array(*shape), array(width, width), array(width), np.bool_(chance.integers(2))
