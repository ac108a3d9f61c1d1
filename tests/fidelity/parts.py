"""Every part, in the order of the table."""

from __future__ import annotations

from tests.fidelity import (
    aa,
    bias,
    cancelling,
    coverage,
    defaults,
    first_bar,
    interference,
    known_truth,
    line,
    many_rows,
    recompiles,
    refined,
    seed_script,
    shapes,
    windows,
)
from tests.fidelity.part import Part

PARTS: tuple[Part, ...] = (
    aa.PART,
    aa.VERDICTS_PART,
    refined.PART,
    coverage.PART,
    windows.PART,
    known_truth.PART,
    defaults.PART,
    bias.PART,
    interference.PART,
    interference.CPU_PART,
    first_bar.PART,
    recompiles.PART,
    shapes.PART,
    line.PART,
    many_rows.PART,
    seed_script.PART,
    cancelling.PART,
)
