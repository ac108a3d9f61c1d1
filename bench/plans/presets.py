"""Benchmarks that others have published, to be run again: what was measured, and what was claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..plan import Case
from ..suggest import one_of


@dataclass(frozen=True)
class Claim:
    """The range in which a published benchmark puts one mode's time for a call."""

    mode: str
    low_s: float
    high_s: float


@dataclass(frozen=True)
class Preset:
    """A published benchmark. `why` completes: The claims differ because ..."""

    name: str
    help: str
    case: Case
    claims: tuple[Claim, ...]
    why: str

    def claim(self, mode: str) -> Claim | None:
        """What is claimed of a mode, if anything is."""
        return next((claim for claim in self.claims if claim.mode == mode), None)


SEED = Preset(
    name="seed",
    help="The benchmark that this project grew from: one matrix product of 1024 by 1024.",
    case=Case("matmul", dims=(("m", 1024), ("k", 1024), ("n", 1024)), dtype="float32", seed=42),
    claims=(Claim("eager", 4e-3, 6e-3), Claim("graph", 2e-3, 3e-3), Claim("xla", 1.5e-3, 2e-3)),
    why=(
        "one big kernel does all the work, so there is little for a graph or a compiler to remove; "
        "the claims came without a machine, and the loop behind them never waited for the device."
    ),
)

PRESETS: Mapping[str, Preset] = {SEED.name: SEED}


def find_preset(name: str) -> Preset:
    """Return the preset of that name. Raises PlanError."""
    return PRESETS[one_of(name, PRESETS, "preset")]
