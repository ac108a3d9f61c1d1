"""A known Textual application to hold ours against: harlequin, from PyPI, in a virtual environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

NAME = "harlequin"
REQUIREMENT = f"{NAME}==2.1.0"

PLACE = Path(__file__).parent / ".rivals" / f"{NAME}-{sysconfig.get_config_var('SOABI')}"
COMMAND = (str(PLACE / "bin" / NAME), "--adapter", "sqlite", "--no-download-tzdata")
"""A database in memory, and nothing fetched."""


def install() -> None:
    """Install it if it is missing: the file that says so is written at the end."""
    installed = PLACE / "requirement.txt"
    if installed.is_file() and installed.read_text() == REQUIREMENT:
        return
    print(f"installing {REQUIREMENT} in {PLACE}", file=sys.stderr)
    shutil.rmtree(PLACE, ignore_errors=True)
    venv.create(PLACE, with_pip=True, symlinks=True)
    subprocess.run([PLACE / "bin" / "python", "-m", "pip", "install", "--quiet", REQUIREMENT], check=True)
    installed.write_text(REQUIREMENT)
