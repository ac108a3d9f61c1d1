"""What is left to the slow run, because others of its kind stay in the plain one."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet

IMAGE_MODELS = ("resnet50", "mobilenet_v2", "efficientnet_b0")

LONG_WORKLOADS = (
    *IMAGE_MODELS,
    *("train_step", "cnn_train_step", "transformer_train_step", "encoder_layer", "gpt_block", "decode_step"),
)
"""Workloads of the catalogue for which a worker takes more than a second."""


def slowly(*values: object) -> list[ParameterSet]:
    """Return the values as slow parameters; a tuple is one value for each of several parameters."""
    sets = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*each, marks=pytest.mark.slow) for each in sets]
