"""Programs whose modes agree, or do not, or cannot be compared in all that they leave behind."""

import itertools
import time

import numpy as np
import tensorflow as tf

RANDOM = np.random.default_rng(0)


def traced_otherwise(right, wrong):
    return wrong if tf.inside_function() else right


# --- wrong in a trace ------------------------------------------------------------------------------------------------


def zeros(x):
    y = tf.nn.softmax(x)
    return traced_otherwise(y, tf.zeros_like(y))


def zeros_inputs():
    return (tf.cast(tf.linspace(-6.0, 6.0, 64)[None], tf.bfloat16),)


def one_less(x):
    return traced_otherwise(x, x - 1)


def one_less_inputs():
    return (tf.constant([10_000, 20_000]),)


def keeps_fewer(x):
    return tf.boolean_mask(x, x >= traced_otherwise(3.0, 5.0))


def keeps_fewer_inputs():
    return (tf.range(10.0),)


balance = tf.Variable(tf.zeros(3))


def forgets(x):
    """Return the right output, and leave the variable as it was."""
    balance.assign_add(traced_otherwise(x, tf.zeros_like(x)))
    return x * 2


def forgets_inputs():
    return (tf.ones(3),)


count = tf.Variable(0)


def counts_twice():
    """Be right once, and wrong in the second call."""
    before = count.read_value()
    count.assign_add(traced_otherwise(1, tf.where(before > 0, 2, 1)))
    return count.read_value()


# --- right, though rounded otherwise ---------------------------------------------------------------------------------


def cancels(x):
    return (x * x + 1 / 3) - x * x


def cancels_inputs():
    return (tf.linspace(100.0, 200.0, 50),)


def to_steps(x):
    return tf.cast(tf.math.log1p(x) * 4097, tf.int32)


def to_steps_inputs():
    return (tf.constant(np.random.default_rng(0).random(100_000), tf.float32),)


def narrow(x):
    return tf.cast(tf.sigmoid(tf.cast(x, tf.bfloat16)), tf.float32)


def narrow_inputs():
    return (tf.linspace(0.01, 0.05, 40),)


def multiplies_coarsely(x):
    """Multiply with the digits that TensorFloat-32 has, where a graph does."""
    return tf.matmul(x, x) * traced_otherwise(1.0, 1.0003)


def multiplies_coarsely_inputs():
    return (tf.ones((4, 4)),)


def whole_weeks(days):
    """Keep what seven divides: a graph multiplies by one seventh, and keeps fewer."""
    return tf.boolean_mask(days, days / 7 == tf.round(days / 7))


def whole_weeks_inputs():
    return (tf.range(0.0, 1400.0, 7.0),)


# --- not the same in each call ---------------------------------------------------------------------------------------


def frozen(x):
    return x * 2, x + RANDOM.random()


def frozen_inputs():
    return (tf.ones(4),)


def clock(x):
    """Add the time, which two calls move on by few steps of a float32."""
    return x + (512 + time.monotonic() % 512)


clock_inputs = frozen_inputs


def in_another_order(x):
    """Add up in another order in each call, as a GPU may: here the time of day says how far that moves the sum."""
    return tf.reduce_sum(x) * (1 + tf.cast(tf.timestamp() % 1.0, x.dtype) / 1e6)


def in_another_order_inputs():
    return (tf.ones(100, tf.float64),)


def coin():
    """Toss a coin: two calls often agree by chance."""
    return tf.cast(tf.random.uniform(()) < 0.5, tf.int32)


def draws(x):
    return x + tf.random.normal((4,))


draws_inputs = frozen_inputs


def draws_from_seed(x):
    return x * 3, x + tf.random.stateless_normal((4,), seed=(4, 5))


draws_from_seed_inputs = frozen_inputs


def takes(batches):
    return next(batches) * 2


def takes_inputs():
    return (iter(tf.data.Dataset.range(1_000)),)


def undefined(x):
    return tf.linalg.cholesky(tf.random.stateless_uniform((4, 4), (1, 2)) - 100.0) + x[0]


undefined_inputs = frozen_inputs


def beyond_the_end(x, at):
    return tf.gather(x, at)


def beyond_the_end_inputs():
    return tf.ones(4), tf.constant([9])


def python_bool(x):
    return bool(tf.reduce_any(x > 0))


def numpy_array(x):
    return np.asarray(x) * 2


python_bool_inputs = numpy_array_inputs = frozen_inputs


def dataset(x):
    return tf.data.Dataset.from_tensor_slices(x)


dataset_inputs = frozen_inputs


# --- what is kept ----------------------------------------------------------------------------------------------------


def nothing(x):
    x * 2


nothing_inputs = frozen_inputs


table = tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, -1, empty_key=-2, deleted_key=-3)


def keeps_in_a_table(x):
    table.insert(x, x * 2)
    return table.lookup(x)


def keeps_in_a_table_inputs():
    return (tf.range(4, dtype=tf.int64),)


history = []


def keeps_in_python(x):
    history.append(len(history))
    return x * 2


def keeps_in_both(x):
    history.append(1)
    tf.py_function(lambda: history.append(2), [], [])
    return x * 2


def only_python(x):
    history.append(x)


keeps_in_python_inputs = keeps_in_both_inputs = only_python_inputs = frozen_inputs


class Lazy(tf.Module):
    """Makes random weights in its first call."""

    weights = None

    def __call__(self, x):
        if self.weights is None:
            self.weights = tf.Variable(tf.random.normal((4,)))
        self.weights.assign_add(x)
        return self.weights * x


lazy = Lazy()


def lazy_inputs():
    return (tf.ones(4),)


numbers = itertools.count()


def steps():
    """Count in Python, which a trace does once."""
    return tf.constant(1.0) * next(numbers)


def positive_alone(x):
    """Compute something else in a graph, which shows for negative numbers alone."""
    return x if tf.executing_eagerly() else tf.maximum(x, 0.0)


total = tf.Variable(0.0)


def adds_up(x):
    return total.assign_add(tf.reduce_sum(positive_alone(x)))


def positive_alone_inputs():
    return [(tf.ones(3),), (tf.fill(3, 2.0),), (tf.fill(3, -1.0),)]


adds_up_inputs = positive_alone_inputs
