"""Sizes so small that every workload of the catalogue is built in a moment, and a test of each workload."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bench.catalogue import WORKLOADS, Workload
from tests.slow import IMAGE_MODELS

# Small, and no two alike, so that a formula with two dimensions swapped is found out.
TINY: dict[str, dict[str, int]] = {
    "matmul": {"m": 2, "k": 3, "n": 5},
    "batch_matmul": {"batch": 7, "m": 2, "k": 3, "n": 5},
    "elementwise_chain": {"size": 5, "length": 3},
    "tiny_ops": {"repeats": 2, "size": 3},
    "reduction": {"rows": 3, "columns": 5},
    "softmax": {"rows": 3, "columns": 5},
    "layer_norm": {"rows": 3, "columns": 5},
    "gelu_mlp": {"batch": 2, "width": 3, "hidden": 5},
    "attention": {"batch": 2, "heads": 3, "length": 5, "head_dim": 7},
    "transformer_block": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "conv2d": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "depthwise_conv2d": {"batch": 2, "size": 5, "channels": 3, "kernel": 4},
    "lstm": {"batch": 2, "length": 3, "features": 5, "units": 7},
    "while_loop": {"steps": 3, "batch": 2, "width": 5},
    "fft": {"batch": 3, "size": 16},
    "train_step": {"batch": 2, "features": 3, "hidden": 5, "layers": 3, "outputs": 7},
    "dynamic_shapes": {"shapes": 3, "columns": 5, "repeats": 2},
    "python_number": {"numbers": 3, "size": 5},
    "tiny_add": {"size": 5},
    "python_loop": {"steps": 3, "size": 5},
    "polynomial": {"size": 5, "degree": 3},
    "silu_gate": {"size": 5},
    "outer_tanh": {"rows": 3, "columns": 5},
    "tall_matmul": {"rows": 7, "width": 3},
    "einsum": {"batch": 7, "m": 2, "k": 3, "n": 5},
    "matmul_bias_relu": {"m": 2, "k": 3, "n": 5},
    "strided_conv2d": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "grouped_conv2d": {"batch": 2, "size": 5, "groups": 3, "channels": 7, "kernel": 4},
    "conv2d_transpose": {"batch": 2, "size": 5, "channels": 3, "filters": 7, "kernel": 4},
    "conv3d": {"batch": 2, "size": 4, "channels": 3, "filters": 5, "kernel": 2},
    "batch_norm": {"batch": 2, "size": 5, "channels": 3},
    "group_norm": {"batch": 2, "size": 5, "groups": 3, "channels": 7},
    "gelu_tanh": {"size": 5},
    "gelu_erf": {"size": 5},
    "causal_attention": {"batch": 2, "heads": 3, "length": 5, "head_dim": 7},
    "multi_head_attention": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7},
    "gru": {"batch": 2, "length": 3, "features": 5, "units": 7},
    "scan": {"steps": 3, "size": 5},
    "map_fn": {"rows": 3, "columns": 5},
    "cumsum": {"rows": 3, "columns": 5},
    "segment_sum": {"rows": 7, "columns": 5, "segments": 3},
    "top_k": {"rows": 3, "columns": 130, "k": 5},
    "sort": {"rows": 3, "columns": 5},
    "unique": {"size": 7, "distinct": 3},
    "gather": {"rows": 7, "columns": 5, "picks": 3},
    "scatter": {"rows": 7, "columns": 5, "picks": 3},
    "embedding": {"vocabulary": 11, "width": 5, "batch": 2, "length": 3},
    "one_hot": {"depth": 5, "columns": 3, "picks": 7},
    "boolean_mask": {"size": 7},
    "cholesky": {"batch": 2, "size": 6},
    "qr": {"batch": 2, "size": 6},
    "svd": {"batch": 2, "size": 6},
    "solve": {"batch": 2, "size": 6, "columns": 5},
    "stft": {"batch": 2, "frames": 3, "frame": 16},
    "stateless_normal": {"size": 5},
    "philox_normal": {"size": 5},
    "dropout": {"size": 500},
    "cond": {"size": 5},
    "until_small": {"size": 5},
    "cnn_train_step": {"batch": 2, "size": 4, "channels": 3, "filters": 5, "layers": 2, "outputs": 7},
    "transformer_train_step": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "resnet50": {"batch": 2, "size": 33},
    "mobilenet_v2": {"batch": 2, "size": 33},
    "efficientnet_b0": {"batch": 2, "size": 33},
    "encoder_layer": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "gpt_block": {"batch": 2, "length": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "decode_step": {"batch": 2, "cached": 5, "heads": 3, "head_dim": 7, "hidden": 11},
    "uneven_batches": {"batches": 3, "batch": 2, "longest": 8, "width": 5},
    "padded_batches": {"batches": 3, "batch": 2, "longest": 8, "width": 5},
    "string_ops": {"size": 5},
    "tf_print": {"size": 5},
    "py_function": {"size": 5},
    "eig": {"size": 4},
    "growing_array": {"steps": 3, "size": 5},
}


def tiny(name: str) -> dict[str, int]:
    """Return a workload's sizes in TINY. Fails the test where it has none."""
    if name not in TINY:
        pytest.fail(f"{name} has no tiny sizes: add them to TINY in tests/tiny_sizes.py", pytrace=False)
    return TINY[name]


READ_IN_PART = {"gather": 3 * (2 * 5 * 4 + 4), "embedding": 2 * (3 * (5 * 4 + 4) + 5 * 4)}
"""Bytes counted by hand in float32: rows that are picked are read, others are not, and what is picked by is."""


def each(workloads: Mapping[str, Workload]) -> pytest.MarkDecorator:
    """A test of each of these; those of the large models are slow."""
    return pytest.mark.parametrize(
        "workload",
        [
            pytest.param(workload, marks=pytest.mark.slow if name in IMAGE_MODELS else ())
            for name, workload in workloads.items()
        ],
        ids=workloads,
    )


EVERY = each(WORKLOADS)
