"""Programs for tests to run: workloads that misbehave or deceive, a scripted far side. Import nothing of them."""

from pathlib import Path

HERE = Path(__file__).parent
MISBEHAVING = HERE / "misbehaving.py"
DYNAMIC = HERE / "dynamic.py"
MODES = HERE / "modes.py"
SWITCHED_ON = HERE / "switched_on.py"
CANARIES = HERE / "canaries.py"
SCRIPTED_FAR_SIDE = HERE / "scripted_far_side.py"


def program(name: str) -> str:
    """Return the name of a workload that misbehaves."""
    return f"{MISBEHAVING}::{name}"
