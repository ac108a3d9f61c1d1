"""A file is written whole or not at all, and keeps what it had: its permissions and the links to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bench.files.atomic_write import PRIVATE_MODE, ExportExistsError, replace, write_text


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
