"""Paths of user code, seen from another directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.plan import is_own
from bench.plans.user_code_paths import file_of, path_in, seen_from

FOLDERS = ("", "sub", "sub/deeper", "other")

PLACES = (
    "steps.py::step",
    "./steps.py::f",
    "../steps.py::f.g",
    "model.keras",
    "sub/model.h5::predict",
    "exported/::sig",
)


@pytest.mark.parametrize(
    ("workload", "seen"),
    [
        ("steps.py::step", "sub/steps.py::step"),
        ("./steps.py::step", "sub/steps.py::step"),
        ("../steps.py::step", "steps.py::step"),
        ("model.keras", "sub/model.keras"),
        ("exported/::serving_default", "sub/exported/::serving_default"),
        ("exported/", "sub/exported/"),
        ("../exported/", "exported/"),
        ("./exported", "sub/exported"),
        ("../exported", "./exported"),
        ("/abs/steps.py::step", "/abs/steps.py::step"),
        ("~/steps.py::step", "~/steps.py::step"),
        ("package.module:step", "package.module:step"),
        ("matmul", "matmul"),
    ],
)
def test_a_path_is_as_short_as_possible_and_other_names_stay(workload: str, seen: str, tmp_path: Path) -> None:
    assert seen_from(tmp_path, workload, named_in=tmp_path / "sub") == seen


def test_what_lies_far_away_is_absolute(tmp_path: Path) -> None:
    assert seen_from(tmp_path / "a" / "b" / "c" / "d", "steps.py::f", named_in=Path("/x")) == "/x/steps.py::f"


@given(st.sampled_from(FOLDERS), st.sampled_from(FOLDERS), st.sampled_from(PLACES))
def test_it_names_the_same_file_from_everywhere(here: str, there: str, workload: str) -> None:
    root = Path("/root/of/it")
    moved = seen_from(root / there, workload, named_in=root / here)
    assert is_own(moved)
    assert os.path.normpath(root / there / path_in(moved)) == os.path.normpath(root / here / path_in(workload))
    assert moved.partition("::")[2] == workload.partition("::")[2]


def test_a_file_is_found_as_the_far_side_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good" / "sub").mkdir(parents=True)
    (tmp_path / "mailed").mkdir()
    (tmp_path / "mailed" / "link").symlink_to("../good/sub")
    monkeypatch.chdir(tmp_path / "mailed")
    assert file_of("link/../steps.py::f") == f"{tmp_path}/mailed/steps.py"
    assert seen_from(tmp_path, "link/../steps.py::f", named_in=Path.cwd()) == "mailed/steps.py::f"


@pytest.mark.parametrize(
    ("workload", "path"),
    [
        ("a.py::f", "/a.py"),
        ("out::sig", "/out"),
        ("out/", "/out"),
        ("m.h5", "/m.h5"),
        ("::sig", ""),
        ("a:b.py", "/a:b.py"),
    ],
)
def test_every_name_with_a_path_has_a_file(workload: str, path: str) -> None:
    assert file_of(workload) == f"{Path.cwd()}{path}"


@pytest.mark.parametrize("workload", ["matmul", "package.module:f", ":f", ""])
def test_a_name_without_a_path_has_no_file(workload: str) -> None:
    assert file_of(workload) == ""
