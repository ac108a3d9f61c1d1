"""Any command line that ends in a Python with TensorFlow will do, and nothing of ours has to be installed there."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shlex
import sys
import venv
from pathlib import Path

import pytest

from bench.engine.launch import FarSide
from bench.events import Devices, Died, FarLost, Notice, PlanFinished, WorkerReleased
from bench.plan import Case, Plan, WorkerOptions
from bench.session.session import Session
from tests.driver import Driver
from tests.far_side import scripted

SMALL = Case("matmul", (("m", 16), ("k", 16), ("n", 16)))


def needed_by(package: str, found: set[str] | None = None) -> set[str]:
    """The installed distributions that `package` needs, itself among them."""
    found = set() if found is None else found
    if package in found:
        return found
    try:
        requirements = importlib.metadata.requires(package) or []
    except importlib.metadata.PackageNotFoundError:
        return found
    found.add(package)
    for requirement in requirements:
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra ==" not in requirement:
            needed_by(re.sub(r"[-_.]+", "-", name[0]).lower(), found)
    return found


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without any package."""
    place = tmp_path_factory.mktemp("bare")
    venv.create(place, with_pip=False, symlinks=True)
    return place / "bin" / "python"


@pytest.fixture(scope="session")
def tensorflow_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has TensorFlow and what it needs, and nothing that only the near side needs."""
    place = tmp_path_factory.mktemp("far")
    venv.create(place, with_pip=False, symlinks=True)
    (site_packages,) = place.glob("lib/python*/site-packages")
    for name in needed_by("tensorflow"):
        for file in importlib.metadata.files(name) or []:
            top = site_packages / file.parts[0]
            if not top.exists() and file.parts[0] != "..":
                top.symlink_to(str(importlib.metadata.distribution(name).locate_file(file.parts[0])))
    return place / "bin" / "python"


@pytest.fixture
def crowded_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own directory, which holds modules named like ours and like the standard library's."""
    for package in ("bench", "tui", "_tfjit"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    for module in ("events", "plan", "code", "supervisor"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.tensorflow
def test_a_python_with_tensorflow_alone_measures_from_a_directory_full_of_our_names(
    tensorflow_python: Path, crowded_directory: Path
) -> None:
    (crowded_directory / "mine.py").write_text(
        "import importlib.util\n"
        "def absent(*, n: int = 4):\n"
        "    import tensorflow as tf\n"
        "    names = ('textual', 'msgspec', 'click', 'plotext', 'pynvml')\n"
        "    found = [name for name in names if importlib.util.find_spec(name)]\n"
        "    assert not found, found\n"
        "    return lambda x: x + 1.0, (tf.zeros((n,)),)\n"
    )
    with Driver(FarSide.from_options(python=str(tensorflow_python))) as driver:
        built_in, own = driver.measure(SMALL, Case("mine.py::absent"))
    assert built_in.all_ok
    assert own.all_ok


@pytest.mark.tensorflow
def test_through_a_shell_that_says_hello_first(tmp_path: Path) -> None:
    script = tmp_path / "far.sh"
    script.write_text('echo "Welcome to box"; printf "unterminated"; exec "$@"\n')
    far = f"sh {script} sh -c {shlex.quote(shlex.quote(sys.executable))}"
    with Driver(FarSide.from_options(far=far)) as driver:
        assert driver.measure(SMALL)[0].all_ok
        said = [event.text for event in driver.emitted if isinstance(event, Notice)]
        assert said[0] == "Welcome to box"
        assert Session(driver.emitted).notices == [], "a banner is for the log"


def test_where_tensorflow_is_missing_every_case_says_so_and_another_try_is_possible(bare_python: Path) -> None:
    with Driver(FarSide.from_options(python=str(bare_python))) as driver:
        died = driver.wait_for(Died)
        assert died.log_tail[-1] == "ModuleNotFoundError: No module named 'tensorflow'"
        for _ in range(2):
            (result,) = driver.measure(SMALL)
            assert result.error == "the worker could not start: ModuleNotFoundError: No module named 'tensorflow'"
        assert Session(driver.emitted).worker == "failed"


def test_a_command_that_fails_leaves_its_last_words() -> None:
    with Driver(FarSide.from_options(far="sh -c 'echo no route to host >&2; exit 255;'")) as driver:
        lost = driver.wait_for(FarLost)
        assert (lost.exit_code, lost.reason) == (255, "no route to host")
        (result,) = driver.measure(SMALL)
        assert result.error == "the far side was lost: no route to host"


def test_a_far_side_that_never_answers_can_be_left() -> None:
    with Driver(FarSide.from_options(far="sh -c 'sleep 600 #'")) as driver:
        driver.engine.submit(Plan(cases=(SMALL,)))
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled


@pytest.mark.tensorflow
def test_several_devices_each_named_where_it_ran() -> None:
    with Driver(options=WorkerOptions(logical_cpus=2)) as driver:
        first, second = driver.measure(SMALL, Case("matmul", SMALL.dims, device="CPU:1"))
        assert [device.name for device in driver.wait_for(Devices).devices] == ["CPU:0", "CPU:1"]
    assert first.all_ok
    assert second.all_ok
    assert (first.ran_on, second.ran_on) == ("CPU:0", "CPU:1")


def test_an_idle_worker_is_released_and_comes_back_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.engine.far_worker.IDLE_S", 0.0)
    with Driver(scripted(measure=["begin", "estimate", "end"], kill=["die"])) as driver:
        driver.wait_for(WorkerReleased)
        assert driver.measure(SMALL)[0].all_ok


@pytest.mark.tensorflow
def test_the_users_own_tensorflow_settings_reach_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TF_CPP_VMODULE", "nothing=1")
    with Driver() as driver:
        (result,) = driver.measure(Case("softmax"))
    xla = result.mode("xla")
    assert xla is not None
    assert xla.compile_s is not None, "the compilation log is read beside the user's own"
    assert result.hello is not None
    assert ("TF_CPP_VMODULE", "nothing=1") in result.hello.settings
