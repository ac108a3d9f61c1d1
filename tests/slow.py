"""Values of a parameter for the slow run alone, where others of the same test fail in the plain run in their place."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet


def slowly(*values: object) -> list[ParameterSet]:
    """Return the values as slow parameters; a tuple is one value for each of several parameters."""
    sets = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*each, marks=pytest.mark.slow) for each in sets]
