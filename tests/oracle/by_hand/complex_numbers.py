# mypy: ignore-errors
"""Complex numbers, of the precision that `dtype` names."""

import numpy as np
import tensorflow as tf

PRECISIONS = ("float32", "float64")


def _complex(*shape, dtype, seed=1):
    chance = np.random.default_rng(seed)
    return tf.complex(*(tf.constant(chance.normal(size=shape).astype(np.float16), dtype) for _ in range(2)))


def product(*, size: int = 20, dtype: str = "float32"):
    return lambda x, y: x * tf.math.conj(y) + 2j, (_complex(size, dtype=dtype), _complex(size, dtype=dtype, seed=2))


def matrix_product(*, size: int = 8, dtype: str = "float32"):
    return lambda x: tf.matmul(x, x, adjoint_b=True), (_complex(size, size, dtype=dtype),)


def spectrum(*, size: int = 32, dtype: str = "float32"):
    return tf.signal.fft, (_complex(size, dtype=dtype),)


def there_and_back(*, size: int = 32, dtype: str = "float32"):
    return lambda x: tf.signal.ifft(tf.signal.fft(x)) - x, (_complex(size, dtype=dtype),)


def real_spectrum(*, size: int = 32, dtype: str = "float32"):
    return lambda x: tf.abs(tf.signal.rfft(x)), (tf.math.real(_complex(size, dtype=dtype)),)


def polar(*, size: int = 20, dtype: str = "float32"):
    return lambda x: (tf.abs(x), tf.math.angle(x)), (_complex(size, dtype=dtype),)


def exponential(*, size: int = 20, dtype: str = "float32"):
    return lambda x: (tf.exp(x), tf.sqrt(x)), (_complex(size, dtype=dtype),)


def rotated_state(*, size: int = 6, dtype: str = "float32"):
    state = tf.Variable(_complex(size, dtype=dtype))

    def rotate(turn):
        return state.assign(state * tf.exp(tf.complex(tf.zeros_like(turn), turn)))

    return rotate, (tf.cast(0.5, dtype),)


def gradient_of_magnitude(*, size: int = 9, dtype: str = "float32"):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.abs(x) ** 2)
        return tape.gradient(y, x)

    return slope, (_complex(size, dtype=dtype),)


product_dtypes = matrix_product_dtypes = spectrum_dtypes = there_and_back_dtypes = real_spectrum_dtypes = PRECISIONS
polar_dtypes = exponential_dtypes = rotated_state_dtypes = gradient_of_magnitude_dtypes = PRECISIONS

PROGRAMS = (
    *("product", "matrix_product", "spectrum", "there_and_back", "real_spectrum", "polar", "exponential"),
    *("rotated_state", "gradient_of_magnitude"),
)
