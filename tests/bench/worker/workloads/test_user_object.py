"""What cannot be called is refused in a sentence that says what to name."""

from __future__ import annotations

import pytest

from bench.plan import PlanError

from .conftest import Measured

CODE = """
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
        ("lowpas", "has no function 'lowpas': did you mean lowpass?"),
        ("lowpass.smoth", "has no function 'lowpass.smoth': did you mean smooth?"),
        ("zzz", "has no function 'zzz': choose from lowpass"),
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
    "name", ["lowpass", "lowpass.smooth", "lowpass.traced", "Filter.made", "Filter.still", "used.step"]
)
@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_objects_and_methods_of_every_kind_are_called(built: Measured, name: str, mode: str) -> None:
    assert built(CODE, name, "float32[2]", mode)().shape == (2,)
