"""From an exception to one line."""

from __future__ import annotations

import pytest

from bench.worker.failures import UnsupportedError, describe_failure, user_lines


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("the first line\nand more"), "ValueError: the first line"),
        (
            TypeError('in user code:\n\n    File "mine.py", line 3, in f  *\n        x @ y\n\n    TypeError: no @\n\n'),
            "TypeError: no @",
        ),
        (SystemExit("please set DATA_DIR"), "SystemExit: please set DATA_DIR"),
        (KeyError(), "KeyError"),
    ],
)
def test_the_message_is_one_line(error: BaseException, words: str) -> None:
    assert describe_failure(error, "graph") == ("failed", words)


def outer() -> None:
    inner()


def inner() -> None:
    raise ValueError("deep")


def test_the_traceback_is_told_outermost_first() -> None:
    with pytest.raises(ValueError, match="deep") as raised:
        outer()
    places = [line.partition(":")[0] + line[line.index(" in ") :] for line in user_lines(raised.value)]
    assert places[-2:] == ["test_failures.py in outer: inner()", 'test_failures.py in inner: raise ValueError("deep")']


def test_what_autograph_has_converted_is_told_from_the_message() -> None:
    message = (
        'in user code:\n\n    File "/home/me/mine.py", line 3, in f  *\n        return g(x)\n'
        '    File "/home/me/mine.py", line 9, in g  *\n        x @ y\n\n    TypeError: no @\n'
    )
    assert user_lines(TypeError(message)) == ("mine.py:3 in f: return g(x)", "mine.py:9 in g: x @ y")


def test_a_mode_that_does_not_exist_for_something_is_unsupported_in_its_own_words() -> None:
    assert describe_failure(UnsupportedError("it is no Keras model"), "predict") == (
        "unsupported",
        "it is no Keras model",
    )


@pytest.mark.parametrize(
    ("mode", "status"), [("xla", "unsupported"), ("as-written", "unsupported"), ("graph", "failed")]
)
def test_what_xla_refuses_is_unsupported_in_every_mode_that_may_compile(mode: str, status: str) -> None:
    import tensorflow as tf

    refused = tf.errors.InvalidArgumentError(None, None, "Input 0 must be a compile-time constant")
    assert describe_failure(refused, mode)[0] == status
