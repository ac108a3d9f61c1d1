"""The names that a file defines, as its text tells."""

from __future__ import annotations

import ast
import inspect
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench.plans.code_names import CodeFile, is_plain_class, method_of, signature_of

EVERY_WAY = """
import json as j, os.path
from os import path as p
with open("x") as w: pass
try:
    import absent as t
except ImportError as err:
    fallback = err
for i in range(2): pass
a, (b, *c) = 1, (2, 3)
if (wal := 3) > 2: pass
[comp := 1 for _ in "a"]
def init():
    global made
    made = 1
    local = 2
class K:
    inner = 1
aug: int = 3
match 3:
    case [mm, *rest]: pass
    case {"k": v, **others}: pass
if a:
    def inside(x): return x
async def later(): ...
"""

BOUND = frozenset("j os p w t err fallback i a b c wal comp init made K aug mm rest v others inside later".split())  # noqa: SIM905


def read(tmp_path: Path, text: str) -> CodeFile:
    (tmp_path / "file.py").write_text(text, encoding="utf-8")
    code = CodeFile.read(tmp_path / "file.py")
    assert code is not None
    return code


def test_every_way_to_bind_a_name_counts_and_inner_ones_do_not(tmp_path: Path) -> None:
    code = read(tmp_path, EVERY_WAY)
    assert code.names >= BOUND
    assert not {"local", "inner", "x"} & code.names
    assert not code.is_open


@pytest.mark.parametrize(
    "text",
    [
        "from math import *",
        "for n in 'ab': globals()[n] = n",
        "exec('def f(): ...')",
        "vars()['f'] = 1",
        "import sys\nsetattr(sys.modules[__name__], 'f', 1)",
        "import sys\nsys.modules['x'].f = 1",
        "def __getattr__(name): return name",
        "if True:\n    def __getattr__(name): return name",
        "import lazy\nlazy.attach(__name__)",
        "from sys import modules\nmodules['x'].f = 1",
        "def f(): f.__globals__['g'] = 1",
    ],
)
def test_a_file_that_may_define_names_while_it_runs_is_open(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).is_open


LOADED = ("_pytest", "click", "pluggy", "json", "unittest", "email")
"""Packages of other people's, of which modules are loaded while tests run."""


def test_no_name_that_a_loaded_module_has_is_missed() -> None:
    modules = [each for name, each in sys.modules.items() if name.partition(".")[0] in LOADED and each.__spec__]
    files = [(each, CodeFile.read(Path(str(each.__file__)))) for each in modules if str(each.__file__).endswith(".py")]
    missed = {
        (module.__name__, name)
        for module, code in files
        if code and not code.is_open
        for name, value in vars(module).items()
        if name not in code.names and not name.startswith("__") and not isinstance(value, ModuleType)
    }
    assert len(files) > 20
    assert missed == set()


@pytest.mark.parametrize(
    "text",
    [
        "import logging\nlog = logging.getLogger(__name__)",
        "class C:\n    def __init__(self, **rest): self.__dict__.update(rest)",
        "class C:\n    def put(self, name): setattr(self, name, vars(self))",
        "if __name__ == '__main__': print(model.eval())",
    ],
)
def test_what_looks_at_other_objects_opens_no_file(tmp_path: Path, text: str) -> None:
    assert not read(tmp_path, text).is_open


def test_what_is_offered_is_what_is_defined_and_what_is_measured_are_no_makers(tmp_path: Path) -> None:
    code = read(
        tmp_path, "import os\nSIZE = 3\n_a = 1\nnet = os\ndef f(x): ...\ndef f_inputs(): ...\ndef inputs(): ..."
    )
    assert code.offered == ["SIZE", "net", "f", "f_inputs", "inputs"]
    assert code.callables == ["net", "f"]


@pytest.mark.parametrize(
    "more",
    ["f = 1", "del f", "for f in (): pass", "if f:\n    def f(): ...", "import f", "def g():\n    global f\n    f = 1"],
)
def test_a_name_that_may_be_something_else_is_no_certain_definition(tmp_path: Path, more: str) -> None:
    assert read(tmp_path, "def f(x): ...").definition("f") is not None
    assert read(tmp_path, f"def f(x): ...\n{more}").definition("f") is None
    assert (
        read(tmp_path, "def f(x): ...\ndef h():\n    f = 1\nclass K:\n    def f(self): ...").definition("f") is not None
    )


def test_parameters_are_read_unless_a_decorator_may_change_them(tmp_path: Path) -> None:
    text = "def f(a, /, b, c=1, *rest, d, e=2, **more): ..."
    scope: dict[str, object] = {}
    exec(text, scope)
    right = inspect.signature(scope["f"])  # type: ignore[arg-type]
    found = signature_of_f(tmp_path, text)
    assert found is not None
    assert [(each.name, each.kind) for each in found.parameters.values()] == [
        (each.name, each.kind) for each in right.parameters.values()
    ]
    assert [name for name, each in found.parameters.items() if each.default is each.empty] == [
        "a",
        "b",
        "rest",
        "d",
        "more",
    ]
    assert signature_of_f(tmp_path, "@tf.function(jit_compile=True)\ndef f(x): ...") is not None
    assert signature_of_f(tmp_path, "@logged\ndef f(x): ...") is None


def signature_of_f(tmp_path: Path, text: str) -> inspect.Signature | None:
    definition = read(tmp_path, text).definition("f")
    assert isinstance(definition, ast.FunctionDef)
    return signature_of(definition)


CLASSES = """
class A(B):
    def m(self): ...
    @staticmethod
    def s(): ...
@d
class C: ...
class D(metaclass=M): ...
a = A()
"""


def test_a_class_with_a_metaclass_or_a_decorator_may_be_something_else(tmp_path: Path) -> None:
    code = read(tmp_path, CLASSES)
    definitions = {name: each for name in "ACD" if isinstance(each := code.definition(name), ast.ClassDef)}
    assert {name: is_plain_class(each) for name, each in definitions.items()} == {"A": True, "C": False, "D": False}
    assert method_of(definitions["A"], "m") is not None
    assert method_of(definitions["A"], "s") is None
    assert (code.instance_of("A"), code.instance_of("C")) == ("a", "")


@pytest.mark.parametrize("content", [b"def f(:", b"\xff\xfe\x00", b"# coding: nowhere\n"])
def test_a_file_that_is_no_python_tells_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.py").write_bytes(content)
    assert CodeFile.read(tmp_path / "file.py") is None
    assert CodeFile.read(tmp_path / "absent.py") is None
