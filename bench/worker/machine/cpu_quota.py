"""How long a CPU quota has held this process's threads up: a container with `--cpus` stops them all at once.

Linux tells for each control group (cgroup), in version 1 and 2 alike; elsewhere nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .cpu import read_text

GROUP_LINE = re.compile(r"^\d+:(?P<controllers>[^:]*):(?P<path>/.*)$", re.MULTILINE)
HELD_LINE = re.compile(r"^throttled_(?P<unit>usec|time) (?P<number>\d{1,20})$", re.MULTILINE | re.ASCII)

SECONDS = {"usec": 1e-6, "time": 1e-9}
"""What versions 2 and 1 count in."""


class Quota:
    """The quotas of this process's control group and of those around it, as far as they can be seen."""

    def __init__(self, root: Path = Path("/")) -> None:
        seen = dict.fromkeys(_files(root))
        self._files = [file for file in seen if HELD_LINE.search(read_text(file))]

    def held_up_s(self) -> float:
        """Seconds that threads have waited for the quota by now, those of several cores added up; 0 without one."""
        told = (HELD_LINE.search(read_text(file)) for file in self._files)
        return sum(int(found["number"]) * SECONDS[found["unit"]] for found in told if found)


def _files(root: Path) -> Iterator[Path]:
    """Where each control group that this process may be in tells of its quota.

    A container that sees the host's path, but only its own groups, finds itself at the top.
    """
    for group in GROUP_LINE.finditer(read_text(root / "proc/self/cgroup")):
        controllers = group["controllers"].split(",")
        if controllers != [""] and "cpu" not in controllers:
            continue
        place = root / "sys/fs/cgroup" / ("cpu" if "cpu" in controllers else "")
        path = PurePosixPath(group["path"].lstrip("/"))
        for directory in (path, *path.parents):
            yield place / directory / "cpu.stat"
