"""The other tools' packages: installed for the figures alone, in a directory of their own.

They are not dependencies, and nothing of the user's environment changes. PyTorch's pages say how pip is told to take
its build for CPUs (an extra index, as `PIP_EXTRA_INDEX_URL`); without that, pip's choice may be gigabytes larger.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

REQUIREMENTS = ("torch==2.13.0", "pyperf==2.10.0", "pytest-benchmark==5.3.1")

PLACE = Path(__file__).parent / ".rivals" / sysconfig.get_config_var("SOABI")


def install() -> None:
    """Install what is missing: whole or not at all, since it is given its name at the end."""
    wanted = PLACE / "requirements.txt"
    if wanted.is_file() and wanted.read_text().split() == list(REQUIREMENTS):
        return
    print(f"installing {', '.join(REQUIREMENTS)} in {PLACE}", file=sys.stderr)
    unfinished = PLACE.with_suffix(".unfinished")
    for leftover in (unfinished, PLACE):
        shutil.rmtree(leftover, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-warn-conflicts"]
    subprocess.run([*pip, "--target", str(unfinished), *REQUIREMENTS], check=True)
    (unfinished / wanted.name).write_text("\n".join(REQUIREMENTS))
    unfinished.rename(PLACE)


def enable() -> None:
    """Let this process import them. The environment's own packages come first."""
    if str(PLACE) not in sys.path:
        sys.path.append(str(PLACE))
