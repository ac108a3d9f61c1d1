"""Programs that keep something in Python, which a graph changes only while it is traced, and programs that do not."""

import collections
import dataclasses
import functools
import itertools

import keras
import numpy as np
import tensorflow as tf


def inputs():
    return (tf.ones((4, 8)),)


# --- in Python that every call changes -------------------------------------------------------------------------------

calls = 0
history = []
counts = {}
recent = collections.deque(maxlen=2)
seen = set()
buffer = np.zeros(10)
average = 0.0
numbers = itertools.count()
rates = iter([0.1] * 100)
append = history.append


def global_number(x):
    global calls
    calls += 1
    return x * 2


def global_list(x):
    history.append(1.0)
    return x * 2


def global_dict(x):
    counts["x"] = counts.get("x", 0) + 1
    return x * 2


def full_deque(x):
    recent.append(len(history))
    history.append(1.0)
    return x * 2


def global_set(x):
    seen.add("name")
    return x * 2


def array_in_place(x):
    buffer[3] += 1
    return x * 2


def moving_average(x):
    global average
    average = 0.9 * average + 0.1 * tf.reduce_mean(x)
    return x * 2


def iterators(x):
    next(numbers)
    return x * next(rates)


def bound_method(x):
    append(1.0)
    return x * 2


def through_another(x):
    return global_number(x)


def own_attribute(x):
    own_attribute.calls += 1
    return x * 2


own_attribute.calls = 0


def default_value(x, kept=[]):  # noqa: B006
    kept.append(1.0)
    return x * 2


def _counter():
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        return x * 2

    return counted


closure = _counter()


def counting(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        wrapper.calls += 1
        return function(*arguments)

    wrapper.calls = 0
    return wrapper


@counting
def decorated(x):
    return x * 2


def _into(kept, x):
    kept.append(1.0)
    return x * 2


partial = functools.partial(_into, history)


def argument(x, state):
    state["step"] += 1
    return x * 2


def argument_inputs():
    return tf.ones((4, 8)), {"step": 0}


@dataclasses.dataclass
class State:
    step: int = 0


class Stats:
    __slots__ = ("__count", "state")

    def __init__(self):
        self.__count = 0
        self.state = State()

    def count(self):
        self.__count += 1


class Trainer:
    total = 0

    def __init__(self):
        self.stats = Stats()

    def attribute(self, x):
        self.stats.state.step += 1
        return x * 2

    def private(self, x):
        self.stats.count()
        return x * 2

    def of_class(self, x):
        Trainer.total += 1
        return x * 2

    @tf.function
    def traced(self, x):
        self.stats.state.step += 1
        return x * 2


trainer = Trainer()
state = State()


def replaced(x):
    global state
    state = dataclasses.replace(state, step=state.step + 1)
    return x * 2


class Module(tf.Module):
    def __init__(self):
        super().__init__()
        self.steps = 0
        self.log = []
        self.counts = {"x": 0}

    def __call__(self, x):
        self.steps += 1
        self.log.append("x")
        self.counts["x"] += 1
        return x * 2


module = Module()


class Counting(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.calls = 0
        self._private = 0

    def call(self, x):
        self.calls += 1
        self._private += 1
        return x * 2


layer = Counting()
sequential = keras.Sequential([keras.layers.Dense(3), Counting()])


class Learner(keras.Model):
    """Count steps in Python, as Keras's guide counts nothing."""

    def __init__(self, *, counts):
        super().__init__()
        self.dense = keras.layers.Dense(2)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.steps = 0
        self.counts = counts

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        self.loss_tracker.update_state(loss)
        if self.counts:
            self.steps += 1
        return {"loss": self.loss_tracker.result()}


def learner(*, counts):
    made = Learner(counts=counts)
    made(tf.ones((1, 8)))
    made.compile(optimizer="adam", loss="mse")
    return made


counting_learner = learner(counts=True)
plain_learner = learner(counts=False)


def train_step_inputs():
    return tf.ones((4, 8)), tf.ones((4, 2))


def only_python(x):
    history.append(x)


# --- in Python, in each mode -----------------------------------------------------------------------------------------


def by_py_function(x):
    tf.py_function(lambda: history.append(1.0), [], [])
    return x * 2


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
