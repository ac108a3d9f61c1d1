"""Pairs of implementations that people choose between, and some that compute something else."""

import tensorflow as tf

# --- a product of matrices -------------------------------------------------------------------------------------------


def by_einsum(a, b):
    return tf.einsum("ij,jk->ik", a, b)


def by_einsum_inputs(*, n: int = 64):
    return tf.random.normal((n, n)), tf.random.normal((n, n))


def by_matmul(a, b):
    return tf.matmul(a, b)


by_matmul_inputs = by_einsum_inputs


def the_other_way_round(a, b):
    return tf.matmul(b, a)


the_other_way_round_inputs = by_einsum_inputs


def of_other_sizes(a, b):
    return tf.matmul(a, b)


def of_other_sizes_inputs(*, rows: int = 64, columns: int = 64):
    return tf.random.normal((rows, columns)), tf.random.normal((columns, rows))


# --- a running sum ---------------------------------------------------------------------------------------------------


def by_loop(x):
    total = tf.zeros_like(x[0])
    for row in range(x.shape[0]):
        total = 0.9 * total + x[row]
    return total


def by_loop_inputs(*, n: int = 50, d: int = 8):
    return (tf.random.normal((n, d)),)


def by_scan(x):
    return tf.scan(lambda total, row: 0.9 * total + row, x, initializer=tf.zeros_like(x[0]))[-1]


by_scan_inputs = by_loop_inputs


# --- attention -------------------------------------------------------------------------------------------------------


class Attention(tf.keras.layers.Layer):
    """Has one matrix for queries, keys and values."""

    def build(self, shape):
        self.qkv = self.add_weight(shape=(shape[-1], 3 * shape[-1]), initializer="glorot_uniform", name="qkv")


class Fused(Attention):
    def call(self, x):
        query, key, value = tf.split(tf.matmul(x, self.qkv), 3, axis=-1)
        scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(tf.cast(tf.shape(x)[-1], x.dtype))
        return tf.matmul(tf.nn.softmax(scores), value)


class ByEinsum(Attention):
    def call(self, x):
        width = x.shape[-1]
        parts = [self.qkv[:, start : start + width] for start in range(0, 3 * width, width)]
        query, key, value = (tf.einsum("btd,de->bte", x, part) for part in parts)
        scores = tf.einsum("bqd,bkd->bqk", query, key) * tf.math.rsqrt(tf.cast(width, x.dtype))
        weights = tf.exp(scores - tf.reduce_max(scores, axis=-1, keepdims=True))
        return tf.einsum("bqk,bkd->bqd", weights / tf.reduce_sum(weights, axis=-1, keepdims=True), value)


fused = Fused()
by_einsums = ByEinsum()


def fused_inputs(*, t: int = 32, d: int = 16):
    return (tf.random.normal((2, t, d)),)


by_einsums_inputs = fused_inputs


# --- one that fails --------------------------------------------------------------------------------------------------


def fails_in_graph(a, b):
    if tf.inside_function():
        raise ValueError("not in a graph")
    return tf.matmul(a, b)


fails_in_graph_inputs = by_einsum_inputs
