"""What cannot be called is refused in a sentence that says what to name."""

from __future__ import annotations

import pytest

from bench.plan import PlanError

from .conftest import Measured

CODE = """
import abc, functools
class Filter(tf.Module):
    def __call__(self, wave): return wave
    def smooth(self, wave): return wave
    @tf.function
    def traced(self, wave): return wave
    @classmethod
    def made(cls, wave): return wave
    @staticmethod
    def still(wave): return wave

class Holder:
    def step(self, x): return x
    def _hidden(self): ...

class Empty: ...

class Abstract(abc.ABC):
    @abc.abstractmethod
    def step(self, x): ...

class Sized:
    def __init__(self, size): ...

class Still:
    __call__ = staticmethod(lambda wave: wave)

class Remembering:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function
    def __call__(self, *args): return self.function(*args)

@Remembering
def remembered(wave): return wave

def passing(function):
    def wrapper(*args): return function(*args)
    return wrapper

@passing
def inside(wave, level): return wave

@functools.wraps(inside)
def twice_wrapped(*args): return inside(*args)

async def waiting(x): yield x
def yielding(x): yield x
def by_name(*, wave, level): return wave

table = {"sine": passing}
steps = [3, passing]
net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
still = Still()
used = Holder()
empty = Empty()
lowpass = Filter()
number = 3
"""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Filter", "Filter is a class: name an instance of it: "),
        ("Filter", "mine.py::lowpass"),
        ("Filter.smooth", "Filter.smooth is a method of a class: name that of an instance: "),
        ("Filter.traced", "mine.py::lowpass.traced"),
        ("used", "used is a Holder, which cannot be called: name a method of it: "),
        ("used", "mine.py::used.step"),
        ("empty", "empty is an Empty, which cannot be called: write a function that uses it, and name that"),
        ("number", "number is an int, which cannot be called"),
        ("tf", "tf is a module: name a function in it, as tensorflow:FUNCTION"),
        ("Abstract", "Abstract is an abstract class: name an instance of a class that completes it"),
        ("Sized", "made at the top of the file as sized = Sized(...): "),
        ("lowpass.zzz", "choose from made, name"),
        ("waiting", "waiting is a coroutine, which nothing here waits for: name a plain function"),
        ("yielding", "yielding is a generator, which computes as it is read: name a function that returns a tensor"),
        ("table", "write chosen = table['sine'] in the file, and name that: "),
        ("steps", "write chosen = steps[1] in the file, and name that: "),
        ("net.fit", "net.fit runs Keras's own loop over data: name one step of it: "),
        ("net.fit", "mine.py::net.train_step"),
        ("net.evaluate", "mine.py::net.test_step"),
        ("net.predict_on_batch", "mine.py::net.predict_step"),
        ("net.train_stp", "has no function 'net.train_stp': did you mean train_step"),
        ("lowpas", "has no function 'lowpas': did you mean lowpass?"),
        ("lowpass.smoth", "has no function 'lowpass.smoth': did you mean smooth?"),
        ("zzz", "has no function 'zzz': choose from remembered, "),
    ],
)
def test_what_cannot_be_called_says_what_to_name(built: Measured, name: str, words: str) -> None:
    with pytest.raises(PlanError) as refused:
        built(CODE, name, "float32[2]")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_class_without_an_instance_says_how_to_make_one(built: Measured) -> None:
    with pytest.raises(PlanError, match=r"made at the top of the file as net = Net\(\): .*mine\.py::net"):
        built("class Net: ...", "Net")


@pytest.mark.parametrize(
    "name",
    ["still", "remembered", "lowpass", "lowpass.smooth", "lowpass.traced", "Filter.made", "Filter.still", "used.step"],
)
@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_objects_and_methods_of_every_kind_are_called(built: Measured, name: str, mode: str) -> None:
    assert built(CODE, name, "float32[2]", mode)().shape == (2,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("remembered", "missing 1 required positional argument: 'wave'"),
        ("twice_wrapped", "missing 2 required positional arguments: 'wave', 'level'"),
        ("by_name", "missing 2 required arguments: 'wave', 'level'): give --inputs 'wave=float32[batch=32,64], level="),
        ("still", "missing 1 required positional argument: 'wave'"),
    ],
)
def test_parameters_are_seen_through_wrappers(built: Measured, name: str, words: str) -> None:
    with pytest.raises(PlanError) as refused:
        built(CODE, name)
    assert words in str(refused.value)


def test_a_property_is_not_run_to_tell_what_can_be_named(built: Measured) -> None:
    code = """
class Holder:
    @property
    def broken(self): raise OSError("it was run")
    @tf.function
    def step(self, x): return x
holder = Holder()
"""
    with pytest.raises(PlanError, match=r"name a method of it: \S*mine.py::holder.step$"):
        built(code, "holder")
