"""How much an operation does, roughly."""

from __future__ import annotations

from typing import Any

import pytest

from bench.worker.checks.graph_work import DISPATCH, PRODUCTS_PER_VISIT, TURNS, work_of


def works(tf: Any, function: Any, *shapes: Any) -> dict[str, float]:
    """The work of each type of operation in the function's graph, where there is any."""
    specs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    operations = tf.function(function).get_concrete_function(*specs).graph.get_operations()
    return {operation.type: work for operation in operations if (work := work_of(operation))}


def test_what_visits_each_element_does_so_many_and_is_started(tf: Any) -> None:
    assert works(tf, lambda x: tf.sin(x), (30, 40)) == {"Sin": DISPATCH + 1200}
    assert works(tf, lambda x: tf.reduce_sum(x), (30, 40)) == {"Sum": DISPATCH + 1200}


def test_a_slice_visits_what_it_returns(tf: Any) -> None:
    assert works(tf, lambda x: x[:2], (30, 40)) == {"StridedSlice": DISPATCH + 80}


@pytest.mark.parametrize(
    ("product", "operation", "a", "b", "products"),
    [
        ("matmul", "MatMul", (20, 30), (30, 50), 20 * 30 * 50),
        ("matmul", "BatchMatMulV2", (7, 20, 30), (7, 30, 50), 7 * 20 * 30 * 50),
        ("bij,bkj->bik", "Einsum", (7, 20, 30), (7, 50, 30), 7 * 20 * 30 * 50),
    ],
)
def test_a_matrix_product_counts_its_multiplications(
    tf: Any, product: str, operation: str, a: Any, b: Any, products: int
) -> None:
    def step(x: Any, y: Any) -> Any:
        return tf.matmul(x, y) if product == "matmul" else tf.einsum(product, x, y)

    largest = max(tf.TensorShape(shape).num_elements() for shape in (a, b, (*a[:-1], 50)))
    assert works(tf, step, a, b)[operation] == pytest.approx(DISPATCH + largest + products / PRODUCTS_PER_VISIT)


def test_a_convolution_and_its_gradients_multiply_alike(tf: Any) -> None:
    def step(x: Any, kernel: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            y = tf.nn.conv2d(x, kernel, strides=1, padding="SAME")
        return tape.gradient(y, kernel)

    done = works(tf, step, (4, 10, 10, 6), (3, 3, 6, 8))
    products = 4 * 10 * 10 * 8 * (3 * 3 * 6)
    expected = DISPATCH + 4 * 10 * 10 * 8 + products / PRODUCTS_PER_VISIT
    assert done["Conv2D"] == done["Conv2DBackpropInput"] == done["Conv2DBackpropFilter"] == expected


def test_shapes_numbers_and_what_only_passes_on_are_no_work(tf: Any) -> None:
    def step(x: Any) -> Any:
        rows = tf.shape(x)[0] * 2 + 1
        return tf.identity(tf.reshape(x, (-1,))), rows, tf.constant(2.0) * 3.0

    assert works(tf, step, (None, 40)) == {}


def test_a_loop_is_taken_to_run_its_body_often(tf: Any) -> None:
    def step(x: Any) -> Any:
        return tf.while_loop(lambda i, _: i < 5, lambda i, x: (i + 1, tf.sin(x)), (0, x))[1]

    assert works(tf, step, (30, 40)) == {"StatelessWhile": TURNS * (DISPATCH + 1200)}


def test_dimensions_that_are_not_known_count_as_one(tf: Any) -> None:
    assert works(tf, lambda x: tf.sin(x), (None, 40)) == {"Sin": DISPATCH + 40}
