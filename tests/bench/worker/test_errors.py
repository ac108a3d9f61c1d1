"""From an exception to one line."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.printable import UNPRINTABLE
from bench.worker.errors import MOST_CHARACTERS, UnsupportedError, describe_failure, user_lines, whole_text


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
        (SystemExit(2), "it ends the process: sys.exit(2)"),
        (KeyError(), "KeyError"),
        (KeyError("mask"), "KeyError: 'mask'"),
        (ValueError("a table:\n  • a row is missing"), "ValueError: a table: a row is missing"),
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
    assert places[-2:] == ["test_errors.py in outer: inner()", 'test_errors.py in inner: raise ValueError("deep")']


def test_what_autograph_has_converted_is_told_from_the_message() -> None:
    message = (
        'in user code:\n\n    File "/home/me/mine.py", line 3, in f  *\n        return g(x)\n'
        '    File "/home/me/mine.py", line 9, in g  *\n        x @ y\n\n    TypeError: no @\n'
    )
    assert user_lines(TypeError(message)) == ("mine.py:3 in f: return g(x)", "mine.py:9 in g: x @ y")


def test_an_iterator_that_ends_within_a_generator_is_told_where_it_ended() -> None:
    def calls() -> Iterator[Any]:
        yield ended()

    with pytest.raises(RuntimeError, match="generator raised StopIteration") as raised:
        list(calls())
    status, words = describe_failure(raised.value, "eager", 3)
    assert status == "failed"
    assert re.fullmatch(r"the iterator ran out after 3 calls: give one .*\(test_errors\.py:\d+\)", words)
    assert user_lines(raised.value)[-1].endswith("in ended: return next(iter(()))")


def ended() -> Any:
    return next(iter(()))


def test_a_line_that_the_message_leaves_out_is_read_from_the_file() -> None:
    frame = f'Detected at node A defined at (most recent call last):\n  File "{__file__}", line 1, in step\n'
    error = RuntimeError(f"Graph execution error:\n\n{frame}\nno\n\t [[{{{{node A}}}}]]")
    assert user_lines(error) == ('test_errors.py:1 in step: """From an exception to one line."""',)


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


class UnspeakableError(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.usefixtures("tf")
def test_an_exception_that_cannot_say_what_it_is_is_named() -> None:
    assert describe_failure(UnspeakableError(), "eager") == ("failed", "UnspeakableError")


@pytest.mark.usefixtures("tf")
@pytest.mark.skipif(not hasattr(builtins, "ExceptionGroup"), reason="Python 3.11")
def test_a_group_says_what_is_in_it() -> None:
    group = getattr(builtins, "ExceptionGroup")("both failed", [ValueError("left"), KeyError("right")])  # noqa: B009
    words = "ExceptionGroup: both failed (2 sub-exceptions): ValueError: left; KeyError: 'right'"
    assert describe_failure(group, "eager") == ("failed", words)


@pytest.mark.usefixtures("tf")
def test_a_file_that_is_not_there_is_a_failure_and_nothing_unsupported(tf: Any) -> None:
    absent = tf.errors.NotFoundError(None, None, "rows.csv; No such file or directory [Op:ReadFile]")
    assert describe_failure(absent, "graph") == ("failed", "NotFoundError: rows.csv; No such file or directory")


def test_the_whole_text_has_what_an_exception_came_from() -> None:
    with pytest.raises(RuntimeError) as raised:
        chain()
    assert (
        whole_text(raised.value)
        == "RuntimeError: no header\n\nwhich came from\n\nValueError: no number: \\x1b[31 'four'"
    )


def chain() -> None:
    try:
        raise ValueError("no number: \x1b[31 'four'")
    except ValueError as error:
        raise RuntimeError("no header") from error


def test_the_whole_text_is_empty_where_one_line_says_it_all() -> None:
    assert whole_text(ValueError("one line")) == ""


def test_the_whole_text_says_nothing_twice() -> None:
    with pytest.raises(ValueError, match="first") as raised:
        wrap()
    assert whole_text(raised.value).count("first") == 1


def wrap() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        raise ValueError("in user code:\n\n    ValueError: first\n    second") from None


@given(st.text(max_size=50), st.text(max_size=5))
def test_any_text_is_kept_whole_up_to_a_limit_and_printable(text: str, cause: str) -> None:
    error = ValueError(f"{text}\nend")
    error.__cause__ = KeyError(cause * 5_000)
    whole = whole_text(error)
    assert len(whole) <= MOST_CHARACTERS + 100
    assert not UNPRINTABLE.search(whole)
