"""Workloads as users write them, good and bad: each does one thing that a measuring tool must survive."""

import os
import signal
import time

import tensorflow as tf


def add_one(*, n: int = 64):
    """Nothing special."""
    return lambda x: x + 1.0, (tf.zeros((n,)),)


def growing_array(*, n: int = 10):
    """A TensorArray that grows in a while_loop: XLA returns it empty, without an error."""

    def step(x):
        array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        _, array = tf.while_loop(lambda i, _: i < n, lambda i, array: (i + 1, array.write(i, x)), (0, array))
        return array.stack()

    return step, (tf.random.normal((8,)),)


def lu(*, n: int = 16):
    """An op that XLA has no kernel for."""
    return lambda a: tf.linalg.lu(a), (tf.random.normal((n, n)),)


def noise(*, n: int = 16):
    """Other figures in every call, and right in all of them."""
    return lambda x: x + tf.random.normal((n,)), (tf.zeros((n,)),)


def rude(*, n: int = 16):
    """Prints without a newline, reads standard input, leaves a child behind that holds every descriptor."""
    print("no newline", end="")
    try:
        input()
    except EOFError:
        print(" and nothing to read", end="")
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    return lambda x: x + 1.0, (tf.zeros((n,)),)


def raises_on_call_50(*, n: int = 16):
    """Works for a while."""
    calls = 0

    def step(x):
        nonlocal calls
        calls += 1
        if calls == 50:
            raise ValueError("the fiftieth call")
        return x + 1.0

    return step, (tf.zeros((n,)),)


def segfaults_in_graph(*, n: int = 16):
    """Dies where it is traced."""

    def step(x):
        if not tf.executing_eagerly():
            os.kill(os.getpid(), signal.SIGSEGV)
        return x + 1.0

    return step, (tf.zeros((n,)),)


def stopped_while_traced(*, n: int = 16):
    """Is let go on, as after a stop, where it is traced."""

    def step(x):
        if not tf.executing_eagerly():
            os.kill(os.getpid(), signal.SIGCONT)
        return x + 1.0

    return step, (tf.zeros((n,)),)


def never_returns(*, n: int = 16):
    """Hangs where it is called."""

    def step(x):
        while True:
            time.sleep(60)
        return x

    return step, (tf.zeros((n,)),)


def long_compile(*, n: int = 200):
    """A graph that keeps XLA busy for 20 s and more."""

    def step(x):
        for i in range(n):
            x = tf.reduce_sum(tf.sort(x + i) * tf.sin(x), keepdims=True) + x
        return x

    return step, (tf.random.normal((64,)),)


def compiler_ir(*, n: int = 200):
    """The same, compiled for its text: that call holds the interpreter's lock until it is done."""
    step, arguments = long_compile(n=n)
    tf.function(step, jit_compile=True, autograph=False).experimental_get_compiler_ir(*arguments)(stage="optimized_hlo")
    return step, arguments


def no_dimension(*, rate: float = 0.5):
    """Not a workload: a dimension is a whole number."""
    return lambda x: x * rate, (tf.zeros((4,)),)


def never_returns_in_graph(*, n: int = 16):
    """Hangs where it is traced."""

    def step(x):
        if not tf.executing_eagerly():
            time.sleep(600)
        return x + 1.0

    return step, (tf.zeros((n,)),)


def number_beside(*, n: int = 16):
    """Numbers of Python's beside the tensor: a graph returns them as tensors."""
    return lambda x: (x + 1.0, 3, 0.5, True), (tf.zeros((n,)),)


def decorated(*, n: int = 16):
    """A graph already."""
    return tf.function(lambda x: x + 1.0, jit_compile=True), (tf.zeros((n,)),)


def returns_none(*, n: int = 16):
    """Forgot to return."""


def returns_tensor(*, n: int = 16):
    """Computes at once."""
    return tf.zeros((2, n))


def returns_generator(*, n: int = 16):
    """Yields."""
    yield lambda x: x, (tf.zeros((n,)),)


def returns_no_function(*, n: int = 16):
    """The other way round."""
    return (tf.zeros((n,)),), lambda x: x


def computes_nothing(*, n: int = 16):
    """The function forgot to return."""

    def step(x):
        x + 1.0

    return step, (tf.zeros((n,)),)


def raises_again(*, n: int = 16):
    """Eager works once."""
    calls = 0

    def step(x):
        nonlocal calls
        calls += 1
        if calls == 2 and tf.executing_eagerly():
            raise ValueError("once is enough")
        return x + 1.0

    return step, (tf.zeros((n,)),)


def exits(*, n: int = 16):
    """Ends the process, it thinks."""
    if n:
        raise SystemExit("please set DATA_DIR")


def exits_in_graph(*, n: int = 16):
    """Ends the process where it is traced, it thinks."""

    def step(x):
        if not tf.executing_eagerly():
            raise SystemExit("please set DATA_DIR")
        return x + 1.0

    return step, (tf.zeros((n,)),)


def always_eager(*, n: int = 16):
    """Leaves TensorFlow as no one expects it, for whoever comes next."""
    tf.config.run_functions_eagerly(True)
    return lambda x: x + 1.0, (tf.zeros((n,)),)


def runs_eagerly(*, n: int = 16):
    """Tells whether its functions are graphs."""
    assert not tf.config.functions_run_eagerly()
    return lambda x: x + 1.0, (tf.zeros((n,)),)


def rounding_alone(*, n: int = 1000):
    """Zero, but for what rounding leaves of it."""
    return lambda x: tf.reduce_sum(tf.nn.softmax(x)) - 1.0, (tf.random.normal((n,)),)
