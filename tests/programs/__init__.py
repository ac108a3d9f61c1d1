"""Programs for tests to run: workloads that misbehave, a far side that answers as told. Import nothing of them."""

from pathlib import Path

HERE = Path(__file__).parent
MISBEHAVING = HERE / "misbehaving.py"
SCRIPTED_FAR_SIDE = HERE / "scripted_far_side.py"
