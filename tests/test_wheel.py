"""What is shipped: a wheel that works from elsewhere, with its themes and styles."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.xdist_group("tensorflow")  # one process builds the wheel, that of the test which measures


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that a user's `pip install` would build."""
    place = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(place), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the wheel's packages alone; what they need is this environment's."""
    place = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return place


def run_elsewhere(installed: Path, tmp_path: Path, code: str) -> str:
    """What `code` prints in a directory that is not the repository, with the installed packages first on the path."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "TFJIT_TUI_STATE_DIR": str(tmp_path / "state"),
        "TFJIT_TUI_CONFIG_DIR": str(tmp_path / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_three_packages_their_themes_and_styles_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"bench", "tui", "themes"}
    shipped = {path.relative_to(ROOT).as_posix() for kind in ("toml", "tcss") for path in ROOT.glob(f"t*/**/*.{kind}")}
    assert {name for name in shipped if not name.startswith("tests/")} <= set(names)
    assert {"themes/dark.toml", "themes/light.toml", "bench/report/templates/report.html"} <= set(names)


@pytest.mark.slow
def test_the_screen_opens_from_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    code = """
import asyncio, tui.app.app
from bench.engine.source import Replay
print(tui.app.app.__file__)
async def main():
    app = tui.app.app.TfjitApp(Replay(()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(app.theme)
asyncio.run(main())
"""
    place, theme = run_elsewhere(installed, tmp_path, code).split()
    assert Path(place).is_relative_to(installed)
    assert theme


@pytest.mark.tensorflow
def test_the_worker_runs_from_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    code = """
from tui.cli.main import main
main(["run", "matmul", "--dim", "m=8", "--dim", "k=8", "--dim", "n=8", "--budget", "0.1", "--csv", "-"])
"""
    rows = run_elsewhere(installed, tmp_path, code).splitlines()
    assert len(rows) == 1 + 3
    assert rows[0].startswith("session_id,case_id,")
