"""Programs that keep nothing in Python, though they build and remember, and programs that are hard to look into."""

import functools

import keras
import numpy as np
import tensorflow as tf

history = []


def inputs():
    return (tf.ones((4, 8)),)


# --- nowhere, or in variables ----------------------------------------------------------------------------------------


class Lazy:
    dense = None
    is_built = False

    def __call__(self, x):
        if self.dense is None:
            self.dense = keras.layers.Dense(3)
            self.is_built = True
            self.width = x.shape[-1]
        return self.dense(x)


lazy = Lazy()
cache = {}


def cached(x):
    if "range" not in cache:
        cache["range"] = tf.range(8, dtype=tf.float32)
    return x * cache["range"]


@functools.lru_cache
def table(size):
    return np.arange(size, dtype="float32")


def remembered(x):
    return x * table(8)


tables = {}


def tabulated(x):
    """Fill a cache with so many arrays that others are read in part from then on."""
    for number in range(16):
        if number not in tables:
            tables[number] = np.ones((256, 128)) * number
            boxes[:0] = [[number] for _ in range(1000)]
    return x * kept_tables[-1][0, 0]


boxes = []
kept_tables = [np.arange(32768.0).reshape(256, 128) for _ in range(4)]


class Variables(tf.Module):
    def __init__(self):
        super().__init__()
        self.weights = [tf.Variable(tf.ones((8,)))]

    @tf.Module.with_name_scope
    def __call__(self, x):
        return self.weights[0].assign_add(x[0])


variables = Variables()
generator = tf.random.Generator.from_seed(1)


def draws(x):
    return x + generator.normal((8,))


class Random(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)
        self.dropout = keras.layers.Dropout(0.5)
        self.norm = keras.layers.BatchNormalization()

    def call(self, x):
        self.add_loss(tf.reduce_sum(x))
        return self.norm(self.dropout(x, training=True), training=True) + keras.random.uniform((8,), seed=self.seeds)


random = Random()
mean = keras.metrics.Mean()
network = keras.Sequential([keras.layers.Dense(2)])
network.build((None, 8))
network.compile(optimizer="sgd", loss="mse", metrics=["mae"], run_eagerly=True)


def fits(x):
    network.fit(x, tf.ones((4, 2)), verbose=0)
    mean.update_state(x)
    return mean.result()


@tf.function
def inner(x):
    return x + 1


def calls_traced(x):
    return inner(x)


# --- what nobody may ask ---------------------------------------------------------------------------------------------


def ask(*_, **__):
    raise RuntimeError("code of the user's was run")


class Shy:
    __eq__ = __hash__ = __repr__ = __len__ = __iter__ = __getattr__ = __getattribute__ = __bool__ = __array__ = ask
    __class__ = property(ask)
    count = 0


class ShyList(list):
    __iter__ = __len__ = __getitem__ = __eq__ = __repr__ = ask


class ShyDict(dict):
    __iter__ = __len__ = __getitem__ = __eq__ = __repr__ = items = ask


class ShySet(set):
    __iter__ = __len__ = __contains__ = __eq__ = __repr__ = ask


class ShyKind(type):
    __eq__ = __hash__ = __repr__ = __instancecheck__ = __subclasscheck__ = ask
    __hash__ = type.__hash__


class OfShyKind(metaclass=ShyKind):
    count = 0


shy, shy_list, shy_dict, shy_set, of_shy_kind = Shy(), ShyList(), ShyDict(), ShySet(), OfShyKind()


def shy_objects(x):
    list.append(shy_list, shy)
    dict.__setitem__(shy_dict, "x", dict.__len__(shy_dict))
    set.add(shy_set, 1)
    object.__setattr__(shy, "count", len(history))
    history.append(of_shy_kind)
    return x * 2


# --- what is too large to read all of --------------------------------------------------------------------------------

many = list(range(100_000))
mapped = dict(enumerate(many))
nested = [[[number] for number in range(100)] for _ in range(100)]
large = np.zeros(10_000_000)
itself = [history]
itself.append(itself)


def large_objects(x):
    many.append(len(mapped) + len(nested) + len(large) + len(itself))
    return x * 2
