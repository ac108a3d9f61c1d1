"""Programs that keep something in Python, which a graph changes only while it is traced."""

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
