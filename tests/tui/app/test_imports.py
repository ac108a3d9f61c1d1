"""The application's process imports neither TensorFlow nor numpy, and what is not needed follows the first frame."""

from __future__ import annotations

import subprocess
import sys

import pytest

BUILD = """
import sys
from bench.engine.source import Replay
from tui.app.app import TfjitApp

TfjitApp(Replay([]))
print(*sorted(name for name in sys.modules if "." not in name))
"""


FIRST_FRAME = """
import sys

from tui import __main__
from tui.app.app import TfjitApp
from tui.cli import startup

def build(application):
    print(*sys.modules)
    application.exit()

run = TfjitApp.run
TfjitApp.run = lambda application: run(application, headless=True)
TfjitApp._build = build
startup.check_terminal = lambda: None
__main__.main()
"""

BEFORE_THE_FIRST_FRAME = {
    "bench",
    "bench.engine",
    "bench.files",
    "bench.plans",
    "bench.session",
    "tui",
    "tui.actions",
    "tui.app",
    "tui.cli",
    "tui.cli.commands",
    "tui.cli.options",
    "tui.config",
    "tui.presentation",
    "tui.screens",
    "tui.screens.main",
    "tui.terminal",
}
"""Packages: those of events, the catalogue, exports and widgets are imported while the first frame is looked at."""


@pytest.mark.usefixtures("home")
def test_the_first_frame_waits_for_few_of_our_modules() -> None:
    listed = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=True).stdout
    ours = {name for name in listed.split() if name.partition(".")[0] in ("bench", "tui")}
    packages = {name.rpartition(".")[0] for name in ours} - {""}
    assert packages == BEFORE_THE_FIRST_FRAME
    commands = {name for name in ours if name.startswith("tui.cli.commands.")}
    assert commands == {"tui.cli.commands.group", "tui.cli.commands.completion"}


@pytest.mark.usefixtures("home")
def test_building_the_application_imports_nothing_heavy() -> None:
    imported = subprocess.run([sys.executable, "-c", BUILD], capture_output=True, text=True, check=True).stdout.split()
    assert {"textual", "msgspec"} <= set(imported)
    assert not {"tensorflow", "numpy", "plotext"} & set(imported)
