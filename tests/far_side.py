"""A far side without TensorFlow, whose answers a test scripts: `tests/programs/scripted_far_side.py`."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence

from bench.engine.launch import FarSide
from bench.plan import Case
from tests.programs import SCRIPTED_FAR_SIDE

ONE = (Case("matmul"),)
TWO = (Case("matmul"), Case("softmax"))


def far_command(**answers: Sequence[str]) -> str:
    """Return the command of a far side that answers `start` with a hello and other requests as told.

    An underscore in a name stands for a blank: `measure_1=["finish"]` answers `measure 1`.
    """
    script = {"start": ["hello"], **{name.replace("_", " "): answer for name, answer in answers.items()}}
    return shlex.join([sys.executable, str(SCRIPTED_FAR_SIDE), json.dumps(script)])


def far(**answers: Sequence[str]) -> str:
    """Return the option of a command line that measures on such a far side."""
    return f"--far {shlex.quote(far_command(**answers))}"


def scripted(**answers: Sequence[str]) -> FarSide:
    """Return such a far side for an engine."""
    return FarSide.from_options(far=far_command(**answers))
