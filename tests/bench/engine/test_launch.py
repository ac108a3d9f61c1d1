"""Command lines that end in a Python."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.engine.launch import FarSide, LaunchError, far_arguments_of, first_lines


def test_by_default_this_python_measures() -> None:
    assert FarSide.from_options().argv == [sys.executable, "-I", "-m", "code", "-q"]


@pytest.mark.parametrize(
    ("far", "argv"),
    [
        ("env python3", ["env", "python3", "-I", "-m", "code", "-q"]),
        ("sh -c 'exec python3'", ["sh", "-c", "exec python3 -I -m code -q"]),
        ("bash -lc 'module load tf && python3'", ["bash", "-lc", "module load tf && python3 -I -m code -q"]),
    ],
)
def test_the_arguments_go_where_the_python_gets_them(far: str, argv: list[str]) -> None:
    assert FarSide.from_options(far=far).argv == argv


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"python": "/no/such/python"}, "there is no program '/no/such/python'"),
        ({"far": "no-such-ssh box python3"}, "there is no program 'no-such-ssh'"),
        ({"far": "  "}, "--far is empty"),
        ({"far": "sh -c 'unclosed"}, "No closing quotation"),
        ({"far": "sh", "python": "python3"}, "exclude each other"),
    ],
)
def test_what_cannot_be_started_is_refused_in_one_line(options: dict[str, str], words: str) -> None:
    with pytest.raises(LaunchError, match=words):
        FarSide.from_options(**options)


def test_what_travels_needs_nothing_but_the_standard_library_numpy_and_tensorflow() -> None:
    statement, bundle, rest = first_lines().split(b"\n")
    assert rest == b""
    compile(statement, "statement", "single")
    sources = json.loads(bundle)["sources"]
    assert {
        "__init__.py",
        "plan.py",
        "plan_error.py",
        "rules.py",
        "runtime.py",
        "events/case.py",
        "catalogue/families/matmul.py",
        "worker/supervisor.py",
    } <= sources.keys()
    near_side = ("msgspec", "textual", "click", "psutil", "platformdirs", "plotext", "from bench")
    assert not [(path, name) for path, text in sources.items() for name in near_side if f"import {name}" in text]


def test_what_travels_imports_nothing_that_stays_here(tmp_path: Path) -> None:
    for name, text in json.loads(first_lines().split(b"\n")[1])["sources"].items():
        path = tmp_path / "travelled" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import travelled.catalogue, travelled.worker.supervisor"
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


@pytest.mark.parametrize(
    ("far", "fars", "arguments"),
    [
        (str(FarSide.from_options()), (), ()),
        ("ssh box python3", (), ("--far", "ssh box python3")),
        ("py1", (("a", "py1"), ("b", "py2")), ("--far", "py1", "--far", "py2")),
    ],
)
def test_a_session_tells_how_its_far_sides_are_reached(
    far: str, fars: tuple[tuple[str, str], ...], arguments: tuple[str, ...]
) -> None:
    assert far_arguments_of(far, fars) == arguments
