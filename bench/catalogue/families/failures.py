"""What XLA cannot compile, or compiles to something else: to see how that looks before it happens to oneself."""

from __future__ import annotations

from typing import Any

from ..workload import workload

SIZE = (1, 1_048_576)


@workload(
    family="failures",
    teaches="XLA has no strings: what parses text belongs into the input pipeline, outside of what is compiled.",
    bounds={"size": SIZE},
    dtypes=("float32", "float64"),
)
def string_ops(*, size: int = 1024, dtype: str = "float32") -> Any:
    """Numbers (size,) to strings and back."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.strings.to_number(tf.strings.as_string(x), x.dtype)

    return step, (tf.random.normal((size,), dtype=dtype),)


@workload(
    family="failures",
    teaches="A print left in for debugging keeps the whole function from being compiled.",
    bounds={"size": SIZE},
)
def tf_print(*, size: int = 1024, dtype: str = "float32") -> Any:
    """tanh(x) on (size,), its sum printed to nowhere by tf.print."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        y = tf.tanh(x)
        tf.print(tf.reduce_sum(y), output_stream="file:///dev/null")
        return y

    return step, (tf.random.normal((size,), dtype=dtype),)


@workload(
    family="failures",
    teaches="Python inside a graph: it runs under the interpreter's lock, call by call, and XLA cannot have it at all.",
    bounds={"size": SIZE},
)
def py_function(*, size: int = 1024, dtype: str = "float32") -> Any:
    """x * 2 on (size,) by tf.py_function, then tanh."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        doubled = tf.py_function(lambda value: value * 2, [x], x.dtype)
        return tf.tanh(tf.ensure_shape(doubled, x.shape))

    return step, (tf.random.normal((size,), dtype=dtype),)


@workload(
    family="failures",
    teaches="General eigenvalues are complex and found by iteration: XLA has no kernel for them, nor has a GPU.",
    bounds={"size": (1, 1_024)},
    dtypes=("float32", "float64"),
    bytes_moved=lambda size, itemsize: itemsize * (size * size + size),
)
def eig(*, size: int = 32, dtype: str = "float32") -> Any:
    """Eigenvalues of (size, size), in ascending order of their moduli."""
    import tensorflow as tf

    def step(a: Any) -> Any:
        return tf.sort(tf.abs(tf.linalg.eigvals(a)))

    return step, (tf.random.normal((size, size), stddev=size**-0.5, dtype=dtype),)


@workload(
    family="failures",
    teaches="XLA gives a growing TensorArray no room and says nothing: what is written past its end is lost.",
    bounds={"steps": (1, 10_000), "size": (1, 1_048_576)},
)
def growing_array(*, steps: int = 10, size: int = 64, dtype: str = "float32") -> Any:
    """Powers of x on (size,), written to a TensorArray that grows."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        def body(i: Any, power: Any, kept: Any) -> Any:
            return i + 1, power * x, kept.write(i, power)

        kept = tf.TensorArray(x.dtype, size=0, dynamic_size=True, element_shape=x.shape)
        return tf.while_loop(lambda i, *_: i < steps, body, (0, x, kept))[2].stack()

    return step, (tf.random.uniform((size,), 0.5, 1.0, dtype=dtype),)
