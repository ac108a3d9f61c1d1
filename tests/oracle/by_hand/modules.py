# mypy: ignore-errors
"""`tf.Module`s with variables, among them ones that a call changes or makes late."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


class Dense(tf.Module):
    def __init__(self, width, dtype):
        super().__init__()
        self.weights = tf.Variable(_normal(width, width, dtype=dtype, seed=2) / 4)
        self.bias = tf.Variable(tf.zeros(width, dtype))

    def __call__(self, x):
        return tf.tanh(x @ self.weights + self.bias)


def dense(*, rows: int = 8, width: int = 16, dtype: str = "float32"):
    return Dense(width, dtype), (_normal(rows, width, dtype=dtype),)


def stack(*, depth: int = 3, dtype: str = "float32"):
    layers = [Dense(8, dtype) for _ in range(depth)]

    def run(x):
        for layer in layers:
            x = x + layer(x)
        return x

    return run, (_normal(5, 8, dtype=dtype),)


class RunningMean(tf.Module):
    def __init__(self, width, dtype):
        super().__init__()
        self.mean = tf.Variable(tf.zeros(width, dtype), trainable=False)
        self.count = tf.Variable(0, trainable=False)

    def __call__(self, x):
        self.mean.assign(0.75 * self.mean + 0.25 * tf.reduce_mean(x, 0))
        self.count.assign_add(1)
        return x - self.mean


def running_mean(*, width: int = 6, dtype: str = "float32"):
    return RunningMean(width, dtype), (_normal(10, width, dtype=dtype),)


class Cell(tf.Module):
    """A recurrent cell that keeps its state between calls."""

    def __init__(self, width, dtype):
        super().__init__()
        self.state = tf.Variable(_normal(width, dtype=dtype, seed=3), trainable=False)
        self.kernel = tf.Variable(_normal(width, width, dtype=dtype, seed=2) / 4)

    def __call__(self, x):
        return self.state.assign(tf.tanh(x + tf.linalg.matvec(self.kernel, self.state)))


def stateful_cell(*, width: int = 12, dtype: str = "float32"):
    return Cell(width, dtype), (_normal(width, dtype=dtype),)


class Lazy(tf.Module):
    """Makes its variable in the first call, as TensorFlow's guide shows."""

    def __init__(self):
        super().__init__()
        self.scale = None

    def __call__(self, x):
        if self.scale is None:
            self.scale = tf.Variable(tf.ones(x.shape[-1], x.dtype) / 2)
        return x * self.scale.assign_add(tf.ones_like(self.scale))


def late_variable(*, width: int = 7, dtype: str = "float32"):
    return Lazy(), (_normal(3, width, dtype=dtype),)


class Counter(tf.Module):
    def __init__(self):
        super().__init__()
        self.calls = tf.Variable(0, dtype=tf.int64)

    @tf.function
    def step(self, by):
        return self.calls.assign_add(by)


counter = Counter()
count = counter.step


def count_inputs():
    return (tf.constant(3, tf.int64),)


def count_truth(by):
    return [by]


class Memory(tf.Module):
    """Writes rows of a table, and reads others."""

    def __init__(self, dtype):
        super().__init__()
        self.table = tf.Variable(tf.zeros((6, 4), dtype))

    def __call__(self, place, row):
        self.table.scatter_nd_add([[place]], [row])
        return tf.gather(self.table, [place, 5 - place])


def memory(*, dtype: str = "float32"):
    return Memory(dtype), (tf.constant(2), _normal(4, dtype=dtype))


dense_dtypes = stack_dtypes = running_mean_dtypes = stateful_cell_dtypes = late_variable_dtypes = FLOATS
memory_dtypes = FLOATS

PROGRAMS = ("dense", "stack", "running_mean", "stateful_cell", "late_variable", "count", "memory")
