"""From an exception to one line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.error_messages import unwrapped
from bench.worker.errors import UnsupportedError, describe_failure, user_lines


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("the first line\nand more"), "ValueError: the first line"),
        (
            TypeError('in user code:\n\n    File "mine.py", line 3, in f  *\n        x @ y\n\n    TypeError: no @\n\n'),
            "TypeError: no @ (mine.py:3)",
        ),
        (SystemExit("please set DATA_DIR"), "SystemExit: please set DATA_DIR"),
        (KeyError(), "KeyError"),
    ],
)
def test_the_message_is_one_line(error: BaseException, words: str) -> None:
    assert describe_failure(error, "graph") == ("failed", words)


AUTOGRAPH = 'in user code:\n\n    File "mine.py", line 3, in f  *\n        g(x)\n\n    {}\n'
KERAS = "Exception encountered when calling Dense.call().\n\n\x1b[1m{}\x1b[0m\n\nArguments received:\n  • x=1"
GRAPH = (
    'Graph execution error:\n\nDetected at node A defined at (most recent call last):\n  File "mine.py", line 3\n\n{}'
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n\n  first\nsecond", ("ValueError", "first")),
        ("", ("ValueError", "")),
        (AUTOGRAPH.format("Boom: first\n    second\n\n    third"), ("Boom", "first")),
        (AUTOGRAPH.format("Boom: \n    first\n    second"), ("Boom", "first")),
        (KERAS.format("first\nsecond"), ("ValueError", "first")),
        (AUTOGRAPH.format(f"Boom: {KERAS.format('first')}"), ("Boom", "first")),
        (KERAS.format(AUTOGRAPH.format("Boom: first\n    second")), ("Boom", "first")),
        (KERAS.format(KERAS.format("first\nsecond")), ("ValueError", "first")),
        (GRAPH.format("first\nsecond\n\t [[{{node A}}]] [Op:f]"), ("ValueError", "first")),
        (GRAPH.format("2 root error(s) found.\n  (0) INTERNAL:  first\n  (1) CANCELLED: x"), ("ValueError", "first")),
        ("{{function_node __wrapped__A_device_/CPU:0}} first\nsecond", ("ValueError", "first")),
        (
            "in user code: nothing that AutoGraph wrote\nsecond",
            ("ValueError", "in user code: nothing that AutoGraph wrote"),
        ),
        ("Graph execution error:\n\n  nothing more", ("ValueError", "Graph execution error:")),
    ],
)
def test_the_first_line_is_the_users_own_whatever_is_wrapped_around_it(text: str, told: tuple[str, str]) -> None:
    assert unwrapped("ValueError", text) == told


@given(st.text(max_size=400))
def test_any_text_has_a_first_line(text: str) -> None:
    name, line = unwrapped("ValueError", text)
    assert name
    assert len(line.splitlines()) <= 1


def outer() -> None:
    inner()


def inner() -> None:
    raise ValueError("deep")


def test_the_traceback_is_told_outermost_first() -> None:
    with pytest.raises(ValueError, match="deep") as raised:
        outer()
    places = [line.partition(":")[0] + line[line.index(" in ") :] for line in user_lines(raised.value)]
    assert places[-2:] == ["test_errors.py in outer: inner()", 'test_errors.py in inner: raise ValueError("deep")']


def test_what_autograph_has_converted_is_told_from_the_message() -> None:
    message = (
        'in user code:\n\n    File "/home/me/mine.py", line 3, in f  *\n        return g(x)\n'
        '    File "/home/me/mine.py", line 9, in g  *\n        x @ y\n\n    TypeError: no @\n'
    )
    assert user_lines(TypeError(message)) == ("mine.py:3 in f: return g(x)", "mine.py:9 in g: x @ y")


@pytest.mark.usefixtures("tf")
def test_a_mode_that_does_not_exist_for_something_is_unsupported_in_its_own_words() -> None:
    assert describe_failure(UnsupportedError("it is no Keras model"), "predict") == (
        "unsupported",
        "it is no Keras model",
    )


@pytest.mark.parametrize(
    ("mode", "status"), [("xla", "unsupported"), ("as-written", "unsupported"), ("graph", "failed")]
)
def test_what_xla_refuses_is_unsupported_in_every_mode_that_may_compile(tf: Any, mode: str, status: str) -> None:
    refused = tf.errors.InvalidArgumentError(None, None, "Input 0 must be a compile-time constant")
    assert describe_failure(refused, mode)[0] == status
