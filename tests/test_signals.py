"""Programs that tests start begin with the default signals, however the tests were started."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.paths import ROOT

CHILD = "from tests.signals import ignored_signals; print(*(each.name for each in ignored_signals()))"

PARENT = f"""
import subprocess, sys
from contextlib import nullcontext
from tests.signals import catch_ignored_signals
with {{}}():
    subprocess.run([sys.executable, "-c", {CHILD!r}], check=True)
"""


@pytest.mark.parametrize(
    ("context", "ignored"), [("nullcontext", "SIGHUP SIGINT SIGTERM"), ("catch_ignored_signals", "")]
)
def test_what_the_shell_ignores_is_inherited_unless_it_is_caught(context: str, ignored: str) -> None:
    ran = subprocess.run(
        ["sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh", sys.executable, "-c", PARENT.format(context)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == ignored
