"""The error of a command that asks TensorFlow and gets no answer."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..console import CANNOT_TELL, advice_on


class NoTensorFlowError(click.ClickException):
    """TensorFlow could not be asked. Its exit code is 3: 1 means that a mode or a gate failed."""

    exit_code = CANNOT_TELL

    def __init__(self, trouble: Sequence[str]) -> None:
        what = trouble[0] if trouble else "TensorFlow listed no device"
        super().__init__(": ".join([what, *advice_on(trouble)]))
