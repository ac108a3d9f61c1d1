"""FLOPs and bytes of the catalogue, counted by hand at tiny sizes."""

from __future__ import annotations

import pytest

from bench.catalogue import Workload, find
from tests.slow import IMAGE_MODELS
from tests.tiny_sizes import EVERY, READ_IN_PART, tiny

# Over 10 tokens 21 wide: q, k, v and output; scores and their use in 3 heads; out to 11 and back.
ATTENTION_LAYER = 4 * 2 * (10 * 21 * 21) + 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7))
BLOCK = ATTENTION_LAYER + 2 * 2 * (10 * 21 * 11)

FLOPS: dict[str, int] = {
    "matmul": 2 * (2 * 3 * 5),
    "batch_matmul": 7 * 2 * (2 * 3 * 5),
    "elementwise_chain": 3 * (5 + 5),
    "reduction": 3 * 5,
    "softmax": 5 * (3 * 5),
    "layer_norm": 7 * (3 * 5),
    "gelu_mlp": 2 * (2 * 3 * 5) + 2 * (2 * 5 * 3),
    "attention": 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7)),
    "transformer_block": BLOCK,
    # At each of 2 × 5 × 5 places, 4 × 4 taps.
    "conv2d": 50 * 2 * (16 * 3 * 7),
    "depthwise_conv2d": 50 * 2 * (16 * 3),
    # At each of 3 times, 4 gates of the input and of the state.
    "lstm": 3 * 4 * (2 * (2 * 5 * 7) + 2 * (2 * 7 * 7)),
    "while_loop": 3 * 2 * (2 * 5 * 5),
    "fft": 3 * 160,  # 2.5 × 16 × 4 each
    # Weights of 3 × 5, 5 × 5 twice and 5 × 7: three products with each, but two with the first.
    "train_step": 2 * (2 * 2 * 15) + 3 * (2 * 2 * 25) + 3 * (2 * 2 * 25) + 3 * (2 * 2 * 35),
    "polynomial": 3 * (5 + 5),
    "silu_gate": 3 * 5,
    "outer_tanh": 2 * (3 * 5),
    "tall_matmul": 2 * (7 * 3 * 3),
    "einsum": 7 * 2 * (2 * 3 * 5),
    "matmul_bias_relu": 2 * (2 * 3 * 5),
    # At each of 2 × 3 × 3 places, 4 × 4 taps.
    "strided_conv2d": 18 * 2 * (16 * 3 * 7),
    "grouped_conv2d": 50 * 3 * 2 * (16 * 7 * 7),
    # From each of 2 × 5 × 5 places, 4 × 4 taps.
    "conv2d_transpose": 50 * 2 * (16 * 3 * 7),
    "conv3d": 2 * 64 * 2 * (8 * 3 * 5),
    "batch_norm": 6 * (2 * 25 * 3),
    "group_norm": 7 * (2 * 25 * 21),
    "gelu_tanh": 8 * 5,
    "gelu_erf": 5 * 5,
    "causal_attention": 2 * 3 * (2 * (5 * 7 * 5) + 2 * (5 * 5 * 7)),
    "multi_head_attention": ATTENTION_LAYER,
    "gru": 3 * 3 * (2 * (2 * 5 * 7) + 2 * (2 * 7 * 7)),
    "scan": 3 * (5 + 5),
    "map_fn": 5 * (3 * 5),
    "cumsum": 3 * 5,
    "segment_sum": 7 * 5,
    "scatter": 3 * 5,
    "embedding": 2 * 3 * 5,
    "one_hot": 2 * (7 * 5 * 3),
    "cholesky": 2 * 72,  # 6³ / 3 each
    "qr": 2 * 8 * 72,
    "svd": 2 * 8 * 72,
    "solve": 2 * (2 * 72 + 2 * (6 * 6 * 5)),
    "stft": 2 * 3 * 160,
    "cond": 5 + 5,
    # Kernels of 9 × 3 × 5 at 2 × 16 places, two products; of 9 × 5 × 5, three; and the dense layer's, three.
    "cnn_train_step": 2 * (2 * 32 * 135) + 3 * (2 * 32 * 225) + 3 * (2 * 2 * 35),
    "transformer_train_step": 3 * BLOCK,
    "encoder_layer": BLOCK,
    "gpt_block": BLOCK,
    # For each of 2 tokens: its products with the weights, and with 5 keys and values in 3 heads.
    "decode_step": 2 * (4 * 2 * (21 * 21) + 2 * 2 * (21 * 11) + 3 * (2 * (7 * 5) + 2 * (5 * 7))),
}
"""FLOPs by workload. One left out has no formula, or is a model of `test_image_models.py`."""


