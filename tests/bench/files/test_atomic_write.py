"""A file is written whole or not at all, and keeps what it had: its permissions and the links to it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from bench.files.atomic_write import PRIVATE_MODE, ExportError, ExportExistsError, replace, write_text
from bench.report.csv_export import csv_text
from bench.session.session import Session
from tests.examples import NO_MODE_WINS


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_permissions_asked_for_and_an_earlier_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "out"
    replace(b"1", path, lambda _: False, mode=PRIVATE_MODE)
    assert (path.read_bytes(), permissions(path)) == (b"1", 0o600)
    path.chmod(0o644)
    replace(b"2", path, lambda _: True, mode=PRIVATE_MODE)
    assert (path.read_bytes(), permissions(path)) == (b"2", 0o644)
    assert list(tmp_path.iterdir()) == [path]


def test_the_umask_decides_about_other_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_text("1", tmp_path / "out")
    finally:
        os.umask(before)
    assert permissions(tmp_path / "out") == 0o640


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_file_that_another_process_makes_meanwhile_counts_as_an_earlier_one(
    overwrite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, exists = tmp_path / "out", Path.exists

    def raced(asked: Path) -> bool:
        found = exists(asked)
        if asked == path:
            path.write_text("theirs")
        return found

    monkeypatch.setattr(Path, "exists", raced)
    if overwrite:
        write_text("ours", path, overwrite=True)
    else:
        with pytest.raises(ExportExistsError, match="exists already"):
            write_text("ours", path)
    monkeypatch.undo()
    assert path.read_text() == ("ours" if overwrite else "theirs")
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_holds_the_text_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_text(csv_text(Session(NO_MODE_WINS)), path)
    assert path.read_bytes().decode() == csv_text(Session(NO_MODE_WINS))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_replaced_only_when_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("precious")
    with pytest.raises(ExportExistsError, match="exists already"):
        write_text("new", path)
    assert path.read_text() == "precious"
    write_text("new", path, overwrite=True)
    assert path.read_text() == "new"


def test_a_full_disk_destroys_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "out.csv"
    path.write_text("precious")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"cannot write .*out\.csv: No space left on device"):
        write_text("new", path, overwrite=True)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_text("new", tmp_path / "link.csv", overwrite=True)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").is_file()


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_text("new", Path(os.devnull))
    assert not Path(os.devnull).is_file()


def test_a_place_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "out.csv"):
        with pytest.raises(ExportError) as error:
            write_text("new", path, overwrite=True)
        assert "\n" not in str(error.value)
