"""The application's process imports neither TensorFlow nor numpy, and plotext not before it is needed."""

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


@pytest.mark.usefixtures("home")
def test_building_the_application_imports_nothing_heavy() -> None:
    imported = subprocess.run([sys.executable, "-c", BUILD], capture_output=True, text=True, check=True).stdout.split()
    assert {"textual", "msgspec"} <= set(imported)
    assert not {"tensorflow", "numpy", "plotext"} & set(imported)
