"""Functions whose arguments change from call to call, as users write them."""

import itertools

import tensorflow as tf


def open_shape(*, shapes: int = 30, columns: int = 64):
    """One signature for every number of rows: traced once, and compiled by XLA for each."""

    @tf.function(input_signature=[tf.TensorSpec((None, columns), tf.float32)])
    def step(x):
        return tf.nn.softmax(tf.nn.gelu(x))

    return step, [(tf.random.normal((rows, columns)),) for rows in range(1, shapes + 1)]


def any_shape(*, shapes: int = 30, columns: int = 64):
    """No signature: traced for every number of rows too."""
    return lambda x: tf.nn.softmax(tf.nn.gelu(x)), [
        (tf.random.normal((rows, columns)),) for rows in range(1, shapes + 1)
    ]


def python_number(*, numbers: int = 30, size: int = 64):
    """A Python number is a constant of the graph."""
    x = tf.random.normal((size,))
    return lambda x, n: tf.nn.gelu(x) * n, [(x, n) for n in range(1, numbers + 1)]


def shape_as_tensor(*, shapes: int = 6):
    """A tensor whose value XLA must know while it compiles."""
    x = tf.random.normal((2**shapes, 2))
    return lambda x, rows: tf.reduce_sum(x[:rows]), [(x, tf.constant(2**power)) for power in range(shapes)]


def one_list(*, n: int = 16):
    """A list that is not all tuples is one set of arguments."""
    return lambda pair, x: pair[0] * x + pair[1], [(tf.ones((n,)), tf.zeros((n,))), tf.random.normal((n,))]


def two_signs(*, n: int = 64):
    """Two sets that one trace serves: nothing is done again."""
    x = tf.random.normal((n,))
    return lambda x: x + 1.0, [(x,), (-x,)]


def compiles_in_eager(*, shapes: int = 4, columns: int = 8):
    """Calls a function that XLA compiles, in every mode."""
    inner = tf.function(lambda x: x * 2.0 + 1.0, jit_compile=True)
    return lambda x: inner(x), [(tf.random.normal((rows, columns)),) for rows in range(1, shapes + 1)]


def traced_in_every_call(*, n: int = 16):
    """Makes a new function in every call, which is traced and compiled each time."""
    return lambda x: tf.function(lambda y: y * 2.0, jit_compile=True)(x), (tf.random.normal((n,)),)


def traced_for_each_shape(*, shapes: int = 4):
    """Calls a function that is traced for every number of rows."""

    @tf.function
    def inner(x):
        return x * 2.0 + 1.0

    return lambda x: inner(x), [(tf.random.normal((rows, 2)),) for rows in range(1, shapes + 1)]


def never_steady(*, n: int = 1 << 14):
    """Compiles in every call, for another number of rows each time."""
    counter = itertools.count(1)
    inner = tf.function(lambda y, rows: tf.reduce_sum(y[:rows]), jit_compile=True)
    return lambda x: inner(x, tf.constant(next(counter))), (tf.zeros((n,)),)


def ragged(*, rows: int = 3):
    """Takes ragged tensors of as many values, in rows of other lengths."""
    lengths = [[1] * (rows - 1) + [3], [2] * (rows - 1) + [4 - rows], [3] + [1] * (rows - 1)]
    makers = (tf.RaggedTensor.from_row_lengths(tf.random.normal((sum(each),)), each) for each in lengths)
    return lambda sentences: tf.reduce_mean(sentences, axis=1), [(each,) for each in makers]


def fails_on_another_shape(*, n: int = 4):
    """Works for the first set alone."""
    return lambda x: tf.reshape(x, (n, 2)), [(tf.zeros((2 * n,)),), (tf.zeros((3 * n,)),)]


def wrong_on_another_shape(*, n: int = 4):
    """A TensorArray that grows in a while_loop where there is more than one row: XLA returns it empty."""

    def step(x):
        array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        _, array = tf.while_loop(lambda i, _: i < n, lambda i, array: (i + 1, array.write(i, x)), (0, array))
        return array.stack() if x.shape[0] > 1 else x

    return step, [(tf.zeros((rows, 8)),) for rows in (1, 2)]