# Numbers that ops read and write over 10 tokens 21 wide, 110 hidden numbers and 150 scores.
NORM = 15 * 210 + 11 * 10 + 2 * 21
ATTEND = 4 * ((210 + 441 + 210) + (210 + 21 + 210)) + 2 * (210 + 210 + 150) + 2 * 150 + 2 * 150
MLP = (210 + 231 + 110) + (110 + 11 + 110) + 11 * 110 + (110 + 231 + 210) + (210 + 21 + 210)
FORWARD = 2 * NORM + ATTEND + MLP + 2 * (3 * 210)
# Back: a projection's bias, inputs, weights image by image, and their sum; the rest as in `traffic`.
PROJECTION_BACK = (210 + 21) + (210 + 441 + 210) + (210 + 210 + 2 * 441) + (2 * 441 + 441)
ATTEND_BACK = 4 * PROJECTION_BACK + 4 * (2 * 210 + 150) + 11 * 150 + 2 * (3 * 10) + 4 * 210
MLP_BACK = (210 + 21) + 2 * (110 + 231 + 210) + 26 * 110 + (110 + 11) + 2 * (210 + 231 + 110)
NORMS_BACK = (40 * 210 + 12 * 10 + 3 * 21) + (15 * 210 + 2 * 10 + 2 * 21)

UNFUSED: dict[str, int] = {
    "multi_head_attention": ATTEND,
    "transformer_block": FORWARD,
    "encoder_layer": FORWARD,
    # For each of 2: 32 samples cut and framed, 3 × 16 weighted, transformed to 3 × 9 complex ones; and the window.
    "stft": 2 * ((32 + 32) + (32 + 48) + (48 + 48) + (48 + 54)) + 14 * 16,
    # Drawn, multiplied, added to; and two numbers of four bytes that are the seed.
    "stateless_normal": 5 + (5 + 5 + 1) + (5 + 5 + 1) + 2,
    "philox_normal": 5 + (5 + 5 + 1) + (5 + 5 + 1) + 2,
    # A byte for each of the mask's, written and read.
    "dropout": (500 + 500) + 500 + 500 + (500 + 500) + 2 * 500 // 4,
    # Layers of 3, 5, 5 and 5 to 7, for 2: forward, back, the loss of 14 outputs, and Adam.
    "train_step": (6 + 15 + 3 * 10 + 5)
    + 2 * (10 + 25 + 3 * 10 + 5)
    + 3 * (2 * 10)
    + (10 + 35 + 3 * 14 + 7)
    + ((14 + 7) + 2 * (10 + 35 + 14))
    + 3 * (3 * 10)
    + 2 * ((10 + 5) + 2 * (10 + 25 + 10))
    + ((10 + 5) + (6 + 15 + 10))
    + (16 * 14 + 1)
    + 30 * (15 + 25 + 25 + 35 + 5 + 5 + 5 + 7),
    # Images of 2 × 16 places and 3 channels to 5 and 5, the mean of these to 7.
    "cnn_train_step": (96 + 135 + 3 * 160 + 5)
    + (160 + 225 + 3 * 160 + 5)
    + 2 * (2 * 160)
    + (160 + 10)
    + (10 + 35 + 3 * 14 + 7)
    + ((14 + 7) + 2 * (10 + 35 + 14))
    + (10 + 160 + 2 * 160)
    + 2 * (3 * 160)
    + ((160 + 5) + 2 * (160 + 225 + 160))
    + ((160 + 5) + 2 * (96 + 135 + 160))
    + (16 * 14 + 1)
    + 30 * (135 + 225 + 35 + 5 + 5 + 7),
    "transformer_train_step": FORWARD
    + ATTEND_BACK
    + MLP_BACK
    + NORMS_BACK
    + (16 * 210 + 1)
    + 30 * (4 * (441 + 21) + 2 * 231 + 11 + 21 + 4 * 21),
}
"""Numbers of four bytes that the ops of a workload move, by workload."""


@EVERY
def test_flops_are_those_counted_by_hand(workload: Workload) -> None:
    if workload.name not in IMAGE_MODELS:
        assert workload.count_flops(tiny(workload.name)) == FLOPS.get(workload.name)


@pytest.mark.parametrize("name", UNFUSED)
def test_bytes_unfused_are_those_counted_by_hand(name: str) -> None:
    assert find(name).count_bytes_unfused(tiny(name), "float32") == 4 * UNFUSED[name]


def test_mixed_precision_counts_weights_in_float32_and_nothing_where_they_are_not_told_apart() -> None:
    # 2 × 5 × 21 numbers in and out, and four projections with their biases.
    dims = tiny("multi_head_attention")
    assert find("multi_head_attention").count_bytes(dims, "mixed_bfloat16") == 2 * (2 * 210) + 4 * (4 * (441 + 21))
    assert find("multi_head_attention").count_bytes_unfused(dims, "mixed_bfloat16") is None


@pytest.mark.parametrize("name", READ_IN_PART)
def test_only_rows_that_are_picked_are_moved(name: str) -> None:
    assert find(name).count_bytes(tiny(name), "float32") == READ_IN_PART[name]
