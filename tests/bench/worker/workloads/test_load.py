"""Files of the user's, each read afresh with what lies beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from bench.worker.workloads.load import load_workload
from bench.worker.workloads.user_modules import FILE_MODULE, is_read_afresh


def write(directory: Path, size: int) -> str:
    """A workload whose default is what the module beside it says."""
    package = directory / "package"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("from . import inner\n")
    (package / "inner.py").write_text("")
    (directory / "helper.py").write_text(f"SIZE = {size}\n")
    (directory / "mine.py").write_text("import helper, package.inner\ndef f(*, n: int = helper.SIZE): ...\n")
    return f"{directory / 'mine.py'}::f"


def default(name: str) -> Any:
    return load_workload(name).dims[0].default


def test_modules_beside_a_file_are_read_afresh_and_stay_with_it(tmp_path: Path) -> None:
    first, second = write(tmp_path / "first", 1), write(tmp_path / "second", 2)
    assert [default(first), default(second), default(first)] == [1, 2, 1]
    assert default(write(tmp_path / "first", 3)) == 3
    assert str(tmp_path / "second") not in sys.path
    assert sys.path.count(str(tmp_path / "first")) == 1


def test_what_lies_elsewhere_below_the_directory_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site_packages = tmp_path / ".venv" / "site-packages"
    site_packages.mkdir(parents=True)
    (site_packages / "installed.py").write_text("")
    monkeypatch.syspath_prepend(str(site_packages))
    import installed  # type: ignore[import-not-found]

    name = write(tmp_path, 1)
    load_workload(name)
    inner = sys.modules["package.inner"]
    load_workload(name)
    assert sys.modules["installed"] is installed
    assert sys.modules["package.inner"] is not inner
    assert FILE_MODULE in sys.modules


def test_only_what_is_imported_from_the_directory_itself_is_read_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package below the directory that is found by another way, as one installed in editable mode, stays loaded."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "editable.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    name = write(tmp_path, 1)
    (tmp_path / "mine.py").write_text("import helper, package.inner, editable\ndef f(*, n: int = 1): ...\n")
    load_workload(name)
    assert all(map(is_read_afresh, ("helper", "package", "package.inner", FILE_MODULE)))
    assert not is_read_afresh("editable")
    assert not is_read_afresh("absent")


def test_a_default_is_valid_however_large(tmp_path: Path) -> None:
    for size in (100_000, 2**40, 0):
        workload = load_workload(write(tmp_path / str(size), size))
        assert workload.complete(()) == (("n", size),)
    assert load_workload(write(tmp_path / "small", 1)).dims[0].high == 2**31 - 1
