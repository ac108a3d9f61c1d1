"""Code that is not there, refused before anything is started: once, with the nearest that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.plan import Case, PlanError
from bench.plans.code_check import Reach, check_code
from bench.plans.saved_model import SavedModel

STEPS = """
import functools
import tensorflow as tf

class Net:
    def step(self, x): ...

class Used: ...

class Sized:
    def __init__(self, size, *, step=1): ...

class Free:
    def __init__(self, size=1): ...

used = Used()
number = 3

def scale(x, power=1.0): ...

def scale_inputs(): ...

@tf.function
def traced(x): ...

@functools.cache
def cached(): ...
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with code of every kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "steps.py").write_text(STEPS, encoding="utf-8")
    (tmp_path / "open.py").write_text("from steps import *\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("from steps import number\n", encoding="utf-8")
    (tmp_path / "pkg" / "inner.py").write_text("def step(x): ...\n", encoding="utf-8")
    (tmp_path / "lazy").mkdir()
    (tmp_path / "lazy" / "__init__.py").write_text("def __getattr__(name): ...\n", encoding="utf-8")
    (tmp_path / "net.keras").touch()
    (tmp_path / "rows.csv").touch()
    for directory in ("empty", "served/1", "saved", "one"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "served" / "1" / "saved_model.pb").write_bytes(saved_model(["serve"]))
    (tmp_path / "saved" / "saved_model.pb").write_bytes(saved_model(["double", "rows"], ["score"]))
    (tmp_path / "one" / "saved_model.pb").write_bytes(saved_model(["__saved_model_init_op", "serve"]))
    return tmp_path


def field(number: int, value: bytes) -> bytes:
    """Return a field of a protocol buffer that holds a text or a message of less than 128 bytes."""
    return bytes([number << 3 | 2, len(value)]) + value


def saved_model(signatures: list[str], attributes: list[str] | None = None) -> bytes:
    """Return a file `saved_model.pb`, with other kinds of fields between those that are looked at."""
    other = b"\x08\x96\x01" + b"\x7d\x00\x00\x00\x00" + b"\x79" + bytes(8)
    entries = b"".join(field(5, field(1, name.encode()) + field(2, b"")) for name in signatures)
    children = b"".join(field(1, b"\x08\x03" + field(2, name.encode())) for name in attributes or ())
    return other + field(2, other + entries + field(7, field(1, children) + field(1, b"")))


def refusal(workload: str, inputs: str = "", reach: Reach = Reach(), *, by_name: bool = True) -> str:  # noqa: B008
    """Return why the code is refused; empty if it is not."""
    try:
        check_code([Case(workload, inputs=inputs, inputs_by_name=by_name)], reach)
    except PlanError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("workload", "words"),
    [
        ("step.py::scale", "there is no Python file {here}/step.py: did you mean steps.py?"),
        ("steps.py::scal", "steps.py has no function 'scal': did you mean scale?"),
        ("steps.py::zzz", "steps.py has no function 'zzz': choose from used, number, scale, traced, cached"),
        ("steps.py::", "steps.py is a file: name a function in it, as steps.py::FUNCTION: used, number, scale"),
        ("steps.py:scale", "steps.py:scale has one colon: did you mean steps.py::scale?"),
        ("steps::scale", "there is no model {here}/steps: did you mean steps.py::scale?"),
        (
            "steps.py::Net",
            "Net is a class: name an instance of it, made at the top of the file as net = Net(): steps.py::net",
        ),
        ("steps.py::Sized", "made at the top of the file as sized = Sized(...): steps.py::sized"),
        ("steps.py::Free", "made at the top of the file as free = Free(): steps.py::free"),
        ("::step", "::step names no file: name one before it, as FILE.py::step"),
        ("rows.csv::f", "{here}/rows.csv is no Python file and no model: name a .py, .keras or .h5"),
        ("saved/saved_model.pb::rows", "saved_model.pb is no Python file and no model: did you mean saved/?"),
        ("steps.py::Used", "Used is a class: name an instance of it: steps.py::used"),
        ("steps.py::Net.step", "Net.step is a method of a class: name that of an instance, made at the top"),
        ("pkg.inner:stpe", "pkg.inner has no function 'stpe': did you mean step?"),
        ("pkg.iner:step", "there is no module 'pkg.iner': did you mean pkg.inner?"),
        ("pkgg:step", "there is no module 'pkgg': did you mean pkg?"),
        ("steps.scale:f", "there is no module 'steps.scale': steps is a module: did you mean steps:scale?"),
        ("pkg:absent", "pkg has no function 'absent'"),
        (":step", ":step is no function: name one as MODULE:FUNCTION or FILE.py::FUNCTION"),
        ("absent.keras", "there is no model {here}/absent.keras"),
        ("nett.keras", "there is no model {here}/nett.keras: did you mean net.keras?"),
        ("net.keras::train", "net.keras has no 'train': did you mean train_step? It is called as it is, or ::predict"),
        ("empty/", "{here}/empty is no SavedModel: there is no saved_model.pb in it"),
        ("served/", "there is no saved_model.pb in it: did you mean served/1/?"),
        ("save/", "there is no model {here}/save: did you mean saved?"),
        ("saved/", "saved has several signatures: name one, as saved::double (double, rows)"),
        ("saved/::row", "saved has no signature 'row': did you mean rows? It has double, rows"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest_that_is(here: Path, workload: str, words: str) -> None:
    assert words.format(here=here) in refusal(workload)
    assert "\n" not in refusal(workload)


@pytest.mark.parametrize(
    "workload",
    [
        "matmul",
        "steps.py::scale",
        "steps.py::scale.absent",
        "steps.py::used",
        "steps.py::cached",
        "steps.py::__doc__",
        "open.py::anything",
        "broken.py::f",
        "pkg.inner:step",
        "pkg:inner.step",
        "pkg:number",
        "lazy.inner:step",
        "lazy:step",
        "os.path:join",
        "json:absent",
        "net.keras",
        "net.keras::predict",
        "one/",
        "saved/::rows",
        "saved/::score",
    ],
)
def test_what_may_be_there_is_left_to_the_worker(workload: str) -> None:
    assert refusal(workload) == ""


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("scale", "x=float32[2", "are not understood"),
        ("scale", "y=float32[2]", "scale has no parameter 'y': it takes x, power"),
        ("traced", "y=float32[2]", "traced has no parameter 'y': it takes x"),
        ("cached", "y=float32[2]", ""),
        ("scale", "x=ragged[2]", "write a function scale_inputs()"),
        ("scale", "power=float32[], x=float32[2]", ""),
    ],
)
def test_inputs_that_a_function_does_not_take_are_refused(name: str, inputs: str, words: str) -> None:
    assert (words in refusal(f"steps.py::{name}", inputs)) if words else refusal(f"steps.py::{name}", inputs) == ""


def test_an_old_implementation_must_be_there_too_unless_it_is_of_a_revision(here: Path) -> None:
    held = Case(f"{here}/steps.py::scale", against=f"{here}/steps.py::gone")
    with pytest.raises(PlanError, match="has no function 'gone'"):
        check_code([held], Reach())
    check_code([replace(held, against_ref="HEAD~1")], Reach())


def test_names_in_a_plan_of_an_earlier_version_need_not_be_those_of_parameters() -> None:
    assert refusal("steps.py::scale", "y=float32[2]", by_name=False) == ""
    assert "are not understood" in refusal("steps.py::scale", "y=float32[2", by_name=False)


def test_of_another_machine_only_words_are_known_and_of_another_python_only_files() -> None:
    far, python = Reach.of(["ssh box python3"], []), Reach.of([], ["/usr/bin/python3"])
    for workload in ("absent.py::f", "steps.py::absent", "absent.keras", "absent_package:f", "empty/"):
        assert refusal(workload, reach=far) == ""
    assert "did you mean steps.py::f?" in refusal("steps.py:f", reach=far)
    assert "are not understood" in refusal("absent.py::f", "x", reach=far)
    assert "has no function" in refusal("steps.py::absent", reach=python)
    assert refusal("absent_package:f", reach=python) == ""


def test_a_plan_that_is_only_listed_may_name_what_is_not_there_yet() -> None:
    check_code([Case("absent.py::f"), Case("absent/"), Case("absent_package:f")], Reach(), may_come=True)
    with pytest.raises(PlanError, match="has no function 'absent'"):
        check_code([Case("steps.py::absent")], Reach(), may_come=True)


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x12\x7f", b"\x0f", b"\x12\x02\x2a\x7f", bytes(range(256))])
def test_a_saved_model_that_is_no_protocol_buffer_tells_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "saved_model.pb").write_bytes(content)
    saved = SavedModel.read(tmp_path / "saved_model.pb")
    assert saved is None or saved.signatures == ()
