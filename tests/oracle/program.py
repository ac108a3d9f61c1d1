"""A program: something in a Python file that both this oracle and a user of `bench` can call."""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

FLOATS = ("bfloat16", "float16", "float32", "float64")
INTEGERS = ("int8", "uint8", "int32", "int64")

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Made:
    """A program, made: `function(*sets[0])` is the first call, and calls take the sets in turn."""

    function: Callable[..., Any]
    sets: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Program:
    """Something callable in a file, `file::name`, in a dtype if it takes one.

    A *builder* takes keywords alone (sizes, `seed`, `dtype`) and returns a function and its arguments. Anything else is
    called itself, with what `NAME_inputs()` beside it returns, or with nothing. Arguments are a tuple. Several tuples,
    as a list or a generator, are the arguments of one call after another. Beside it in the file may stand:

    - `NAME_truth`: returns the right outputs of the first call. It takes a builder's keywords, or the arguments as
      NumPy arrays.
    - `NAME_dtypes`: the dtypes in which a builder is judged.
    - `NAME_draws = True`: outputs are random numbers.
    - `NAME_differs`: the modes in which TensorFlow itself is known to compute something else.
    - `NAME_ends_process`: the modes in which TensorFlow is known to crash.
    """

    file: Path
    name: str
    dtype: str = ""
    parameters: tuple[tuple[str, int], ...] = field(default=())

    def __str__(self) -> str:
        words = [f"{self.file.name}::{self.name}", *(f"{name}={value}" for name, value in self.parameters), self.dtype]
        return " ".join(filter(None, words))

    def read(self) -> dict[str, Any]:
        """Run the file and return its names. Every mode reads it again, so that none sees another's objects."""
        return read(self.file)

    def make(self, dtype: str = "") -> Made:
        """Make the program afresh, in its own dtype or the one given."""
        names = self.read()
        value = names[self.name]
        if is_builder(value):
            given = {"dtype": dtype or self.dtype} if self.dtype else {}
            function, arguments = value(**dict(self.parameters), **given)
            return Made(function, _sets(arguments))
        maker = names.get(f"{self.name}_inputs")
        return Made(value, _sets(maker() if maker else ()))

    @property
    def other_dtype(self) -> str:
        """The dtype in which the program tells how far rounding takes it: float64, of float64 itself float32."""
        return "" if self.dtype not in FLOATS else "float32" if self.dtype == "float64" else "float64"

    def truth(self) -> list[Any] | None:
        """Return the right outputs of the first call, as NumPy computes them; None where the file does not say them."""
        names = self.read()
        right = names.get(f"{self.name}_truth")
        if right is None:
            return None
        if is_builder(names[self.name]):
            return list(right(**dict(self.parameters)))
        return list(right(*(getattr(each, "numpy", lambda each=each: each)() for each in self.make().sets[0])))

    def draws(self) -> bool:
        """Whether outputs are random numbers, so that shapes and dtypes are all there is to compare."""
        return bool(self.read().get(f"{self.name}_draws", False))

    def differs(self) -> tuple[str, ...]:
        """Return the modes in which TensorFlow itself is known to compute something else."""
        return tuple(self.read().get(f"{self.name}_differs", ()))

    def ends_process(self) -> tuple[str, ...]:
        """Return the modes in which TensorFlow is known to crash, so that they are not tried."""
        return tuple(self.read().get(f"{self.name}_ends_process", ()))


def read(file: Path) -> dict[str, Any]:
    """Run a Python file as a module of its own and return its names."""
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))  # as `python FILE.py` does
    spec = spec_from_file_location(f"program_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # where AutoGraph looks for what surrounds a function
    spec.loader.exec_module(module)
    return vars(module)


def _sets(made: Any) -> tuple[tuple[Any, ...], ...]:
    if isinstance(made, list) or inspect.isgenerator(made):
        return tuple(made)
    return (made if type(made) is tuple else (made,),)


def is_builder(value: Any) -> bool:
    """Whether something is a function of keywords alone, which returns what is to be called."""
    if not inspect.isfunction(value):
        return False
    parameters = inspect.signature(value).parameters.values()
    return bool(parameters) and all(each.kind is each.KEYWORD_ONLY for each in parameters)


def programs_in(file: Path) -> Iterator[Program]:
    """Yield the programs that a file names in PROGRAMS, a builder once in each of its dtypes."""
    names = read(file)
    for name in names["PROGRAMS"]:
        dtypes = names.get(f"{name}_dtypes", ("float32",)) if is_builder(names[name]) else ("",)
        yield from (Program(file, name, dtype) for dtype in dtypes)


def programs_by_hand() -> list[Program]:
    """Return all programs written by hand, in the order of their files."""
    return [program for file in sorted((HERE / "by_hand").glob("*.py")) for program in programs_in(file)]


def one_dtype_each(programs: Sequence[Program]) -> list[Program]:
    """Return one program of each name in a file; the dtypes of builders take turns."""
    groups = itertools.groupby(programs, lambda program: (program.file, program.name, program.parameters))
    return [each[number % len(each)] for number, each in enumerate([*group] for _, group in groups)]


def program_by_chance(seed: int, fault: int = 0) -> Program:
    """Return the program of a seed, with one operation exchanged in traced modes where `fault` is not 0.

    Of six, four compute with floats, in each dtype in turn, one with integers and one with complex numbers.
    """
    name = {4: "chance_integers", 5: "chance_complex"}.get(seed % 6, "chance")
    dtypes = {"chance": FLOATS, "chance_complex": FLOATS[2:], "chance_integers": ("",)}[name]
    dtype = dtypes[seed // 6 % len(dtypes)]
    given = (("seed", seed), *((("fault", fault),) if fault else ()))
    return Program(HERE / "by_chance.py", name, dtype, given)
