"""What the name of an output stands for, and which names stand for the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.files.targets import (
    Descriptor,
    ExportError,
    File,
    Stream,
    descriptor_of,
    identity,
    is_writable,
    lies_within,
    target_of,
)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("-", 1),
        ("/dev/stdout", 1),
        ("/dev/stderr", 2),
        ("/dev/stdin", 0),
        ("/dev/fd/17", 17),
        ("/dev/fd/../fd/17", 17),
        ("/proc/self/fd/17", 17),
        pytest.param(f"/proc/{os.getpid()}/fd/17", 17, id="/proc/PID/fd/17-17"),
        ("/dev/null", None),
        ("/dev/fd/x", None),
        ("/dev/fd", None),
        ("1", None),
        ("./-", None),
        ("out.csv", None),
    ],
)
def test_a_descriptor_is_known_by_each_of_its_names(name: str, number: int | None) -> None:
    path = Path(name) if name != "./-" else Path.cwd() / "-"
    assert descriptor_of(path) == number


def test_a_name_stands_for_a_file_a_stream_or_a_descriptor(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("missing")
    assert target_of(tmp_path / "link") == File(tmp_path.resolve() / "missing")
    assert target_of(tmp_path / "pipe") == Stream(tmp_path / "pipe")
    assert target_of(Path("/dev/null")) == Stream(Path("/dev/null"))
    assert target_of(Path("-")) == Descriptor(1)
    with pytest.raises(ExportError, match="is a directory"):
        target_of(tmp_path)


@pytest.mark.parametrize("exists", [True, False])
def test_a_file_is_itself_under_every_name_whether_it_is_there_or_not(exists: bool, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    (tmp_path / "b").symlink_to("a/file")
    if exists:
        (tmp_path / "a" / "file").touch()
        (tmp_path / "c").hardlink_to(tmp_path / "a" / "file")
    names = ["a/file", "linked/file", "a/../a/file", "b", *(["c"] if exists else [])]
    assert len({identity(tmp_path / name) for name in names}) == 1
    assert identity(tmp_path / "a" / "other") != identity(tmp_path / "a" / "file")


def test_devices_are_never_the_same() -> None:
    assert identity(Path("/dev/null")) != identity(Path("/dev/null"))


def test_what_lies_within_a_directory_is_known_through_links(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    assert lies_within(tmp_path / "linked" / "b" / "new", tmp_path / "a")
    assert not lies_within(tmp_path / "new", tmp_path / "a")
    assert not lies_within(tmp_path / "new", tmp_path / "missing")


def test_a_descriptor_that_can_only_be_read_is_not_writable() -> None:
    reading, writing = os.pipe()
    assert (is_writable(reading), is_writable(writing)) == (False, True)
    os.close(reading)
    os.close(writing)
    assert not is_writable(writing)


@given(st.text())
def test_any_name_stands_for_something_or_is_refused(name: str) -> None:
    try:
        target_of(Path(name))
    except ExportError:
        return
