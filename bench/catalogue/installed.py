"""Workloads that installed packages offer, by the entry-point group `tfjit_tui.workloads`.

    [project.entry-points."tfjit_tui.workloads"]
    my_layer = "my_package.layers:my_layer"

None is loaded to be listed: that may import anything. Each is the user's own code, by the name of its module.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from ..events import WorkloadInfo
from ..plan import DTYPES

GROUP = "tfjit_tui.workloads"

FAMILY = "installed"


def installed() -> dict[str, str]:
    """What there is in this Python: `MODULE:FUNCTION` by name."""
    return {point.name: point.value for point in entry_points(group=GROUP)}


def installed_infos() -> tuple[WorkloadInfo, ...]:
    """What of it can cross the wire: no dimensions, before the code is read."""
    return tuple(WorkloadInfo(value, FAMILY, "", "", (), DTYPES) for value in installed().values())
