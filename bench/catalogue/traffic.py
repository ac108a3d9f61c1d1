"""What the parts of a model read and write where every op reads its inputs from memory and writes its outputs there.

All are numbers read and written, not bytes, as Keras does it: an op that makes one tensor out of another of its size
moves each number twice. `_gradient` is what the backward pass of that part moves.
"""

from __future__ import annotations


def dense(rows: int, inputs: int, outputs: int, taps: int = 1) -> int:
    """A product and a bias; with `taps`, a convolution at so many places."""
    return rows * (inputs + 3 * outputs) + taps * inputs * outputs + outputs


def dense_gradient(rows: int, inputs: int, outputs: int, taps: int = 1, *, of_inputs: bool = True) -> int:
    """The gradients of the bias and of the weights, and of what came in."""
    weights = taps * inputs * outputs
    moved = rows * (inputs + 2 * outputs) + weights + outputs
    return moved + (rows * (inputs + outputs) + weights if of_inputs else 0)


def relu(size: int) -> int:
    """One op."""
    return 2 * size


def relu_gradient(size: int) -> int:
    """One op, of the gradient and of what came out."""
    return 3 * size


def swish(size: int) -> int:
    """Three ops; the last has two inputs."""
    return 7 * size


def gelu(size: int) -> int:
    """Five ops, by erfc; the last has two inputs."""
    return 11 * size


def gelu_gradient(size: int) -> int:
    """Eleven ops, four of them with two inputs."""
    return 26 * size


def add(size: int) -> int:
    """A sum of two tensors."""
    return 3 * size


def layer_norm(rows: int, columns: int) -> int:
    """Two means, and six ops that write every number."""
    return 15 * rows * columns + 11 * rows + 2 * columns


def layer_norm_gradient(rows: int, columns: int, *, of_inputs: bool = True) -> int:
    """The gradients of scale and offset, and of what came in, with what flows past the norm added to it."""
    if of_inputs:
        return 40 * rows * columns + 12 * rows + 3 * columns
    return 15 * rows * columns + 2 * rows + 2 * columns


def attention(batch: int, length: int, heads: int, head_dim: int) -> int:
    """Four projections; the scores are written, scaled, normalised, and read."""
    width = heads * head_dim
    projections = 4 * dense(batch * length, width, width)
    return projections + 4 * batch * length * width + 6 * batch * heads * length * length


def attention_gradient(batch: int, length: int, heads: int, head_dim: int) -> int:
    """Each image of a batch has a gradient of its own for a projection's weights: these are written, then added up."""
    tokens, width, scores = batch * length, heads * head_dim, batch * heads * length * length
    projections = 4 * (dense_gradient(tokens, width, width) + 2 * batch * width * width)
    products = 4 * (2 * tokens * width + scores)
    softmax_and_scale = 11 * scores + 2 * tokens * heads
    summed_up = 4 * tokens * width
    return projections + products + softmax_and_scale + summed_up


def squared_error_and_gradient(size: int) -> int:
    """The mean squared error to targets: three ops, and five back, one of them for targets that need none."""
    return 16 * size + 1


def adam(parameters: int) -> int:
    """Twelve ops for each weight: three of them read and write a variable, three more have two inputs."""
    return 30 * parameters
